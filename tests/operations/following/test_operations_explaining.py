"""Why somebody got it, gets it later, or does not: told by the ledger first, then by the rules."""

from dataclasses import replace

import pytest
from house import OPERATOR, draft, subscribe, tell

from alerts.errors import NotFound
from alerts.model import Cadence, Channel, Filter, Kind, Severity, State, Subscription
from alerts.operations import explain, trace
from alerts.operations.subscribing.muting import mute
from alerts.services import Services


def test_who_got_it_got_it_now_and_every_clause_holds(services: Services) -> None:
    subscribe(services, "kyiv@example.org", "UA", any_tags=("negotiations",))
    tell(services, draft())
    assert explain(services, OPERATOR, "kyiv@example.org", "ua-talks").to_dict() == {
        "verdict": "now",
        "state": "sent",
        "slot": None,
        "subscriptions": [
            {
                "name": "",
                "wants": True,
                "clauses": [
                    {"clause": "region", "holds": True, "because": "it is about Ukraine"},
                    {"clause": "any tag", "holds": True, "because": "it is tagged negotiations"},
                    {"clause": "severity", "holds": True, "because": "moderate is at least minor"},
                ],
            }
        ],
    }


@pytest.mark.parametrize(
    ("wishes", "clause"),
    [
        pytest.param({"regions": ("JP",)}, "region", id="another region"),
        pytest.param({"regions": ("UA",), "any_tags": ("sport",)}, "any tag", id="another tag"),
        pytest.param({"regions": ("UA",), "none_tags": ("negotiations",)}, "none of", id="an unwanted tag"),
        pytest.param({"regions": ("UA",), "min_severity": Severity.SEVERE}, "severity", id="too mild"),
        pytest.param({"regions": ("UA",), "paused": True}, "standing", id="paused"),
    ],
)
def test_who_did_not_get_it_is_told_the_clause_that_does_not_hold(
    services: Services, wishes: dict[str, object], clause: str
) -> None:
    regions = wishes.pop("regions")
    subscribe(services, "who@example.org", *regions, **wishes)
    tell(services, draft())
    found = explain(services, OPERATOR, "who@example.org", "ua-talks")
    failed = [c.clause for wish in found.subscriptions for c in wish.clauses if not c.holds]
    assert (found.verdict, found.state, failed) == ("no", None, [clause])


def test_a_daily_subscriber_gets_it_with_the_slot(services: Services) -> None:
    subscribe(services, "daily@example.org", "UA", cadence=Cadence.parse("daily 08:00"))
    tell(services, draft())
    found = explain(services, OPERATOR, "daily@example.org", "ua-talks")
    assert found.verdict == "slot"
    assert found.to_dict()["slot"].endswith("T08:00:00Z")


def test_who_is_paused_is_said_to_be(services: Services) -> None:
    """“Does not want it” was all that was said of somebody who wants it and is paused."""
    subscribe(services, "gone@example.org", "UA", paused=True)
    tell(services, draft())
    found = explain(services, OPERATOR, "gone@example.org", "ua-talks")
    assert (found.verdict, found.note) == ("no", "the subscriber is paused")


def test_who_is_suppressed_is_said_to_be(services: Services) -> None:
    subscribe(services, "gone@example.org", "UA")
    services.suppressions.add(Channel("email"), "gone@example.org", "no such user", "smtp")
    tell(services, draft())
    found = explain(services, OPERATOR, "gone@example.org", "ua-talks")
    assert (found.verdict, found.note) == ("no", "no such user")


def test_the_suppressed_do_not_get_it_whatever_they_want(services: Services) -> None:
    subscribe(services, "gone@example.org", "UA")
    services.suppressions.add(Channel("email"), "gone@example.org", "no such user", "smtp")
    tell(services, draft())
    found = explain(services, OPERATOR, "gone@example.org", "ua-talks")
    assert (found.verdict, found.state) == ("no", State.SUPPRESSED)
    assert "no such user" in found.subscriptions[0].clauses[-1].because


def test_who_came_later_was_not_owed_it(services: Services) -> None:
    tell(services, draft())
    subscribe(services, "late@example.org", "UA")
    found = explain(services, OPERATOR, "late@example.org", "ua-talks")
    assert (found.verdict, found.subscriptions[0].clauses[-1].clause) == ("no", "since")


def test_the_ledger_stands_above_wishes_that_changed_since(services: Services) -> None:
    before = subscribe(services, "kyiv@example.org", "UA")
    tell(services, draft())
    services.subscribers.save(replace(before, subscriptions=(Subscription(Filter(("JP",))),)), before)
    found = explain(services, OPERATOR, "kyiv@example.org", "ua-talks")
    assert (found.verdict, found.state, found.subscriptions[0].wants) == ("now", State.SENT, False)


@pytest.mark.parametrize("what", [("nobody@example.org", "ua-talks"), ("kyiv@example.org", "nothing")])
def test_who_or_what_is_not_there_is_not_found(services: Services, what: tuple[str, str]) -> None:
    subscribe(services, "kyiv@example.org", "UA")
    tell(services, draft())
    with pytest.raises(NotFound):
        explain(services, OPERATOR, *what)


def test_a_cancel_is_not_for_those_who_had_heard_nothing(services: Services) -> None:
    subscribe(services, "daily@example.org", "UA", cadence=Cadence.parse("daily 08:00"))
    tell(services, draft())
    tell(services, draft(kind=Kind.CANCEL, note="Over."))
    found = explain(services, OPERATOR, "daily@example.org", "ua-talks")
    assert (found.verdict, found.subscriptions[0].clauses[-1].clause) == ("no", "told before")


def test_a_trace_lists_what_was_sent_spared_and_waits(services: Services) -> None:
    subscribe(services, "kyiv@example.org", "UA")
    subscribe(services, "daily@example.org", "UA", cadence=Cadence.parse("daily 08:00"))
    tell(services, draft("first"))
    services.suppressions.add(Channel("email"), "kyiv@example.org", "complained", "webhook")
    tell(services, draft("second", headline="Another"))
    told = [(row.update, row.state, row.note) for row in trace(services, OPERATOR, "kyiv@example.org")]
    assert told == [("second", "suppressed", "complained"), ("first", "sent", "")]
    waiting = {(row.update, row.state) for row in trace(services, OPERATOR, "daily@example.org")}
    assert waiting == {("first", "slot"), ("second", "slot")}


def test_what_was_not_for_somebody_is_explained_together_as_one_by_one(services: Services) -> None:
    """Of each of 130 updates what is the same for all was looked up anew: a page took a second."""
    people = [
        subscribe(services, "japan@example.org", "JP"),
        subscribe(services, "sport@example.org", "UA", any_tags=("sport",)),
        subscribe(services, "capped@example.org", "UA", cadence=Cadence.parse("daily 08:00"), cap=1),
        subscribe(services, "paused@example.org", "UA", paused=True),
        subscribe(services, "muted@example.org", "UA"),
    ]
    for n in range(4):
        tell(services, draft(f"u{n}", severity=Severity.MODERATE))
    mute(services, OPERATOR, "muted@example.org", "u2")
    for n in (1, 2, 3):
        tell(services, draft(f"u{n}", note="It goes on.", kind=Kind.CANCEL if n == 3 else Kind.UPDATE))
    tell(services, draft("mali", regions=("ML",)))
    seen = 0
    for person in people:
        lines = [t for t in trace(services, OPERATOR, person.address, excluded=True) if t.state == "excluded"]
        told = {t.update for t in trace(services, OPERATOR, person.address)}
        each = {u: explain(services, OPERATOR, person.address, u) for u in ("u0", "u1", "u2", "u3", "mali")}
        assert {line.update: line.note for line in lines} == {
            update: why.because for update, why in each.items() if why.verdict == "no" and update not in told
        }
        seen += len(lines)
    assert seen > 12


def test_a_history_takes_as_many_looks_at_the_ledger_however_many_updates_there_are(
    services: Services,
) -> None:
    """A thousand updates were a thousand looks, each with its round trips."""
    subscribe(services, "kyiv@example.org", "UA")
    subscribe(services, "japan@example.org", "JP")

    def looks() -> int:
        before = services.server.client.info("commandstats")["cmdstat_evalsha"]["calls"]
        for address in ("kyiv@example.org", "japan@example.org"):
            assert list(trace(services, OPERATOR, address, excluded=True))
        return int(services.server.client.info("commandstats")["cmdstat_evalsha"]["calls"]) - before

    tell(services, draft("first"))
    looks()  # the script is loaded by now
    of_one = looks()
    for n in range(12):
        tell(services, draft(f"u{n}"))
    assert looks() == of_one > 0
