"""`alerts keys`: who may use the API, and what for."""

import click

from alerts import operations as do
from alerts.doors.cli import frame
from alerts.doors.cli.local_times import with_local_times
from alerts.doors.cli.output import Output, output
from alerts.doors.cli.shell import shell_user
from alerts.operations import ListedKey, Permission

_COLUMNS = ("name", "permissions", "expires_at", "networks", "used_at", "used_from")


@click.group()
def keys() -> None:
    """Manage the keys by which programs use the API."""


@keys.command()
@click.argument("name")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    required=True,
    type=click.Choice([p.value for p in Permission]),
    help="What for; again for more.",
)
@click.option("--expires", metavar="TIME", help="Good until then: 2027-01-01T00:00:00Z.")
@click.option(
    "--from", "networks", multiple=True, metavar="CIDR", help="Only from there: 10.0.0.0/8; again for more."
)
@output
def add(
    out: Output, name: str, scopes: tuple[str, ...], expires: str | None, networks: tuple[str, ...]
) -> None:
    """Make a key, and show it this once: it is kept nowhere.

    `alerts keys add hr-sync --scope manage --scope read --from 10.0.0.0/8`
    """
    with frame.services() as services:
        made = do.add_key(
            services, shell_user(), name, map(Permission, scopes), expires=expires, networks=networks
        )
    row = ListedKey(made.key, None).to_dict() | {"key": made.secret}
    if out.human:
        out.line(f"✓ {made.secret}")
        out.note("This is shown once. Send it as `Authorization: Bearer …`; keep it as you keep a password.")
    else:
        out.record(row, "key")


@keys.command("list")
@output
def list_(out: Output) -> None:
    """List the keys: what each may do, until when, and when and from where it was last used."""
    with frame.services() as services:
        found = do.list_keys(services, shell_user())
    rows = [key.to_dict() for key in found]
    shown = with_local_times(out, rows, services.settings.zone, "expires_at", "used_at")
    out.rows(shown, _COLUMNS, "name", "There is no key.")


@keys.command()
@click.argument("name")
@output
def revoke(out: Output, name: str) -> None:
    """Take a key away: whoever shows it is nobody from now on."""
    with frame.services() as services:
        gone = do.revoke_key(services, shell_user(), name)
    if out.human:
        out.line(f"✓ revoked {name}")
    else:
        out.record(gone.to_dict(), "name")
