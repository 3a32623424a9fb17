"""`alerts publish --to-me ADDRESS`: the update sent there alone, marked as a preview."""

from collections.abc import Mapping, Sequence

from alerts import operations as do
from alerts.doors.cli import frame
from alerts.doors.cli.output import Output
from alerts.doors.cli.shell import shell_user
from alerts.errors import BadInput, ExitCode
from alerts.operations import Choices, NamedReading


def to_me(
    out: Output,
    readings: Sequence[NamedReading],
    address: str,
    choices: Choices,
    others: Mapping[str, object],
) -> int:
    """Send each of them to one address. `others`: what is given beside it, and is for publishing only."""
    if given := [name for name, value in others.items() if value not in (None, ())]:
        raise BadInput(
            f"--to-me publishes nothing, so --{given[0]} has no meaning.", "Leave one of the two out."
        )
    with frame.services() as services:
        do.require_sound(services, shell_user(), readings, choices)
        sent = [do.send_preview(services, shell_user(), named, address, choices) for named in readings]
    for one in sent:
        if out.human:
            mark = "✓" if one.sent else "✗"
            went = "is sent" if one.sent else "could not be sent"
            out.line(f"{mark} A preview of {one.update} {went} to {one.address}: {one.words}")
    if out.human:
        out.note("Nothing is published, and nobody else was told.")
    else:
        out.several([one.to_dict() for one in sent], list(sent[0].to_dict()), "update")
    return ExitCode.DONE if all(one.sent for one in sent) else ExitCode.FAILED
