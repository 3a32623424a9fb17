"""Under which region an update stands for whom, and what that costs of what audiences share."""

import random
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace

import pytest
import year

from alerts.model import (
    Audience,
    Cadence,
    Change,
    Channel,
    Digest,
    Draft,
    Entry,
    Filter,
    Ref,
    Revision,
    Status,
    Subscription,
)
from alerts.regions import load
from alerts.rules.cadence import clock_of, last_slot, next_slot
from alerts.rules.headings import heading, under_headings
from alerts.rules.windows import Window, entries, looking

TREE = load()
DAILY = Cadence.parse("daily 08:00")


def audience(*regions: str) -> Audience:
    return Audience.of(Channel("email"), "UTC", [Subscription(Filter(regions), DAILY)])


@pytest.mark.parametrize(
    ("sentence", "asked", "named", "under"),
    [
        ("the earthquake its author filed under Syria", ["TR"], ["SY", "TR-31"], "TR"),
        ("is under Syria for who asked for Syria", ["SY"], ["SY", "TR-31"], "SY"),
        ("and for who asked for both, as its author had it", ["TR", "SY"], ["SY", "TR-31"], "SY"),
        ("never by code", ["SY", "TR"], ["TR-31", "SY"], "TR"),
        ("who asks for a province reads of its country", ["TR-31"], ["SY", "TR"], "TR"),
        ("who asks for a continent reads of countries", ["145"], ["SY", "TR-31"], "SY"),
        ("who asks for all reads of countries", ["001"], ["TR-31", "SY"], "TR"),
        ("what is said of an area concerns one's country", ["TR"], ["145"], "TR"),
        ("of several countries in it, it concerns the area", ["TR", "SY"], ["145"], "145"),
        ("a province and its country are one", ["TR", "TR-31"], ["145"], "TR"),
        ("an area within an area stays its author's", ["145"], ["001"], "001"),
        ("who asked for nothing of it was told before it moved", ["KE"], ["SY", "TR-31"], "SY"),
        ("a group that has left the tree is called as it was", ["TR"], ["gone", "TR-31"], "TR"),
        ("whoever asks for one that has left", ["gone"], ["TR-31"], "TR"),
    ],
)
def test_an_update_stands_under_what_its_reader_asked_for(
    sentence: str, asked: list[str], named: list[str], under: str
) -> None:
    """It stood under the region its author, or the alphabet, had first: a reader of Türkiye read of Syria."""
    assert heading(audience(*asked), Draft("Earthquake", tuple(named), "quake"), TREE) == under, sentence


QUAKE = Draft("Earthquake in Hatay", ("SY", "TR-31"), "quake")
STRIKE = Draft("Strike", ("TR",), "strike")


def of(draft: Draft) -> dict[Ref, Revision]:
    return {Ref.of(d.id, 1): Revision(d.id, 1, d, 1) for d in (draft, STRIKE)}


@pytest.mark.parametrize(
    ("sentence", "entry", "draft", "beside", "noted"),
    [
        ("elsewhere than its author's first", Entry("quake", 1, Change.NEW), QUAKE, True, "TR"),
        ("where its author had it", Entry("quake", 1, Change.NEW), STRIKE, True, ""),
        ("alone, it has no heading", Entry("quake", 1, Change.NEW), QUAKE, False, ""),
        ("in a line, it has none", Entry("quake", 1, Change.NEW, folded=True), QUAKE, True, ""),
        ("nor what went out at once", Entry("quake", 1, Change.TOLD), QUAKE, True, ""),
        ("exercises have one of their own", Entry("quake", 1, Change.NEW), "exercise", True, ""),
    ],
)
def test_a_heading_is_noted_where_it_is_shown_and_differs(
    sentence: str, entry: Entry, draft: Draft | str, beside: bool, noted: str
) -> None:
    """What is noted parts the digests of audiences: only what a reader sees may."""
    known = of(
        replace(QUAKE, status=Status.EXERCISE) if isinstance(draft, str) else replace(draft, id="quake")
    )
    several = [entry, Entry("strike", 1, Change.NEW)] if beside else [entry]
    found = under_headings(several, audience("TR"), known, TREE)
    assert [e.under for e in found] == [noted, ""][: len(several)], sentence
    assert [replace(e, under="") for e in found] == several


def test_digests_differ_by_their_headings_alone_where_these_do() -> None:
    told = (Entry("quake", 1, Change.NEW), Entry("strike", 1, Change.NEW))
    ids = {
        Digest(Channel("email"), under_headings(told, audience(*asked), of(QUAKE), TREE), 1).id
        for asked in (["TR"], ["TR-31", "TR"], ["SY"], ["SY", "TR"], ["001"])
    }
    assert len(ids) == 2


def contents(reshape: Callable[[Draft], Draft]) -> tuple[int, int]:
    """What all of the year's audiences get at the slots of one clock: contents without and with headings."""
    dice = random.Random("readers")
    log = [replace(r, draft=reshape(r.draft)) for r in year.Year.random(random.Random("a year")).log]
    known, look = {r.ref: r for r in log}, looking(TREE)
    stories = defaultdict(list)
    for revision in log:
        stories[revision.update].append(revision)
    crowd = {
        Audience.of(Channel("email"), "UTC", [replace(s, cadence=DAILY, quiet=None) for s in a.subscriptions])
        for a in (year.some_audience(dice) for _ in range(150))
    }
    clock = next(c for c in map(clock_of, crowd) if c)
    without, having = set[str](), set[str]()
    slot_ms = last_slot(clock, year.BEGIN + 60 * year.DAY)
    for _ in range(90):
        opened_ms, slot_ms = slot_ms, next_slot(clock, slot_ms)
        fresh = {r.update for r in log if opened_ms <= year.accepted(r) < slot_ms}
        story = [r for update in fresh for r in stories[update] if year.accepted(r) < slot_ms]
        for one in crowd:
            told = entries(one, story, look, Window(opened_ms, slot_ms))
            if told:
                without.add(Digest(one.channel, told, slot_ms).id)
                having.add(Digest(one.channel, under_headings(told, one, known, TREE), slot_ms).id)
    return len(without), len(having)


def test_of_updates_about_one_country_each_audiences_share_all_they_shared() -> None:
    """To note where everything stands for whom would have parted each audience from each other."""
    without, having = contents(lambda draft: draft)
    assert 500 < without == having


def test_of_updates_about_several_they_share_nearly_all() -> None:
    """Every tenth update names one or two more regions, or an area (decision 33 has the figures)."""

    def wider(draft: Draft) -> Draft:
        dice = random.Random(draft.id)
        more = dice.sample(year.WANTED, dice.choice((1, 2))) if dice.random() < 0.1 else []
        return replace(draft, regions=tuple(dict.fromkeys((*draft.regions, *more))))

    without, having = contents(wider)
    assert without < having < 1.2 * without
