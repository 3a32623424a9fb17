"""`/hooks/postmark`: the webhooks of Postmark, with their secret as password (RFC 7617) or in the path."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import SecretStr

from alerts import operations as do
from alerts.doors.web.hooks.posting import POST_MAX, answered, posted
from alerts.returns.proofs.postmark import password
from alerts.services import Services

router = APIRouter()

Posted = Annotated[bytes, Depends(posted("postmark_secret", POST_MAX))]


@router.post("/postmark")
@router.post("/postmark/{secret}")
def postmark(request: Request, octets: Posted, secret: str = "") -> Response:
    """Take in one event. Postmark gives up at once after a 403, so what is not proved is answered 401."""
    services: Services = request.app.state.services
    right = (services.settings.postmark_secret or SecretStr("")).get_secret_value()
    given = secret, password(request.headers.get("Authorization", ""))
    return answered(
        lambda: do.take_in_postmark(services, octets, right, *given),
        unproved=401,
        headers={"WWW-Authenticate": 'Basic realm="hooks"'},
    )
