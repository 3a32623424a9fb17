"""Who is let in: by a key that is good here and now, and whoever has none learns nothing by trying."""

import re
from dataclasses import replace

import pytest
from doors import Door
from house import subscribe
from programs import ROOT, Program, program

from alerts.errors import BadInput, Conflict, Forbidden
from alerts.operations import NotAdmitted, Permission, TooSoon, add_key, admit, revoke_key
from alerts.operations.acting import Actor
from alerts.operations.api_keys import digest_of
from alerts.services import Services

HERE = "127.0.0.1"


def let_in(services: Services, secret: str, address: str = HERE) -> Actor:
    return admit(services, secret, address, 1000, 1000).actor


def test_a_key_is_shown_once_and_what_it_is_made_of_is_kept_nowhere(services: Services) -> None:
    secret = add_key(services, ROOT, "hr-sync", [Permission.READ]).secret
    assert re.fullmatch("alk_[0-9A-Za-z]{38}", secret)
    client = services.server.client
    kept = b"".join(client.dump(key) or b"" for key in client.scan_iter())
    assert secret.encode() not in kept
    assert secret[4:36].encode() not in kept
    assert digest_of(secret).encode() in kept


def test_whoever_shows_no_good_key_is_told_the_same_whatever_is_wrong_with_it(
    services: Services, door: Door, api: Program
) -> None:
    """Wrong, over, revoked, from elsewhere, missing: who guesses must not learn how near they came."""
    past = add_key(services, ROOT, "over", [Permission.READ], expires="2100-01-01T00:00:00Z")
    over = replace(past.key, expires_ms=1)
    services.api_keys.revoke("over")
    services.api_keys.add(over)
    gone = add_key(services, ROOT, "gone", [Permission.READ]).secret
    revoke_key(services, ROOT, "gone")
    elsewhere = add_key(services, ROOT, "elsewhere", [Permission.READ], networks=["10.0.0.0/8"]).secret
    unknown, misspelt = "alk_" + "a" * 38, api.key[:-1] + ("a" if api.key[-1] != "a" else "b")
    shown = [past.secret, gone, elsewhere, unknown, misspelt, "x", "", "ключ".encode().decode("latin-1")]
    answers = [Program(door, key)("GET", "/status") for key in shown]
    assert {a.status for a in answers} == {401}
    assert len({a.body for a in answers}) == 1
    assert {a.headers["www-authenticate"] for a in answers} == {"Bearer"}
    assert api("GET", "/status", Authorization=f"Basic {api.key}").status == 401
    assert Program(door, api.key)("GET", "/status").status == 200


def test_nothing_answers_without_a_key_not_even_what_is_not_there(door: Door, services: Services) -> None:
    nobody = Program(door, "")
    for method, path in (
        ("GET", "/status"),
        ("POST", "/updates"),
        ("GET", "/nowhere"),
        ("DELETE", "/keys/a"),
    ):
        assert nobody(method, path).status == 401


def test_a_key_that_is_revoked_is_nobodys_at_the_next_request(services: Services, api: Program) -> None:
    assert api("GET", "/status").status == 200
    revoke_key(services, ROOT, "everything")
    assert api("GET", "/status").status == 401


def test_a_key_is_good_from_its_networks_alone(services: Services) -> None:
    secret = add_key(services, ROOT, "hr", [Permission.READ], networks=["10.1.2.3/8", "2001:db8::/32"]).secret
    for address in ("10.200.0.1", "2001:db8:1::5"):
        assert let_in(services, secret, address).name == "key hr"
    for address in ("11.0.0.1", "2001:db9::1", "", "::ffff:11.0.0.1"):
        with pytest.raises(NotAdmitted):
            let_in(services, secret, address)


def test_nobody_gives_away_what_they_do_not_have(services: Services) -> None:
    """A key that may only administer could have made itself one that may publish."""
    administrator = Actor("petra", "test", frozenset({Permission.ADMINISTER}))
    with pytest.raises(Forbidden, match="publish"):
        add_key(services, administrator, "more", [Permission.ADMINISTER, Permission.PUBLISH])
    assert list(services.api_keys.all()) == []


@pytest.mark.parametrize(
    ("name", "scopes", "more", "said"),
    [
        ("HR sync", [Permission.READ], {}, "cannot be the name"),
        ("hr", [], {}, "needs a scope"),
        ("hr", [Permission.READ], {"expires": "2001-01-01T00:00:00Z"}, "is over"),
        ("hr", [Permission.READ], {"networks": ["the office"]}, "is not a network"),
        ("hr", [Permission.READ], {"networks": [f"10.0.{n}.0/24" for n in range(21)]}, "more than 20"),
    ],
)
def test_a_key_that_cannot_be_is_refused(
    services: Services, name: str, scopes: list[Permission], more: dict[str, object], said: str
) -> None:
    with pytest.raises(BadInput, match=said):
        add_key(services, ROOT, name, scopes, **more)  # type: ignore[arg-type]


def test_a_name_is_one_keys(services: Services) -> None:
    add_key(services, ROOT, "hr", [Permission.READ])
    with pytest.raises(Conflict):
        add_key(services, ROOT, "hr", [Permission.READ])


def test_operators_see_when_and_from_where_a_key_was_last_used(services: Services, api: Program) -> None:
    add_key(services, ROOT, "idle", [Permission.READ])
    listed = {key["name"]: key for key in api("GET", "/keys").json["keys"]}
    assert listed["everything"]["used_from"] == HERE
    assert listed["idle"]["used_at"] is None


def test_a_key_keeps_to_its_pace_and_is_told_what_is_left_of_it(services: Services) -> None:
    secret = add_key(services, ROOT, "busy", [Permission.READ]).secret
    left = [admit(services, secret, HERE, 0.001, 3).left for _ in range(3)]
    assert left == [2, 1, 0]
    with pytest.raises(TooSoon) as soon:
        admit(services, secret, HERE, 0.001, 3)
    assert 900 < soon.value.wait_s <= 1000
    other = add_key(services, ROOT, "other", [Permission.READ]).secret
    assert admit(services, other, HERE, 0.001, 3).left == 2


def test_answers_say_what_is_left_of_the_pace(api: Program) -> None:
    headers = api("GET", "/status").headers
    assert headers["ratelimit-policy"] == '"key";q=100;w=2'
    assert re.fullmatch(r'"key";r=\d+;t=\d+', headers["ratelimit"])


def test_whoever_keeps_trying_is_answered_more_slowly_and_shuts_nobody_out(
    services: Services, door: Door, api: Program
) -> None:
    stranger = Program(door, "alk_wrong")
    refused = [stranger("GET", "/status") for _ in range(12)]
    assert [a.status for a in refused[:10]] == [401] * 10
    assert refused[-1].status == 429
    assert int(refused[-1].headers["retry-after"]) >= 1
    assert api("GET", "/status").status == 200


def test_keys_are_made_and_revoked_through_the_api(services: Services, door: Door, api: Program) -> None:
    made = api("POST", "/keys", {"name": "desk", "scopes": ["read"]})
    assert made.status == 201
    desk = Program(door, made.json["key"])
    assert desk("GET", "/status").status == 200
    assert desk("GET", "/keys").status == 403
    assert api("POST", "/keys", {"name": "desk", "scopes": ["read"]}).status == 409
    assert api("DELETE", "/keys/desk").status == 204
    assert desk("GET", "/status").status == 401
    assert [e.action for e in services.audit.entries()][:2] == ["key.revoke", "key.add"]


def test_a_program_has_its_name_in_the_audit(services: Services, api: Program) -> None:
    subscribe(services, "olga@example.org", "UA")
    api("PATCH", "/subscribers/olga@example.org", {"name": "Olga"}, If_Match="*")
    entry = next(services.audit.entries())
    assert (entry.who, entry.door, entry.action) == ("key everything", "API", "subscriber.change")


def test_a_scope_is_all_that_a_key_may(services: Services, door: Door) -> None:
    reader = program(services, door, Permission.READ)
    assert reader("GET", "/audit").status == 403
    assert reader("POST", "/tags", {"tag": "harvest"}).status == 403
