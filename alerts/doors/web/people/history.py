"""Looking back, on a person's own page: what they were sent, each message, and all that is kept."""

import json
from typing import Annotated

from fastapi import APIRouter, Path, Response

from alerts.doors.web import answers
from alerts.doors.web.people.done import said
from alerts.doors.web.people.forms import form_token
from alerts.doors.web.people.own import AtTheirDoor, OwnDoor, OwnForm
from alerts.errors import Conflict, NotFound
from alerts.operations.people.looking_back import looked_back
from alerts.operations.people.own_page import hear_no_more_own
from alerts.operations.people.person_data import everything_of, sent_message_of
from alerts.operations.people.undoing import Deed, undo_own
from alerts.rendering.page import ShownFault
from alerts.rendering.words import quoted
from alerts.rules.translations import edition
from alerts.runtime import doorbell

router = APIRouter()


@router.api_route("/me/history", methods=["GET", "HEAD"])
def history(door: AtTheirDoor, done: str = "") -> Response:
    """The latest updates: sent, to come, or not for them and why."""
    return _history(door, said(done, door.locale))


@router.post("/me/history")
def mute(door: AtTheirDoor, fields: OwnForm) -> Response:
    """Mute the situation whose button was pressed, or take that back."""
    try:
        if fields.get("deed") == Deed.UNDO:
            doorbell.ring(undo_own(door.services, door.person, door.secret, fields.get("change", "")))
            return answers.see_other(f"history?done={Deed.UNDO}")
        muted = hear_no_more_own(door.services, door.person, door.secret, fields.get("update", ""))
    except (Conflict, NotFound) as fault:
        shown = ShownFault.of(fault, door.locale)
        return _history(door, f"{shown.sentence} {shown.hint}".rstrip())
    situation = quoted(edition(muted.latest.draft, door.locale.reads).draft.headline, door.locale)
    words = door.locale.gettext(
        "You will hear no more about %(situation)s unless it gets worse.", situation=situation
    )
    return _history(door, words)


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


def _history(door: OwnDoor, words: str = "") -> Response:
    lines = looked_back(door.services, door.person, door.locale)
    done = door.done_now(door.person, words)
    return answers.page(door.pages.history(lines, door.person.zone, form_token(door.secret), done))
