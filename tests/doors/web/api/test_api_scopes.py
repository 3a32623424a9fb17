"""Every operation is asked with every scope and with none: the one it says, and no other, lets it through."""

from collections.abc import Callable
from typing import Any

import pytest
from doors import Door
from house import OPERATOR, draft, subscribe, tell
from programs import Program

from alerts import ingest
from alerts.doors.web import api as door_for_programs
from alerts.model import Channel, Feed, Filter, Subscription
from alerts.operations import NamedReading, Permission
from alerts.operations.drafts.keeping import keep_draft
from alerts.operations.publishing.preparing import CHOOSES_NOTHING
from alerts.operations.subscribing import muting
from alerts.operations.subscribing import subscribers as people
from alerts.services import Services
from alerts.walk import steps

OLGA = "/subscribers/olga@example.org"
POLAND = {"regions": ["PL"], "name": "Poland"}
ANY = {"If_Match": "*"}
LIST, TABLE = {"Content_Type": "text/plain"}, {"Content_Type": "text/csv"}
RIVER = b'{"headline": "Flood warning for Kyiv", "regions": ["UA"]}'
TALKS = {"headline": "Talks go on", "regions": ["UA"]}

#: Every operation by its name: what is asked of it, so that it would be done for whoever may.
ASKED: dict[str, tuple[str, str, object, dict[str, str]]] = {
    "publish_update": ("POST", "/updates", TALKS, {}),
    "preview_update": ("POST", "/updates/preview", TALKS, {}),
    "read_update": ("POST", "/updates/read", TALKS, {}),
    "preview_recipients": ("POST", "/updates/preview/recipients", TALKS, {}),
    "preview_message": ("POST", "/updates/preview/message?view=text", TALKS, {}),
    "send_preview": ("POST", "/updates/preview/send?address=desk@example.org", TALKS, {}),
    "list_revisions": ("GET", "/updates/ua-talks/revisions", None, {}),
    "show_revision": ("GET", "/updates/ua-talks/revisions/1", None, {}),
    "explain_update_to_all": ("GET", "/updates/ua-talks/explanations", None, {}),
    "explain_update_to_some": ("POST", "/updates/ua-talks/explanations", "olga@example.org\n", LIST),
    "retry_update": ("POST", "/updates/ua-talks/retry", None, {}),
    "trace_subscriber": ("GET", f"{OLGA}/history", None, {}),
    "import_subscribers": ("POST", "/subscribers/import", "address,regions\nana@example.org,PL\n", TABLE),
    "invite_subscribers": ("POST", "/subscribers/invite", "address,regions\nana@example.org,PL\n", TABLE),
    "invite_addresses": (
        "POST",
        "/subscribers/invitations",
        {"addresses": ["ana@example.org"], "subscription": {"regions": ["PL"]}},
        {},
    ),
    "list_invitations": ("GET", "/subscribers/invitations", None, {}),
    "cancel_invitation": ("DELETE", "/subscribers/invitations/ana@example.org", None, {}),
    "export_subscribers": ("GET", "/subscribers/export", None, {}),
    "undo_sync": ("POST", "/subscribers/undo-sync", None, {}),
    "list_updates": ("GET", "/updates", None, {}),
    "show_update": ("GET", "/updates/ua-talks", None, {}),
    "show_update_status": ("GET", "/updates/ua-talks/status", None, {}),
    "list_deliveries": ("GET", "/updates/ua-talks/deliveries", None, {}),
    "explain_update": ("GET", "/updates/ua-talks/explain?address=olga@example.org", None, {}),
    "resend_update": ("POST", "/updates/ua-talks/resend", {"address": "olga@example.org"}, {}),
    "undo_update": ("POST", "/updates/held/undo", {}, {}),
    "release_update": ("POST", "/updates/held/release", None, {}),
    "close_update": ("POST", "/updates/ua-talks/close", {}, {}),
    "retract_update": ("POST", "/updates/ua-talks/retract", {}, {}),
    "withdraw_update": ("POST", "/updates/ua-talks/withdraw", {}, {}),
    "list_subscribers": ("GET", "/subscribers", None, {}),
    "add_subscriber": ("POST", "/subscribers", {"address": "ana@example.org", "subscriptions": [POLAND]}, {}),
    "show_subscriber": ("GET", OLGA, None, {}),
    "replace_subscriber": ("PUT", OLGA, {"subscriptions": [POLAND]}, ANY),
    "change_subscriber": ("PATCH", OLGA, {"name": "Olga"}, ANY),
    "remove_subscriber": ("DELETE", OLGA, None, ANY),
    "pause_subscriber": ("POST", f"{OLGA}/pause", {}, ANY),
    "resume_subscriber": ("POST", f"{OLGA}/resume", None, ANY),
    "export_person": ("GET", f"{OLGA}/data", None, {}),
    "erase_person": ("POST", f"{OLGA}/erase", {"confirm": "olga@example.org"}, {}),
    "show_sent_message": ("GET", f"{OLGA}/messages/nothing", None, {}),
    "list_mutes": ("GET", f"{OLGA}/mutes", None, {}),
    "mute_update": ("PUT", f"{OLGA}/mutes/ua-talks", None, {}),
    "unmute_update": ("DELETE", f"{OLGA}/mutes/ua-grain", None, {}),
    "change_secret": ("POST", "/subscribers/https://hooks.example.org/alerts/secret", None, {}),
    "add_subscription": ("POST", f"{OLGA}/subscriptions", POLAND, ANY),
    "change_subscription": ("PATCH", f"{OLGA}/subscriptions/Ukraine", {"cadence": "hourly"}, ANY),
    "remove_subscription": ("DELETE", f"{OLGA}/subscriptions/Ukraine", None, ANY),
    "preview_subscriptions": ("POST", "/subscriptions/preview", {"address": "olga@example.org"}, {}),
    "list_suppressions": ("GET", "/suppressions", None, {}),
    "suppress_address": ("POST", "/suppressions", {"address": "ana@example.org"}, {}),
    "lift_suppression": ("POST", "/suppressions/gone@example.org/lift", {}, {}),
    "list_feeds": ("GET", "/feeds", None, {}),
    "add_feed": ("POST", "/feeds", {"url": "http://127.0.0.1:9/rss", "review": True}, {}),
    "preview_feed": ("POST", "/feeds/preview", {"feed": "http://127.0.0.1:9/rss"}, {}),
    "show_feed": ("GET", "/feeds/river", None, {}),
    "pause_feed": ("POST", "/feeds/river/pause", None, {}),
    "resume_feed": ("POST", "/feeds/river/resume", {}, {}),
    "poll_feed": ("POST", "/feeds/river/poll", None, {}),
    "remove_feed": ("DELETE", "/feeds/river", None, {}),
    "list_drafts": ("GET", "/drafts", None, {}),
    "show_draft": ("GET", "/drafts/river-1", None, {}),
    "publish_draft": ("POST", "/drafts/river-1/publish", None, {}),
    "discard_draft": ("POST", "/drafts/river-1/discard", None, {}),
    "list_tags": ("GET", "/tags", None, {}),
    "add_tag": ("POST", "/tags", {"tag": "harvest"}, {}),
    "find_regions": ("GET", "/regions?search=Kyiv", None, {}),
    "list_keys": ("GET", "/keys", None, {}),
    "add_key": ("POST", "/keys", {"name": "desk", "scopes": ["admin"]}, {}),
    "revoke_key": ("DELETE", "/keys/old", None, {}),
    "show_status": ("GET", "/status", None, {}),
    "list_work": ("GET", "/work", None, {}),
    "resume_sending": ("POST", "/sending/email/resume", None, {}),
    "list_bounces": ("GET", "/bounces", None, {}),
    "list_replies": ("GET", "/bounces/replies/ua-talks", None, {}),
    "show_bounces": ("GET", "/bounces/olga@example.org", None, {}),
    "list_notices": ("GET", "/notices", None, {}),
    "list_audit": ("GET", "/audit", None, {}),
}
#: What anybody with a key may: the tree of regions is public knowledge, and what they send is theirs.
FREE = {"find_regions", "read_update"}


def operations() -> dict[str, dict[str, Any]]:
    return {
        operation["operationId"]: operation
        for path in door_for_programs.described()["paths"].values()
        for operation in path.values()
    }


def prepare(services: Services) -> None:
    subscribe(services, "olga@example.org", "UA", name="Ukraine")
    subscribe(services, "two@example.org", "UA")
    wanted = [Subscription(Filter(("PL",)))]
    people.add(services, OPERATOR, "https://hooks.example.org/alerts", wanted)
    services.suppressions.add(Channel("email"), "gone@example.org", "full", "operator")
    services.feeds.add(Feed("river", "http://127.0.0.1:9/feed", 300), services.server.now_ms(), 0)
    named = NamedReading("item.json", ingest.read(RIVER, "item.json"))
    keep_draft(services, OPERATOR, "river-1", RIVER, named, choices=CHOOSES_NOTHING)
    tell(services, draft())
    tell(services, draft("ua-grain"))
    muting.mute(services, OPERATOR, "olga@example.org", "ua-grain")
    steps.publish(services, draft("held"), services.server.now_ms() + 3_600_000)


def test_every_operation_is_asked() -> None:
    """A stream does not end: tests/doors/web/api/test_api_events.py asks for it with other scopes."""
    assert set(ASKED) == set(operations()) - {"follow_events"}


@pytest.mark.parametrize("name", ASKED)
def test_its_scope_and_no_other_lets_it_through(
    services: Services, door: Door, with_scopes: Callable[..., Program], name: str
) -> None:
    prepare(services)
    method, path, body, headers = ASKED[name]
    needed = [Permission(s) for s in operations()[name].get("security", [{"key": []}])[0]["key"]]
    assert Program(door, "")(method, path, body, **headers).status == 401
    others = [p for p in Permission if p not in needed]
    if name in FREE:
        assert with_scopes(Permission.ADMINISTER)(method, path, body, **headers).status == 200
        return
    with_scopes(Permission.READ, Permission.MANAGE, Permission.ADMINISTER)  # a key `old` is not there
    for scope in others:
        refused = with_scopes(scope)(method, path, body, **headers)
        assert (refused.status, refused.json["code"]) == (403, "forbidden")
    asked = with_scopes(*needed)(method, path, body, **headers)
    assert asked.status in (200, 201, 204) or (name, asked.status) in {
        ("revoke_key", 404),
        ("retry_update", 409),  # nothing failed
        ("add_feed", 422),  # the address is not public
        ("preview_feed", 422),  # likewise
        ("invite_subscribers", 409),  # nobody can join
        ("invite_addresses", 409),  # likewise
        ("cancel_invitation", 404),  # nobody was invited
        ("undo_sync", 404),  # there was none
        ("show_sent_message", 404),  # there is no such digest
        ("resume_sending", 409),  # it goes on
        ("remove_subscription", 409),  # it is the only one
    }
