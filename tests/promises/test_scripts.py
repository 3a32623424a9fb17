"""The scripts that run inside the server: short, and each says what it takes and why it may run twice."""

import re
from importlib.resources import files
from itertools import takewhile

import pytest

from alerts.store.keys import TABLE, Expiry

SCRIPTS = {
    f"{group.name}/{path.name.removesuffix('.lua')}": path.read_text(encoding="utf-8")
    for group in files("alerts.store").joinpath("scripts").iterdir()
    for path in group.iterdir()
}
MOST_LINES = 20

#: Longer ones: how long at most, and what cutting them would cost. A script is what happens at one instant.
LONGER = {
    "ledger/take_lease": (30, "takes the lease and marks what the holder before it left in doubt"),
    "ledger/close_batch": (
        30,
        "ends what is owed, in doubt or not, and finishes the digest with its last batch",
    ),
    "digest/create_digests": (
        30,
        "moves a clock on, or adds a person, in the instant in which digests are created",
    ),
    "digest/freeze_recipients": (30, "unites audiences in portions, because unpack takes no more than 8,000"),
    "audience/move_subscriber": (
        110,
        "leaves one audience and joins another: index, clock, floor, directory, roll and the subscriptions "
        "before",
    ),
    "ledger/record_outcomes": (
        40,
        "ranks each outcome against what stands, keeps a doubt it does not settle, and counts what is sent",
    ),
    "ledger/take_receipt": (
        70,
        "a delivery's state and note, the reason against its address and the list of what came back are one",
    ),
    "digest/gather_recipients": (35, "tells apart who has it, who is still owed it, and who was there twice"),
    "ledger/find_deliveries": (30, "reads two numbers as one person where somebody was there twice"),
    "digest/owe_deliveries": (
        30,
        "owes again people of one batch, and the gatherings that correct what it tells",
    ),
    "due/rewind_waiting": (
        30,
        "goes through all that waits, in the one instant at which the clock is seen to have gone back",
    ),
    "log/link_messages": (30, "makes one situation of several in the instant in which that is seen"),
    "ledger/settle_batch": (30, "gives the lease back, and finishes the digest with its last batch"),
}

#: Take in new work: a full server refuses them, and says so.
ACCEPTING = {
    "log/publish_revision",
    "log/release_revision",
    "log/link_messages",
    "log/place_message",
    "audience/move_subscriber",
    "digest/owe_deliveries",
    "digest/owe_rendering",
    "access/add_key",
    "access/ask_one_time_link",
    "access/begin_answer",
    "digest/owe_to_one",
    "audience/change_mute",
    "feeds/add_feed",
    "drafts/keep_draft",
    "senders/add_sender",
    "senders/change_secret",
    "senders/note_mail",
}


def header(source: str) -> str:
    """The comment under the first line."""
    return " ".join(line[2:].strip() for line in takewhile(is_comment, source.splitlines()[1:]))


def is_comment(line: str) -> bool:
    return line.startswith("--")


def code(source: str) -> list[str]:
    return [
        line for line in source.splitlines() if line.strip() and not line.lstrip().startswith(("--", "#!"))
    ]


@pytest.mark.parametrize("name", sorted(SCRIPTS))
def test_a_script_fits_on_a_page(name: str) -> None:
    most, _why = LONGER.get(name, (MOST_LINES, ""))
    assert len(code(SCRIPTS[name])) <= most


def test_only_longer_scripts_are_excused() -> None:
    assert {name for name, source in SCRIPTS.items() if len(code(source)) > MOST_LINES} == set(LONGER)


@pytest.mark.parametrize("name", sorted(SCRIPTS))
def test_a_script_names_its_keys_and_says_what_running_twice_does(name: str) -> None:
    said = header(SCRIPTS[name])
    assert re.search(r"\bKEYS \w|\bARGV prefix", said)
    assert "no-writes" in SCRIPTS[name] or re.search(r"\bTwice (is|costs) \w", said)


@pytest.mark.parametrize("name", sorted(SCRIPTS))
def test_a_full_server_refuses_new_work_and_still_records_what_was_done(name: str) -> None:
    first = SCRIPTS[name].splitlines()[0]
    if name in ACCEPTING:
        assert first == "#!lua"
    else:
        assert first in ("#!lua flags=allow-oom", "#!lua flags=no-writes")


def test_what_is_kept_with_a_digest_is_all_that_the_table_says_ends_with_it() -> None:
    [parts] = re.findall(r"ipairs\(\{('.*?)\}\)", SCRIPTS["digest/keep_while_owed"])
    rows = {
        row.removeprefix("digest:{id}:") for row, spec in TABLE.items() if spec.expiry is Expiry.ONCE_OVER
    }
    assert set(re.findall(r"'(\w+)'", parts)) == rows - {"digest:{id}", "batch:{k}"}


def test_every_script_is_run_by_some_room_of_the_store_and_none_is_missing() -> None:
    rooms = [path for path in files("alerts.store").iterdir() if path.name.endswith(".py")]
    run = {
        name
        for room in rooms
        for name in re.findall(r'\.run(?:_durably)?\(\s*"([\w/]+)"', room.read_text(encoding="utf-8"))
    }
    assert run == set(SCRIPTS)
