"""What came back, through the API: the words of the reporter, and what stands against the address since."""

from pathlib import Path

from house import OPERATOR, draft, subscribe, tell
from programs import Program

from alerts.operations import take_in
from alerts.services import Services

RETURNED = Path(__file__).parents[3] / "data" / "returns"
TOKEN = b"r0123456789abcdef0123.3.17.abcdef0123456789"


def test_what_came_back_is_listed_and_shown_by_address(services: Services, api: Program) -> None:
    person = subscribe(services, "kyiv@example.org", "UA")
    subscribe(services, "ann@example.org", "UA")
    tell(services, draft())
    [digest] = services.updates.digests("ua-talks")
    token = services.links.delivery(digest, 1, person.sid).encode()
    mail = (RETURNED / "hard-postfix.eml").read_bytes()
    list(
        take_in(services, OPERATOR, [(mail.replace(TOKEN, token).replace(TOKEN.upper(), token.upper()), ())])
    )
    listed = api("GET", "/bounces").json
    [one] = listed["returned"]
    assert (one["verdict"], one["address"], one["updates"]) == ("hard", "kyiv@example.org", ["ua-talks.r1"])
    assert list(listed["days"].values()) == [{"hard": 1}]
    shown = api("GET", "/bounces/kyiv@example.org").json
    assert shown["returned"] == [one]
    assert shown["suppressed"] == one["words"]
    assert api("GET", "/bounces/ann@example.org").json["returned"] == []
    assert api("GET", "/bounces/nobody@example.org").status == 404
    assert api("GET", "/bounces?unproven=true").json["returned"] == []
