"""Lists that other systems wrote are taken as they are; what was left out comes back to be corrected."""

import io

import pytest
from house import OPERATOR

from alerts.errors import BadInput
from alerts.operations.lists.columns import ColumnChoices
from alerts.operations.lists.imported import BadLine, Imported, Remark
from alerts.operations.lists.importing import Import
from alerts.operations.lists.rejects import Rejects
from alerts.operations.subscribing.subscriber_details import find
from alerts.services import Services

#: As a personnel system writes it: its own names, more columns than we need, UTF-16, Excel's first line.
STAFF = (
    "sep=;\r\n"
    "Personnel No;Work Email;Full Name;Countries;Cost Centre;\r\n"
    '4711;ann@example.org;"Smith, Ann";Ukraine|Poland;CC-1;\r\n'
    "4712;bob@example.org;Bob;Ukraine;CC-2;x\r\n"
)
MAPPED = ("work email=address", "Full Name=name", "countries=regions")


def take(
    services: Services, table: str | bytes, *mapped: str, ignore: bool = False
) -> tuple[Imported, list[BadLine], str, list[Remark]]:
    bad: list[BadLine] = []
    remarks: list[Remark] = []
    left_out = io.StringIO(newline="")
    columns = ColumnChoices.parse(mapped, ignore)
    coming = Import(services, OPERATOR, remark=remarks.append, columns=columns)
    file = io.BytesIO(table if isinstance(table, bytes) else table.encode())
    coming.read(file, bad.append, lambda *_: None, Rejects(left_out))
    return coming.write(lambda *_: None), bad, left_out.getvalue(), remarks


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_the_list_of_a_personnel_system_is_taken_as_it_is(services: Services, encoding: str) -> None:
    """Every column of it had to be renamed by hand, and all others deleted, each Monday anew."""
    done, bad, _, remarks = take(services, STAFF.encode(encoding), *MAPPED, ignore=True)
    assert (done.added, bad) == (2, [])
    ann = find(services, "ann@example.org")
    assert (ann.name, ann.subscriptions[0].filter.regions) == ("Smith, Ann", ("PL", "UA"))
    assert [said.words for said in remarks] == ["Passed over: Personnel No, Cost Centre."]


def test_columns_that_are_unknown_are_named_with_both_ways_to_go_on(services: Services) -> None:
    with pytest.raises(BadInput) as refused:
        take(services, STAFF)
    for name in ("Personnel No", "Work Email", "Full Name", "Countries", "Cost Centre"):
        assert f"“{name}”" in refused.value.sentence
    assert "--map 'Work Email'=address" in refused.value.hint
    assert "--map Countries=regions" in refused.value.hint
    assert "--ignore-unknown" in refused.value.hint
    assert "missing" not in refused.value.sentence, "what a column may be is not told as missing, too"


def test_what_is_passed_over_is_no_reason_to_guess(services: Services) -> None:
    with pytest.raises(BadInput) as refused:
        take(services, STAFF, ignore=True)
    assert "“address” is missing" in refused.value.sentence
    assert "--map 'Work Email'=address" in refused.value.hint


@pytest.mark.parametrize(
    ("mapped", "sentence"),
    [
        pytest.param(("mail=address", "x=regionz"), "regionz", id="a column we do not have"),
        pytest.param(("address",), "maps no column", id="half a mapping"),
        pytest.param(("mail=address", "Mail=name"), "twice", id="one column as two things"),
        pytest.param(("nowhere=tags",), "No column is called “nowhere”", id="a column the file has not"),
        pytest.param(("mail=regions",), "twice, as “mail” and “regions”", id="two columns as one thing"),
    ],
)
def test_a_mapping_that_cannot_be_is_told(services: Services, mapped: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(BadInput) as refused:
        take(services, "mail,regions\nann@example.org,UA\n", *mapped)
    assert sentence in refused.value.sentence


def test_a_pipe_separates_cells_too(services: Services) -> None:
    done, bad, _, _ = take(services, "address|name|regions\nann@example.org|Ann|UA;PL\n")
    assert (done.added, bad) == (1, [])
    assert find(services, "ann@example.org").subscriptions[0].filter.regions == ("PL", "UA")


def test_fields_of_json_are_mapped_and_passed_over_likewise(services: Services) -> None:
    line = '{"work_email": "ann@example.org", "regions": ["UA"], "cost": 7}\n'
    done, bad, _, _ = take(services, line, "work_email=address", ignore=True)
    assert (done.added, bad) == (1, [])
    _, [bad_line], left_out, _ = take(services, line)
    assert "“work_email”, “cost”" in bad_line.reason
    assert left_out == line


def test_all_that_is_wrong_with_a_line_is_told_at_once(services: Services) -> None:
    """Six faults took six rounds: each import told the first of them."""
    table = (
        "address,name,timezone,regions,tags,min_severity,cadence\n"
        "ann@example,\x1b[2J,Europa/Kiew,Ukrane;Polnd,floood,sever,never\n"
    )
    _, [bad], _, _ = take(services, table)
    for word in ("ann@example", "Europa/Kiew", "Ukrane", "Polnd", "floood", "sever", "never", "control"):
        assert word in bad.reason


#: What can be wrong with a line, and what somebody makes of it in the file of the rejects.
WRONG = [
    ("ann@example.org,Ann,Ukrane,1", "Ukrane", "Ukraine"),
    ("bob@example.org,Bob", "Bob", "Bob,UA,2"),
    ("cy@example.org,Smith, Cy,UA,3", "Smith, Cy", '"Smith, Cy"'),
    ('di@example.org,"Di,UA,4', '"Di', "Di"),
    ('"el@example.org","El\nKyiv","Ukrane","5"', "Ukrane", "UA"),
    ("=fi@example,Fi,UA,6", "=fi@example", "fi@example.org"),
]


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_what_was_left_out_is_corrected_in_its_file_and_fed_again(services: Services, mark: str) -> None:
    """Of 300 lines 12 were bad: they had to be found by number, corrected there, and all fed again."""
    good = "ok@example.org,Ok,UA,0"
    table = "\n".join(["address,name,regions,desk", good, *(line for line, _, _ in WRONG)]) + "\n"
    table = table.replace(",", mark)
    choices = {"ignore": True}
    done, bad, left_out, _ = take(services, table, **choices)
    assert (done.added, len(bad)) == (1, len(WRONG))
    first, *others = left_out.splitlines()
    assert first == "\ufeff" + mark.join(("address", "name", "regions", "desk", "reason"))
    assert all(line.reason[:20] in left_out for line in bad)

    _, bad_again, left_out_again, _ = take(services, left_out, **choices)
    assert len(bad_again) == len(WRONG), "the column of reasons is no fault"
    assert left_out_again.splitlines()[0] == first
    assert len(left_out_again.splitlines()) == len(others) + 1

    for _, wrong, right in WRONG[:1] + WRONG[2:]:
        left_out = left_out.replace(wrong.replace(",", mark), right.replace(",", mark))
    short = f"bob@example.org{mark}Bob{mark}{mark}"
    left_out = left_out.replace(short, f"bob@example.org{mark}Bob{mark}UA{mark}")
    done, bad, _, _ = take(services, left_out, **choices)
    assert (done.added, bad) == (len(WRONG), [])


def test_a_line_in_bytes_of_another_encoding_comes_back_as_it_was(services: Services) -> None:
    table = b"address,name,regions\nann@example.org,Ren\xe9,UA\n"
    _, [bad], left_out, _ = take(services, table)
    assert "no UTF-8" in bad.reason
    assert b"Ren\xe9" in left_out.encode("utf-8", "surrogateescape")


def test_a_line_of_many_signs_is_left_out_in_bounded_time(services: Services) -> None:
    """Whom a spoilt line is about is looked for in time that grows with its length, not with its square."""
    _, [bad], _, _ = take(services, 'address,regions\n"' + "a" * 900_000 + ",UA\n")
    assert "no row of CSV" in bad.reason
