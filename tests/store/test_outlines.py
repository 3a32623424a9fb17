"""Outlines of the log: what a process has read of it, gone on with."""

import random

from clocked import clocked, move_to
from house import draft

from alerts.model import Kind
from alerts.services import Services
from alerts.settings import Settings
from alerts.store import Outlines

HOUR = 3_600_000


def publish(
    services: Services,
    update: str,
    kind: Kind | None = None,
    held_until_ms: int | None = None,
    note: str = "",
) -> None:
    note = note or str(services.server.now_ms())
    services.updates.publish(draft(update, kind=kind, note=note, regions=("UA",)), held_until_ms)


def ordered(stories):
    return sorted(stories, key=lambda story: story[0].revision.update)


def names(stories) -> dict[str, list[int]]:
    return {story[0].revision.update: [one.revision.number for one in story] for story in stories}


def test_what_was_read_and_gone_on_with_is_what_is_read_anew(settings: Settings) -> None:
    """Whoever asks for more days, for fewer, or again after a publish: nothing is missing, nothing stale."""
    services = clocked(settings, "2026-03-20T00:30Z")
    dice, begin_ms = random.Random("a log"), services.server.now_ms()
    few = Outlines(services.server, services.tree, at_hand=40)
    for _ in range(60):
        for _ in range(dice.randrange(4)):
            held_ms = services.server.now_ms() + HOUR if dice.random() < 0.1 else None
            kind = dice.choice((None, None, Kind.CANCEL))
            publish(services, f"u{dice.randrange(12)}", kind, held_until_ms=held_ms)
        if dice.random() < 0.8:  # else several at one instant
            move_to(services, services.server.now_ms() + dice.randrange(1, 3 * HOUR))
        now_ms = services.server.now_ms()
        start_ms = dice.randrange(begin_ms, now_ms + 1)
        end_ms = now_ms if dice.random() < 0.8 else dice.randrange(start_ms, now_ms + 1)
        anew = Outlines(services.server, services.tree).stories(start_ms, end_ms)
        in_log = services.updates.log(start_ms, end_ms)
        assert names(anew).keys() == {ref.update for ref, _ in in_log}
        assert ordered(services.outlines.stories(start_ms, end_ms)) == ordered(anew)
        assert ordered(few.stories(start_ms, end_ms)) == ordered(anew)
        for outlines in (services.outlines, few):
            found = outlines.log(start_ms, end_ms).between(start_ms, end_ms)
            assert [facts.accepted_ms for facts in found.facts] == [at_ms for _, at_ms in in_log]
            assert {facts.ref for facts in found.facts} == {ref for ref, _ in in_log}
            assert found.ended == {facts.update for facts in found.facts if facts.kind.ends}
    services.close()


def test_the_tenth_revision_of_an_instant_is_not_before_the_ninth(settings: Settings) -> None:
    """While the clock is put back all is accepted at one instant, whose names Redis has by their letters.

    r10 stood before r9, and was never counted towards a cap, nor shown in a preview, by that process.
    """
    services = clocked(settings, "2026-03-20T00:30Z")
    begin_ms = services.server.now_ms()
    early = Outlines(services.server, services.tree)
    for n in range(1, 13):
        publish(services, "u", note=f"{n}")
        if n == 8:
            early.stories(begin_ms, begin_ms + 1)  # goes on from there
    for outlines in (early, Outlines(services.server, services.tree)):
        assert names(outlines.stories(begin_ms, begin_ms + 1)) == {"u": list(range(1, 13))}
    services.close()


def test_what_was_published_again_after_a_restore_is_read_as_it_is_now(settings: Settings) -> None:
    """Of a backup that lacks the last publish alone, there is as much as there was, under the same name."""
    services = clocked(settings, "2026-03-20T00:30Z")
    begin_ms = services.server.now_ms()
    services.updates.publish(draft("lost", regions=("UA",)))
    assert names(services.outlines.stories(begin_ms, begin_ms + 1)) == {"lost": [1]}
    services.server.client.flushall()
    move_to(services, begin_ms + HOUR)
    services.updates.publish(draft("lost", regions=("PL",)))
    [[again]] = services.outlines.stories(begin_ms, begin_ms + 2 * HOUR)
    assert again.revision.draft.regions == ("PL",)
    assert again.facts.accepted_ms == begin_ms + HOUR
    services.close()


def test_of_a_server_that_was_emptied_nothing_is_remembered(settings: Settings) -> None:
    """A log that was restored from a copy is another one: what is not in it any more was never published."""
    services = clocked(settings, "2026-03-20T00:30Z")
    begin_ms = services.server.now_ms()
    publish(services, "gone")
    publish(services, "gone-too")
    assert names(services.outlines.stories(begin_ms, begin_ms + 1)) == {"gone": [1], "gone-too": [1]}
    services.server.client.flushall()
    move_to(services, begin_ms + HOUR)
    publish(services, "new")
    assert names(services.outlines.stories(begin_ms, begin_ms + 2 * HOUR)) == {"new": [1]}
    move_to(services, begin_ms + 2 * HOUR)
    publish(services, "newer")
    assert names(services.outlines.stories(begin_ms, begin_ms + 3 * HOUR)) == {"new": [1], "newer": [1]}
    services.server.client.zrem(services.server.keys("log"), "new.r1")
    assert names(services.outlines.stories(begin_ms, begin_ms + 3 * HOUR)) == {"newer": [1]}
    services.close()


def test_what_is_known_is_not_read_again(settings: Settings) -> None:
    """Nor where somebody asked up to a slot that is to come, or for less than is known."""
    services = clocked(settings, "2026-03-20T00:30Z")
    begin_ms = services.server.now_ms()
    few = Outlines(services.server, services.tree, at_hand=7)

    def updates_read(outlines: Outlines, start_ms: int, end_ms: int) -> int:
        stats = services.server.client.info("commandstats")
        outlines.stories(start_ms, end_ms)
        after = services.server.client.info("commandstats")
        return after["cmdstat_hmget"]["calls"] - stats.get("cmdstat_hmget", {"calls": 0})["calls"]

    for n in range(6):
        publish(services, f"u{n}")
        publish(services, f"u{n}-at-once")
        move_to(services, services.server.now_ms() + HOUR)
    later_ms = begin_ms + 100 * HOUR
    for outlines, start_ms, known in ((services.outlines, begin_ms, 12), (few, begin_ms + 3 * HOUR, 6)):
        assert few.stories(begin_ms, later_ms)  # more than it keeps at hand
        assert updates_read(outlines, start_ms, later_ms) == known
        assert updates_read(outlines, start_ms, later_ms) == 0
        assert updates_read(outlines, start_ms + HOUR, start_ms + 2 * HOUR) == 0
    publish(services, "one-more")
    for outlines in (services.outlines, few):
        assert updates_read(outlines, begin_ms + 3 * HOUR, later_ms) == 1
        assert updates_read(outlines, begin_ms + 3 * HOUR, later_ms) == 0
    for n in range(4):
        move_to(services, services.server.now_ms() + HOUR)
        publish(services, f"v{n}")
    for outlines in (services.outlines, few):
        assert updates_read(outlines, begin_ms + 5 * HOUR, later_ms) == 4  # and the oldest are forgotten
        assert updates_read(outlines, begin_ms + 5 * HOUR, later_ms) == 0
    assert updates_read(services.outlines, begin_ms, later_ms) == 0
    assert updates_read(few, begin_ms, later_ms) == 10  # it had kept what came after
    late = Outlines(services.server, services.tree)
    assert updates_read(late, begin_ms + 5 * HOUR, later_ms) == 7
    assert updates_read(late, begin_ms, later_ms) == 10
    assert updates_read(late, begin_ms, later_ms) == 0
    assert updates_read(few, begin_ms + 50 * HOUR, later_ms) == 0  # nothing came by then
    services.close()
