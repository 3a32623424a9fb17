"""Breakers: one per channel, asked for by name."""

from structlog.testing import capture_logs

from alerts.services import Services


def test_routes_that_are_left_alone_are_known_without_a_look_at_every_key(services: Services) -> None:
    """`alerts status` is the health check of the compose file: it went through all keys each time."""
    client = services.server.client
    assert services.breakers.tripped() == {}
    services.breakers.trip("slack", "Slack refuses the bot: token_revoked", None)
    client.config_resetstat()
    assert services.breakers.tripped() == {"slack": "Slack refuses the bot: token_revoked"}
    assert "cmdstat_scan" not in client.info("commandstats")


def test_what_was_inferred_from_a_few_does_not_open_a_route_on_which_others_are_accepted(
    services: Services,
) -> None:
    """One batch that was refused closed the route for everybody, while others went out on it."""
    breakers = services.breakers
    breakers.close("email")
    assert breakers.trip("email", "554 Relay access denied", 60.0, inferred=True) == 60
    assert breakers.back_off("email") == 0
    assert breakers.tripped() == {}
    assert breakers.trip("email", "connect refused", None) == 1  # no inference
    assert breakers.back_off("email") > 0


def test_what_is_urgent_tries_a_route_that_is_down_by_inference_only(services: Services) -> None:
    """An urgent update waited a minute because somebody else had been refused."""
    breakers = services.breakers
    breakers.trip("email", "554 Relay access denied", 60.0, inferred=True)
    assert breakers.back_off("email") > 50
    assert breakers.back_off("email", urgent=True) == 0
    breakers.trip("email", "connect refused", None)  # now it is more than an inference
    assert breakers.back_off("email", urgent=True) > 50
    breakers.close("email")
    assert breakers.back_off("email") == 0
    assert breakers.tripped() == {}


def test_operators_are_notified_of_a_route_that_needs_them_and_once(services: Services) -> None:
    """A relay that refused us was in no notice; with one for each try nothing else would be read."""
    breakers = services.breakers
    for _ in range(4):
        breakers.trip("email", "550 5.4.5 Daily limit exceeded", 60.0, inferred=True)
        services.server.client.hset(services.server.keys("breaker", "email"), "until", 0)
    assert [(n["what"], n["route"], n["why"]) for n in services.notices.latest()] == [
        ("trouble with a route", "email", "550 5.4.5 Daily limit exceeded")
    ]


def test_operators_are_notified_of_a_route_that_stays_down_by_itself(services: Services) -> None:
    breakers = services.breakers
    for failures in range(1, 10):
        breakers.trip("email", "connect refused", None)
        services.server.client.hset(services.server.keys("breaker", "email"), "until", 0)
        assert len(services.notices.latest()) == (failures > 5)


def test_the_log_has_once_that_a_route_is_down_and_once_that_it_works_again(services: Services) -> None:
    """A relay that was away for a night was nowhere in a worker's log."""
    with capture_logs() as said:
        for _ in range(3):
            services.breakers.trip("email", "no connection to <anna@example.org>", None)
        services.breakers.back_off("email")
        services.breakers.close("email")
        services.breakers.close("email")
    assert [entry["event"] for entry in said] == ["route down", "route works again"]
    assert "example.org" not in str(said)
