"""What people do for themselves: join, come in, see and change what they get.

Whoever is not known may ask, and learns nothing by it. Whoever has come in is known by a cookie; every form
of theirs carries a token that only their page has.
"""

from fastapi import APIRouter

from alerts.doors.web.people import coming_in, history, joining, opting_out, own, subscriptions

router = APIRouter()
router.include_router(joining.router)
router.include_router(opting_out.router)
router.include_router(coming_in.router)
router.include_router(own.router)
router.include_router(subscriptions.router)
router.include_router(history.router)

__all__ = ["router"]
