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
