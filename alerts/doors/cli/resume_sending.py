"""`alerts resume-sending`: what is routine goes on after too much of it came back."""

import click

from alerts import operations as do
from alerts.channels import CHANNELS
from alerts.doors.cli import frame
from alerts.doors.cli.confirming import confirm, yes_option
from alerts.doors.cli.output import Output, output
from alerts.doors.cli.shell import shell_user
from alerts.model import Channel


@click.command("resume-sending")
@click.argument("channel", type=click.Choice(list(CHANNELS)))
@yes_option
@output
def resume_sending(out: Output, channel: str, yes: bool) -> None:
    """Let routine sending go on that paused because too much of it came back.

    First see from whom and in whose words: `alerts status`, `alerts bounces list`. What waits is sent within
    a minute, once; what came back until now pauses it no more.
    """
    kind = Channel(channel)
    with frame.services() as services:
        found = do.sending_rates(services, shell_user()).get(kind)
        if found is not None and found.paused is not None:
            confirm(f"{found.paused.why}. Send on by {channel}?", yes)
        resumed = do.resume_sending(services, shell_user(), kind)
    if out.human:
        out.line(f"✓ Routine {channel} goes on; it was paused because {resumed.was.why}")
    else:
        out.record(resumed.to_dict(), "channel")
