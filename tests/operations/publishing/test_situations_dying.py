"""A day of a storm: whoever publishes its messages dies at any command, or is overtaken by another at any."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from dying import Died, Heard, Interrupted, Mortal, bury
from house import subscribe, walk
from test_situations import in_our_days, message, put_reading

from alerts import ingest
from alerts.ingest import Reading
from alerts.model import Channel
from alerts.services import Services, connect
from alerts.settings import Settings

LONGEST = sorted(
    (Path(__file__).parents[3].parent / "shared/corpora/cap").glob("smn_chain_583b29fd_*"),
    key=lambda path: path.name,
)
#: More commands than publishing a message takes.
COMMANDS = 60


def live(services: Services) -> str:
    return services.situations.find("desk@weather.example.at", ("m1",))


def readings(numbers: Sequence[int]) -> list[Reading]:
    return [ingest.read(message(number), "m.cap") for number in numbers]


def test_whoever_dies_at_any_command_and_comes_again_leaves_each_message_once(
    services: Services, settings: Settings
) -> None:
    """Killed between the link, the place, the publish and the note: nothing is lost, doubled or late."""
    first, second, third = readings([1, 2, 3])
    died = 0
    for commands in range(COMMANDS):
        services.server.client.flushall()
        put_reading(services, first)
        doomed = connect(settings)
        Mortal(doomed).left = commands
        try:
            put_reading(doomed, second)
        except Died:
            died += 1
        doomed.close()
        put_reading(services, second)
        assert put_reading(services, third).revision.ref == f"{live(services)}.r3", commands
    assert 5 < died < COMMANDS


def test_whoever_is_overtaken_at_any_command_does_not_come_after_what_is_newer(
    services: Services, settings: Settings
) -> None:
    """A feed publishes bulletin 3 while a folder publishes bulletin 2, at each instant there is."""
    first, second, third = readings([1, 2, 3])
    overtaken = 0
    for commands in range(COMMANDS):
        services.server.client.flushall()
        put_reading(services, first)
        slow, came = connect(settings), []
        Interrupted(slow, lambda came=came: came.append(put_reading(services, third))).left = commands
        put_reading(slow, second)
        slow.close()
        overtaken += len(came)
        put_reading(services, third)
        kept = [one.draft.headline[-1] for one in services.updates.history(live(services)).revisions]
        joined = services.situations.joined_to(live(services))
        assert kept[-1] == "3", commands
        assert kept in (["1", "2", "3"], ["1", "3"], ["3"]), commands
        assert bool(joined) is (kept == ["3"]), commands
    assert 5 < overtaken < COMMANDS


@pytest.mark.skipif(not LONGEST, reason="the corpus is not part of the project")
def test_the_longest_stream_is_told_once_a_revision_while_workers_die(
    services: Services, settings: Settings
) -> None:
    """Eleven bulletins of one tropical storm; by the files alone, its reader is told of each of them once."""
    reader = subscribe(services, "ann@example.org", "MX")
    stream = [ingest.read(in_our_days(path.read_bytes()), path.name) for path in LONGEST]
    sender, refs, died = Heard(), [], 0
    services.own_senders = dict.fromkeys(map(Channel, ("email", "slack", "webhook")), sender)
    for place, reading in enumerate(stream):
        doomed = connect(settings)
        doomed.own_senders = services.own_senders
        Mortal(doomed).left = 20 + 7 * place
        try:
            refs.append(put_reading(doomed, reading).revision.ref)
            walk(doomed)
        except Died:
            died += 1
        doomed.close()
        refs.append(put_reading(services, reading).revision.ref)
        bury(services)
        walk(services)
    assert died == len(stream)
    [update] = {ref.partition(".")[0] for ref in refs}
    history = services.updates.history(update).revisions
    assert [one.draft.headline for one in history] == [reading.said.headline for reading in stream]
    assert [one.draft.published_at for one in history] == sorted(one.draft.published_at for one in history)  # type: ignore[type-var]
    heard = [times for (digest, sid), times in sender.heard.items() if sid == reader.sid]
    assert len(heard) == len(stream)
    assert set(heard) == {1}
