"""A message → an update: its fields, and what is to be known of how they came about."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from alerts.ingest.cap.areas import notes_of, regions_of, shapes_of, shortfalls
from alerts.ingest.cap.endings import ending
from alerts.ingest.cap.messages import CapAlert, CapInfo, CapScope, CapStatus
from alerts.ingest.cap.provenance import Provenance
from alerts.ingest.cap.severities import by_weight, worst
from alerts.ingest.cap.tags import tags_of
from alerts.ingest.cap.taking import words_of_infos, words_of_message
from alerts.ingest.cap.translations import tag_of, translations_of
from alerts.ingest.cap.wording import body_of, headline_of, key_points_of
from alerts.ingest.cleaning import excerpt
from alerts.ingest.field_texts import LINE_MAX
from alerts.ingest.field_words import FieldWords, is_said, words_of
from alerts.model import Kind, Status
from alerts.regions import Tree
from alerts.texts import number_of

#: Of the languages of a message, the one that the desk's other words are in.
_OUR_LANGUAGE = "en"


class CapReading(NamedTuple):
    """The fields of an update, what is to be known of them, and the message they are from."""

    fields: dict[str, object]
    notes: tuple[str, ...]
    provenance: Provenance
    words: Sequence[FieldWords]


def as_update(message: CapAlert, tree: Tree) -> CapReading:
    """Make an update of a message. Raises BadInput for more than can be looked at."""
    notes = list(message.notes)
    infos, others = _in_one_language(message.infos)
    over = ending(message)
    fields: dict[str, object] = {
        "kind": Kind.CANCEL if over else None,
        "status": _status(message.status),
        "note": message.note if len(message.note) <= LINE_MAX else "",
        "source": next((info.sender_name for info in infos if info.sender_name), message.sender),
        "published_at": message.sent.isoformat(),
        "public": None if message.scope is CapScope.PUBLIC else False,
    }
    areas: list[str] = []
    words = [*words_of_message(message, over)]
    if infos:
        regions = regions_of(message, infos, tree)
        words += words_of_infos(infos, regions)
        notes += (*notes_of(regions, tree), *shortfalls(infos, tree))
        fields |= _said(infos, notes)
        translated = translations_of(infos, others, str(fields["language"]), notes)
        fields["translations"] = translated
        words.append(words_of("translations", "info/language", translated))
        fields |= {"regions": [region.code for region in regions], "shapes": shapes_of(infos, notes)}
        if over:  # whoever had it is told, however late that is
            fields["expires_at"] = None
        areas = sorted({area.description for info in infos for area in info.areas if area.description})
    notes += _others(message, over)
    provenance = Provenance(
        message.sender,
        message.identifier,
        message.sent,
        message.type,
        tuple(reference.identifier for reference in message.references),
        tuple(message.incidents),
        areas,
        over,
    )
    said = {name for name, value in fields.items() if is_said(value)}
    return CapReading(
        fields, tuple(dict.fromkeys(notes)), provenance, [one for one in words if one.field in said]
    )


def _said(infos: Sequence[CapInfo], notes: list[str]) -> dict[str, object]:
    """What the blocks of one language say: the worst of them first, the others below it."""
    first, *others = by_weight(infos)
    severity, why = worst(infos)
    notes += [why] * bool(why)
    return {
        "headline": headline_of(first, notes),
        "key_points": key_points_of(first, notes),
        "body": body_of(first, others, notes),
        "tags": tags_of(infos),
        "severity": severity,
        "urgency": first.urgency,
        "certainty": first.certainty,
        "url": _address(first.web, notes),
        "expires_at": _last([info.expires for info in infos]),
        "language": tag_of(first.language, notes),
    }


def _last(ends: Sequence[datetime | None]) -> str | None:
    """When all of it is over; None where a part has no end."""
    known = [end for end in ends if end]
    if len(known) < len(ends):
        return None
    return max(known, key=lambda end: end.replace(tzinfo=end.tzinfo or UTC)).isoformat()


def _in_one_language(infos: Sequence[CapInfo]) -> tuple[list[CapInfo], list[list[CapInfo]]]:
    """The blocks in English, else in the language of the first; and those of each other language."""
    spoken: dict[str, list[CapInfo]] = {}
    for info in infos:
        spoken.setdefault(info.language.lower(), []).append(info)
    taken = next((tag for tag in spoken if tag.replace("_", "-").partition("-")[0] == _OUR_LANGUAGE), None)
    taken = taken if taken is not None else next(iter(spoken), "")
    return spoken.pop(taken, []), list(spoken.values())


def _status(status: CapStatus) -> Status:
    """What is no more than a draft, or between systems, is a test to readers, if it is allowed at all."""
    words = {CapStatus.ACTUAL: Status.ACTUAL, CapStatus.EXERCISE: Status.EXERCISE}
    return words.get(status, Status.TEST)


def _address(web: str, notes: list[str]) -> str:
    if not web or web.lower().startswith(("http://", "https://")):
        return web
    notes.append(f"has {excerpt(web)} as web, which is no whole address: left out")
    return ""


def _others(message: CapAlert, over: str) -> Iterator[str]:
    """What an update has no room for, and what is to be known of the message."""
    if over:
        yield f"is over: {over}"
    if message.resources:
        files = number_of(message.resources, "picture, sound or file", "pictures, sounds or files")
        yield f"has {files}: left out"
    if len(message.note) > LINE_MAX:
        yield "has a note that is longer than a line: left out"
    if message.signed:
        yield "has a signature: present, not verified"
    if message.scope is not CapScope.PUBLIC:
        yield f"has the scope {message.scope}: it has no page for everybody"
    if message.status in (CapStatus.DRAFT, CapStatus.SYSTEM):
        yield f"has the status {message.status}: published as a test"
