"""`alerts feeds`: what is polled, how it is with each, and steering it."""

from typing import Any

import click

from alerts import operations as do
from alerts.doors.cli import frame
from alerts.doors.cli.confirming import confirm, yes_option
from alerts.doors.cli.local_times import with_local_times
from alerts.doors.cli.output import Output, output
from alerts.doors.cli.ringing import ring
from alerts.doors.cli.shell import shell_user
from alerts.errors import ExitCode
from alerts.model import ItemState
from alerts.operations import feeds as following
from alerts.operations.feeds import FeedAsked, FeedDetails, Poll, PollOutcome
from alerts.services import Services
from alerts.texts import number_of

_COLUMNS = ("feed", "state", "items", "published", "drafts", "refused", "new_at", "next_at", "why")
_PREVIEWED = ("at", "state", "regions", "headline", "fault")
_TIMES = ("added_at", "polled_at", "read_at", "new_at", "next_at")


@click.group()
def feeds() -> None:
    """Follow feeds: what is new in them is published, or waits as a draft."""


@feeds.command()
@click.argument("url")
@click.option("--name", default="", metavar="NAME", help="What to call it; else it is called by its host.")
@click.option("--region", "regions", multiple=True, metavar="REGION", help="Of items that name none; again.")
@click.option("--tag", "tags", multiple=True, metavar="TAG", help="Of every item, beside its own; again.")
@click.option("--severity", default="", metavar="SEVERITY", help="Of items that do not say how bad it is.")
@click.option("--every", default="5m", show_default=True, metavar="TIME", help="How often: from 1m to 24h.")
@click.option("--review", is_flag=True, help="What comes waits as a draft: see `alerts drafts`.")
@click.option(
    "--backlog",
    type=click.IntRange(0),
    default=0,
    metavar="N",
    help="Take the newest N of what is there already; else nothing old is taken.",
)
@output
def add(out: Output, url: str, **asked: Any) -> int:
    """Follow a feed: RSS, Atom, RDF, JSON Feed, or an index of alerts in CAP.

    `alerts feeds add https://example.org/rss.xml --region Ukraine --review`
    """
    with frame.services() as services:
        added = following.add_feed(services, shell_user(), FeedAsked(url, **asked))
        ring(out, added.poll.work)
        if out.human:
            feed = added.summary.feed
            out.line(f"✓ {feed.name} is followed: {added.summary.progress.title or feed.url}")
            _say_poll(out, feed.name, added.poll)
            _say_if_no_worker(out, services)
        else:
            out.record(added.to_dict(), "feed")
    return _code(added.poll)


@feeds.command("list")
@output
def list_(out: Output) -> None:
    """List the feeds: state, what became of their items, when something new came last."""
    with frame.services() as services:
        found = following.list_feeds(services, shell_user())
    rows = [one.to_dict() for one in found]
    shown = with_local_times(out, rows, services.settings.zone, *_TIMES)
    out.rows(shown, _COLUMNS, "feed", "No feed is followed: `alerts feeds add URL`.")


@feeds.command()
@click.argument("name")
@output
def show(out: Output, name: str) -> None:
    """Show a feed: what was asked for, how it is with it, and why items were refused."""
    with frame.services() as services:
        found = following.show_feed(services, shell_user(), name)
        if out.human:
            _show(out, services, found)
        else:
            out.record(found.to_dict(), "feed")


@feeds.command()
@click.argument("name")
@output
def pause(out: Output, name: str) -> None:
    """Poll a feed no more until it is resumed."""
    with frame.services() as services:
        found = following.pause_feed(services, shell_user(), name)
    _say(out, found, f"✓ {name} is paused; `alerts feeds resume {name}` goes on where it was")


@feeds.command()
@click.argument("name")
@click.option(
    "--backlog",
    type=click.IntRange(0),
    default=0,
    metavar="N",
    help="Of one that was stopped: take the newest N of what is not known; else all that is there is old.",
)
@output
def resume(out: Output, name: str, backlog: int) -> None:
    """Poll a feed again that was paused, or that was stopped because it was not what it had been."""
    with frame.services() as services:
        found = following.resume_feed(services, shell_user(), name, backlog)
        _say_if_no_worker(out, services)
    _say(out, found, f"✓ {name} is polled again")


@feeds.command()
@click.argument("name")
@yes_option
@output
def remove(out: Output, name: str, yes: bool) -> None:
    """Follow a feed no more. What came of it stays."""
    with frame.services() as services:
        following.show_feed(services, shell_user(), name)
        confirm(f"Follow {name} no more, and forget which of its items are known?", yes)
        found = following.remove_feed(services, shell_user(), name)
    _say(out, found, f"✓ {name} is followed no more")


@feeds.command()
@click.argument("name")
@output
def poll(out: Output, name: str) -> int:
    """Poll a feed now, whenever it is due; what was refused before is tried again."""
    with frame.services() as services:
        done = following.poll_feed(services, shell_user(), name)
        ring(out, done.work)
    if out.human:
        _say_poll(out, name, done)
    else:
        out.record({"feed": name} | done.to_dict(), "feed")
    return _code(done)


@feeds.command()
@click.argument("feed", metavar="NAME|URL")
@output
def preview(out: Output, feed: str) -> None:
    """Show what is in a feed now, and where each item would go. Nothing is kept, nothing is published."""
    with frame.services() as services:
        found = following.preview_feed(services, shell_user(), feed)
    if out.form.value == "json" and not out.quiet:
        out.record(found.to_dict(), "url")
        return
    rows = [item.to_dict() for item in found.items]
    out.rows(rows, _PREVIEWED, "headline", "Nothing is in it.")
    out.note(f"{found.document.format}: {found.document.title or 'without a title'}, {len(rows)} shown.")


def _say_if_no_worker(out: Output, services: Services) -> None:
    if not do.live_workers(services, shell_user()):
        out.note("No worker is running: it is polled once `alerts up` or `alerts worker` does.")


def _say(out: Output, found: FeedDetails, line: str) -> None:
    if out.human:
        out.line(line)
    else:
        out.record(found.to_dict(), "feed")


def _code(done: Poll) -> int:
    failed = done.outcome in (PollOutcome.FAILED, PollOutcome.STOPPED)
    return ExitCode.FAILED if failed else ExitCode.DONE


def _say_poll(out: Output, name: str, done: Poll) -> None:
    match done.outcome:
        case PollOutcome.READ:
            counts = {state: done.count(state) for state in ItemState}
            said = [f"{counts[ItemState.PUBLISHED]} published"]
            said += [f"{counts[ItemState.DRAFT]} waiting as drafts"] * bool(counts[ItemState.DRAFT])
            said += [f"{counts[ItemState.REFUSED]} refused"] * bool(counts[ItemState.REFUSED])
            said += [f"{done.left} put off"] * bool(done.left)
            out.line(f"  {number_of(done.items, 'item')}: {', '.join(said)}")
            for one in done.taken:
                if one.why:
                    out.line(f"  ! {one.item.headline}: {one.why}")
        case PollOutcome.UNCHANGED:
            out.line(f"= {name} has not changed")
        case PollOutcome.NOT_NOW:
            out.line(f"= {name} is being polled by a worker")
        case PollOutcome.FAILED:
            out.line(f"! {name}: {done.why}; it is asked again later")
        case PollOutcome.STOPPED:
            out.line(f"! {name} was stopped: {done.why}")
            out.note(f"See `alerts feeds preview {name}`; go on with `alerts feeds resume {name}`.")


def _show(out: Output, services: Services, found: FeedDetails) -> None:
    feed, now, zone = found.summary.feed, found.summary.progress, services.settings.zone
    row = found.summary.to_dict()
    out.line(f"{feed.name}: {now.title or 'not read yet'}")
    facts = {
        "url": feed.url,
        "format": now.format,
        "state": f"{now.state}{f': {now.why}' if now.state == 'stopped' else ''}",
        "trouble": now.fault,
        "polled": f"every {feed.every_s // 60 or 1} min",
        "where": ", ".join(map(services.tree.label, feed.regions)) or "as the text says",
        "tags": ", ".join(feed.tags),
        "severity": feed.severity or "as the item says",
        "review": "what comes waits as a draft" if feed.review else "",
        "added": f"{do.local_text(feed.added_ms, zone)} by {feed.added_by}",
        "last read": do.local_text(now.read_ms or None, zone),
        "last new": do.local_text(now.new_ms or None, zone),
        "next poll": do.local_text(found.summary.next_ms, zone),
        "items": ", ".join(f"{n} {state}" for state, n in found.known.items() if n),
    }
    for name, fact in facts.items():
        if fact:
            out.line(f"  {name}: {fact}")
    for item in found.refused:
        out.line(f"  ! {item.headline}: {item.why}")
    if row["state"] != "active":
        out.note(f"Go on with `alerts feeds resume {feed.name}`.")
