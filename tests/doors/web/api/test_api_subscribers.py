"""Subscribers through the API: every fault has its place, and nobody overwrites another unseen."""

from urllib.parse import quote

import pytest
from house import subscribe
from programs import Program

from alerts.model import Channel, Standing
from alerts.services import Services

OLGA = "/subscribers/olga@example.org"
ANY = {"If_Match": "*"}


def version(api: Program, path: str = OLGA) -> str:
    return api("GET", path).headers["etag"]


def test_a_subscriber_is_added_with_all_that_they_want(services: Services, api: Program) -> None:
    wanted = {
        "regions": ["Ukraine", "MD"],
        "tags": ["conflict"],
        "none_tags": ["sport"],
        "min_severity": "moderate",
        "cadence": "daily 08:00",
        "quiet_hours": "22:00-07:00",
        "bypass": "severe",
        "daily_cap": 5,
        "all_quiet": True,
        "name": "Kyiv desk",
    }
    services.tags.add(["sport"])
    body = {
        "address": "Olga@Example.org",
        "name": "Olga",
        "timezone": "Europe/Kyiv",
        "subscriptions": [wanted],
    }
    made = api("POST", "/subscribers", body)
    assert made.status == 201
    assert made.headers["location"] == "/api/v1/subscribers/Olga@example.org"
    shown = api("GET", OLGA).json
    assert (shown["address"], shown["timezone"]) == ("Olga@example.org", "Europe/Kyiv")
    [subscription] = shown["subscriptions"]
    assert {k: v for k, v in subscription.items() if k != "words"} == wanted | {"regions": ["MD", "UA"]}


def test_all_that_is_wrong_is_named_with_its_place(api: Program) -> None:
    """One fault a round costs whoever writes a program one round for each."""
    body = {
        "address": 5,
        "nmae": "Olga",
        "subscriptions": [{"regions": "UA"}, {"regions": ["UA"], "daily_cap": "5"}],
    }
    refused = api("POST", "/subscribers", body)
    assert refused.status == 422
    assert set(refused.places) == {
        "/address",
        "/nmae",
        "/subscriptions/0/regions",
        "/subscriptions/1/daily_cap",
    }


def test_every_subscription_that_means_nothing_is_named(services: Services, api: Program) -> None:
    unknown = [{"regions": ["Nowhere"]}, {"regions": ["UA"]}, {"regions": ["PL"], "tags": ["zzz"]}]
    refused = api("POST", "/subscribers", {"address": "ana@example.org", "subscriptions": unknown})
    assert (refused.status, refused.places) == (422, ["/subscriptions/0", "/subscriptions/2"])
    assert all(fault["hint"] for fault in refused.json["faults"])
    assert services.subscribers.count()[Channel("email")] == 0


def test_two_operators_never_overwrite_each_other(services: Services, api: Program) -> None:
    subscribe(services, "olga@example.org", "UA", name="Ukraine")
    seen = version(api)
    assert api("PATCH", OLGA, {"name": "Olga"}).status == 428
    first = api("PATCH", OLGA, {"name": "Olga"}, If_Match=seen)
    assert first.status == 200
    late = api("PUT", OLGA, {"subscriptions": [{"regions": ["PL"]}]}, If_Match=seen)
    assert (late.status, late.json["code"]) == (412, "stale")
    assert api("DELETE", OLGA, If_Match=seen).status == 412
    assert (
        api("PUT", OLGA, {"subscriptions": [{"regions": ["PL"]}]}, If_Match=first.headers["etag"]).status
        == 200
    )
    assert [s["regions"] for s in api("GET", OLGA).json["subscriptions"]] == [["PL"]]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", OLGA, {"subscriptions": [{"regions": ["PL"]}]}),
        ("PATCH", OLGA, {"name": "O."}),
        ("DELETE", OLGA, None),
        ("POST", f"{OLGA}/pause", {}),
        ("POST", f"{OLGA}/resume", None),
        ("POST", f"{OLGA}/subscriptions", {"regions": ["PL"]}),
        ("PATCH", f"{OLGA}/subscriptions/Ukraine", {"cadence": "hourly"}),
        ("DELETE", f"{OLGA}/subscriptions/Ukraine", None),
    ],
)
def test_every_change_says_which_version_it_is_meant_for(
    services: Services, api: Program, method: str, path: str, body: object
) -> None:
    subscribe(services, "olga@example.org", "UA", name="Ukraine")
    before = api("GET", OLGA).body
    assert api(method, path, body).status == 428
    assert api(method, path, body, If_Match='"0123456789abcdef"').status == 412
    assert api(method, path, body, If_Match="").status == 412
    assert api("GET", OLGA).body == before


def test_every_change_gives_another_version_and_looking_gives_the_same(
    services: Services, api: Program
) -> None:
    subscribe(services, "olga@example.org", "UA", name="Ukraine")
    seen = [version(api)]
    assert version(api) == seen[0]
    for method, path, body in (
        ("PATCH", OLGA, {"name": "Olga"}),
        ("PATCH", OLGA, {"timezone": "Europe/Kyiv"}),
        ("POST", f"{OLGA}/pause", {"until": "2100-01-01T00:00:00Z"}),
        ("POST", f"{OLGA}/pause", {}),
        ("POST", f"{OLGA}/resume", None),
        ("POST", f"{OLGA}/subscriptions", {"regions": ["PL"], "name": "Poland"}),
        ("PATCH", f"{OLGA}/subscriptions/Poland", {"cadence": "hourly"}),
        ("DELETE", f"{OLGA}/subscriptions/Poland", None),
    ):
        changed = api(method, path, body, If_Match=seen[-1])
        assert changed.status in (200, 201), changed
        seen.append(changed.headers["etag"])
        assert version(api) == seen[-1]
    assert len(set(seen)) == len(seen)
    assert api("GET", OLGA, If_None_Match=seen[-1]).status == 304


def test_what_is_left_out_of_a_change_stays_and_null_takes_away(services: Services, api: Program) -> None:
    subscribe(services, "olga@example.org", "UA", name="Ukraine")
    path = f"{OLGA}/subscriptions/Ukraine"
    first = api("PATCH", path, {"cadence": "daily 08:00", "daily_cap": 3, "tags": ["conflict"]}, **ANY)
    assert first.status == 200, first.json
    path = f"{OLGA}/subscriptions/{quote(first.json['subscriptions'][0]['name'])}"
    changed = api("PATCH", path, {"daily_cap": None, "tags": []}, **ANY).json["subscriptions"][0]
    assert (changed["cadence"], "daily_cap" in changed, "tags" in changed) == ("daily 08:00", False, False)


def test_channels_and_names_with_slashes_are_found(services: Services, api: Program) -> None:
    subscribe(services, "T0123ABCD/C0123ABCD", "UA", name="Ukraine / war")
    path = "/subscribers/T0123ABCD/C0123ABCD"
    assert api("GET", path).json["channel"] == "slack"
    assert api("GET", f"/subscribers/{quote('T0123ABCD/C0123ABCD', safe='')}").status == 200
    name = quote("Ukraine / war", safe="")
    assert api("PATCH", f"{path}/subscriptions/{name}", {"cadence": "hourly"}, **ANY).status == 200


def test_a_page_leads_to_the_next(services: Services, api: Program) -> None:
    for n in range(5):
        subscribe(services, f"reader{n}@example.org", "UA")
    found, after = [], ""
    while after is not None:
        page = api("GET", f"/subscribers?search=READER&limit=2&after={after}").json
        found += [one["address"] for one in page["subscribers"]]
        after = page["next"]
    assert found == [f"reader{n}@example.org" for n in range(5)]
    assert api("GET", "/subscribers?limit=0").places == ["limit"]
    assert api("GET", "/subscribers?channel=pigeon").status == 422


def test_paused_removed_and_unknown(services: Services, api: Program) -> None:
    olga = subscribe(services, "olga@example.org", "UA")
    assert api("POST", f"{OLGA}/pause", {"until": "2001-01-01T00:00:00Z"}, **ANY).status == 422
    assert api("POST", f"{OLGA}/pause", **ANY).json["standing"] == "paused"
    assert services.subscribers.load([olga.sid])[0].standing is Standing.PAUSED
    assert api("DELETE", OLGA, **ANY).status == 204
    assert api("GET", OLGA).status == 404
    assert api("DELETE", OLGA, **ANY).status == 404


def test_suppressions_are_set_listed_and_lifted(services: Services, api: Program) -> None:
    subscribe(services, "olga@example.org", "UA")
    assert (
        api("POST", "/suppressions", {"address": "olga@example.org", "reason": "Mailbox full"}).status == 201
    )
    assert api("GET", OLGA).json["suppressed"]["reason"] == "Mailbox full"
    assert api("GET", "/suppressions").json["total"] == 1
    lifted = api("POST", "/suppressions/olga@example.org/lift", {})
    assert (lifted.status, lifted.json["catch_up"]) == (200, True)
    assert api("POST", "/suppressions/olga@example.org/lift", {}).status == 404
    services.suppressions.add(Channel("email"), "ana@example.org", "complaint", "complaint")
    assert api("POST", "/suppressions/ana@example.org/lift", {}).status == 409
    assert api("POST", "/suppressions/ana@example.org/lift", {"force": True}).status == 200
