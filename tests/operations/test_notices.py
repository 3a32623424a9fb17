"""A notice names people and updates to whoever reads it, and holds no address where it is kept."""

from house import OPERATOR, draft, subscribe, tell

from alerts.operations import totals
from alerts.services import Services


def notices(services: Services) -> list[dict[str, object]]:
    return [notice.to_dict() for notice in totals(services, OPERATOR).notices]


def test_who_and_what_a_notice_is_about_is_named(services: Services) -> None:
    """“suppressed: sid 65” was all there was, and nothing turned 65 into an address."""
    ann = subscribe(services, "ann@example.org", "UA")
    tell(services, draft())
    [digest] = services.updates.digests("ua-talks")
    services.notices.notify("in doubt", channel="email", sid=ann.sid, digest=digest, why="no answer")
    services.notices.notify("batch given up", batch=f"{digest}/1", deaths=3)
    given_up, doubt = notices(services)
    assert (doubt["address"], doubt["updates"], doubt["sid"]) == ("ann@example.org", ["ua-talks.r1"], ann.sid)
    assert given_up["updates"] == ["ua-talks.r1"]
    kept = services.server.client.lrange("alerts:notices", 0, -1)
    assert not any(b"ann@" in row for row in kept)


def test_who_was_removed_and_what_is_kept_no_more_is_still_a_notice(services: Services) -> None:
    ann = subscribe(services, "ann@example.org", "UA")
    services.notices.notify("suppressed", channel="email", sid=ann.sid, why="550 no such user")
    services.notices.notify("render failed", digest="r123", why="line 2")
    services.notices.notify("trouble with a route", route="email", why="421")
    services.subscribers.remove(ann)
    route, render, suppressed = notices(services)
    assert suppressed["address"] == f"subscriber {ann.sid}, who was removed"
    assert "updates" not in render
    assert "address" not in route
