"""`alerts publish`: what goes in, and what came of it."""

import sys
from collections.abc import Sequence
from typing import Any

import click

from alerts import operations as do
from alerts.doors.cli import frame
from alerts.doors.cli.choices import FILES, choices
from alerts.doors.cli.output import Output, output
from alerts.doors.cli.regions import about
from alerts.doors.cli.ringing import ring
from alerts.doors.cli.shell import shell_user
from alerts.doors.cli.to_me import to_me as send_to_me
from alerts.doors.cli.waiting import funnel_lines, somebody_working
from alerts.doors.cli.waiting import wait as watch
from alerts.errors import AlertsError, NothingMatched
from alerts.operations import Choices, Conditions, Funnel, Publication
from alerts.services import Services

WAIT_S = 60.0


class _Publish(click.Command):
    """`--wait` alone waits for a minute: without this, click would read the file after it as the seconds."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, [f"--wait={WAIT_S}" if arg == "--wait" else arg for arg in args])


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
@click.option("--to-me", metavar="ADDRESS", help="Publish nothing: send it there alone, marked as a preview.")
@output
def publish(
    out: Output,
    *,
    files: tuple[str, ...],
    at: str | None,
    wait: float | None,
    plan: str | None,
    confirm: tuple[str, ...],
    to_me: str | None,
    **chosen: Any,
) -> int:
    """Publish the updates in files (- reads standard input)."""
    readings = do.read_files(files, sys.stdin.buffer)
    if to_me is not None:
        others = {"at": at, "wait": wait, "plan": plan, "confirm": confirm}
        return send_to_me(out, readings, to_me, Choices(**chosen), others)
    with frame.services() as services:

        def accepted(publication: Publication) -> None:
            ring(out, publication.work)
            if publication.created:
                out.note(do.loudly(publication.reach.unknown))
            if out.human:
                _say(out, publication)
                out.note(about(publication.revision.draft))

        done = do.publish(
            services,
            shell_user(),
            readings,
            Choices(**chosen),
            Conditions(at, plan, confirm),
            ask=_asked,
            accepted=accepted,
        )
        funnels = _watched(out, services, done, wait) if wait is not None else [None] * len(done)
        if wait is None and not do.live_workers(services, shell_user()):
            early = ", and not before its time" if any(p.held_until_ms for p in done) else ""
            out.note(f"No worker is running: it goes out once `alerts up` or `alerts worker` does{early}.")
    return _answer(out, done, funnels)


def _asked(word: str, ways: str) -> str:
    """The word of a status as somebody types it at a terminal; nothing where there is none."""
    if not sys.stdin.isatty():
        return ""
    question = f"This has the status {word} and reaches real people by {ways}. Type {word} to publish it"
    return str(click.prompt(question, default="", show_default=False, err=True))


def _watched(
    out: Output, services: Services, done: Sequence[Publication], seconds: float
) -> list[Funnel | None]:
    """How those that are out by then fared; None for what is held longer than the wait lasts."""
    end_ms = services.server.now_ms() + seconds * 1000
    soon = [p.revision for p in done if (p.held_until_ms or 0) <= end_ms]
    if not soon:
        return [None] * len(done)
    with somebody_working(out, services):
        funnels = dict(zip((r.ref for r in soon), watch(out, services, soon, seconds), strict=True))
    return [funnels.get(p.revision.ref) for p in done]


def _answer(out: Output, done: Sequence[Publication], funnels: Sequence[Funnel | None]) -> int:
    rows = []
    for publication, funnel in zip(done, funnels, strict=True):
        rows.append(publication.to_dict() | {"outcome": funnel.to_dict() if funnel else None})
        if out.human and funnel:
            for line in funnel_lines(publication.revision.ref, funnel):
                out.line(line)
    if not out.human:
        out.several(rows, list(rows[0]), "update")
    watched = [f for f in funnels if f]
    if any(f.failed or f.waiting or (f.people and not f.reached) for f in watched):
        return AlertsError.exit_code
    return NothingMatched.exit_code if any(f.people == 0 for f in watched) else 0


def _say(out: Output, published: Publication) -> None:
    """What came of a publish; where nothing did, what to do about it."""
    revision = published.revision
    held = f"{revision.ref} is held until {do.utc_text(published.held_until_ms)}"
    if published.created:
        urgent = " (urgent)" if revision.urgent else ""
        mark, nobody = "✓", ""
        if not published.reach.people and not (revision.kind.corrective and revision.number > 1):
            mark, nobody = "!", ", and nobody is subscribed to it"
        out.line(f"{mark} {held if published.held_until_ms else f'{revision.ref} accepted{urgent}'}{nobody}")
    elif published.held_until_ms:
        out.line(f"= {held} already; to give it another time, withdraw it first")
    elif newer := published.replaced_by:
        out.line(f"= {revision.ref} was published before, and revision {newer} has replaced it since")
        out.note("Nothing is sent: change the note or a word to publish it as a new revision.")
    else:
        out.line(f"= {revision.ref} was published before; nothing new is sent")
