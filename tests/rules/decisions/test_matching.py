"""Who wants what, why, and when: rules in tables, and agreement with a naive matcher."""

from dataclasses import replace
from datetime import UTC, datetime
from operator import attrgetter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.model import (
    Audience,
    Cadence,
    Channel,
    Draft,
    Filter,
    QuietHours,
    Revision,
    Severity,
    Status,
    Subscription,
)
from alerts.regions import load
from alerts.rules.decisions import Later, No, Now, clauses, decide, index_terms, query_terms, wants
from alerts.rules.describing import describe
from alerts.rules.facts import Facts, Stretches
from alerts.rules.reasons import reasons
from alerts.rules.windows import looking

TREE = load()
NOON = int(datetime(2022, 3, 28, 12, tzinfo=UTC).timestamp() * 1000)
HOUR = 3_600_000

DAILY = Cadence.parse("daily 08:00")
WEEKLY = Cadence.parse("weekly mon 08:00")
NOW = Cadence()


def wish(*regions, cadence=NOW, quiet=None, bypass=None, cap=None, all_quiet=False, **clauses_of):
    chosen = Filter(regions, **clauses_of)
    return Subscription(chosen, cadence, quiet, bypass, cap=cap, all_quiet=all_quiet)


def update(*regions, tags=(), severity=Severity.MODERATE):
    return Draft("Talks", regions, "talks", tags=tags, severity=severity)


def facts(draft, at_ms=NOON):
    return Facts.of(Revision("talks", 1, draft, at_ms), TREE)


@pytest.mark.parametrize(
    ("subscription", "draft", "clause", "holds", "because"),
    [
        (wish("150"), update("UA"), "region", True, "Ukraine is in Europe"),
        (wish("UA"), update("150"), "region", True, "Ukraine is in Europe"),
        (wish("UA"), update("UA"), "region", True, "it is about Ukraine"),
        (wish("UA", "PL"), update("ML"), "region", False, "Mali is not in Ukraine or Poland"),
        (wish("FR"), update("ML", "GB"), "region", False, "Mali and United Kingdom are not in France"),
        (
            wish("ML", "TD", "NE", "SN", "BF"),
            update("UA"),
            "region",
            False,
            "not in Mali, Chad, Niger, Senegal or Burkina Faso",
        ),
        (wish("UA", any_tags=("a", "b")), update("UA", tags=("b",)), "any tag", True, "it is tagged b"),
        (wish("UA", any_tags=("a", "b")), update("UA"), "any tag", False, "it is not tagged a or b"),
        (wish("UA", any_tags=("a",)), update("UA"), "any tag", False, "it is not tagged a"),
        (
            wish("UA", all_tags=("a", "b")),
            update("UA", tags=("a", "b")),
            "all tags",
            True,
            "it is tagged a and b",
        ),
        (wish("UA", all_tags=("a", "b")), update("UA", tags=("a",)), "all tags", False, "it is not tagged b"),
        (wish("UA", none_tags=("a",)), update("UA", tags=("b",)), "none of", True, "it is not tagged a"),
        (wish("UA", none_tags=("a", "b")), update("UA", tags=("b",)), "none of", False, "it is tagged b"),
        (wish("UA"), update("UA"), "severity", True, "moderate is at least minor"),
        (
            wish("UA", min_severity=Severity.SEVERE),
            update("UA", severity=Severity.MINOR),
            "severity",
            False,
            "minor is below severe",
        ),
        (
            wish("UA", min_severity=Severity.EXTREME),
            update("UA", severity=Severity.UNKNOWN),
            "severity",
            True,
            "its severity is unknown, which passes every floor",
        ),
    ],
)
def test_each_clause_says_in_a_sentence_why_it_holds_or_not(subscription, draft, clause, holds, because):
    found = {c.clause: c for c in clauses(subscription.filter, draft, TREE)}[clause]
    assert found.holds is holds
    assert found.because.endswith(because)


def test_every_clause_is_told_even_after_one_that_fails():
    subscription = wish(
        "ML", any_tags=("a",), all_tags=("b",), none_tags=("c",), min_severity=Severity.EXTREME
    )
    found = clauses(subscription.filter, update("UA", tags=("c",)), TREE)
    assert [(c.clause, c.holds) for c in found] == [
        ("region", False),
        ("any tag", False),
        ("all tags", False),
        ("none of", False),
        ("severity", False),
    ]


NIGHT = QuietHours.parse("22:00-07:00")
MIDNIGHT = NOON + 12 * HOUR
TOMORROW_AT_8 = NOON + 20 * HOUR
SEVERE, EXTREME = Severity.SEVERE, Severity.EXTREME


@pytest.mark.parametrize(
    ("why", "wishes", "severity", "at_ms", "expected"),
    [
        ("nobody asked for it", [wish("ML")], "moderate", NOON, No()),
        ("immediate is now", [wish("UA")], "moderate", NOON, Now((0,))),
        ("daily waits for its hour", [wish("UA", cadence=DAILY)], "minor", NOON, Later(TOMORROW_AT_8, (0,))),
        (
            "the soonest slot counts",
            [wish("UA", cadence=WEEKLY), wish("ML"), wish("150", cadence=DAILY)],
            "moderate",
            NOON,
            Later(TOMORROW_AT_8, (0, 2)),
        ),
        ("at once is soonest", [wish("UA", cadence=DAILY), wish("UA")], "minor", NOON, Now((0, 1))),
        (
            "quiet hours end at seven",
            [wish("UA", quiet=NIGHT)],
            "severe",
            MIDNIGHT,
            Later(MIDNIGHT + 7 * HOUR, (0,)),
        ),
        (
            "a bypass breaks quiet hours",
            [wish("UA", quiet=NIGHT, bypass=SEVERE)],
            "severe",
            MIDNIGHT,
            Now((0,)),
        ),
        ("nor does it wait", [wish("UA", cadence=DAILY, bypass=SEVERE)], "extreme", NOON, Now((0,))),
        (
            "less than the bypass waits",
            [wish("UA", cadence=DAILY, bypass=SEVERE)],
            "moderate",
            NOON,
            Later(TOMORROW_AT_8, (0,)),
        ),
        (
            "unknown bypasses nothing",
            [wish("UA", cadence=DAILY, bypass=Severity.MINOR)],
            "unknown",
            NOON,
            Later(TOMORROW_AT_8, (0,)),
        ),
        (
            "a bypass does not lower the floor",
            [wish("UA", bypass=Severity.MINOR, min_severity=EXTREME)],
            "severe",
            NOON,
            No(),
        ),
        (
            "a bypass counts for its own filter only",
            [wish("ML", bypass=Severity.MINOR), wish("UA", cadence=DAILY)],
            "severe",
            NOON,
            Later(TOMORROW_AT_8, (1,)),
        ),
    ],
)
def test_when_an_audience_is_told(why, wishes, severity, at_ms, expected):
    audience = Audience(Channel("email"), "UTC", tuple(wishes))
    assert decide(audience, facts(update("UA", severity=Severity(severity)), at_ms)) == expected, why


@pytest.mark.parametrize("status", [Status.EXERCISE, Status.TEST])
@pytest.mark.parametrize(
    ("why", "wishes", "at_ms", "expected"),
    [
        (
            "quiet hours hold",
            [wish("UA", quiet=NIGHT, bypass=SEVERE)],
            MIDNIGHT,
            Later(MIDNIGHT + 7 * HOUR, (0,)),
        ),
        ("a digest holds", [wish("UA", cadence=DAILY, bypass=SEVERE)], NOON, Later(TOMORROW_AT_8, (0,))),
        ("who is told at once is", [wish("UA", bypass=SEVERE)], NOON, Now((0,))),
        (
            "who asks for it at night, too",
            [wish("UA", quiet=NIGHT, bypass=SEVERE), wish("UA", min_severity=EXTREME)],
            MIDNIGHT,
            Now((0, 1)),
        ),
        ("the cap of a day holds", [wish("UA", cap=1)], None, Later(TOMORROW_AT_8, (0,), folded=True)),
    ],
)
def test_what_is_not_real_goes_in_its_turn(status, why, wishes, at_ms, expected):
    """An exercise of extreme severity rang at 23:00 for who had asked to be woken by what is extreme."""
    draft = replace(update("UA", severity=EXTREME), status=status)
    seen = log((1, "minor"), last=draft) if at_ms is None else facts(draft, at_ms)
    assert decide(Audience(Channel("email"), "UTC", tuple(wishes)), seen) == expected, why


def log(*told, last="moderate"):
    """The facts of one more update at noon, after others: each hours before, and its severity."""
    drafts = [(hours, update("UA", severity=Severity(severity))) for hours, severity in told]
    revisions = [Revision(f"u{n}", 1, d, NOON - h * HOUR) for n, (h, d) in enumerate(drafts)]
    latest = last if isinstance(last, Draft) else update("UA", severity=Severity(last))
    newest = Revision("talks", 1, latest, NOON)

    def accepted(start_ms, end_ms):
        found = [Facts.of(r, TREE) for r in revisions if start_ms <= (r.accepted_ms or 0) < end_ms]
        return Stretches.of(sorted(found, key=attrgetter("accepted_ms")), start_ms, end_ms)

    return looking(TREE, accepted)(newest)


CAPPED = wish("UA", cap=2)
OVERFLOW = Later(TOMORROW_AT_8, (0,), folded=True)


@pytest.mark.parametrize(
    ("why", "wishes", "seen", "expected"),
    [
        ("the second of two still goes", [CAPPED], log((1, "minor")), Now((0,))),
        ("the third waits", [CAPPED], log((2, "minor"), (1, "unknown")), OVERFLOW),
        ("what was yesterday is forgotten", [CAPPED], log((13, "minor"), (1, "minor")), Now((0,))),
        ("the first instant of the day counts", [CAPPED], log((12, "minor"), (1, "minor")), OVERFLOW),
        ("severe uses nothing up", [CAPPED], log((2, "severe"), (1, "extreme")), Now((0,))),
        ("severe is never held", [CAPPED], log((2, "minor"), (1, "minor"), last="severe"), Now((0,))),
        (
            "nor is what bypasses",
            [wish("UA", cap=1, bypass=Severity.MODERATE)],
            log((2, "minor"), (1, "minor")),
            Now((0,)),
        ),
        (
            "nor does it use anything up",
            [wish("UA", cap=1, bypass=Severity.MODERATE)],
            log((2, "moderate"), last="minor"),
            Now((0,)),
        ),
        (
            "a cap binds its own subscription",
            [CAPPED, wish("150")],
            log((2, "minor"), (1, "minor")),
            Now((0, 1)),
        ),
        (
            "whole where another tells it whole at the same slot",
            [CAPPED, wish("150", cadence=DAILY)],
            log((2, "minor"), (1, "minor")),
            Later(TOMORROW_AT_8, (0, 1)),
        ),
        (
            "a daily digest counts what is in it, from slot to slot",
            [wish("UA", cadence=DAILY, cap=2)],
            log((4, "minor"), (3, "minor")),
            Later(TOMORROW_AT_8, (0,), folded=True),
        ),
        (
            "and nothing of the one before",
            [wish("UA", cadence=DAILY, cap=2)],
            log((5, "minor"), (3, "minor")),
            Later(TOMORROW_AT_8, (0,)),
        ),
    ],
)
def test_what_a_daily_cap_holds_back(why, wishes, seen, expected):
    assert decide(Audience(Channel("email"), "UTC", tuple(wishes)), seen) == expected, why


def test_an_audience_without_a_cap_never_reads_the_log():
    def refused(start_ms, end_ms):
        raise AssertionError

    seen = looking(TREE, refused)(Revision("talks", 1, update("UA"), NOON))
    assert decide(Audience(Channel("email"), "UTC", (wish("UA"), wish("UA", cadence=DAILY))), seen) == Now(
        (0, 1)
    )


def test_wishes_without_cap_and_all_quiet_keep_their_audience():
    """The ids of audiences that stand in Redis already."""
    plain = Audience.of(Channel("email"), "UTC", [wish("UA")])
    assert plain.to_dict()["subscriptions"] == [{"regions": ["UA"], "cadence": "immediate"}]
    for other in (wish("UA", cap=3), wish("UA", all_quiet=True)):
        changed = Audience.of(Channel("email"), "UTC", [other])
        assert changed.id != plain.id
        assert Audience.from_dict(changed.to_dict()) == changed


@pytest.mark.parametrize(
    ("subscription", "line"),
    [
        (wish("UA"), "Ukraine · immediate"),
        (
            wish(
                "UA",
                "PL",
                any_tags=("conflict", "negotiations"),
                none_tags=("sport",),
                min_severity=Severity.SEVERE,
                cadence=DAILY,
            ),
            "Ukraine or Poland · conflict or negotiations · not sport · severe or worse · daily 08:00",
        ),
        (
            wish("eu", all_tags=("a", "b"), quiet=NIGHT, bypass=Severity.EXTREME),
            "European Union · a and b · immediate · quiet 22:00-07:00 · at once from extreme",
        ),
        (
            wish("UA", cadence=DAILY, cap=5, all_quiet=True),
            "Ukraine · daily 08:00 · at most 5 a day · says so when all is quiet",
        ),
    ],
)
def test_a_subscription_is_described_in_a_line(subscription, line):
    assert describe(subscription, TREE.name) == line


def test_the_reason_names_the_wishes_that_wanted_any_of_the_updates():
    audience = Audience(Channel("email"), "UTC", (wish("UA"), wish("ML", cadence=DAILY), wish("FR")))
    told = [Revision(name, 1, draft, NOON) for name, draft in (("a", update("UA")), ("b", update("ML")))]
    found = reasons(audience, told, TREE)
    assert describe(audience.subscriptions[0], TREE.name) in found
    assert describe(audience.subscriptions[1], TREE.name) in found
    assert "France" not in found


def test_whom_only_a_correction_concerns_is_told_so():
    audience = Audience(Channel("email"), "UTC", (wish("UA"),))
    assert "before" in reasons(audience, [Revision("a", 2, update("JP"), NOON)], TREE)


def test_who_asked_for_what_is_severe_is_told_why_they_get_what_nobody_has_rated():
    """“Unexplained smell in Sapporo metro. You get this because you subscribe to: … severe or worse.”"""
    audience = Audience(Channel("email"), "", (wish("JP", min_severity=Severity.SEVERE),))
    unrated = "Updates of unknown severity are sent whatever severity you ask for."
    for severity, told in ((Severity.UNKNOWN, True), (Severity.EXTREME, False)):
        found = reasons(audience, [Revision("a", 1, update("JP", severity=severity), NOON)], TREE)
        assert found.endswith(f" {unrated}") is told
    everything = Audience(Channel("email"), "", (wish("JP"),))
    told = [Revision("a", 1, update("JP", severity=Severity.UNKNOWN), NOON)]
    assert unrated not in reasons(everything, told, TREE)


def test_sixty_reasons_are_a_few_and_a_count():
    """A channel with sixty subscriptions that match got a line of 5,398 characters; Slack takes 3,000."""
    wishes = [wish("UA", any_tags=("a", f"tag-{n}"), cadence=DAILY) for n in range(60)]
    told = [Revision("a", 1, update("UA", tags=("a",)), NOON)]
    found = reasons(Audience.of(Channel("slack"), "UTC", wishes), told, TREE)
    assert found.endswith("; and 54 more.")
    long = [wish("UA", any_tags=("a", *(f"{n}-{'x' * 60}-{k}" for k in range(5)))) for n in range(60)]
    found = reasons(Audience.of(Channel("slack"), "", long), told, TREE)
    assert len(found) < 1_100
    assert found.endswith("; and 58 more.")


# From here on: agreement with the definition. Areas overlap if one lies in the other; a group is its members.

CODES = [
    "001",
    "150",
    "151",
    "UA",
    "UA-30",
    "UA-14",
    "RU",
    "RU-MOW",
    "PL",
    "FR",
    "FR-973",
    "GF",
    "ML",
    "ML-1",
]
CODES += ["202", "019", "JP", "TW", "eu", "nato", "sahel"]
TAGS = ["a", "b", "c"]


def lies_in(inner, outer):
    return inner == outer or any(lies_in(parent, outer) for parent in TREE.region(inner).parents)


def overlap(one, other):
    pieces, theirs = ((TREE.region(code).members or (code,)) for code in (one, other))
    return any(lies_in(a, b) or lies_in(b, a) for a in pieces for b in theirs)


def naively(subscription, draft):
    wanted = subscription.filter
    order = ["minor", "moderate", "severe", "extreme"]
    return (
        any(overlap(w, r) for w in wanted.regions for r in draft.regions)
        and (not wanted.any_tags or any(t in draft.tags for t in wanted.any_tags))
        and all(t in draft.tags for t in wanted.all_tags)
        and not any(t in draft.tags for t in wanted.none_tags)
        and (
            draft.severity == "unknown"
            or order.index(draft.severity) >= order.index(wanted.min_severity)
        )
    )  # fmt: skip


some_tags = st.lists(st.sampled_from(TAGS), max_size=2, unique=True).map(tuple)
some_regions = st.lists(st.sampled_from(CODES), min_size=1, max_size=3, unique=True).map(tuple)
known = st.sampled_from([s for s in Severity if s is not Severity.UNKNOWN])
subscriptions = st.builds(
    Subscription,
    st.builds(Filter, some_regions, some_tags, some_tags, some_tags, known),
    st.sampled_from([NOW, Cadence.parse("hourly"), DAILY, WEEKLY]),
    st.sampled_from([None, NIGHT]),
    st.none() | known,
)
audiences = st.builds(
    Audience,
    st.just(Channel("email")),
    st.just("Europe/Kyiv"),
    st.lists(subscriptions, min_size=1, max_size=3).map(tuple),
)


@given(subscriptions, some_regions, some_tags, st.sampled_from(Severity))
def test_matching_follows_the_definition_and_the_clauses_agree(subscription, regions, tags, severity):
    draft = update(*regions, tags=tags, severity=severity)
    expected = naively(subscription, draft)
    assert wants(subscription.filter, facts(draft)) is expected
    found = clauses(subscription.filter, draft, TREE)
    assert all(clause.holds for clause in found) is expected
    assert found[0].holds is any(overlap(w, r) for w in subscription.filter.regions for r in regions)


@given(audiences, some_regions, some_tags, st.sampled_from(Severity))
def test_whoever_wants_an_update_is_found_through_the_index(audience, regions, tags, severity):
    draft = update(*regions, tags=tags, severity=severity)
    if any(naively(subscription, draft) for subscription in audience.subscriptions):
        assert index_terms(audience).intersection(query_terms(draft, TREE))


@given(audiences, some_regions, some_tags, st.sampled_from(Severity), st.integers(0, 10**9))
def test_a_decision_names_exactly_the_subscriptions_that_want_it(audience, regions, tags, severity, minute):
    draft = update(*regions, tags=tags, severity=severity)
    at_ms = NOON + minute * 60
    decision = decide(audience, facts(draft, at_ms))
    wanting = tuple(i for i, s in enumerate(audience.subscriptions) if naively(s, draft))
    assert (() if isinstance(decision, No) else decision.subscriptions) == wanting
    if isinstance(decision, Later):
        assert decision.slot_ms > at_ms


def test_an_index_term_names_a_tag_the_update_must_have_where_there_is_one():
    audience = Audience(
        Channel("email"),
        "UTC",
        (wish("UA", "PL", any_tags=("a", "b"), all_tags=("c",)), wish("ML", all_tags=("c", "d")), wish("FR")),
    )
    assert index_terms(audience) == {"UA|a", "UA|b", "PL|a", "PL|b", "ML|c", "FR|*"}
