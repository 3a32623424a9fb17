"""`/hooks/mailgun`: the webhooks of Mailgun."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import SecretStr

from alerts import operations as do
from alerts.doors.web.hooks.posting import POST_MAX, answered, posted
from alerts.services import Services

router = APIRouter()

Posted = Annotated[bytes, Depends(posted("mailgun_signing_key", POST_MAX))]


@router.post("/mailgun")
def mailgun(request: Request, octets: Posted) -> Response:
    """Take in one event."""
    services: Services = request.app.state.services
    key = services.settings.mailgun_signing_key or SecretStr("")
    return answered(lambda: do.take_in_mailgun(services, octets, key.get_secret_value()))
