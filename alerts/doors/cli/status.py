"""`alerts status`: how things stand, and what became of one update."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import tzinfo

import click

from alerts import operations as do
from alerts.doors.cli import frame
from alerts.doors.cli.funnels import funnel_lines
from alerts.doors.cli.local_times import with_local_times
from alerts.doors.cli.output import Output, output
from alerts.doors.cli.shell import shell_user
from alerts.model import Ref, State
from alerts.operations import MailboxDetails, PeopleCount, Totals, UpdateStatus
from alerts.rules.reputation import told
from alerts.store import Returns
from alerts.texts import number_of

#: The entries of what an update still owes that are shown to people; programs get all of them.
OWED_SHOWN = 20
#: The domains from which most came back that are shown to people.
DOMAINS_SHOWN = 3
#: What operators look into: it did not arrive, or nobody knows.
_NOT_REACHED = (State.FAILED, State.SUPPRESSED, State.BOUNCED, State.UNKNOWN, State.UNCONFIRMED)


@click.command()
@click.argument("update", required=False)
@output
def status(out: Output, update: str | None) -> None:
    """Say how things stand altogether, or what became of one update."""
    with frame.services() as services:
        if update is None:
            totals = do.totals(services, shell_user())
            if out.human:
                _show_totals(out, totals, services.settings.zone)
            else:
                out.record(totals.to_dict(), "owed")
            return
        found = do.status(services, shell_user(), update)
    if out.human:
        _show(out, found, services.settings.zone)
    else:
        out.record(found.to_dict(), "update")


def _show_totals(out: Output, totals: Totals, zone: tzinfo) -> None:
    people = ", ".join(f"{n} by {channel}" for channel, n in totals.subscribers.items())
    out.line(f"subscribers  {people}")
    out.line(f"updates      {totals.updates}")
    owed = number_of(totals.owed, "entry", "entries")
    out.line(f"owed         {owed}, {totals.overdue:,} due now (`alerts work`)")
    out.line(f"workers      {', '.join(totals.workers) or 'none: start one with `alerts up`'}")
    for ref in totals.in_review[:OWED_SHOWN]:
        out.line(f"in review    {ref}: `alerts release {Ref(ref).update}`, or publish it again")
    if len(totals.in_review) > OWED_SHOWN:
        out.line(
            f"in review    {len(totals.in_review) - OWED_SHOWN} more (`alerts updates list --state held`)"
        )
    if totals.drafts:
        out.line(f"drafts       {number_of(totals.drafts, 'waits', 'wait')} (`alerts drafts list`)")
    for feed, why in totals.feeds_in_trouble.items():
        out.line(f"feed         {feed}: {why} (`alerts feeds show {feed}`)")
    for route, why in totals.breakers.items():
        out.line(f"down         {route}: {why}")
    if broker := totals.broker:
        out.line(f"down         broker, since {broker.down_since}: {broker.why}")
    if totals.mailbox:
        out.line(_mailbox_line(totals.mailbox))
    for line in _rates_lines(totals, zone):
        out.line(line)
    for notice in totals.notices:
        details = ", ".join(f"{name} {_plain(value)}" for name, value in notice.details.items())
        out.line(f"notice       {do.local_text(notice.at_ms, zone)} {notice.what}: {details}")


def _mailbox_line(mailbox: MailboxDetails) -> str:
    """How the mailbox of what comes back is read."""
    if mailbox.down_since:
        return f"down         mailbox, since {mailbox.down_since}: {mailbox.why}"
    if not mailbox.read:
        return "mailbox      read by nobody: start `alerts up` or `alerts worker`"
    return (
        f"mailbox      read, to its end at {mailbox.looked_at}"
        if mailbox.looked_at
        else "mailbox      being read"
    )


def _rates_lines(totals: Totals, zone: tzinfo) -> Iterator[str]:
    """What came back of what was sent on the last day, where anything did; and what is paused for it."""
    for channel, rates in totals.sending.items():
        if rates.paused:
            since = do.local_text(rates.paused.since_ms, zone)
            resume = f"`alerts resume-sending {channel}`"
            yield f"paused       routine {channel} since {since}: {rates.paused.why} ({resume})"
        for day in rates.days[:1]:
            worst = [f"{name} {_came_back(returns)}" for name, returns in do.worst(day)[:DOMAINS_SHOWN]]
            if worst:
                yield f"came back    {channel} of {day.day}: {_came_back(day.total)}; {', '.join(worst)}"


def _came_back(returns: Returns) -> str:
    parts = (
        [f"{told(returns.bounced, returns.sent)} bounced"]
        if returns.bounced or not returns.complained
        else []
    )
    parts += [f"{told(returns.complained, returns.sent)} complained of"] if returns.complained else []
    return ", ".join(parts)


def _plain(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)


def _show(out: Output, found: UpdateStatus, zone: tzinfo) -> None:
    out.line(f"{found.update}: {found.headline}")
    times = ("accepted_at", "held_until") if any(r.held_until for r in found.revisions) else ("accepted_at",)
    revisions = [asdict(revision) for revision in found.revisions]
    out.table(
        list(with_local_times(out, revisions, zone, *times)),
        ("revision", "kind", *times, "withdrawn", "headline"),
    )
    for held in (r for r in found.revisions if r.in_review):
        out.line(f"  r{held.revision} is held for review: let it go out with `alerts release {found.update}`")
    out.line(f"  {people_line(found.people)}")
    for line in funnel_lines(found.update, found.funnel) if found.funnel.people else ():
        out.line(line)
    for count in found.people:
        if count.state is None:
            what = f"{_people(count.people)}, r{count.revision}"
            out.line(f"  {count.channel}: {what} with the digest of {do.local_text(count.slot_ms, zone)}")
    failed = sorted({c.state.name.lower() for c in found.people if c.state in _NOT_REACHED and c.state})
    if failed:
        asked = " ".join(f"--state {state}" for state in failed)
        out.line(f"  who they are, and why: `alerts deliveries {found.update} {asked}`")
    for channel, returns in found.rates.items():
        if returns.bounced or returns.complained:
            out.line(f"  came back by {channel}: {_came_back(returns)}")
    if found.first_ms is not None:
        first, last = (do.local_text(at, zone) for at in (found.first_ms, found.last_ms))
        out.line(f"  first {first}, last {last}")
    for entry in found.owed[:OWED_SHOWN]:
        out.line(f"  still owed: {entry}")
    if len(found.owed) > OWED_SHOWN:
        out.line(f"  and {len(found.owed) - OWED_SHOWN} more (`alerts status {found.update} -o json`)")


def people_line(people: Sequence[PeopleCount]) -> str:
    """`28 people: 26 were sent r3, 2 failed`: everybody once, with the latest revision that is theirs."""
    found = Counter[tuple[int, State | None]]()
    for count in people:
        found[count.revision, count.state] += count.people
    parts, named = [], 0
    for (revision, state), n in found.items():
        done, of_revision = _done(state, n)
        parts.append(f"{n:,} {done}" + (of_revision.format(revision) if revision != named else ""))
        named = revision
    return f"{_people(found.total())}: {', '.join(parts)}" if parts else "it goes to nobody yet"


def _done(state: State | None, people: int) -> tuple[str, str]:
    """What became of it, as it is said of that many people, and how the revision is added to that."""
    if state is None:
        return "waits for a slot" if people == 1 else "wait for a slot", " with r{}"
    if state is State.SENT:
        return "was sent" if people == 1 else "were sent", " r{}"
    return state.name.lower(), " (r{})"


def _people(number: int) -> str:
    return number_of(number, "person", "people")
