"""A pause with an end ends, whatever happens while it is begun."""

from dataclasses import replace

from clocked import clocked, move_to, ms
from dying import Died, Interrupted, Mortal
from house import OPERATOR, subscribe, walk

from alerts.model import Standing, Step
from alerts.operations.subscribing import subscribers
from alerts.operations.subscribing.subscriber_details import find
from alerts.services import Services
from alerts.settings import Settings
from alerts.walk import steps
from alerts.walk.batch_sender import BatchSender

NOON = "2026-06-10T12:00Z"
SOON = ms("2026-06-10T12:01Z")
LATER = ms("2026-06-10T13:00Z")
ANNA = "anna@example.org"


def standing(services: Services) -> Standing:
    return find(services, ANNA).standing


def test_whoever_writes_a_pause_with_an_end_owes_its_end(services: Services) -> None:
    """Only one way to pause owed it: any other that wrote a subscriber with an end made a pause for ever."""
    anna = subscribe(services, ANNA, "UA")
    until_ms = services.server.now_ms() + 3_600_000
    paused = replace(anna, standing=Standing.PAUSED, paused_until_ms=until_ms)
    services.subscribers.save(paused, anna, catch_up=True)
    assert [(owed.work.step, owed.look_ms) for owed in services.due.owed()] == [(Step.RESUME, until_ms)]


def test_a_pause_whose_end_comes_while_it_is_begun_ends(settings: Settings) -> None:
    """Its end was owed by a command of its own, before: done by then, it found no pause; the pause stayed."""
    command = 0
    while _paused_meanwhile(settings, command):
        command += 1
    assert command > 1


def _paused_meanwhile(settings: Settings, command: int) -> bool:
    """Pause somebody; before the n-th command its end comes, and the sweep. Whether there were that many."""
    services = clocked(settings, NOON)
    subscribe(services, ANNA, "UA")

    def sweep() -> None:
        move_to(services, SOON)
        walk(services)

    interrupted = Interrupted(services, sweep)
    interrupted.left = command
    subscribers.pause(services, OPERATOR, ANNA, SOON)
    came = interrupted.left == float("inf")
    interrupted.left = float("inf")
    move_to(services, LATER)
    walk(services)
    ended = standing(services)
    services.close()
    assert ended is Standing.ACTIVE, f"interrupted before command {command}"
    return came


def test_a_command_that_is_killed_has_paused_with_an_end_or_not_at_all(settings: Settings) -> None:
    command, paused = 0, False
    while not paused:
        services = clocked(settings, NOON)
        subscribe(services, ANNA, "UA")
        mortal = Mortal(services)
        mortal.left = command
        try:
            subscribers.pause(services, OPERATOR, ANNA, SOON)
            paused = True
        except Died:
            services.server.client.connection_pool.disconnect()
        mortal.left = float("inf")
        move_to(services, LATER)
        walk(services)
        assert standing(services) is Standing.ACTIVE, f"killed after command {command}"
        services.close()
        command += 1


def test_the_end_of_a_pause_leaves_the_catch_up_to_ring_for(services: Services) -> None:
    """It was found by the sweep alone, up to a second later than what any other step leaves."""
    subscribe(services, ANNA, "UA")
    subscribers.pause(services, OPERATOR, ANNA, services.server.now_ms())
    [due] = services.due.owed()
    left = steps.step(BatchSender(services), due.work)
    assert [work.step for work in left] == [Step.CATCH_UP]
    assert services.due.owed_among(left) == left
