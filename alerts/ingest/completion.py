"""A reading and what its publisher adds → a draft that can be published, or the reason why not."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, tzinfo

from alerts.errors import BadInput, Faults, UnknownRegion
from alerts.ingest.dates import placed
from alerts.ingest.field_faults import refusal
from alerts.ingest.fields import draft_of
from alerts.ingest.formats import Reading
from alerts.model import Draft

_SLUG_MAX = 40
_HASH_DIGITS = 6


def complete(
    reading: Reading,
    *,
    find_region: Callable[[str], str],
    zone: tzinfo = UTC,
    regions: Sequence[str] = (),
    tags: Sequence[str] = (),
    severity: str | None = None,
    id: str | None = None,  # noqa: A002 - the interface's word
) -> Draft:
    """Make the draft to publish; what is given here stands in place of what the file says.

    `find_region` turns a name into a code. Times without an offset are in `zone`; what expires on a day lasts
    until that day is over there. Without an id one is derived from the content, so that publishing the same
    again is the same update. Raises BadInput, and UnknownRegion from `find_region`.
    """
    faults = Faults()
    draft = gather(
        reading,
        faults,
        find_region=find_region,
        zone=zone,
        regions=regions,
        tags=tags,
        severity=severity,
        id=id,
    )
    faults.complain()
    return draft


def gather(
    reading: Reading,
    faults: Faults,
    *,
    find_region: Callable[[str], str],
    zone: tzinfo,
    regions: Sequence[str],
    tags: Sequence[str],
    severity: str | None,
    id: str | None,  # noqa: A002 - the interface's word
) -> Draft:
    """The same for whoever looks for more that is wrong: it is put with the faults, and the rest returned."""
    given = {"regions": list(regions), "tags": list(tags), "severity": severity, "id": id}
    instead = {name: value for name, value in given.items() if value}
    if reading.faults:
        faults.found.append(refusal(reading.faults))
    draft = faults.of(lambda: draft_of(reading.said.to_dict() | instead), reading.said)
    if not draft.headline and "headline" not in reading.unread:
        faults.found.append(
            BadInput("It has no headline.", "Begin a text with it, Markdown with `# …`, or set `headline`.")
        )
    if not draft.regions and "regions" not in reading.unread:
        faults.found.append(
            BadInput(
                "It names no region.",
                "Add `--region Ukraine`, or a line `regions: [Ukraine]` to its front matter.",
            )
        )
    codes = faults.of(lambda: _found(draft.regions, find_region), tuple[str, ...]())
    draft = replace(faults.of(lambda: _in_time(draft, zone), draft), regions=codes)
    return replace(draft, id=draft.id or id_of(draft.headline, draft.fingerprint))


def _in_time(draft: Draft, zone: tzinfo) -> Draft:
    """Put its times in order of time: a day it was published on stays a day. Raises BadInput."""
    begins, ends, faults = draft.published_at, draft.expires_at, Faults()
    if isinstance(written := begins, datetime):
        begins = faults.of(lambda: _placed("published_at", written, zone), None)
    if (until := ends) is not None:
        ends = faults.of(lambda: _placed("expires_at", until, zone), None)
    faults.complain()
    if begins and ends and ends <= (begins if isinstance(begins, datetime) else _start_of(begins, zone)):
        raise BadInput("expires_at must be later than published_at.", "Correct the one that is mistaken.")
    return replace(draft, published_at=begins, expires_at=ends)


def _placed(field: str, when: datetime, zone: tzinfo) -> datetime:
    try:
        return placed(when, zone)
    except BadInput as fault:
        raise BadInput(f"{field} cannot be used: {fault.sentence}", fault.hint) from None


def _start_of(day: date, zone: tzinfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def _found(regions: Sequence[str], find_region: Callable[[str], str]) -> tuple[str, ...]:
    """Look all of them up, each once, in their author's order. Raises UnknownRegion for all that are none."""
    codes, faults = dict[str, None](), []
    for text in regions:
        try:
            codes[find_region(text)] = None
        except UnknownRegion as fault:
            faults.append(fault)
    if faults:
        raise UnknownRegion.in_one(faults)
    return tuple(codes)


def id_of(headline: str, name: str) -> str:
    """Derive an id: a slug of the headline, for people, and what makes it this update's alone."""
    plain = unicodedata.normalize("NFKD", headline).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain.replace("'", "")).strip("-")
    if len(words) > _SLUG_MAX:
        words = words[: _SLUG_MAX + 1].rpartition("-")[0] or words[:_SLUG_MAX]
    return f"{words or 'update'}-{name[:_HASH_DIGITS]}"
