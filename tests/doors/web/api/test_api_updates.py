"""Updates through the API: published, foreseen, followed and withdrawn as at the command line."""

import json
from pathlib import Path

import pytest
from cap_writer import cap, refers
from doors import opened
from house import subscribe, walk
from programs import Program

from alerts.services import Services
from alerts.settings import Settings

TALKS = {"id": "ua-talks", "headline": "Talks go on", "regions": ["UA"], "severity": "moderate"}


def test_the_whole_story(services: Services, api: Program) -> None:
    subscribe(services, "olga@example.org", "UA")
    foreseen = api("POST", "/updates?dry_run=true", TALKS)
    assert (foreseen.status, foreseen.json["now"]) == (200, 1)
    assert services.updates.count() == 0
    published = api("POST", f"/updates?plan={foreseen.json['plan']}", TALKS)
    assert (published.status, published.json["people"]) == (201, 1)
    assert published.headers["location"] == "/api/v1/updates/ua-talks/revisions/1"
    walk(services)
    shown = api("GET", "/updates/ua-talks/status").json
    assert (shown["finished"], shown["deliveries"]) == (True, {"email": {"sent": 1}})
    [delivery] = api("GET", "/updates/ua-talks/deliveries?state=sent").body.splitlines()
    assert json.loads(delivery)["address"] == "olga@example.org"
    explained = api("GET", "/updates/ua-talks/explain?address=olga@example.org").json
    assert (explained["verdict"], explained["state"]) == ("now", "sent")
    retracted = api("POST", "/updates/ua-talks/retract", {"reason": "It was false."})
    assert (retracted.json["revision"], retracted.json["people"]) == (2, {"email": 1})
    assert api("POST", "/updates/ua-talks/retract", {}).json["already"] is True
    assert api("POST", "/updates/ua-talks/undo", {}).status == 409
    revisions = api("GET", "/updates/ua-talks").json["revisions"]
    revisions.sort(key=lambda revision: revision["revision"])
    assert [r["kind"] for r in revisions] == ["new", "retraction"]


def test_a_plan_that_does_not_hold_any_more_publishes_nothing(services: Services, api: Program) -> None:
    plan = api("POST", "/updates/preview", TALKS).json["plan"]
    subscribe(services, "olga@example.org", "UA")
    refused = api("POST", f"/updates?plan={plan}", TALKS)
    assert (refused.status, services.updates.count()) == (409, 0)


def test_the_same_content_again_is_the_same_revision(services: Services, api: Program) -> None:
    first, again = api("POST", "/updates", TALKS), api("POST", "/updates", TALKS)
    assert (first.status, again.status) == (201, 200)
    assert (again.json["created"], again.json["revision"]) == (False, 1)
    assert api("POST", "/updates", TALKS | {"headline": "Talks end"}).json["revision"] == 2


def test_an_exercise_that_would_reach_real_people_needs_its_word(
    services: Services, api: Program, bundled: Settings, tmp_path: Path
) -> None:
    subscribe(services, "olga@example.org", "UA")
    exercise = TALKS | {"status": "exercise"}
    relay = {"ALERTS_SMTP_URL": "smtp://127.0.0.1:9", "ALERTS_MAIL_FROM": "Desk <desk@example.org>"}
    with opened(tmp_path, ALERTS_HOME=str(bundled.home), **relay) as door:
        there = Program(door, api.key)
        refused = there("POST", "/updates", exercise)
        assert (refused.status, services.updates.count()) == (422, 0)
        assert "exercise" in refused.json["hint"]
        assert there("POST", "/updates?confirm=exercise", exercise).status == 201


def test_all_that_is_wrong_with_an_update_is_said_at_once(services: Services, api: Program) -> None:
    refused = api("POST", "/updates", {"headline": 5, "regions": ["UA"], "severity": "bad", "url": "x"})
    assert refused.status == 422
    assert all(name in refused.json["detail"] for name in ("headline", "severity", "url"))


def test_an_update_is_held_until_its_time(services: Services, api: Program) -> None:
    held = api("POST", "/updates?at=2100-01-01T00:00:00Z", TALKS).json
    assert (held["held_until"], held["accepted_at"]) == ("2100-01-01T00:00:00Z", None)
    assert api("POST", "/updates/ua-talks/withdraw", {}).json["taken_back"] is True


def test_waiting_says_what_became_of_it_as_far_as_it_came(services: Services, api: Program) -> None:
    """Nobody works here: the time is over, and what it says is that it is not finished."""
    answer = api("POST", "/updates", TALKS, Prefer="respond-async, wait=1")
    assert answer.headers["preference-applied"] == "wait=1"
    assert answer.json["outcome"] == {"finished": False, "deliveries": {}, "failed_digests": {}}
    walk(services)
    again = api("POST", "/updates", TALKS, Prefer="wait=5")
    assert again.json["outcome"]["finished"] is True


def test_regions_and_tags_beside_the_body(services: Services, api: Program) -> None:
    body = "# Talks go on\n\nThe delegations meet tomorrow.\n"
    path = "/updates?region=Ukraine&region=RU&tag=negotiations&severity=severe&id=talks"
    made = api("POST", path, body, Content_Type="text/markdown")
    assert (made.status, made.json["urgent"]) == (201, True)
    revision = services.updates.revision("talks.r1")
    assert (set(revision.draft.regions), revision.draft.tags) == ({"UA", "RU"}, ("negotiations",))


def test_what_is_not_there(services: Services, api: Program) -> None:
    assert api("GET", "/updates/ua-talks").status == 404
    assert api("POST", "/updates/ua-talks/withdraw", {}).status == 404


@pytest.mark.parametrize("path", ["/updates", "/updates/read", "/updates/preview", "/updates?dry_run=true"])
def test_all_that_is_wrong_with_an_update_is_named_at_once(api: Program, path: str) -> None:
    """A program's author mended a field, then a region, then a tag."""
    flood = {"headline": "Flood", "regions": ["Kenia"], "tags": ["wether"], "priority": 1, "url": "x"}
    refused = api("POST", path, flood)
    assert refused.status == 422
    said = json.dumps(refused.json, ensure_ascii=False)
    assert [
        w for w in ("priority", "url cannot be", "Kenia", "Kenya", "wether", "weather") if w not in said
    ] == []


def test_a_message_of_cap_is_published_as_a_revision(services: Services, api: Program) -> None:
    kind = {"Content_Type": "application/cap+xml"}
    first = api("POST", "/updates", cap(), **kind)
    assert (first.status, first.json["revision"], first.json["passed_over"]) == (201, 1, "")
    second = cap(identifier="m2", sent="2094-03-01T10:00:00+01:00", msgType="Update", references=refers("m1"))
    assert api("POST", "/updates", second, **kind).json["revision"] == 2
    between = cap(
        identifier="m3", sent="2094-03-01T09:00:00+01:00", msgType="Update", references=refers("m1")
    )
    late = api("POST", "/updates", between, **kind)
    assert (late.status, late.json["created"]) == (200, False)
    assert "newer" in late.json["passed_over"]
    assert late.headers["location"] == f"/api/v1/updates/{first.json['update']}"
    read = api("POST", "/updates/read", second, **kind).json
    assert (read["format"], read["message"]["identifier"]) == ("cap", "m2")


def test_a_message_that_is_not_for_everybody_needs_to_be_allowed(services: Services, api: Program) -> None:
    kind = {"Content_Type": "application/cap+xml"}
    assert api("POST", "/updates", cap(scope="Private"), **kind).status == 422
    assert api("POST", "/updates?allow=private", cap(scope="Private"), **kind).status == 201
