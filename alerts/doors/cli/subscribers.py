"""`alerts subscribers`: who receives. Each of its commands is loaded when it is run."""

import click

from alerts.doors.cli.commands import Subcommands

_PARTS = {
    "add": "changing_subscribers:add",
    "list": "finding_subscribers:list_",
    "show": "finding_subscribers:show",
    "set": "changing_subscribers:set_",
    "pause": "changing_subscribers:pause",
    "resume": "changing_subscribers:resume",
    "rotate-secret": "changing_subscribers:rotate_secret",
    "remove": "changing_subscribers:remove",
    "import": "import_subscribers:import_",
    "invite": "inviting:invite",
    "invitations": "inviting:invitations",
    "undo-sync": "undo_sync:undo_sync",
    "export": "export_subscribers:export",
    "merge": "merge_subscribers:merge_",
    "mute": "muting:mute",
    "unmute": "muting:unmute",
    "mutes": "muting:mutes",
    "export-person": "erase:export_person",
    "erase": "erase:erase",
}


@click.group(cls=Subcommands, parts=_PARTS)
def subscribers() -> None:
    """Manage those who receive: people, Slack channels, webhooks."""
