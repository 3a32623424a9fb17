"""What changed, as a person would say it: once, old beside new, and never an all-clear that nobody gave."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.model import Draft, Urgency
from alerts.rendering.changes import differences

NAMES = {"UG": "Uganda", "UG-102": "Kampala", "KE": "Kenya", "TZ": "Tanzania"}
EBOLA = Draft(
    "Ebola in Kampala: 21 cases confirmed",
    ("UG",),
    "ug-ebola",
    key_points=(
        "21 confirmed cases, 4 deaths",
        "Keep away from damaged buildings",
        "Schools stay open",
    ),
    body="The ministry confirmed *21 cases* on Monday. Borders are open.\n\n- Wash hands",
)


def told(now: Draft, before: Draft = EBOLA) -> list[str]:
    return list(differences(before, now, lambda code: NAMES.get(code, code)))


def points(*texts: str, **more: object) -> Draft:
    return replace(EBOLA, key_points=texts, **more)


def test_a_figure_is_shown_old_beside_new_within_its_line() -> None:
    """Readers got one line of “New key point” and one of “No longer a key point”, and compared by eye."""
    found = told(points("24 confirmed cases, 5 deaths", *EBOLA.key_points[1:]))
    assert found == ["21 → 24 confirmed cases, 4 → 5 deaths"]


def test_advice_that_was_reworded_is_not_said_to_be_gone() -> None:
    """“No longer a key point: Keep away from damaged buildings” read as an all-clear."""
    found = told(points(EBOLA.key_points[0], "Avoid buildings that have been damaged", EBOLA.key_points[2]))
    assert found == ["Now: Avoid buildings that have been damaged (before: Keep away from damaged buildings)"]


def test_a_point_that_moved_into_the_text_is_not_said_to_be_gone() -> None:
    moved = points(*EBOLA.key_points[:2], body=f"{EBOLA.body}\n\nAll schools stay open this week.")
    assert not any("No longer mentioned" in line for line in told(moved))


def test_what_is_new_and_what_is_gone_is_said_so() -> None:
    found = told(points(*EBOLA.key_points[:2], "Screening at Entebbe airport"))
    assert found == ["New: Screening at Entebbe airport", "No longer mentioned: Schools stay open"]


@pytest.mark.parametrize(
    ("before", "now", "sentence"),
    [
        (("UG",), ("UG-102",), "Now only: Kampala (before: Uganda)"),
        (("UG", "KE"), ("UG",), "Now only: Uganda (no longer: Kenya)"),
        (("UG-102",), ("UG",), "Now all of: Uganda (before: Kampala)"),
        (("UG",), ("UG", "KE"), "Regions added: Kenya"),
    ],
)
def test_regions_are_narrowed_and_widened(
    before: tuple[str, ...], now: tuple[str, ...], sentence: str
) -> None:
    """“Added: Kampala. No longer concerned: Uganda” read as if Uganda, with its capital, were safe."""
    assert told(replace(EBOLA, regions=now), replace(EBOLA, regions=before)) == [sentence]


def test_a_changed_text_shows_the_sentences_that_changed() -> None:
    """It said “Text revised”, and readers searched for what."""
    found = told(replace(EBOLA, body=EBOLA.body.replace("open", "closed") + "\n- Wear masks in clinics"))
    assert found == [
        "In the text: Borders are open → closed.",
        "The text adds: Wear masks in clinics",
    ]


def test_nothing_is_said_twice() -> None:
    """The same figure in the headline, a key point and the text is one change."""
    now = replace(
        EBOLA,
        headline="Ebola in Kampala: 24 cases confirmed",
        key_points=("24 confirmed cases, 4 deaths", *EBOLA.key_points[1:]),
        body=EBOLA.body.replace("21", "24"),
    )
    assert told(now) == ["21 → 24 confirmed cases, 4 deaths"]


def test_what_the_text_adds_to_a_key_point_is_told() -> None:
    """Most of its words stand in a key point already; until when does not."""
    now = replace(EBOLA, body=EBOLA.body + "\n\nSchools stay open until the end of November.")
    assert told(now) == ["The text adds: Schools stay open until the end of November."]


def test_a_full_stop_is_no_change_of_a_point_and_yet_the_text_was_revised() -> None:
    assert told(points(*(f"{point}." for point in EBOLA.key_points))) == ["Text revised"]


def test_signs_without_spaces_are_compared_too() -> None:
    [line] = told(points("请勿前往受损建筑物附近"), points("避免前往受损建筑物"))
    assert "避免前往受损建筑物 → 请勿前往受损建筑物附近" in line


def test_a_text_rewritten_from_end_to_end_is_told_in_bounds() -> None:
    before, now = (
        replace(EBOLA, body="\n\n".join(f"{w} {n} of the list." for n in range(3_000))) for w in "ab"
    )
    assert len(told(now, before)) <= 4


POINTS = st.lists(st.text("abcde fghij 0123456789", min_size=1, max_size=30), max_size=6)


@given(POINTS, POINTS)
def test_every_figure_that_is_new_is_seen(before: list[str], now: list[str]) -> None:
    """Whatever is paired with whatever: no number that was not told before is left out of what changed."""
    old, new = points(*before, body="", headline="h"), points(*now, body="", headline="h")
    shown = " ".join(told(new, old)).split()
    for figure in {w for p in now for w in p.split() if w.isdigit()} - {w for p in before for w in p.split()}:
        assert figure in shown or any("more" in line for line in told(new, old))


@given(POINTS)
def test_nothing_changed_is_no_difference(texts: list[str]) -> None:
    assert told(points(*texts), points(*texts)) == []


def test_advice_that_moved_into_the_headline_is_not_said_to_be_gone() -> None:
    """“No longer mentions: FCDO advises against all travel” stood under a headline that went on to."""
    before = Draft("Bolivia: news", ("BO",), body="We advise against all travel to parts of Bolivia.")
    headline = "Bolivia: we continue to advise against all travel to La Paz"
    now = replace(before, headline=headline, body="Roads are blocked.")
    assert not any("no longer" in line for line in differences(before, now, str))


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ("Stay indoors and away from windows", "Stay indoors; a curfew holds from 18:00 to 06:00"),
        (
            "Bamako airport and all land borders are closed",
            "Bamako airport is open; land borders stay closed",
        ),
        ("Une campagne de chloration a commencé lundi", "La campagne de chloration continue"),
        ("118 cas suspects depuis le 15 novembre", "164 cas suspects depuis le 15 novembre, 9 décès"),
        ("Metro trains run", "Metro trains run every 15 minutes"),
    ],
)
def test_where_arrows_cannot_be_read_aloud_both_lines_stand_whole(before: str, now: str) -> None:
    """“Stay indoors and away → indoors; a curfew holds from windows → 18:00 to 06:00”, said of a coup."""
    assert told(points(now), points(before)) == [f"Now: {now} (before: {before})"]


def test_advice_that_may_have_been_reworded_is_not_said_to_be_gone() -> None:
    """“No longer mentioned: Keep away from damaged buildings”, above new advice on cracks."""
    found = told(
        points("Do not go into buildings that show cracks"), points("Keep away from damaged buildings")
    )
    assert found == ["New: Do not go into buildings that show cracks"]


def test_a_sentence_of_the_text_has_one_label() -> None:
    """“In the text: Now: Metro trains run every 15 minutes.”"""
    before = replace(EBOLA, body="Metro trains run.")
    [line] = told(replace(EBOLA, body="Metro trains run every 15 minutes."), before)
    assert line == "In the text now: Metro trains run every 15 minutes. (before: Metro trains run.)"


def test_what_has_begun_is_not_said_to_be_gone() -> None:
    """“The text no longer mentions: Vaccination begins on Friday”, on the Friday on which it had begun."""
    before = replace(EBOLA, body="A centre has been set up. Vaccination begins on Friday.")
    now = replace(EBOLA, body="A centre has been set up. Vaccination has begun.")
    assert told(now, before) == ["The text adds: Vaccination has begun."]


COUP = "Residents report vehicles on the bridges. An old recording is shown. No authority has spoken."
AFTER = "Soldiers hold the ministries. Telephone works, mobile internet does not. Shops are closed."


def test_a_text_of_which_nothing_is_left_is_said_to_be_new_once() -> None:
    """Three of its sentences stood in the list, and again below it, with “3 more changes in the text”."""
    assert told(replace(EBOLA, body=AFTER), replace(EBOLA, body=COUP)) == ["The text is new"]


def test_the_rows_of_a_table_are_compared_each_with_its_heads() -> None:
    """“The text no longer mentions: Province Signal Landfall” told the head of a table."""
    table = "| Station | Index |\n|---|---|\n| Anand Vihar | 463 |\n| RK Puram | 441 |"
    found = told(replace(EBOLA, body=table.replace("463", "470")), replace(EBOLA, body=table))
    assert found == ["In the text: Station: Anand Vihar · Index: 463 → 470"]


def test_urgency_is_told_in_the_words_that_stand_beside_the_headline() -> None:
    """“Urgency: Immediate → Expected” is said nowhere else: there it is “act soon”."""
    before, now = (replace(EBOLA, urgency=u) for u in (Urgency.IMMEDIATE, Urgency.EXPECTED))
    assert told(now, before) == ["Urgency: act at once → act soon"]
    assert told(now) == ["Urgency: not stated → act soon"]
