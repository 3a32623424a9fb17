"""What the link in a message opens: all that the message told, whole. Looking changes nothing.

The link is of one delivery: who has it reads what was sent there. Of each update that is the revision the
digest tells, and how it came to that. What was never accepted is not read, nor what came later: it is said
that something did, for nobody should act on what was corrected or retracted (docs/adr/0031).
"""

from collections.abc import Sequence
from dataclasses import replace

from alerts.errors import NotFound
from alerts.locales import Locale
from alerts.model import Digest, Entry, Ref, Revision
from alerts.rendering.composing import compose
from alerts.rendering.stories import CORRECTING, StoryView, story
from alerts.rendering.view import DigestView
from alerts.rules.describing import naming
from alerts.services import Services

#: Room, in characters, in which every digest there can be is laid out without folding.
_ROOM = 1 << 40
#: Revisions that are looked at, up to the one told and up to the latest.
_LOOKED_AT = 50


def language_of_reader(services: Services, token: str) -> str:
    """In which language whom a link to read was sent to reads; empty where that is not known.

    Raises NotFound for no link of ours.
    """
    [person] = services.subscribers.destinations([services.links.read_delivery(token).sid])
    return person.language


def read_message(services: Services, token: str, locale: Locale) -> DigestView | StoryView:
    """All that the message of this link told: of one update its story, of several what there is of each.

    Raises NotFound, the same for every link that does not work.
    """
    digest = _delivered(services, token)
    if digest.alone:
        return _story(services, digest, digest.entries[0], locale)
    refs = {ref for entry in digest.entries for ref in (entry.ref, entry.since_ref) if ref}
    known: dict[str, Revision] = {**services.updates.revisions(refs)}
    return compose(digest, known, naming(services.tree), _ROOM, token, locale=locale)


def read_update(services: Services, token: str, update: str, locale: Locale) -> StoryView:
    """One update whole, as far as the message of this link told it. Raises NotFound like `read_message`."""
    digest = _delivered(services, token)
    entry = next((entry for entry in digest.entries if entry.update == update), None)
    if entry is None:
        raise _nothing()
    return _story(services, digest, entry, locale)


def _delivered(services: Services, token: str) -> Digest:
    """The digest that a link is of, if it was sent, or may have been, to whom the link stands for."""
    name = services.links.read_delivery(token)
    delivery = services.ledger.records(name.digest, [name.batch]).get(name.sid)
    if delivery is None or not delivery.reaches(or_maybe=True):
        raise _nothing()
    return services.digests.get(name.digest)


def _story(services: Services, digest: Digest, entry: Entry, locale: Locale) -> StoryView:
    latest = services.updates.latest(entry.update)
    refs = [
        *filter(None, [entry.since_ref]),
        *Ref.between(entry.update, max(0, entry.number - _LOOKED_AT), entry.number),
        *Ref.between(entry.update, max(entry.number, latest - _LOOKED_AT), latest),
    ]
    found = services.updates.revisions(refs)
    told = found[entry.ref]
    by_number = sorted(found.values(), key=lambda revision: revision.number)
    accepted = [revision for revision in by_number if revision.accepted_ms is not None]
    before = earlier([r for r in accepted if r.number < entry.number], told, entry.since)
    later = [r for r in accepted if r.number > entry.number]
    shown = story(
        digest, entry, before, told, later=_gravest(later), place=naming(services.tree), locale=locale
    )
    page = services.public_page(entry.update, accepted[-1].draft)
    return replace(shown, entry=replace(shown.entry, public_page=page))


def earlier(accepted: Sequence[Revision], told: Revision, since: int) -> list[Revision]:
    """The revisions before the one told that belong to its story for this reader.

    What was corrected or retracted before they heard of it is not; what the message compares with is.
    """
    wrong = max((r.number for r in (*accepted, told) if r.kind in CORRECTING), default=0)
    return [r for r in accepted if r.number >= wrong or r.number == since]


def _gravest(later: Sequence[Revision]) -> Revision | None:
    """Of what came later, what matters most to whoever reads what was before: it is over, or was wrong."""
    if not later or later[-1].kind.ends:
        return later[-1] if later else None
    return next((r for r in reversed(later) if r.kind in CORRECTING), later[-1])


def _nothing() -> NotFound:
    return NotFound("This link opens nothing.", "Use the link from the newest message.")
