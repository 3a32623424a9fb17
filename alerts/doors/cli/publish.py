"""`alerts publish`: what goes in, and what came of it."""

import re
import sys
from collections.abc import Sequence
from datetime import tzinfo
from typing import Any

import click

from alerts import operations as do
from alerts.doors.cli import frame
from alerts.doors.cli.choices import ALLOW, FILES, choices
from alerts.doors.cli.funnels import funnel_lines
from alerts.doors.cli.output import Output, output
from alerts.doors.cli.regions import about
from alerts.doors.cli.ringing import ring
from alerts.doors.cli.shell import shell_user
from alerts.doors.cli.to_me import to_me as send_to_me
from alerts.doors.cli.waiting import say_if_no_worker, somebody_working
from alerts.doors.cli.waiting import wait as watch
from alerts.errors import ExitCode
from alerts.operations import Choices, Conditions, Funnel, Publication, Story, StoryAnswer
from alerts.services import Services

WAIT_S = 60.0
_SECONDS = re.compile(r"[0-9]+(\.[0-9]+)?")


class _Publish(click.Command):
    """`--wait` alone waits for a minute, `--wait 20` as `--wait=20`: click knows no option that may be alone.

    A number after it is seconds; a file with such a name is written `./20`.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        words, files = list(args), []
        if "--" in words:
            end = words.index("--")
            words, files = words[:end], words[end:]
        said = []
        while words:
            word = words.pop(0)
            if word == "--wait":
                seconds = words.pop(0) if words and _SECONDS.fullmatch(words[0]) else WAIT_S
                word = f"--wait={seconds}"
            said.append(word)
        return super().parse_args(ctx, said + files)


@click.command(cls=_Publish)
@FILES
@choices
@ALLOW
@click.option(
    "--at",
    metavar="TIME",
    help="Publish then: 2022-03-28T17:00:00Z; without a zone, in the desk's (ALERTS_TIMEZONE).",
)
@click.option(
    "--wait",
    type=click.FloatRange(0),
    metavar="[SECONDS]",
    help="Watch until everybody who is told at once has been: for 60 seconds, or as many, after the undo "
    "window is over.",
)
@click.option(
    "--new", is_flag=True, help="It is news of its own, also where it reads like an update of late."
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
    new: bool,
    plan: str | None,
    confirm: tuple[str, ...],
    to_me: str | None,
    **chosen: Any,
) -> int:
    """Publish the updates in files (- reads standard input)."""
    readings = do.read_files(files, sys.stdin.buffer, chosen["allow"])
    if to_me is not None:
        others = {"at": at, "wait": wait, "plan": plan, "confirm": confirm}
        return send_to_me(out, readings, to_me, Choices(**chosen), others)
    with frame.services() as services:

        def accepted(publication: Publication) -> None:
            ring(out, publication.work)
            if publication.created and not publication.in_review:
                out.note(do.loudly(publication.reach.unknown))
            if publication.taken:
                out.note(f"No region was named; taken from the text: {do.listed(publication.taken)}.")
            if out.human:
                _say(out, publication, services.settings.zone)
            if out.human and not publication.passed_over:
                out.note(about(publication.revision.draft))

        done = do.publish(
            services,
            shell_user(),
            readings,
            Choices(**chosen),
            Conditions(at, plan, confirm, new),
            ask=_asked,
            ask_story=_which_story,
            accepted=accepted,
        )
        funnels = _watched(out, services, done, wait) if wait is not None else [None] * len(done)
        if wait is None and not all(p.in_review or p.passed_over for p in done):
            early = ", and not before its time" if any(p.held_until_ms for p in done) else ""
            say_if_no_worker(out, services, early)
    return _answer(out, done, funnels)


def _asked(word: str, ways: str) -> str:
    """The word of a status as somebody types it at a terminal; nothing where there is none."""
    if not sys.stdin.isatty():
        return ""
    question = f"This has the status {word} and reaches real people by {ways}. Type {word} to publish it"
    return str(click.prompt(question, default="", show_default=False, err=True))


def _which_story(story: Story) -> StoryAnswer:
    """What somebody at a terminal says it is; nothing where there is none."""
    if not sys.stdin.isatty():
        return StoryAnswer.NOBODY_SAYS
    click.echo(story.said, err=True)
    question = f"Is this the next revision of {story.revision.update}, or news? (revision, news)"
    answer = str(click.prompt(question, default="", show_default=False, err=True)).strip().lower()
    return (
        next((told for told in StoryAnswer if told and told.startswith(answer)), StoryAnswer.NOBODY_SAYS)
        if answer
        else StoryAnswer("")
    )


def _watched(
    out: Output, services: Services, done: Sequence[Publication], seconds: float
) -> list[Funnel | None]:
    """How those fared that are out by then; None for what is held longer than the wait lasts, or for review.

    The wait begins when the undo window is over: who waits wants to see it go out.
    """
    now_ms = services.server.now_ms()
    undo_ms = max((p.held_until_ms or 0 for p in done if p.undo_s), default=0)
    seconds += max(0, undo_ms - now_ms) / 1000
    end_ms = now_ms + seconds * 1000
    soon = [
        p.revision for p in done if (p.held_until_ms or 0) <= end_ms and not (p.in_review or p.passed_over)
    ]
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
        return ExitCode.FAILED
    return ExitCode.NOTHING_MATCHED if any(f.people == 0 for f in watched) else ExitCode.DONE


def _say(out: Output, published: Publication, zone: tzinfo) -> None:
    """What came of a publish; where nothing did, what to do about it."""
    revision, update = published.revision, published.revision.update
    until = do.local_text(published.held_until_ms, zone)
    if published.passed_over:
        out.line(f"= nothing is published of a message about {update}: {published.passed_over}")
    elif published.in_review:
        _say_in_review(out, published)
    elif published.created:
        mark, nobody = "✓", ""
        if not published.reach.people and not (revision.kind.corrective and revision.number > 1):
            mark, nobody = "!", ", and nobody is subscribed to it"
        how = f"accepted{' (urgent)' if revision.urgent else ''}"
        if published.undo_s:
            how = f"is held for {published.undo_s:g} s, until {until}"
        elif until:
            how = f"is held until {until}"
        out.line(f"{mark} {revision.ref} {how}{nobody}")
        if until:
            out.note(f"Until then it can be taken back unseen: `alerts undo {update}`.")
    elif until:
        undo = f"`alerts undo {update}`"
        out.line(f"= {revision.ref} is held until {until} already; to give it another time, {undo} first")
    elif newer := published.replaced_by:
        out.line(f"= {revision.ref} was published before, and revision {newer} has replaced it since")
        out.note("Nothing is sent: change the note or a word to publish it as a new revision.")
    else:
        out.line(f"= {revision.ref} was published before; nothing new is sent")


def _say_in_review(out: Output, published: Publication) -> None:
    ref, people = published.revision.ref, published.reach.unknown
    already = "" if published.created else " already"
    many = "1 person gets" if people == 1 else f"{people:,} people get"
    out.line(f"! {ref} is held for review{already}: its severity is unknown, and {many} it only for that")
    out.note(
        f"Publish it again with --severity, let it go out as it is with `alerts release {ref.update}`, "
        f"or take it back with `alerts undo {ref.update}`."
    )
