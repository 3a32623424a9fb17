"""Tables as people and spreadsheets make them: each row is added rightly or refused by its line."""

import io
import zipfile
from pathlib import Path

import pytest
from house import OPERATOR
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.errors import BadInput
from alerts.model import Channel
from alerts.operations.lists.imported import BadLine, Imported
from alerts.operations.lists.importing import Import
from alerts.operations.lists.rows import Row
from alerts.operations.lists.tables import read
from alerts.operations.subscribing.addresses import destination
from alerts.services import Services

CASES = Path(__file__).parents[3].parent / "shared" / "cases" / "csv"


def take(services: Services, table: str | bytes) -> tuple[Imported, list[BadLine], set[str]]:
    """Import a table: what came of it, the lines refused, and who subscribes now."""
    bad: list[BadLine] = []
    coming = Import(services, OPERATOR)
    coming.read(io.BytesIO(table.encode() if isinstance(table, str) else table), bad.append, lambda *_: None)
    done = coming.write(lambda *_: None)
    return done, bad, {person.address for person in services.subscribers.everyone(Channel("email"))}


def rows_of(table: str) -> dict[int, Row | BadInput]:
    found = [(line.number, line.row) for line in read(io.BytesIO(table.encode()))]
    assert len(found) == len(dict(found)), "a line is told twice"
    return dict(found)


def right(row: Row | BadInput | None) -> bool:
    """Whether a row would be added: its address and its regions are some."""
    if not isinstance(row, Row) or row.regions not in ("UA", "Ukraine, Russia", "PL"):
        return False
    try:
        return bool(destination(row.address))
    except BadInput:
        return False


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[tuple[int, Row]], str]:
    """A table that is right, with the line each row begins in, and the same with stray quotes in it."""
    mark = draw(st.sampled_from(",;\t"))
    columns = draw(st.permutations(("address", "name", "regions")))
    names = st.sampled_from(["Anna", "Risk Desk", '"Smith, Anna"', '"Risk Desk\nKyiv"', '"5"" tube"', ""])
    written, begins, line = [], [], 2
    for n in range(draw(st.integers(1, 12))):
        name = draw(names)
        regions = draw(st.sampled_from(["UA", '"Ukraine, Russia"', "PL"]))
        cells = {"address": f"p{n}@example.org", "name": name, "regions": regions}
        plain = {k: v[1:-1].replace('""', '"') if v[:1] == '"' else v for k, v in cells.items()}
        begins.append((line, Row(**plain)))
        # Outside of commas nothing needs its quotes.
        written.append(mark.join(cells[name] for name in columns))
        line += 1 + name.count("\n")
    body = "\n".join(written) + "\n"
    for at in sorted(draw(st.lists(st.integers(0, len(body)), max_size=6)), reverse=True):
        body = body[:at] + '"' + body[at:]
    return begins, mark.join(columns) + "\n" + body


@settings(max_examples=400)
@given(tables())
def test_whatever_quotes_stray_into_a_table_no_person_vanishes_and_none_is_wrong(
    table: tuple[list[tuple[int, Row]], str],
) -> None:
    """One stray quote swallowed 998 of 1,000 people, two of them two of four without a word."""
    people, text = table
    found = rows_of(text)
    assert {line for line, _ in people} <= set(found)
    added = [(line, row) for line, row in found.items() if isinstance(row, Row) and right(row)]
    assert len({row.address for _, row in added}) == len(added)
    for line, row in added:
        _, person = max((begun, who) for begun, who in people if begun <= line)
        assert (row.address.strip(), row.regions) == (person.address, person.regions)
        # Of a name in two lines one may be refused for its quote, and told by its number.
        names = (person.name, *person.name.split("\n"))
        assert row.name.replace('"', "") in [name.replace('"', "") for name in names]


@pytest.mark.parametrize(
    ("table", "added", "refused"),
    [
        pytest.param('a@e.org,"Anna,UA\nb@e.org,Bob,UA\nc@e.org,Cy,UA\n', "bc", [2], id="one stray quote"),
        pytest.param(
            'a@e.org,"Anna,UA\nb@e.org,Bob,UA\nc@e.org,Cy",UA\nd@e.org,Di,UA\n', "bd", [2, 4], id="two"
        ),
        pytest.param('a@e.org,"Anna\n,UA\nb@e.org,Bob,UA\n', "b", [2, 3], id="in a line that is broken"),
        pytest.param('a@e.org,"Risk Desk\r\nKyiv","UA"\r\nb@e.org,Bo,UA\r\n', "ab", [], id="a line break"),
        pytest.param('a@e.org,"Smith, A\nKyiv",UA\nb@e.org,Bob,UA\n', "b", [2, 3], id="break and comma"),
        pytest.param('a@e.org,An"na,UA\nb@e.org,Bob,UA\n', "b", [2], id="a quote in a word"),
        pytest.param('a@e.org,Anna "Ann" Smith,UA\n', "a", [], id="a nickname"),
        pytest.param('a@e.org, "Smith, Anna", "UA;PL"\n', "a", [], id="spaces before quotes"),
        pytest.param('a@e.org,"' + "x\n" * 40 + '",UA\nb@e.org,Bob,UA\n', "b", None, id="forty lines"),
    ],
)
def test_a_quote_costs_its_own_line_and_no_other(
    services: Services, table: str, added: str, refused: list[int] | None
) -> None:
    done, bad, people = take(services, f"address,name,regions\n{table}")
    assert people == {f"{letter}@e.org" for letter in added}
    assert refused is None or [line.line for line in bad] == refused
    assert all(line.hint for line in bad)
    assert done.lines == done.bad + len(added)


def test_a_thousand_stray_quotes_are_read_in_one_go(services: Services) -> None:
    """Each costs its line, and looking ahead for its end costs a bounded number of lines."""
    table = "address,name,regions\n" + "".join(f'p{n}@example.org,"P,UA\n' for n in range(5_000))
    done, bad, people = take(services, table)
    assert (done.lines, done.bad, people) == (5_000, 5_000, set())
    assert [line.line for line in bad] == list(range(2, 5_002))


@pytest.mark.parametrize(
    "table",
    [
        pytest.param("sep=;\naddress;regions\nann@example.org;UA\n", id="a line that names the separator"),
        pytest.param('"sep=,"\r\naddress,regions\r\nann@example.org,UA\r\n', id="the same, quoted"),
        pytest.param("sep=\t\naddress\tregions\nann@example.org\tUA\n", id="the same, a tab"),
        pytest.param("\n\n;;;\naddress;regions\nann@example.org;UA\n", id="blank lines first"),
        pytest.param("# exported 2026-11-01, by us\naddress,regions\nann@example.org,UA\n", id="a comment"),
        pytest.param("address,name,regions,,,\nann@example.org,A,UA,,,\n,,,,,\n", id="empty columns last"),
        pytest.param("address ,name ,regions ,\nann@example.org , A ,UA ,\n", id="padded columns"),
        pytest.param("Address,Min-Severity,Time Zone,Regions\nann@example.org,,,UA\n", id="as people write"),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_what_surrounds_a_table_is_no_part_of_it(services: Services, table: str, encoding: str) -> None:
    done, bad, people = take(services, table.encode(encoding))
    assert (done.added, bad, people) == (1, [], {"ann@example.org"})


def test_a_cell_in_a_column_without_a_name_is_told(services: Services) -> None:
    """It may be a region that slipped: who is to be told of it must not be guessed."""
    _, [bad], people = take(services, "address,regions,\nann@example.org,UA,PL\n")
    assert (bad.line, people) == (2, set())
    assert "without a name" in bad.reason


def test_columns_of_other_systems_are_refused_all_at_once_with_what_they_are_here(services: Services) -> None:
    with pytest.raises(BadInput) as refused:
        take(services, "email,name,country\nzoe@example.org,Zoe,Ukraine\n")
    assert "“email”" in refused.value.sentence
    assert "“country”" in refused.value.sentence
    assert "address" in refused.value.hint
    assert "regions" in refused.value.hint


def workbook() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return held.getvalue()


@pytest.mark.parametrize(
    ("file", "is_one"),
    [
        pytest.param(workbook(), "workbook", id="xlsx"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old Office", id="xls"),
        pytest.param(b"<html><body><table><tr><td>address", "web page", id="a table as HTML"),
        pytest.param(b"\xef\xbb\xbf<?xml version='1.0'?><Workbook/>", "XML", id="a workbook as XML"),
        pytest.param(b"%PDF-1.7\n", "PDF", id="a PDF"),
    ],
)
def test_a_workbook_is_refused_as_one_and_told_how_to_be_saved(
    services: Services, file: bytes, is_one: str
) -> None:
    with pytest.raises(BadInput) as refused:
        take(services, file)
    assert is_one in refused.value.sentence
    assert "CSV UTF-8" in refused.value.hint


@pytest.mark.parametrize(
    ("typed", "read_as"),
    [("ａｎｎ＠ｅｘａｍｐｌｅ．ｏｒｇ", "ann@example.org"), ("Ann@exaｍple.org", "Ann@example.org")],
)
def test_letters_in_full_width_are_those_letters(services: Services, typed: str, read_as: str) -> None:
    assert destination(typed, Channel("email"))[1] == read_as


#: Of each case: how many are added, and the lines refused; None where the whole file is.
WHAT_IS_RIGHT: dict[str, tuple[int, list[int]] | None] = {
    "01-bom.csv": (1, []),
    "02-padded.csv": (1, []),
    "02b-padded-nocomma.csv": (1, []),
    "03-excel-unicode-text.txt": (1, []),
    "03b-utf16le-nobom.csv": (1, []),
    "04-sep-line.csv": (1, []),
    "07-case.csv": (1, []),
    "09-email-header.csv": None,
    "10-mac-cr.csv": (2, []),
    "11-quoted-newline.csv": (2, []),
    "12-empty-trailing-columns.csv": (1, []),
    "14-short-rows.csv": (1, [2]),
    "17-stray-quote.csv": (3, [2]),
    "17b-stray-quote-mid.csv": (2, [3]),
    "17c-two-stray-quotes.csv": (2, [2, 4]),
    "17d-stray-quote-1000.csv": (999, [3]),
    "18-space-before-quote.csv": (1, []),
    "23-plus-dots.csv": (3, []),
    "24-nul.csv": (1, [2]),
    "25-utf8-nobom-header-nbsp.csv": (1, []),
    "26-header-quotes-case.csv": (1, []),
    "28-xlsx.xlsx": None,
    "29-no-final-newline.csv": (1, []),
    "30-only-header.csv": (0, []),
    "32-comment-line.csv": (1, []),
    "33-blank-first-lines.csv": (1, []),
    "40-case-after-unsubscribe.csv": (1, []),
}


@pytest.mark.skipif(not CASES.exists(), reason="the cases are not at hand")
@pytest.mark.parametrize("name", sorted(WHAT_IS_RIGHT))
def test_a_case_gives_what_is_right_for_it(services: Services, name: str) -> None:
    expected, file = WHAT_IS_RIGHT[name], (CASES / name).read_bytes()
    if expected is None:
        with pytest.raises(BadInput) as refused:
            take(services, file)
        assert refused.value.hint
        return
    done, bad, people = take(services, file)
    assert (len(people), [line.line for line in bad]) == expected
    assert done.added == len(people)


@pytest.mark.skipif(not CASES.exists(), reason="the cases are not at hand")
@pytest.mark.parametrize("path", sorted(CASES.iterdir()) if CASES.exists() else [], ids=lambda p: p.name)
def test_of_no_case_a_line_vanishes(services: Services, path: Path) -> None:
    if WHAT_IS_RIGHT.get(path.name, ()) is None:
        return
    done, bad, _ = take(services, path.read_bytes())
    assert done.bad == len(bad) == len({line.line for line in bad})
    assert all(line.hint for line in bad)


@pytest.mark.skipif(not CASES.exists(), reason="the cases are not at hand")
def test_spellings_of_one_domain_are_one_person(services: Services) -> None:
    """Also what Unicode took apart; ß is another letter than ss, and its domain another domain."""
    _, bad, people = take(services, (CASES / "22-idn.csv").read_bytes())
    assert "user@xn--mnchen-3ya.example" in people
    assert len(people) == 4
    assert [line.line for line in bad] == [6, 10]
