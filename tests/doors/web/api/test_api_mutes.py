"""Situations muted by programs."""

from house import draft, subscribe, tell
from programs import Program

from alerts.services import Services

MUTES = "/subscribers/anna@example.org/mutes"


def test_a_situation_is_muted_and_heard_of_again_each_once(services: Services, api: Program) -> None:
    subscribe(services, "anna@example.org", "UA")
    tell(services, draft())
    assert api("GET", MUTES).json == {"mutes": []}
    made = [api("PUT", f"{MUTES}/ua-talks").json for _ in range(2)]
    assert [one["already"] for one in made] == [False, True]
    assert [one["update"] for one in api("GET", MUTES).json["mutes"]] == ["ua-talks"]
    ended = [api("DELETE", f"{MUTES}/ua-talks").json for _ in range(2)]
    assert [(one["muted"], one["already"]) for one in ended] == [(False, False), (False, True)]
    assert api("DELETE", f"{MUTES}/fr-talks").status == 404
