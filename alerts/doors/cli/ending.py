"""What `alerts close` and `alerts retract` have in common: count, ask, do, say."""

import click

from alerts import operations as do
from alerts.doors.cli import frame
from alerts.doors.cli.confirming import confirm
from alerts.doors.cli.output import Output
from alerts.doors.cli.ringing import ring
from alerts.doors.cli.shell import shell_user
from alerts.doors.cli.waiting import say_if_no_worker
from alerts.model import Kind
from alerts.texts import number_of

REASON = click.option(
    "--reason", default="", metavar="TEXT", help="What those who have it are told beside that."
)
_USE_CASES = {Kind.CANCEL: do.close, Kind.RETRACTION: do.retract}
_WORDS = {Kind.CANCEL: "it is over", Kind.RETRACTION: "it was wrong"}


def end(out: Output, kind: Kind, update: str, reason: str, yes: bool) -> None:
    """End an update once it was said how many are told and somebody agreed, and say what came of it."""
    with frame.services() as services:
        found = do.readers(services, shell_user(), update)
        if not found.ended_as(kind):
            are = "is" if sum(found.people.values()) <= 1 else "are"
            what = f"{found.revision.ref} “{found.revision.draft.headline}”"
            confirm(f"{found.said} {are} told that {_WORDS[kind]}: {what}. Go on?", yes)
        done = _USE_CASES[kind](services, shell_user(), update, reason)
        ring(out, done.work)
        if done.people and not done.already:
            say_if_no_worker(out, services)
        at = do.local_text(done.ended_ms, services.settings.zone)
    if not out.human:
        out.record(done.to_dict(), "update")
    elif done.already:
        out.line(f"= {update} was {done.how} already at {at}; nobody is told again")
    else:
        out.line(f"✓ {update} is {done.how}; {done.end.ref} tells {do.counted(done.people)}")
        say_going_out(out, done.going_out, done.how.capitalize())


def say_going_out(out: Output, going_out: int, word: str) -> None:
    """Say that digests of several updates could not be stopped."""
    goes = "goes" if going_out == 1 else "go"
    if going_out:
        digests = number_of(going_out, "digest")
        out.note(f"{digests} of several updates still {goes} out with it, followed by “{word}”.")
