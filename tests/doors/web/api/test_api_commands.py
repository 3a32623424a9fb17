"""Whatever one can do at the command line, a program can do, and the other way round: held in one table."""

from collections.abc import Iterator
from typing import Any

import click
import pytest

from alerts.doors.cli import cli
from alerts.doors.web import api as door_for_programs

#: What each command is in the API.
OPERATIONS: dict[str, tuple[str, ...]] = {
    "read": ("read_update",),
    "preview": ("preview_update", "preview_recipients", "preview_message"),
    "publish": ("publish_update", "send_preview"),
    "undo": ("undo_update",),
    "release": ("release_update",),
    "close": ("close_update",),
    "retract": ("retract_update",),
    "withdraw": ("withdraw_update",),
    "updates list": ("list_updates",),
    "updates show": ("show_update",),
    "updates revisions": ("list_revisions", "show_revision"),
    "status": ("show_status", "show_update_status", "list_notices"),
    "deliveries": ("list_deliveries",),
    "explain": ("explain_update", "explain_update_to_all", "explain_update_to_some"),
    "trace": ("trace_subscriber", "show_sent_message"),
    "work": ("list_work",),
    "retry": ("retry_update",),
    "resend": ("resend_update",),
    "resume-sending": ("resume_sending",),
    "audit": ("list_audit",),
    "subscribers add": ("add_subscriber",),
    "subscribers list": ("list_subscribers",),
    "subscribers show": ("show_subscriber",),
    "subscribers set": ("change_subscriber",),
    "subscribers pause": ("pause_subscriber",),
    "subscribers resume": ("resume_subscriber",),
    "subscribers export-person": ("export_person",),
    "subscribers erase": ("erase_person",),
    "subscribers mute": ("mute_update",),
    "subscribers unmute": ("unmute_update",),
    "subscribers mutes": ("list_mutes",),
    "subscribers rotate-secret": ("change_secret",),
    "subscribers remove": ("remove_subscriber",),
    "subscribers import": ("import_subscribers",),
    "subscribers invite": ("invite_subscribers", "invite_addresses"),
    "subscribers invitations list": ("list_invitations",),
    "subscribers invitations cancel": ("cancel_invitation",),
    "subscribers undo-sync": ("undo_sync",),
    "subscribers export": ("export_subscribers",),
    "subscriptions add": ("add_subscription",),
    "subscriptions list": ("show_subscriber",),
    "subscriptions set": ("change_subscription",),
    "subscriptions remove": ("remove_subscription",),
    "subscriptions preview": ("preview_subscriptions",),
    "suppress": ("suppress_address",),
    "unsuppress": ("lift_suppression",),
    "suppressions list": ("list_suppressions",),
    "bounces list": ("list_bounces",),
    "bounces replies": ("list_replies",),
    "bounces show": ("show_bounces",),
    "regions find": ("find_regions",),
    "feeds add": ("add_feed",),
    "feeds list": ("list_feeds",),
    "feeds show": ("show_feed",),
    "feeds pause": ("pause_feed",),
    "feeds resume": ("resume_feed",),
    "feeds remove": ("remove_feed",),
    "feeds poll": ("poll_feed",),
    "feeds preview": ("preview_feed",),
    "drafts list": ("list_drafts",),
    "drafts show": ("show_draft",),
    "drafts publish": ("publish_draft",),
    "drafts discard": ("discard_draft",),
    "tags list": ("list_tags",),
    "tags add": ("add_tag",),
    "keys add": ("add_key",),
    "keys list": ("list_keys",),
    "keys revoke": ("revoke_key",),
}
#: What is a command alone, and why.
AT_THE_MACHINE = {
    "demo": "shows the whole story on the machine of whoever tries it",
    "up": "runs the processes",
    "worker": "runs a process",
    "web": "runs the process that answers",
    "check": "looks at the machine and its settings, and at the door itself",
    "subscribers merge": "mends what `check --index` finds in a store of an earlier version",
    "watch": "looks at a folder of the machine",
    "receive": "takes in what a mail server on the machine hands over",
    **dict.fromkeys(
        (
            "senders add",
            "senders list",
            "senders show",
            "senders pause",
            "senders resume",
            "senders rotate-secret",
            "senders remove",
        ),
        "is set up beside the mail server, on the machine whose word it takes for who wrote a mail",
    ),
    "bounces replay": "takes in files of mails on the machine",
    "new": "begins a file for somebody to write in",
    "outbox": "draws a page of the files on the machine",
}
#: What is an operation alone, and why.
FOR_PROGRAMS = {
    "replace_subscriber": "a person changes what is to be different, a program says how it is to be",
    "follow_events": "a person looks again",
}
#: Options that a program needs not, and why.
OF_PEOPLE = {
    "help": "the description says it",
    "secret": "a program asks for it by the operation that makes a new one",
    "file": "the body of what is imported, the answer of what is exported",
    "form": "an answer is JSON, or what its operation says",
    "quiet": "as above",
    "yes": "nobody is asked: what is sent is meant",
    "open_": "opens a browser",
    "render": "is preview_message",
    "recipients": "is preview_recipients",
    "everybody": "is explain_update_to_all",
    "rejects": "the report has every line that was left out, and why",
    "wait": "is the header Prefer",
    "to_me": "is send_preview",
}
#: What an option or an argument is called in the API, where that is another word.
CALLED = {
    "files": "the body",
    "whom": "the body",
    "words": "address",
    "name": "update",
    "addresses": "the body",
    "regions": "region",
    "tags": "tag",
    "states": "state",
    "mapped": "map",
    "zone": "timezone",
    "subscription": "name",
    "text": "search",
    "drafts": "draft",
}


def commands(
    command: click.Command = cli, context: click.Context | None = None, name: str = ""
) -> Iterator[tuple[str, click.Command]]:
    """Every command by the words that are typed."""
    here = click.Context(command, context)
    if not isinstance(command, click.Group):
        yield name, command
        return
    for word in command.list_commands(here):
        child = command.get_command(here, word)
        assert child
        yield from commands(child, here, f"{name} {word}".strip())


def operations() -> dict[str, tuple[str, dict[str, Any]]]:
    """Every operation by its name, with its path."""
    paths = door_for_programs.described()["paths"]
    return {o["operationId"]: (path, o) for path, found in paths.items() for o in found.values()}


def words(name: str) -> set[str]:
    """Whatever may be said to an operation: in its path, its query or its body."""
    _, operation = operations()[name]
    said = {parameter["name"] for parameter in operation.get("parameters", [])}
    for kind, content in operation.get("requestBody", {}).get("content", {}).items():
        said |= {"the body"} if kind != "application/json" else _fields(content["schema"])
    return said


def _fields(schema: dict[str, Any]) -> set[str]:
    schemas = door_for_programs.described()["components"]["schemas"]
    if "$ref" in schema:
        return _fields(schemas[schema["$ref"].rpartition("/")[2]])
    found = set(schema.get("properties", ()))
    for part in (*schema.get("anyOf", ()), *schema.get("properties", {}).values()):
        if "$ref" in part or "anyOf" in part or "items" in part:
            found |= _fields(part.get("items", part))
    return found


def test_every_command_is_an_operation_or_says_why_not() -> None:
    assert {name for name, _ in commands()} == {*OPERATIONS, *AT_THE_MACHINE}


def test_every_operation_is_a_command_or_says_why_not() -> None:
    assert {*operations()} == {name for names in OPERATIONS.values() for name in names} | {*FOR_PROGRAMS}


@pytest.mark.parametrize("name", OPERATIONS)
def test_whatever_can_be_said_to_a_command_can_be_said_to_its_operation(name: str) -> None:
    said = set[str]().union(*(words(operation) for operation in OPERATIONS[name]))
    given = {parameter.name for parameter in dict(commands())[name].params if parameter.name}
    missing = {word for word in given - {*OF_PEOPLE} if not {word, CALLED.get(word, word)} & said}
    assert missing == set()


def test_no_excuse_is_left_over() -> None:
    every = {parameter.name for _, command in commands() for parameter in command.params} | {"help"}
    assert {*OF_PEOPLE, *CALLED} - every == set()
