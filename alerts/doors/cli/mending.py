"""`alerts work`, `retry` and `check`: what is owed, what failed, what is wrong."""

from contextlib import ExitStack
from dataclasses import asdict

import click

from alerts import operations as do
from alerts.doors.cli import frame
from alerts.doors.cli.output import Output, output
from alerts.doors.cli.ringing import ring
from alerts.errors import AlertsError
from alerts.runtime.broker import require_broker
from alerts.settings import Problem, Settings, load
from alerts.settings import check as check_settings


@click.command()
@output
def work(out: Output) -> None:
    """List what is still owed and since when, the longest due first: at most 1,000 entries."""
    with frame.services() as services:
        rows = do.owed(services)
        more = services.due.count() - len(rows)
    out.rows(rows, ("step", "about", "urgent", "due", "look_at", "since"), "entry", "Nothing is owed.")
    if more > 0:
        out.note(f"… and {more} more")


@click.command()
@click.argument("name", metavar="DIGEST|UPDATE")
@output
def retry(out: Output, name: str) -> None:
    """Send again what failed of a digest, or of every digest of an update."""
    with frame.services() as services:
        again = do.retry(services, name)
        ring(out, again.works)
    if out.human:
        out.line(f"✓ {again.deliveries} deliveries and {again.renderings} renderings are tried again")
        for address, why in again.suppressed.items():
            out.note(f"Not to {address}: {why}. Lift that with `alerts unsuppress {address}`.")
    else:
        row = {"name": name, "deliveries": again.deliveries, "renderings": again.renderings}
        out.record(row | {"suppressed": again.suppressed}, "name")


@click.command()
@click.option("--index", is_flag=True, help="Compare audiences, index and clocks with every subscriber too.")
@click.option("--repair", is_flag=True, help="Like --index, and put right what differs.")
@output
def check(out: Output, index: bool, repair: bool) -> int:
    """List every problem with settings, logins, server, broker, routes and templates.

    Slack is asked whether it takes the token; nothing is sent to anybody.

    The index is looked at only on request: it takes a minute or two for a million subscribers. That, and its
    repair, may run while everything else does; what was repaired has the level `repaired`.
    """
    settings = load()
    problems: list[Problem] = [
        *check_settings(settings),
        *do.check_channels(settings),
        *do.check_logins(settings),
    ]
    repaired: list[Problem] = []
    with ExitStack() as held:
        try:
            services = held.enter_context(frame.connected(settings))
        except AlertsError as fault:
            problems.append(do.problem("server.start", fault))
        else:
            problems += [
                *do.check_server(services),
                *_check_broker(settings),
                *do.check_routes(services),
                *do.check_templates(services),
            ]
            if index or repair:
                with out.progress("Comparing the index with every subscriber") as show:
                    differing, repaired = do.check_index(services, repair, show)
                problems += differing
    rows = [asdict(problem) for problem in problems]
    rows += [asdict(problem) | {"level": "repaired", "hint": ""} for problem in repaired]
    out.rows(rows, ("level", "id", "message", "hint"), "id", "✓ No problem found.")
    return AlertsError.exit_code if any(p.level == "error" for p in problems) else 0


def _check_broker(settings: Settings) -> list[Problem]:
    """What keeps doorbells from being rung; asked here, for only this floor of the house may know Celery."""
    try:
        require_broker(settings)
    except AlertsError as fault:
        return [do.problem("broker", fault)]
    return []
