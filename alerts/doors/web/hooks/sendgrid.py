"""`/hooks/sendgrid`: the signed Event Webhook of SendGrid."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from alerts import operations as do
from alerts.doors.web.hooks.posting import BATCH_MAX, answered, posted
from alerts.services import Services

router = APIRouter()

Posted = Annotated[bytes, Depends(posted("sendgrid_verification_key", BATCH_MAX))]
_SIGNATURE, _TIMESTAMP = (f"X-Twilio-Email-Event-Webhook-{name}" for name in ("Signature", "Timestamp"))


@router.post("/sendgrid")
def sendgrid(request: Request, octets: Posted) -> Response:
    """Take in a list of events, all of them or none."""
    services: Services = request.app.state.services
    key = services.settings.sendgrid_verification_key or ""
    signature, timestamp = (request.headers.get(name, "") for name in (_SIGNATURE, _TIMESTAMP))
    return answered(lambda: do.take_in_sendgrid(services, octets, key, signature, timestamp))
