"""`alerts bounces`: what came back, from whom, in whose words; and files of it, taken in once more."""

import mailbox
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from alerts import operations as do
from alerts import returns
from alerts.doors.cli import frame
from alerts.doors.cli.local_times import with_local_times
from alerts.doors.cli.output import Output, output
from alerts.doors.cli.shell import shell_user
from alerts.errors import BadInput, Faults
from alerts.model import ReadAs

LISTED = 100
_COLUMNS = ("at", "verdict", "address", "updates", "status", "words")
_TAKEN = ("read_as", "address", "changed", "follows", "words")


@click.group()
def bounces() -> None:
    """See what came back of the mails that were sent."""


@bounces.command("list")
@click.option("--limit", type=click.IntRange(1), default=LISTED, metavar="N", help="The newest N.")
@click.option("--unproven", is_flag=True, help="Reports that prove nothing, and changed nothing.")
@output
def list_(out: Output, limit: int, unproven: bool) -> None:
    """List what came back and changed something, newest first."""
    with frame.services() as services:
        found = do.list_returned(services, shell_user(), limit, unproven=unproven)
        counts = do.count_returned(services, shell_user())
    rows = with_local_times(out, (one.to_dict() for one in found), services.settings.zone, "at")
    out.rows(rows, _COLUMNS, "digest", "Nothing has come back.")
    for day, kinds in list(counts.items())[:1]:
        out.note(f"{day}: " + ", ".join(f"{n:,} {kind}" for kind, n in sorted(kinds.items())))


@bounces.command()
@click.argument("address")
@output
def show(out: Output, address: str) -> None:
    """Show what came back from one address, and what stands against it since."""
    with frame.services() as services:
        found = do.show_returned(services, shell_user(), address)
    if not out.human:
        out.record(found.to_dict(), "address")
        return
    zone = services.settings.zone
    rows = with_local_times(out, (mail.to_dict() for mail in found.mails), zone, "at")
    out.rows(rows, _COLUMNS, "digest", f"Nothing has come back from {found.address}.")
    [said] = with_local_times(out, [found.to_dict()], zone, "since", "tried_again")
    if said["tried_again"]:
        out.note(
            f"Left alone since {said['since']}: {said['suppressed']}. Tried again {said['tried_again']}."
        )
    elif said["suppressed"]:
        out.note(f"Suppressed since {said['since']}: {said['suppressed']}.")
        out.note(f"Lift it with `alerts unsuppress {found.address}`: what was missed is sent with that.")


@bounces.command()
@click.argument("update")
@output
def replies(out: Output, update: str) -> None:
    """List who answered an update, the latest first; what they wrote is there with ALERTS_KEEP_REPLIES."""
    with frame.services() as services:
        found = do.list_replies(services, shell_user(), update)
    rows = with_local_times(out, (one.to_dict() for one in found), services.settings.zone, "at")
    out.rows(rows, ("at", "address", "update", "text"), "address", "Nobody has answered it.")


@bounces.command()
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--dry-run", is_flag=True, help="Change nothing; say what each is, and what it would do.")
@output
def replay(out: Output, files: tuple[Path, ...], dry_run: bool) -> None:
    """Take in what came back from files once more; what was taken in changes nothing.

    Each is a mail, an mbox, or JSON that SES (SNS), SendGrid, Mailgun or Postmark has posted.
    """
    faults = Faults()
    take_in = do.foresee_read if dry_run else do.take_in_read
    with frame.services() as services:
        done = take_in(services, shell_user(), _reports(files, faults))
        out.rows((one.to_dict() for one in done), _TAKEN, "digest", "There is nothing in them.")
    faults.complain()


def _reports(files: Sequence[Path], faults: Faults) -> Iterator[ReadAs]:
    """What is in the files, one thing at a time; those that cannot be read are named at the end."""
    for path in files:
        for octets in _mails(path):
            try:
                found = returns.read_file(octets)
            except BadInput as fault:
                faults.found.append(BadInput(f"{path.name}: {fault.sentence}", fault.hint))
            else:
                yield from found


def _mails(path: Path) -> Iterator[bytes]:
    """The mails of a file, one at a time."""
    with path.open("rb") as file:
        first = file.read(5)
        if first != b"From ":
            yield first + file.read(returns.OCTETS_MAX)
            return
    box = mailbox.mbox(path, create=False)
    try:
        for key in box.iterkeys():
            yield box.get_bytes(key)
    finally:
        box.close()
