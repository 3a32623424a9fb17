"""`/hooks/ses`: Amazon SES, by a topic of SNS that ALERTS_SES_TOPICS names."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from alerts import operations as do
from alerts.doors.web.hooks.posting import JSON, POST_MAX, answered, posted
from alerts.services import Services

router = APIRouter()

#: SNS posts JSON and calls it text, unless the topic says otherwise.
Posted = Annotated[bytes, Depends(posted("ses_topics", POST_MAX, (*JSON, "text/plain")))]


@router.post("/ses")
def ses(request: Request, octets: Posted) -> Response:
    """Take in a notification; confirm a subscription to a topic that is expected."""
    services: Services = request.app.state.services
    topics = services.settings.ses_topics or ""
    return answered(lambda: do.take_in_ses(services, request.app.state.sns, octets, topics))
