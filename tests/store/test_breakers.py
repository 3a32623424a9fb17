"""Breakers: one per channel, asked for by name."""

from alerts.services import Services


def test_the_ways_out_that_rest_are_known_without_a_look_at_every_key(services: Services) -> None:
    """`alerts status` is the health check of the compose file: it went through all keys each time."""
    client = services.server.client
    assert services.work.breakers() == {}
    services.work.trip("slack", "Slack refuses the bot: token_revoked", None)
    client.config_resetstat()
    assert services.work.breakers() == {"slack": "Slack refuses the bot: token_revoked"}
    assert "cmdstat_scan" not in client.info("commandstats")


def test_what_was_inferred_from_a_few_does_not_open_a_route_on_which_others_are_accepted(
    services: Services,
) -> None:
    """One batch that was refused closed the route for everybody, while others went out on it."""
    work = services.work
    work.close_breaker("email")
    assert work.trip("email", "554 Relay access denied", 60.0, inferred=True) == 60
    assert work.rest("email") == 0
    assert work.breakers() == {}
    assert work.trip("email", "connect refused", None) == 1  # no inference
    assert work.rest("email") > 0


def test_what_is_urgent_tries_a_route_that_is_down_by_inference_only(services: Services) -> None:
    """An urgent update waited a minute because somebody else had been refused."""
    work = services.work
    work.trip("email", "554 Relay access denied", 60.0, inferred=True)
    assert work.rest("email") > 50
    assert work.rest("email", urgent=True) == 0
    work.trip("email", "connect refused", None)  # now it is more than an inference
    assert work.rest("email", urgent=True) > 50
    work.close_breaker("email")
    assert work.rest("email") == 0
    assert work.breakers() == {}


def test_operators_are_notified_of_a_route_that_needs_them_and_once(services: Services) -> None:
    """A relay that refused us was in no notice; with one for each try nothing else would be read."""
    work = services.work
    for _ in range(4):
        work.trip("email", "550 5.4.5 Daily limit exceeded", 60.0, inferred=True)
        services.server.client.hset(services.server.keys("breaker", "email"), "until", 0)
    assert [(n["what"], n["route"], n["why"]) for n in work.notices()] == [
        ("trouble with a route", "email", "550 5.4.5 Daily limit exceeded")
    ]


def test_operators_are_notified_of_a_route_that_stays_down_by_itself(services: Services) -> None:
    work = services.work
    for failures in range(1, 10):
        work.trip("email", "connect refused", None)
        services.server.client.hset(services.server.keys("breaker", "email"), "until", 0)
        assert len(work.notices()) == (failures > 5)
