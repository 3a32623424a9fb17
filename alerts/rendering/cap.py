"""A revision as a message of CAP 1.2 (OASIS, Common Alerting Protocol): an `info` a language, an `area` a
region.

docs/adr/0047 has what becomes of what, and why.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from alerts.locales import ENGLISH
from alerts.model import Draft, Kind, Revision
from alerts.regions import Tree, country_of
from alerts.rendering import moments
from alerts.rendering.cleaning import one_line
from alerts.rendering.composing import as_ended
from alerts.rendering.markdown import to_plain
from alerts.rendering.wording import entry_banners, said_by
from alerts.rendering.xml import added, written
from alerts.rules.translations import edition

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
MEDIA_TYPE = "application/cap+xml"
#: The earlier messages that one refers to, the latest ones.
REFERENCES_MOST = 50

#: What a revision does to those before it. CAP has no word for a correction: the note says that it is one.
_TYPES = {Kind.CANCEL: "Cancel", Kind.RETRACTION: "Error"}
#: By the first shipped tag that has one; tags of an installation's own are Other.
_CATEGORIES = {
    "Geo": ("avalanche", "earthquake", "landslide", "tsunami", "volcano"),
    "Met": ("cyclone", "drought", "flood", "heat", "storm", "weather"),
    "Fire": ("wildfire",),
    "Health": ("epidemic", "health", "food"),
    "Env": ("environment",),
    "Transport": ("aviation", "maritime", "rail", "road", "strike"),
    "Infra": ("communications", "cyber", "fuel", "infrastructure", "power", "water"),
    "Security": (
        *("border", "conflict", "coup", "crime", "curfew", "detention", "emergency", "explosion"),
        *("kidnapping", "piracy", "protest", "terrorism", "unrest"),
    ),
    "Safety": ("accident", "evacuation"),
}
_CATEGORY_OF = {tag: category for category, tags in _CATEGORIES.items() for tag in tags}
#: A width at which no line of a text is wrapped: whoever shows it knows better.
_UNWRAPPED = 1_000_000


def cap_message(
    revision: Revision,
    earlier: Sequence[Revision],
    *,
    tree: Tree,
    sender_name: str,
    page: str,
    listed: bool,
) -> bytes:
    """Write an accepted revision. `earlier`: those before it that its readers can read, oldest first.

    `page` is its page; `listed`, whether everybody can find it, and not only who has its link.
    """
    draft, sender = revision.draft, urlsplit(page).hostname or ""
    if revision.kind.ends:
        draft = as_ended(draft, earlier[-1].draft if earlier else None)
    alert = ET.Element("alert", xmlns=NAMESPACE)
    added(alert, "identifier", revision.ref)
    added(alert, "sender", sender)
    added(alert, "sent", _sent(revision))
    added(alert, "status", draft.status.capitalize())
    added(alert, "msgType", _TYPES.get(revision.kind, "Update" if earlier else "Alert"))
    if draft.source:
        added(alert, "source", one_line(draft.source))
    added(alert, "scope", "Public" if listed else "Restricted")
    if not listed:
        added(alert, "restriction", "For whoever was given the link.")
    if note := _note(revision.kind, draft):
        added(alert, "note", note)
    if earlier:
        named = (f"{sender},{one.ref},{_sent(one)}" for one in earlier[-REFERENCES_MOST:])
        added(alert, "references", " ".join(named))
    added(alert, "incidents", revision.update)
    for language in (revision.draft.language, *(words.language for words in revision.draft.translations)):
        said = _in_language(revision, earlier, language)
        info = added(alert, "info")
        added(info, "language", language or "und")  # left out, it would be taken for English
        _info(info, revision.kind, said, sender_name, page)
        for code in said.regions:
            _area(added(alert[-1], "area"), code, tree)
        if said.shapes:
            _drawn(added(alert[-1], "area"), said, tree)
    return written(alert)


def _in_language(revision: Revision, earlier: Sequence[Revision], language: str) -> Draft:
    """What a revision says in one of its languages; where not all of it is translated, the rest as it is."""
    said = edition(revision.draft, language).draft
    if not revision.kind.ends:
        return said
    return as_ended(said, edition(earlier[-1].draft, language).draft if earlier else None)


def _info(info: ET.Element, kind: Kind, draft: Draft, sender_name: str, page: str) -> None:
    for category in dict.fromkeys(_CATEGORY_OF.get(tag, "Other") for tag in draft.tags or ("",)):
        added(info, "category", category)
    added(info, "event", draft.tags[0] if draft.tags else "situation")
    if kind is Kind.CANCEL:
        added(info, "responseType", "AllClear")
    added(info, "urgency", draft.urgency.capitalize())
    added(info, "severity", draft.severity.capitalize())
    added(info, "certainty", draft.certainty.capitalize())
    if draft.expires_at:
        added(info, "expires", _time(draft.expires_at))
    added(info, "senderName", one_line(sender_name))
    added(info, "headline", one_line(draft.headline))
    if text := "\n\n".join(_text(draft)):
        added(info, "description", text)
    added(info, "web", page)


def _area(area: ET.Element, code: str, tree: Tree) -> None:
    """A region by its name and code, a group by the codes of its members; what is no more by name only."""
    if code not in tree:
        added(area, "areaDesc", code)
        return
    region = tree.region(code)
    added(area, "areaDesc", ", ".join(map(tree.name, dict.fromkeys((code, country_of(code))))))
    for part in region.members or (code,):
        geocode = added(area, "geocode")
        added(geocode, "valueName", _scheme(tree.region(part).kind))
        added(geocode, "value", part)


def _drawn(area: ET.Element, draft: Draft, tree: Tree) -> None:
    """What is drawn, in an area of its own: with a country's code in one, it would be all of the country."""
    names = (tree.name(code) if code in tree else code for code in draft.regions)
    added(area, "areaDesc", ", ".join(names))
    for shape in sorted(draft.shapes, reverse=True):  # polygons come first
        kind, _, drawn = shape.partition(" ")
        added(area, kind, drawn)


def _scheme(kind: str) -> str:
    """Whose codes the codes of a kind of region are."""
    return {"country": "ISO 3166-1", "subdivision": "ISO 3166-2"}.get(kind, "UN M49")


def _note(kind: Kind, draft: Draft) -> str:
    """What the banners of its page say, and what its author noted."""
    note = one_line(draft.note)
    said = [f"{b.title}: {b.text}" for b in entry_banners(said_by(kind), draft.status, note, ENGLISH)]
    if kind in (Kind.NEW, Kind.UPDATE) and note:  # else a banner says it
        said.append(note)
    return " ".join(said)


def _text(draft: Draft) -> Iterator[str]:
    if draft.key_points:
        yield "\n".join(f"• {one_line(point)}" for point in draft.key_points)
    if draft.body:
        yield to_plain(draft.body, _UNWRAPPED)


def _sent(revision: Revision) -> str:
    return _time(moments.utc(revision.accepted_ms or 0))


def _time(moment: datetime) -> str:
    """To the second, in UTC, which CAP has as -00:00 (§3.3.2)."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}-00:00"
