"""`alerts read`, `publish` and `withdraw`: what goes in, and what is taken back."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

import click

from alerts import ingest
from alerts import operations as do
from alerts.doors.cli import frame
from alerts.doors.cli.lookups import about, taken
from alerts.doors.cli.output import Output, output
from alerts.doors.cli.ringing import ring
from alerts.doors.cli.waiting import funnel_lines, somebody_working
from alerts.doors.cli.waiting import wait as watch
from alerts.errors import AlertsError, BadInput, NothingMatched
from alerts.ingest import Reading
from alerts.model import Draft
from alerts.operations import Choices, Funnel
from alerts.regions import load
from alerts.services import Services
from alerts.store import Published
from alerts.walk import steps

WAIT_S = 60.0
FILES = click.argument("files", nargs=-1, required=True, metavar="FILE...")


class _Publish(click.Command):
    """`--wait` alone waits for a minute: without this, click would read the file after it as the seconds."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, [f"--wait={WAIT_S}" if arg == "--wait" else arg for arg in args])


def choices(command: Any) -> Any:
    """The options that say what a file does not: for `publish` and `preview` alike."""
    options: tuple[Callable[[Any], Any], ...] = (
        click.option(
            "--new-tag", "new_tags", is_flag=True, help="Put tags on the list that are not there yet."
        ),
        click.option(
            "--accept-suggestions",
            is_flag=True,
            help="Where no region is named, take those the text speaks of at least twice, at most five.",
        ),
        click.option(
            "--id", "id", metavar="ID", help="The update's id; the same id again is its next revision."
        ),
        click.option("--severity", metavar="SEVERITY", help="extreme, severe, moderate, minor or unknown."),
        click.option(
            "--tag", "tags", multiple=True, metavar="TAG", help="A tag; may be given several times."
        ),
        click.option(
            "--region",
            "regions",
            multiple=True,
            metavar="REGION",
            help="A region by name or code; several times.",
        ),
    )
    for option in options:
        command = option(command)
    return command


def read_files(files: Sequence[str]) -> list[tuple[str, Reading]]:
    """Every update in the files, each with the name of its file. Raises BadInput naming the file."""
    found = []
    for path in files:
        with naming(path, files):
            found += [(path, r) for r in ingest.load_all(path, sys.stdin.buffer)]
    return found


@contextmanager
def naming(path: str, files: Sequence[str]) -> Iterator[None]:
    """Say which file a fault is in, where several were given."""
    try:
        yield
    except BadInput as fault:
        if len(files) > 1:
            fault.sentence = f"{path}: {fault.sentence}"
        raise


@click.command()
@FILES
@output
def read(out: Output, files: tuple[str, ...]) -> None:
    """Read files as updates and store nothing: what is in them, and which regions they speak of."""
    tree, rows = load(), []
    for path, reading in read_files(files):
        spoken = do.suggestions(reading, tree)
        suggested = [{"code": s.code, "name": s.name, "count": s.count} for s in spoken]
        named = taken(reading.draft.regions)
        rows.append(
            {
                "format": reading.format,
                "update": reading.draft.to_dict(),
                "notes": list(reading.notes),
                "regions": named,
                "suggestions": suggested,
            }
        )
        if out.human:
            out.line(f"{path}: {reading.format}")
            out.record({k: v for k, v in reading.draft.to_dict().items() if v}, "id")
            for place in named:
                out.line(f"  {place['text']}: {place['label']}")
            for note in reading.notes:
                out.line(f"! {path} {note}")
            if suggested:
                out.line(f"It speaks of {do.listed(spoken)}:")
                out.table(suggested, ("code", "name", "count"))
    if not out.human:
        out.several(rows, ("format", "notes", "regions", "suggestions", "update"), "format")


@click.command(cls=_Publish)
@FILES
@choices
@click.option(
    "--at",
    metavar="TIME",
    help="Publish then: 2022-03-28T17:00:00Z; without a zone, in the desk's (ALERTS_TIMEZONE).",
)
@click.option(
    "--wait",
    type=click.FloatRange(0),
    metavar="[SECONDS]",
    help="Watch until everybody who is told at once has been; --wait alone waits for 60 seconds.",
)
@click.option("--plan", metavar="PLAN", help="Publish only if `alerts preview` would still name this plan.")
@click.option(
    "--confirm",
    multiple=True,
    metavar="WORD",
    help="Let an exercise or a test reach real people: exercise or test. A terminal is asked for it.",
)
@output
def publish(
    out: Output,
    *,
    files: tuple[str, ...],
    at: str | None,
    wait: float | None,
    plan: str | None,
    confirm: tuple[str, ...],
    **chosen: Any,
) -> int:
    """Publish the updates in files (- reads standard input)."""
    readings = read_files(files)
    with frame.services() as services:
        drafts = _drafts(services, files, readings, Choices(**chosen))
        at_ms = do.future(at, services.server.now_ms(), services.settings.zone) if at else None
        if plan is not None:
            if len(drafts) != 1:
                raise BadInput("A plan is for one update.", "Publish the others without --plan.")
            do.require_plan(do.preview(services, drafts[0]), plan)
        do.require_confirmed(services, drafts, partial(_confirmed, confirm))
        if chosen["new_tags"]:
            services.tags.add(sorted({tag for draft in drafts for tag in draft.tags}))
        done: list[Published] = []
        replaced: list[int | None] = []
        reaches: list[do.Reach] = []
        held = [do.held_until(services, draft, at_ms) for draft in drafts]
        for draft, held_until_ms in zip(drafts, held, strict=True):
            published, bells = steps.publish(services, draft, held_until_ms)
            ring(out, bells)
            done.append(published)
            replaced.append(do.replaced_by(services, published))
            found = do.reach(services, published.revision)
            reaches.append(found)
            if published.created:
                out.note(do.loudly(found.unknown))
            if out.human:
                _say(out, published, replaced[-1], found.people)
                out.note(about(published.revision.draft))
        funnels = _watched(out, services, done, wait) if wait is not None else [None] * len(done)
        if wait is None and not do.live_workers(services):
            early = ", and not before its time" if any(p.held_until_ms for p in done) else ""
            out.note(f"No worker is running: it goes out once `alerts up` or `alerts worker` does{early}.")
    return _answer(out, done, replaced, reaches, funnels)


def _confirmed(given: Sequence[str], word: str, ways: str) -> str:
    """The word of a status: given beforehand, or typed at a terminal."""
    if word in given or not sys.stdin.isatty():
        return word if word in given else ""
    question = f"This has the status {word} and reaches real people by {ways}. Type {word} to publish it"
    return str(click.prompt(question, default="", show_default=False, err=True))


def _drafts(
    services: Services, files: Sequence[str], readings: Sequence[tuple[str, Reading]], chosen: Choices
) -> list[Draft]:
    """Everything is read and found good before anything is published."""
    if chosen.id and len(readings) > 1:
        raise BadInput("One id cannot be given to several updates.", "Leave --id out, or give one file.")
    drafts = []
    for path, reading in readings:
        with naming(path, files):
            drafts.append(do.prepare(services, reading, chosen))
    return drafts


def _watched(
    out: Output, services: Services, done: Sequence[Published], seconds: float
) -> list[Funnel | None]:
    """How those that are out by then fared; None for what is held longer than the wait lasts."""
    end_ms = services.server.now_ms() + seconds * 1000
    soon = [p.revision for p in done if (p.held_until_ms or 0) <= end_ms]
    if not soon:
        return [None] * len(done)
    with somebody_working(out, services):
        funnels = dict(zip((r.ref for r in soon), watch(out, services, soon, seconds), strict=True))
    return [funnels.get(p.revision.ref) for p in done]


def _answer(
    out: Output,
    done: Sequence[Published],
    replaced: Sequence[int | None],
    reaches: Sequence[do.Reach],
    funnels: Sequence[Funnel | None],
) -> int:
    rows = []
    for published, newer, found, funnel in zip(done, replaced, reaches, funnels, strict=True):
        rows.append(
            {
                "update": published.revision.update,
                "revision": published.revision.number,
                "created": published.created,
                "replaced_by": newer,
                "regions": taken(published.revision.draft.regions),
                "urgent": published.revision.urgent,
                "people": found.people,
                "by_unknown_severity": found.unknown,
                "accepted_at": do.utc_text(published.revision.accepted_ms),
                "held_until": do.utc_text(published.held_until_ms),
                "outcome": funnel.to_dict() if funnel else None,
            }
        )
        if out.human and funnel:
            for line in funnel_lines(published.revision.ref, funnel):
                out.line(line)
    if not out.human:
        out.several(rows, list(rows[0]), "update")
    watched = [f for f in funnels if f]
    if any(f.failed or f.waiting or (f.people and not f.reached) for f in watched):
        return AlertsError.exit_code
    return NothingMatched.exit_code if any(f.people == 0 for f in watched) else 0


def _say(out: Output, published: Published, replaced_by: int | None, people: int) -> None:
    """What came of a publish; where nothing did, what to do about it."""
    revision = published.revision
    held = f"{revision.ref} is held until {do.utc_text(published.held_until_ms)}"
    if published.created:
        urgent = " (urgent)" if revision.urgent else ""
        mark, nobody = "✓", ""
        if not people and not (revision.kind.corrective and revision.number > 1):
            mark, nobody = "!", ", and nobody is subscribed to it"
        out.line(f"{mark} {held if published.held_until_ms else f'{revision.ref} accepted{urgent}'}{nobody}")
    elif published.held_until_ms:
        out.line(f"= {held} already; to give it another time, withdraw it first")
    elif replaced_by:
        out.line(f"= {revision.ref} was published before, and revision {replaced_by} has replaced it since")
        out.note("Nothing is sent: change the note or a word to publish it as a new revision.")
    else:
        out.line(f"= {revision.ref} was published before; nothing new is sent")


@click.command()
@click.argument("update")
@click.option("--reason", default="It was withdrawn.", metavar="TEXT", help="What those who got it are told.")
@output
def withdraw(out: Output, update: str, reason: str) -> None:
    """Stop an update: what is not sent is not sent, who got it is told that it is closed.

    A digest that tells other updates as well, and is on its way already, still goes out; “Closed” follows it.
    """
    with frame.services() as services:
        done = do.withdraw(services, update, reason)
        cancel = None
        if done.cancel:
            cancel, bells = steps.publish(services, done.cancel)
            ring(out, bells)
    if out.human and cancel is None:
        out.line(f"✓ {done.revision.ref} was taken back; nobody has seen it")
    elif out.human and cancel:
        out.line(f"✓ {update} is withdrawn; {cancel.revision.ref} tells those who got it")
        if done.going_out:
            several = "A digest" if done.going_out == 1 else f"{done.going_out} digests"
            goes = "goes" if done.going_out == 1 else "go"
            out.note(f"{several} of several updates still {goes} out with it, followed by “Closed”.")
    else:
        row = {
            "update": update,
            "revision": done.revision.number,
            "taken_back": done.taken_back,
            "cancel": cancel.revision.number if cancel else None,
            "digests_going_out": done.going_out,
        }
        out.record(row, "update")
