"""Looking back, on a person's own page: what they were sent, each message, and all that is kept."""

import json
from typing import Annotated

from fastapi import APIRouter, Path, Response

from alerts.doors.web import answers
from alerts.doors.web.people.forms import form_token
from alerts.doors.web.people.own import AtTheirDoor, OwnForm
from alerts.errors import Conflict, NotFound
from alerts.operations.people.coming_in import actor
from alerts.operations.people.looking_back import looked_back
from alerts.operations.people.person_data import everything_of, sent_message_of
from alerts.operations.subscribing.muting import mute_own
from alerts.rendering.page import ShownFault
from alerts.rendering.words import quoted
from alerts.rules.translations import edition

router = APIRouter()


@router.api_route("/me/history", methods=["GET", "HEAD"])
def history(door: AtTheirDoor) -> Response:
    """The latest updates: sent, to come, or not for them and why."""
    return _history(door)


@router.post("/me/history")
def mute(door: AtTheirDoor, fields: OwnForm) -> Response:
    """Mute the situation whose button was pressed."""
    try:
        muted = mute_own(door.services, actor(door.person), door.person.address, fields.get("update", ""))
    except (Conflict, NotFound) as fault:
        shown = ShownFault.of(fault, door.locale)
        return _history(door, f"{shown.sentence} {shown.hint}".rstrip())
    situation = quoted(edition(muted.latest.draft, door.locale.reads).draft.headline, door.locale)
    return _history(
        door,
        door.locale.gettext(
            "You will hear no more about %(situation)s unless it gets worse.", situation=situation
        ),
    )


@router.api_route("/me/history/{digest}", methods=["GET", "HEAD"])
def message(door: AtTheirDoor, digest: Annotated[str, Path(pattern=r"^[ru][0-9a-f]{20}$")]) -> Response:
    """One message as they were sent it, in plain text."""
    return answers.page(door.pages.message(sent_message_of(door.services, door.person, digest)))


@router.api_route("/me/data", methods=["GET", "HEAD"])
def data(door: AtTheirDoor) -> Response:
    """All that is kept of them, as a file."""
    kept = everything_of(door.services, door.person)
    named = {"Content-Disposition": 'attachment; filename="alerts.json"'}
    written = json.dumps(kept, ensure_ascii=False, indent=2)
    return Response(written, media_type="application/json", headers=answers.headed(answers.POLICY) | named)


def _history(door: AtTheirDoor, said: str = "") -> Response:
    lines = looked_back(door.services, door.person, door.locale)
    return answers.page(door.pages.history(lines, door.person.zone, form_token(door.secret), said))
