"""`alerts subscriptions preview`, as somebody types it who wonders how much it would be."""

from cli_runs import Runs
from house import draft, subscribe, tell

from alerts.services import Services

ANNA = "anna@example.org"


def test_how_much_it_would_have_been_is_said_in_a_sentence(alerts: Runs, services: Services) -> None:
    subscribe(services, ANNA, "UA", name="Ukraine")
    tell(services, draft())
    tell(services, draft("fr-strike", regions=("FR",), headline="Strike in Lyon"))
    lines = alerts("subscriptions", "preview", ANNA).out.splitlines()
    assert lines[:3] == [
        "The last 30 days would have brought 1 alert in 1 message.",
        "All of it goes at once: there is no digest.",
        "  Ukraine: 1 alert",
    ]
    assert "Talks go on between Russia and Ukraine" in lines[-1]
    with_europe = alerts(
        "subscriptions", "preview", ANNA, "--region", "Europe", "--quiet-hours", "03:00-03:01"
    ).out
    assert "would have brought 2 alerts in 2 messages." in with_europe
    assert "The next digest is due" in with_europe
    assert "  Ukraine: 1 alert, all of which another subscription brings as well" in with_europe
    assert "  Europe: 2 alerts, 1 of which another subscription brings as well" in with_europe
    one = alerts("subscriptions", "preview", "--region", "FR", "--days", "7", "-o", "json").json
    assert (one["alerts"], one["days"], one["list"][0]["alerts"][0]["headline"]) == (1, 7, "Strike in Lyon")


def test_a_preview_of_nothing_says_what_to_name(alerts: Runs, services: Services) -> None:
    nothing = alerts("subscriptions", "preview")
    assert nothing.code == 2
    assert "No subscription is named." in nothing.sentence
    assert "No region is named" in alerts("subscriptions", "preview", "--tag", "negotiations").sentence
    assert alerts("subscriptions", "preview", "nobody@example.org").code == 4
