"""`/subscriptions/preview`: what subscriptions would have brought. Writes nothing."""

from fastapi import APIRouter, Response

from alerts.doors.web.api import answering
from alerts.doors.web.api.answering import needs, refusals
from alerts.doors.web.api.bodies import SubscriptionsToPreview
from alerts.doors.web.api.person_resources import SubscriptionPreviewOut
from alerts.doors.web.api.route import Called, Guarded
from alerts.operations import Permission
from alerts.operations.subscribing import subscription_preview as use

router = APIRouter(prefix="/subscriptions", tags=["subscribers"], route_class=Guarded)


@router.post(
    "/preview",
    response_model=SubscriptionPreviewOut,
    responses=refusals(404, 409),
    openapi_extra=needs(Permission.READ),
)
def preview_subscriptions(caller: Called, asked: SubscriptionsToPreview) -> Response:
    """Show what subscriptions would have brought in the last days, and when the next digest comes."""
    found = use.preview_subscriptions(
        caller.services,
        caller.actor,
        asked.address,
        [one.requested() for one in asked.subscriptions],
        zone=asked.timezone,
        days=asked.days,
        new_tags=asked.new_tags,
    )
    return answering.done(found.to_dict())
