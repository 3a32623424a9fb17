"""What is kept of one person, asked for and erased by programs."""

from house import draft, subscribe, tell
from programs import Program

from alerts.services import Services

OLGA = "/subscribers/olga@example.org"


def test_all_that_is_kept_is_exported_and_erased(services: Services, api: Program) -> None:
    subscribe(services, "olga@example.org", "UA", name="Ukraine")
    tell(services, draft())
    kept = api("GET", f"{OLGA}/data")
    assert (kept.status, kept.json["number"]) == (200, 1)
    [delivery] = kept.json["deliveries"]
    sent = api("GET", f"{OLGA}/messages/{delivery['digest']}").json
    assert sent["text"].startswith("Subject: Talks go on")
    assert api("GET", f"{OLGA}/messages/none").status == 404
    assert api("POST", f"{OLGA}/erase", {"confirm": "olga"}).status == 422
    erased = api("POST", f"{OLGA}/erase", {"confirm": "olga@example.org"}).json
    assert (erased["channel"], erased["numbers"]) == ("email", [1])
    assert api("GET", f"{OLGA}/data").status == 404
    body = {"address": "olga@example.org", "subscriptions": [{"regions": ["UA"]}]}
    again = api("POST", "/subscribers", body)
    assert (again.status, again.json["code"]) == (409, "erased")


def test_an_answer_kept_for_a_program_goes_with_the_person(services: Services, api: Program) -> None:
    """The answer to who was added was kept for a day, with the address, for a request that comes again."""
    body = {"address": "olga@example.org", "subscriptions": [{"regions": ["UA"]}]}
    assert api("POST", "/subscribers", body, Idempotency_Key="k1").status == 201
    api("POST", f"{OLGA}/erase", {"confirm": "olga@example.org"}, Idempotency_Key="k2")
    assert api("POST", "/subscribers", body, Idempotency_Key="k1").status == 409
