"""What is kept of somebody, looked at and erased, as operators type it."""

from cli_runs import Runs
from house import draft, subscribe, tell

from alerts.services import Services

ANNA = "anna@example.org"


def test_a_person_is_looked_back_on_exported_and_erased(alerts: Runs, services: Services) -> None:
    subscribe(services, ANNA, "UA", name="Ukraine")
    tell(services, draft())
    tell(services, draft("fr-strike", regions=("FR",)))
    rows = alerts("trace", ANNA, "--excluded", "-o", "json").json
    assert [(row["update"], row["state"]) for row in rows] == [
        ("ua-talks", "sent"),
        ("fr-strike", "excluded"),
    ]
    message = alerts("trace", ANNA, "--message", rows[0]["digest"]).out
    assert "Subject: Talks go on between Russia and Ukraine" in message
    kept = alerts("subscribers", "export-person", ANNA).json
    assert (kept["address"], len(kept["deliveries"])) == (ANNA, 1)
    unasked = alerts("subscribers", "erase", ANNA)
    assert (unasked.code, f"Give --confirm {ANNA}." in unasked.sentence) == (2, True)
    other = alerts("subscribers", "erase", ANNA, "--confirm", "anna")
    assert "The address typed to confirm it is a different one." in other.sentence
    assert alerts("subscribers", "erase", ANNA, "--confirm", ANNA).out.startswith("✓ erased; ")
    assert alerts("subscribers", "show", ANNA).code == 4
    again = alerts("subscribers", "add", ANNA, "--region", "UA")
    assert "was erased at their own wish" in again.sentence
