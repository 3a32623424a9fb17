"""Updates, to be found, seen whole, and read revision by revision: what changed, by whom, to how many."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from alerts import rendering
from alerts.channels import CHANNELS
from alerts.errors import NotFound
from alerts.model import Channel, Draft, Instant, Kind, Revision, Severity, State
from alerts.operations.acting import Actor, Permission
from alerts.operations.following.progress import of_update
from alerts.operations.instants import past, utc_text
from alerts.rules.describing import naming
from alerts.services import Services
from alerts.store import AuditEntry, History

#: The actions by which a revision comes to be; its entry names who did it, and by which door.
_PUBLISHED_BY = ("update.publish", "update.close", "update.retract")


class UpdateState(StrEnum):
    """How an update stands: by its latest revision that was not taken back."""

    CURRENT = "current"  #: readers know it, and it holds
    HELD = "held"  #: its latest revision is not out: until a time, or until it is released
    EXPIRED = "expired"  #: the time is over until which it held
    CLOSED = "closed"  #: it is over
    RETRACTED = "retracted"  #: it never was so
    WITHDRAWN = "withdrawn"  #: taken back before anybody saw any of it


@dataclass(frozen=True, slots=True)
class UpdateSearch:
    """What is looked for; what is left out is not asked for."""

    text: str = ""  #: a part of an id or a headline
    since: str | None = None  #: something of it was accepted, or is held, since then
    state: UpdateState | None = None
    region: str = ""  #: it is about this region, one within it, or one around it
    tag: str = ""
    severity: Severity | None = None


ANY_UPDATE = UpdateSearch()


@dataclass(frozen=True, slots=True)
class UpdateSummary:
    """One update in a list."""

    history: History
    state: UpdateState

    @property
    def latest(self) -> Revision:
        """The latest revision that was not taken back; of one all of which was, the latest."""
        return self.history.standing or self.history.revisions[-1]

    @property
    def at_ms(self) -> Instant | None:
        """When something of it was last accepted."""
        return self.history.accepted.accepted_ms if self.history.accepted else None

    def to_dict(self) -> dict[str, object]:
        draft = self.latest.draft
        return {
            "update": self.history.update,
            "revision": self.latest.number,
            "state": self.state.value,
            "severity": draft.severity.value,
            "regions": list(draft.regions),
            "tags": list(draft.tags),
            "first_at": utc_text(self.history.first_ms),
            "accepted_at": utc_text(self.at_ms),
            "headline": draft.headline,
        }


@dataclass(frozen=True, slots=True)
class UpdatePage:
    """Some of the updates that were found, newest first, and how many there are altogether."""

    updates: tuple[UpdateSummary, ...]
    total: int
    next: str | None  #: give this as `after` for the page that follows


@dataclass(frozen=True, slots=True)
class UpdateRevision:
    """One revision: what changed by it, who published it by which door, and how many were sent it."""

    revision: Revision
    state: str  #: accepted, held, or taken back
    held_until_ms: Instant | None
    why: str  #: why it was taken back
    changed: tuple[str, ...]  #: against the last accepted one before it
    who: str
    door: str
    sent: Mapping[Channel, int]

    def to_dict(self) -> dict[str, object]:
        return {
            "revision": self.revision.number,
            "kind": self.revision.kind.value,
            "state": self.state,
            "accepted_at": utc_text(self.revision.accepted_ms),
            "held_until": utc_text(self.held_until_ms),
            "why": self.why,
            "who": self.who,
            "door": self.door,
            "sent": sum(self.sent.values()),
            "channels": dict(self.sent),
            "headline": self.revision.draft.headline,
            "note": self.revision.draft.note,
            "changed": list(self.changed),
        }


@dataclass(frozen=True, slots=True)
class UpdateDetails:
    """One update as it stands: its latest revision whole, and what became of all of them."""

    summary: UpdateSummary
    revisions: tuple[UpdateRevision, ...]
    public_page: str  #: where everybody reads it, to be given away; empty where there is no such page

    def to_dict(self) -> dict[str, object]:
        return {
            **self.summary.to_dict(),
            "content": self.summary.latest.draft.to_dict(),
            "public_page": self.public_page,
            "revisions": [one.to_dict() for one in self.revisions],
        }


def list_updates(
    services: Services,
    actor: Actor,
    sought: UpdateSearch = ANY_UPDATE,
    most: int | None = None,
    after: str = "",
) -> UpdatePage:
    """Find updates, newest first by their first publish: at most `most`, those that come `after` one.

    All are looked at, for the total; memory is that of the page and of all ids. Raises Forbidden, BadInput,
    UnknownRegion, UnknownTag, and NotFound for an `after` that is not there.
    """
    actor.require(Permission.READ)
    ids = services.updates.recent(0)
    if after and after not in ids:
        raise NotFound(f"There is no update “{after[:64]}” to go on after.", "Give the last one of a page.")
    later = set(ids[ids.index(after) + 1 :]) if after else set(ids)
    page: list[UpdateSummary] = []
    total, more = 0, False
    for found in _found(services, sought, ids):
        total += 1
        if found.history.update in later:
            more = more or len(page) == most
            page += [found] if not more else []
    return UpdatePage(tuple(page), total, page[-1].history.update if more else None)


def show_update(services: Services, actor: Actor, update: str) -> UpdateDetails:
    """Look one update up. Raises Forbidden, NotFound."""
    actor.require(Permission.READ)
    history = services.updates.history(update)
    summary = UpdateSummary(history, _state(history, services.server.now_ms()))
    page = services.public_page(update, history.accepted.draft) if history.accepted else ""
    return UpdateDetails(summary, tuple(_revisions(services, history)), page)


def show_revision(services: Services, actor: Actor, update: str, number: int) -> UpdateRevision:
    """Look one revision of an update up. Raises Forbidden, NotFound."""
    found = show_update(services, actor, update).revisions
    for one in found:
        if one.revision.number == number:
            return one
    raise NotFound(f"“{update}” has no revision {number}.", f"It has {len(found)}, from 1 on.")


def _found(services: Services, sought: UpdateSearch, ids: Sequence[str]) -> Iterator[UpdateSummary]:
    tree, now_ms = services.tree, services.server.now_ms()
    text = sought.text.casefold().strip()
    since_ms = past(sought.since, now_ms, services.settings.zone) if sought.since else 0
    related = tree.related([tree.find(sought.region)]) if sought.region else None
    if sought.tag:
        services.tags.require([sought.tag])
    for history in services.updates.each(ids):
        found = UpdateSummary(history, _state(history, now_ms))
        draft = found.latest.draft
        if (
            (not text or text in history.update or any(text in words for words in _headlines(draft)))
            and (found.state is UpdateState.HELD or max(history.first_ms, found.at_ms or 0) >= since_ms)
            and (sought.state is None or found.state is sought.state)
            and (related is None or not related.isdisjoint(draft.regions))
            and (not sought.tag or sought.tag in draft.tags)
            and (sought.severity is None or draft.severity is sought.severity)
        ):
            yield found


def _state(history: History, now_ms: Instant) -> UpdateState:
    latest = history.standing
    if latest is None:
        return UpdateState.WITHDRAWN
    if latest.accepted_ms is None:
        return UpdateState.HELD
    if latest.kind is Kind.RETRACTION:
        return UpdateState.RETRACTED
    if latest.kind is Kind.CANCEL:
        return UpdateState.CLOSED
    ends = latest.draft.expires_at
    return UpdateState.EXPIRED if ends and ends.timestamp() * 1000 <= now_ms else UpdateState.CURRENT


def _revisions(services: Services, history: History) -> Iterator[UpdateRevision]:
    sent, by = _sent(services, history.update), _published_by(services, history)
    place = naming(services.tree)
    before: Revision | None = None
    for revision in history.revisions:
        why = history.taken_back.get(revision.number, "")
        state = "accepted" if revision.accepted_ms else "taken back" if why else "held"
        changed = rendering.differences(before.draft, revision.draft, place) if before else ()
        entry = by.get(revision.ref)
        yield UpdateRevision(
            revision,
            state,
            services.updates.held_until(revision) if state == "held" else None,
            why,
            changed,
            entry.who if entry else "",
            entry.door if entry else "",
            sent.get(revision.number, {}),
        )
        before = revision if revision.accepted_ms else before


def _sent(services: Services, update: str) -> dict[int, dict[Channel, int]]:
    """How many were reached by each revision, by channel."""
    found: dict[int, dict[Channel, int]] = {}
    digests = of_update(services, update)
    for name, progress in services.digests.progress(list(digests)).items():
        reached = sum(n for state, n in progress.counts.items() if State(state).reached)
        channels = found.setdefault(digests[name].tells(update), dict.fromkeys(CHANNELS, 0))
        channels[digests[name].channel] += reached
    return {number: {c: n for c, n in counts.items() if n} for number, counts in found.items()}


def _published_by(services: Services, history: History) -> dict[str, AuditEntry]:
    """The entries of the audit that tell who published each revision, as far as they are still kept."""
    refs = {str(r.ref) for r in history.revisions}
    found: dict[str, AuditEntry] = {}
    for entry in services.audit.entries(history.first_ms):
        if entry.action not in _PUBLISHED_BY:
            continue
        ref = str(entry.after.get("by") or entry.subject)
        if ref in refs:
            found[ref] = entry
            if len(found) == len(refs):
                break
    return found


def _headlines(draft: Draft) -> list[str]:
    """Its headline in each of its languages, as they are looked for."""
    headlines = draft.headline, *(words.headline for words in draft.translations)
    return [headline.casefold() for headline in headlines]
