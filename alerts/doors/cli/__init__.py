"""The command line: reads arguments, calls a use case, prints what came of it. Decides nothing itself.

`commands` loads what is run and nothing else, `frame` has what commands share that need the state, `output`
prints answers and `failing` faults; the others are the commands.
"""

import atexit
import gc
import io
import logging
import signal
import sys
from importlib import import_module
from types import FrameType

import click

from alerts.doors.cli.commands import Commands, Listed
from alerts.errors import ExitCode

#: The commands by what one wants to do, in the order of `alerts --help`.
SECTIONS: dict[str, tuple[Listed, ...]] = {
    "Run": (
        Listed("demo", "demonstrating", "Show the whole story, from nothing, in some ten seconds."),
        Listed(
            "up",
            "running",
            "Run everything until Ctrl-C: the bundled server, unless one is configured, workers, "
            "the web door.",
        ),
        Listed(
            "worker", "running", "Run one worker until Ctrl-C, and start it again if it ever ends by itself."
        ),
        Listed(
            "web",
            "running",
            "Run the web door until Ctrl-C: the pages that links in emails lead to, and /healthz.",
        ),
        Listed(
            "watch",
            "watch",
            "Publish what is put into a folder, until Ctrl-C; then it is in done/ there, or in refused/ with "
            "why.",
        ),
        Listed(
            "receive", "receive", "Take in one mail, from standard input: one that came back, or an update."
        ),
        Listed(
            "check",
            "check",
            "List every problem with settings, logins, server, broker, routes and templates.",
        ),
    ),
    "Tell": (
        Listed(
            "new",
            "new",
            "Begin an update: write a file that says what goes where, by its ending .md, .json or .txt.",
        ),
        Listed(
            "read",
            "read",
            "Read files as updates and store nothing: what is in them, and which regions they speak of.",
        ),
        Listed("preview", "preview", "Show who would get an update, when and why, and who just misses it."),
        Listed("publish", "publish", "Publish the updates in files (- reads standard input)."),
        Listed("feeds", "feeds", "Follow feeds: what is new in them is published, or waits as a draft."),
        Listed(
            "drafts",
            "drafts",
            "See what waits for somebody to publish it: what came by a feed or a mail.",
        ),
        Listed(
            "senders", "senders", "Let people send updates by mail: they wait as drafts, or are published."
        ),
        Listed(
            "undo",
            "undo",
            "Take back an update that is held (undo window, --at, review): nobody ever sees it.",
        ),
        Listed(
            "release",
            "release",
            "Let an update go out now that is held: for review, for the undo window or until a time.",
        ),
        Listed(
            "close",
            "close",
            "Say that an update is over: what is not sent is not sent, who has it is told so.",
        ),
        Listed(
            "retract",
            "retract",
            "Say that an update was wrong: what is not sent is not sent, who has it is told so.",
        ),
        Listed(
            "withdraw",
            "withdraw",
            "Stop an update without a question, for programs: `alerts undo` if it is held, else "
            "`alerts close`.",
        ),
    ),
    "Look": (
        Listed("updates", "updates", "See what was published: find updates, read one, follow its revisions."),
        Listed("status", "status", "Say how things stand altogether, or what became of one update."),
        Listed(
            "deliveries",
            "deliveries",
            "List everybody whom an update goes to, once: state, when, attempts, the provider's words, "
            "the reason.",
        ),
        Listed("explain", "explain", "Say why a subscriber got an update, gets it later, or does not."),
        Listed(
            "trace",
            "trace",
            "List what a subscriber is owed, was sent or did not get of the latest 1,000 updates, "
            "newest first.",
        ),
        Listed("bounces", "bounces", "See what came back of the mails that were sent."),
        Listed("outbox", "outbox", "Draw the outbox as one page to look at, and say where it is."),
        Listed(
            "work",
            "work",
            "List what is still owed, to whom, why and since when, the longest due first: at most 1,000 "
            "entries.",
        ),
        Listed("retry", "retry", "Send again what failed of a digest, or of every digest of an update."),
        Listed("resend", "resend", "Send the latest revision of an update once more to one person."),
        Listed(
            "resume-sending",
            "resume_sending",
            "Let routine sending go on that paused because too much of it came back.",
        ),
        Listed(
            "audit",
            "audit",
            "List who changed what and by which door, newest first, for ALERTS_AUDIT_DAYS.",
        ),
    ),
    "Manage": (
        Listed("subscribers", "subscribers", "Manage those who receive: people, Slack channels, webhooks."),
        Listed("subscriptions", "subscriptions", "Manage what one subscriber asked for."),
        Listed(
            "suppress", "suppressing", "Send nothing to an address any more, whether or not it subscribes."
        ),
        Listed(
            "unsuppress",
            "suppressing",
            "Lift the reason not to send to an address, and send what it missed and still matters.",
        ),
        Listed("suppressions", "suppressing", "See whom nothing is sent to."),
        Listed("regions", "regions", "Look regions up."),
        Listed("tags", "tags", "Look tags up, and add to them."),
        Listed("keys", "keys", "Manage the keys by which programs use the API."),
    ),
}


@click.group(cls=Commands, sections=SECTIONS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="alerts", prog_name="alerts", message="%(prog)s %(version)s")
def cli() -> None:
    """Send situation updates as email and Slack digests to those who want them.

    Begin with `alerts demo`.
    """
    import_module("alerts.logs").to_stderr_if_any(logging.WARNING)


def main() -> None:
    """Run `alerts`. SIGTERM and SIGHUP leave as Ctrl-C does: what was started is stopped before."""
    # Whatever is loaded stays until the end. Looking through it for garbage while it grows, and once more at
    # the end, took a third of a look-up.
    gc.set_threshold(50_000, 20, 20)
    atexit.register(gc.freeze)

    leaving = {signal.SIGTERM: ExitCode.TERMINATED, signal.SIGHUP: ExitCode.HUNG_UP}

    def leave(number: int, _frame: FrameType | None) -> None:
        raise SystemExit(leaving[signal.Signals(number)])

    for number in leaving:
        if signal.getsignal(number) is not signal.SIG_IGN:  # `nohup alerts up` outlives its terminal
            signal.signal(number, leave)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that cannot show a letter shows another
    cli()
