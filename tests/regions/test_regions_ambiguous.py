"""A name that several places bear is taken for none of them on a guess: over every name of the table."""

from collections import Counter, defaultdict
from functools import cache

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from thorough import usually

from alerts.errors import UnknownRegion
from alerts.regions import load
from alerts.regions.bearers import DOMINANCE, Bearer, dominant
from alerts.regions.names import compact
from alerts.regions.tables import read
from alerts.regions.towns import towns

TREE, TABLES = load(), read()
REGIONS = {region.code: region for region in TREE}
BY_NAME: dict[str, set[str]] = defaultdict(set)
for _code, _name in [*((r.code, r.name) for r in TREE), *TABLES.aliases]:
    BY_NAME[compact(_name)].add(_code)
#: Every name as it is written.
NAMES = sorted({r.name for r in TREE} | {name for _, name in TABLES.aliases})
#: The thousands who live in the towns of each region.
PEOPLE: Counter[str] = Counter()
for _code, _thousands in towns().people.items():
    PEOPLE.update(dict.fromkeys({_code, *TREE.ancestors(_code)}, _thousands))


def country(code: str) -> str:
    return code.partition("-")[0]


@cache
def answer(typed: str) -> tuple[str | None, str]:
    """What is taken, or the hint of the refusal."""
    try:
        return TREE.find(typed), ""
    except UnknownRegion as unknown:
        return None, unknown.hint


def is_shown(code: str, key: str) -> bool:
    return compact(REGIONS[code].name) == key


LIKELY = [
    ("Guadalajara", ["Jalisco, Mexico (MX-JAL)", "Guadalajara, Spain (ES-GU)"]),
    ("Santiago", ["Región Metropolitana de Santiago, Chile (CL-RM)", "Santiago, Dominican Republic (DO-25)"]),
    ("Mérida", ["Yucatán, Mexico (MX-YUC)", "Mérida, Venezuela (VE-L)", "Extremadura, Spain (ES-EX)"]),
    ("Trujillo", ["La Libertad, Peru (PE-LAL)", "Trujillo, Venezuela (VE-T)"]),
    ("Victoria", ["Victoria, Australia (AU-VIC)", "British Columbia, Canada (CA-BC)", "Seychelles (SC)"]),
    ("Córdoba", ["Córdoba, Argentina (AR-X)", "Córdoba, Colombia (CO-COR)", "Córdoba, Spain (ES-CO)"]),
    ("León", ["Guanajuato, Mexico (MX-GUA)", "León, Nicaragua (NI-LE)", "León, Spain (ES-LE)"]),
    ("Valencia", ["Valencia, Spain (ES-V)", "Carabobo, Venezuela (VE-G)"]),
    ("Granada", ["Granada, Spain (ES-GR)", "Granada, Nicaragua (NI-GR)"]),
    ("Birmingham", ["Birmingham, United Kingdom (GB-BIR)", "Alabama, United States (US-AL)"]),
    ("Tripoli", ["Tripoli, Libya (LY-TB)", "North Lebanon, Lebanon (LB-AS)"]),
    ("Cartagena", ["Bolívar, Colombia (CO-BOL)", "Murcia, Spain (ES-MC)"]),
    ("Zaire", ["DR Congo (CD)", "Zaire, Angola (AO-ZAI)"]),
    ("Formosa", ["Taiwan (TW)", "Formosa, Argentina (AR-P)"]),
    ("Buenos Aires", ["Ciudad Autónoma de Buenos Aires, Argentina (AR-C)", "Buenos Aires, Argentina (AR-B)"]),
    ("Washington", ["Washington, D.C., United States (US-DC)", "Washington, United States (US-WA)"]),
    ("Limburg", ["Limburg, Netherlands (NL-LI)", "Limburg, Belgium (BE-VLI)"]),
    ("Est", ["East, Cameroon (CM-ES)", "Est, Burkina Faso (BF-08)"]),
]


@pytest.mark.parametrize(("typed", "likely"), LIKELY, ids=[row[0] for row in LIKELY])
def test_a_name_of_several_places_is_refused_with_the_likely_ones_first(
    typed: str, likely: list[str]
) -> None:
    """A blast in Guadalajara told Spain, one in Santiago the Dominican Republic."""
    taken, hint = answer(typed)
    assert taken is None
    places = [hint.find(label) for label in likely]
    assert -1 not in places
    assert places == sorted(places)


TAKEN = [
    ("Georgia", "GE", "a country's present name is its own"),
    ("Mexico", "MX", "before its state's"),
    ("Panama", "PA", "and before its province's"),
    ("Luxembourg", "LU", "and before another country's province"),
    ("Paris", "FR-75C", "no town of the name has a tenth of its people"),
    ("London", "GB-LND", "nor here"),
    ("Kyiv", "UA-30", "nor here"),
    ("New York", "US-NY", "the city lies in it"),
    ("Gaza", "gaza-strip", "our own groups own their names"),
    ("Guadalajara, Mexico", "MX-JAL", "a town with its country is the region it lies in"),
    ("Guadalajara, Spain", "ES-GU", "and a region with its country is the region"),
    ("Georgia, United States", "US-GA", "though the name alone is a country's"),
    ("Gaza, Palestine", "gaza-strip", "or a group's"),
    ("Gaza, Mozambique", "MZ-G", "which is not the province"),
    ("Paris, Texas", "US-TX", "or with its state"),
    ("Victoria, Australia", "AU-VIC", "as the refusal writes it"),
]


@pytest.mark.parametrize(("typed", "code", "why"), TAKEN, ids=[f"{t} ({w})" for t, _, w in TAKEN])
def test_a_name_that_one_place_owns_or_dominates_is_taken(typed: str, code: str, why: str) -> None:
    assert TREE.find(typed) == code


def test_every_label_that_is_shown_is_found_again() -> None:
    """What a refusal offers can be typed as it stands."""
    assert all(TREE.find(TREE.label(region.code)) == region.code for region in TREE)


def test_every_name_with_its_country_is_that_countrys_or_asked_back() -> None:
    for region in list(TREE)[:: usually(3, 1)]:
        if region.kind == "subdivision":
            owner = REGIONS[country(region.code)].name
            taken, hint = answer(f"{region.name}, {owner}")
            assert hint or REGIONS[taken].kind != "subdivision" or country(taken) == country(region.code)


def test_over_all_names_what_is_taken_bears_the_name_and_nothing_alike_in_importance_is_passed_over() -> None:
    for name in NAMES:
        if name in TREE or name in TABLES.codes:
            continue
        taken, _ = answer(name)
        if taken is None:
            continue
        key, region = compact(name), REGIONS[taken]
        bearers = BY_NAME[key]
        assert taken in bearers, name
        if region.kind != "subdivision" and (region.kind != "country" or is_shown(taken, key)):
            continue
        elsewhere = [c for c in bearers if country(c) != country(taken) and is_shown(c, key)]
        twins = [c for c in elsewhere if taken in REGIONS[c].parents]
        assert elsewhere == twins, (name, taken, elsewhere)


def test_over_all_names_no_subdivision_is_taken_before_a_capital_or_a_great_town_elsewhere() -> None:
    """The pairs of a subdivision and a town elsewhere: refused, or far apart in people."""
    pairs = 0
    for name in NAMES:
        key = compact(name)
        taken, hint = answer(name)
        if taken and REGIONS[taken].kind == "subdivision":
            here = {country(taken), *TREE.ancestors(taken)}
            abroad = [t for t in towns().called(key) if country(t.region) not in here]
            own = [*towns().called(key), *towns().called(compact(REGIONS[taken].name))]
            people = max(PEOPLE[taken], *(t.thousands for t in own if country(t.region) in here), 0)
            for town in abroad:
                pairs += 1
                assert not town.capital, (name, taken, town)
                assert town.thousands * DOMINANCE <= people, (name, taken, town)
        elif taken is None:
            assert hint
    assert pairs > 50, "the rule was asked about"


def test_no_word_in_small_letters_is_a_code() -> None:
    """`Est`, the east of Burkina Faso or Cameroon, told Estonia."""
    for code in [*REGIONS, *TABLES.codes][:: usually(3, 1)]:
        for typed in {code.lower(), code.capitalize()} - {code}:
            taken, _ = answer(typed)
            assert taken is None or taken in BY_NAME[compact(typed)], typed


def test_a_code_in_small_letters_is_answered_with_how_codes_are_written() -> None:
    with pytest.raises(UnknownRegion) as unknown:
        TREE.find("ua-30")
    assert unknown.value.hint == "Did you mean Kyiv, Ukraine (UA-30)? Codes are written in capitals."


def test_more_places_than_a_hint_lists_are_counted() -> None:
    with pytest.raises(UnknownRegion) as unknown:
        TREE.find("Central")
    assert unknown.value.hint.count(" or ") >= 7
    assert "more: list them with `alerts regions find Central`" in unknown.value.hint
    assert len(TREE.search("Central", 50)) >= 12


_BEARERS = st.builds(
    Bearer,
    code=st.sampled_from(["AA", "AA-1", "BB-1", "CC-1", "DD"]),
    thousands=st.integers(0, 10_000),
    named=st.booleans(),
    capital=st.booleans(),
)


@given(st.lists(_BEARERS, max_size=6))
@example([Bearer("ES-GU", 93, named=True), Bearer("MX-JAL", 1386)])
def test_what_dominates_is_the_one_of_the_name_and_ten_times_all_others(bearers: list[Bearer]) -> None:
    one = dominant(bearers)
    named = [b for b in bearers if b.named]
    if one is None:
        others = [b for b in bearers if b not in named]
        assert len(named) != 1 or any(
            b.capital or b.thousands * DOMINANCE > named[0].thousands for b in others
        )
    else:
        assert [b.code for b in named] == [one]
