"""`alerts outbox`: what would have been sent, drawn as one page."""

import click

from alerts import private
from alerts.channels import read_outbox, shown
from alerts.doors.cli.output import Output, output
from alerts.errors import ExitCode
from alerts.rendering import gallery
from alerts.settings import Settings, load

#: The messages that are shown on the page; a page of thousands is no longer looked at.
SHOWN_MOST = 500


@click.command()
@output
def outbox(out: Output) -> int:
    """Draw the outbox as one page to look at, and say where it is."""
    settings = load()
    count = draw_outbox(settings)
    page = settings.outbox / "index.html"
    if not count:
        out.note("The outbox is empty: nothing was sent, or it went out as configured.")
        return ExitCode.NOTHING_MATCHED
    if out.human:
        out.line(str(page))
    else:
        out.record({"page": str(page), "messages": count}, "page")
    return ExitCode.DONE


def draw_outbox(settings: Settings) -> int:
    """Write the page; how many messages it shows, the latest ones."""
    items = [shown(item) for item, _ in zip(read_outbox(settings.outbox), range(SHOWN_MOST), strict=False)]
    if items:
        page = gallery(items, settings.templates_dir)
        private.write_text(settings.outbox / "index.html", page)
    return len(items)
