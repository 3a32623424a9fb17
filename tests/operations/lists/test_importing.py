"""Files of subscribers: in, out, and in again."""

import gc
import io
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from house import OPERATOR
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alerts.errors import BadInput
from alerts.model import Channel, Standing, Step
from alerts.operations.lists.asked import Asked
from alerts.operations.lists.exporting import export
from alerts.operations.lists.imported import BadLine, Imported
from alerts.operations.lists.importing import Import
from alerts.operations.lists.rows import COLUMNS, Form, Row, as_table
from alerts.operations.lists.tables import read
from alerts.operations.subscribing import subscribers, subscriptions
from alerts.operations.subscribing.requested import UNKNOWN_MOST, Requested
from alerts.operations.subscribing.subscriber_details import find
from alerts.services import Services

CORPUS = Path(__file__).parents[3].parent / "shared" / "corpora" / "hostile_text"
HEADER = "address,name,timezone,regions,tags,cadence"


def silent(*_: object) -> None:
    """Progress that nobody looks at."""


def take(
    services: Services, text: str | bytes, *, dry_run: bool = False, new_tags: bool = False
) -> tuple[Imported, list[BadLine]]:
    bad: list[BadLine] = []
    coming = Import(services, OPERATOR, new_tags)
    coming.read(io.BytesIO(text.encode() if isinstance(text, str) else text), bad.append, silent)
    return coming.write(silent, dry_run), bad


def lines(*rows: str, header: str = HEADER) -> str:
    return "\n".join((header, *rows)) + "\n"


def exported(services: Services, form: Form = Form.CSV) -> list[str]:
    stream = io.StringIO(newline="")
    stream.writelines(export(services, OPERATOR).lines(form))
    return sorted(stream.getvalue().split("\r\n" if form is Form.CSV else "\n"))


def wants(services: Services, address: str) -> set[str]:
    return {
        f"{';'.join(s.filter.regions)} {';'.join(s.filter.any_tags)} {s.cadence}"
        for s in find(services, address).subscriptions
    }


def test_nobody_whom_a_file_names_is_held_in_memory(services: Services) -> None:
    """A million of them were half a gigabyte, in a process that answers others as well."""
    coming = Import(services, OPERATOR)
    file = lines(*(f"p{n}@example.org,,,UA,," for n in range(2_000)))
    coming.read(io.BytesIO(file.encode()), pytest.fail, silent)
    assert coming.people == 2_000
    gc.collect()  # what tests before have left
    assert [one for one in gc.get_objects() if isinstance(one, Asked)] == []


def test_rows_of_one_address_merge_wherever_they_stand(services: Services) -> None:
    done, bad = take(
        services,
        lines(
            "ann@example.org,Ann,Europe/Kyiv,UA,conflict,daily 08:00",
            "T1/C1,,,Europe,,",
            "ann@EXAMPLE.org,,,Poland;Moldova,,",
        ),
    )
    assert (done, bad) == (Imported(3, 0, 2, 0, 0), [])
    assert wants(services, "ann@example.org") == {"UA conflict daily 08:00", "MD;PL  immediate"}
    assert find(services, "ann@example.org").zone == "Europe/Kyiv"


def test_the_same_file_again_changes_nothing(services: Services) -> None:
    file = lines("ann@example.org,Ann,UTC,UA,,", "bob@example.org,Bob,,FR,,hourly")
    take(services, file)
    before = find(services, "ann@example.org")
    assert take(services, file)[0] == Imported(2, 0, 0, 0, 2)
    assert find(services, "ann@example.org") == before


def test_a_file_is_the_whole_truth_about_whom_it_names_and_silent_about_others(services: Services) -> None:
    take(
        services,
        lines("ann@example.org,Ann,Asia/Tokyo,UA,,", "ann@example.org,,,PL,,", "bob@example.org,,,FR,,"),
    )
    done, _ = take(services, lines("ann@example.org,,,PL,,", "ann@example.org,,,MD,,"))
    assert done == Imported(2, 0, 0, 1, 0)
    assert wants(services, "ann@example.org") == {"PL  immediate", "MD  immediate"}
    assert wants(services, "bob@example.org") == {"FR  immediate"}
    ann = find(services, "ann@example.org")
    assert (ann.name, ann.zone) == ("Ann", "Asia/Tokyo"), "what a file leaves empty stays"


def test_changed_wishes_are_caught_up_on_and_new_subscribers_begin_now(services: Services) -> None:
    take(services, lines("ann@example.org,,,UA,,"))
    assert services.due.count() == 0
    take(services, lines("ann@example.org,,,PL,,", "bob@example.org,,,PL,,"))
    assert [owed.work.step for owed in services.due.owed()] == [Step.CATCH_UP]


def test_subscriptions_keep_the_names_people_gave_them(services: Services) -> None:
    wanted = subscriptions.reader(services).read(Requested(("UA",), name="Home"))
    subscribers.add(services, OPERATOR, "ann@example.org", [wanted])
    take(services, lines("ann@example.org,,,UA,,", "ann@example.org,,,PL,,"))
    assert {s.name for s in find(services, "ann@example.org").subscriptions} == {"Home", "Poland"}


def test_who_is_paused_stays_so_whatever_the_file_says(services: Services) -> None:
    take(services, lines("ann@example.org,,,UA,,"))
    subscribers.pause(services, OPERATOR, "ann@example.org")
    take(services, lines("ann@example.org,,,PL,,"))
    assert wants(services, "ann@example.org") == {"PL  immediate"}
    assert find(services, "ann@example.org").standing is Standing.PAUSED
    assert services.due.count() == 0


def test_an_address_with_a_bad_line_loses_nothing_it_had(services: Services) -> None:
    """A misspelt tag in the second line must not cost Ann the subscription that line stands for."""
    take(services, lines("ann@example.org,,,UA,flood,", "ann@example.org,,,PL,,"))
    done, bad = take(
        services,
        lines("ann@example.org,,,MD,,", "ann@example.org,,,UA,floood,", "cal@example.org,,,Utopia,,"),
    )
    assert [line.line for line in bad] == [3, 4]
    assert (done.added, done.changed) == (0, 1)
    assert wants(services, "ann@example.org") == {"UA flood immediate", "PL  immediate", "MD  immediate"}


@pytest.mark.parametrize(
    ("line", "reason", "hint"),
    [
        pytest.param(
            "ann@example,,,UA,,", "cannot be used as an email address", "period", id="a bad address"
        ),
        pytest.param(",,,UA,,", "no address", "TEAM/CHANNEL", id="no address"),
        pytest.param("a@example.org,,,Ukrane,,", "Ukrane", "Ukraine (UA)", id="a misspelt region"),
        pytest.param("a@example.org,,,,,", "No region", "001", id="no region"),
        pytest.param("a@example.org,,,UA,conflct,", "conflct", "conflict", id="a misspelt tag"),
        pytest.param(
            "a@example.org,,Europa/Kiew,UA,,", "not a time zone", "Europe/Kiev", id="a misspelt zone"
        ),
        pytest.param("a@example.org,,,UA,,never", "not a cadence", "hourly", id="no cadence"),
        pytest.param("a@example.org,,,UA", "4 cells", "Quote", id="too few cells"),
        pytest.param("a@example.org,Ann, Dr.,,UA,,", "7 cells", "Quote", id="a name with a bare comma"),
        pytest.param('a@example.org,"Ann" B,,UA,,', "no row of CSV", "quotes", id="quotes in the middle"),
        pytest.param("a@example.org,\udce9,,UA,,", "no UTF-8", "CSV UTF-8", id="bytes of another encoding"),
        pytest.param("a@example.org,\x1b[2J,,UA,,", "control characters", "Type", id="a name for a terminal"),
    ],
)
def test_a_bad_line_is_told_by_number_and_reason_and_the_good_ones_are_kept(
    services: Services, line: str, reason: str, hint: str
) -> None:
    text = lines("ok@example.org,,,UA,,", "", line, "fine@example.org,,,UA,,")
    done, [bad] = take(services, text.encode("utf-8", "surrogateescape"))
    assert bad.line == 4
    assert reason in bad.reason
    assert hint in bad.hint
    assert (done.lines, done.bad, done.added) == (3, 1, 2)


def test_two_time_zones_for_one_address_are_told(services: Services) -> None:
    _, [bad] = take(services, lines("a@example.org,,UTC,UA,,", "a@example.org,,Asia/Tokyo,PL,,"))
    assert bad.line == 3
    assert "time zone UTC" in bad.reason


def test_a_quote_that_never_ends_is_told_where_it_begins(services: Services) -> None:
    _, [bad] = take(
        services, lines("a@example.org,,,UA,,", 'b@example.org,"Bob,,UA,,', "c@example.org,,,UA,,")
    )
    assert bad.line == 3


@pytest.mark.parametrize(
    ("header", "sentence", "hint"),
    [
        pytest.param("address,region", "no column “region”", "regions", id="a misspelt column"),
        pytest.param("email,name,attributes", "no column “email”", "address", id="a list from elsewhere"),
        pytest.param("address,regions,address", "twice", "Remove", id="a column twice"),
        pytest.param("address,tags", "“regions” is missing", "columns are", id="a column that is needed"),
        pytest.param("ann@example.org,UA", "no column", "first line", id="no header at all"),
    ],
)
def test_a_header_that_cannot_be_used_stops_everything(
    services: Services, header: str, sentence: str, hint: str
) -> None:
    with pytest.raises(BadInput) as refused:
        take(services, f"{header}\nann@example.org,UA,x\n")
    assert sentence in refused.value.sentence
    assert hint in refused.value.hint
    assert services.subscribers.count()[Channel("email")] == 0


@pytest.mark.parametrize("text", ["", "\n\n  \n", "\ufeff"])
def test_an_empty_file_is_refused(services: Services, text: str) -> None:
    with pytest.raises(BadInput, match="nothing in it"):
        take(services, text)


def test_a_file_without_one_good_line_is_useless_and_one_without_lines_is_not(services: Services) -> None:
    assert take(services, lines("nobody,,,UA,,"))[0].useless
    assert not take(services, lines("nobody,,,UA,,", "ann@example.org,,,UA,,"))[0].useless
    assert not take(services, lines())[0].useless


def written(
    mark: str = ",", end: str = "\n", encoding: str = "utf-8", listed: str = ";"
) -> Callable[[], bytes]:
    rows = [
        ["Address", "Regions", "Quiet Hours", "name"],
        ["ann@example.org", f"UA{listed}PL", "22:00-07:00", "Zoë"],
    ]
    return lambda: end.join([mark.join(row) for row in rows] + [""]).encode(encoding)


@pytest.mark.parametrize(
    "file",
    [
        pytest.param(written(), id="commas"),
        pytest.param(written(end="\r\n", encoding="utf-8-sig"), id="as Excel saves CSV UTF-8"),
        pytest.param(written("\t", "\r\n", "utf-16"), id="as Excel saves Unicode text"),
        pytest.param(written(";", listed="|"), id="semicolons, lists separated by bars"),
        pytest.param(
            lambda: written(";", listed=",")().replace(b"UA,PL", b'"UA;PL"'), id="semicolons, quoted"
        ),
        pytest.param(written(end="\r"), id="line ends of an old Mac"),
        pytest.param(lambda: written()().rstrip(b"\n"), id="no line end last"),
        pytest.param(lambda: b"\n" + written()() + b" , , , \n\n", id="empty lines around"),
        pytest.param(
            lambda: (
                b'{"address": "ann@example.org", "regions": ["UA", "PL"], "quiet_hours": "22:00-07:00", '
                b'"name": "Zo\\u00eb", "tags": null}\n\n'
            ),
            id="JSON lines",
        ),
    ],
)
def test_a_table_is_read_however_it_was_saved(services: Services, file: Callable[[], bytes]) -> None:
    done, bad = take(services, file())
    assert (done.added, bad) == (1, [])
    ann = find(services, "ann@example.org")
    assert ann.name == "Zoë"
    assert ann.subscriptions[0].filter.regions == ("PL", "UA")
    assert str(ann.subscriptions[0].quiet) == "22:00-07:00"


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("{", id="half an object"),
        pytest.param("[1]", id="no object"),
        pytest.param('{"address": "a@example.org", "region": "UA"}', id="a misspelt field"),
        pytest.param('{"address": 5, "regions": "UA"}', id="a number"),
        pytest.param('{"address": "a@example.org", "regions": [["UA"]]}', id="lists in a list"),
        pytest.param('{"address": ["a@example.org"], "regions": "UA"}', id="a list where none belongs"),
        pytest.param('{"address": "\\ud800@example.org", "regions": "UA"}', id="half a letter"),
        pytest.param('{"a":' * 100_000, id="deeper than any object"),
        pytest.param('{"address": ' + "9" * 5000 + "}", id="an endless number"),
    ],
)
def test_a_bad_json_line_is_told_and_the_good_ones_are_kept(services: Services, line: str) -> None:
    good = '{"address": "ok@example.org", "regions": "UA"}'
    done, [bad] = take(services, f"{good}\n{line}\n")
    assert (bad.line, done.added) == (2, 1)
    assert bad.hint


def test_a_dry_run_says_the_same_and_writes_nothing(services: Services) -> None:
    file = lines("ann@example.org,,,UA,locusts,", "bad,,,UA,,")
    tried = take(services, file, dry_run=True, new_tags=True)
    assert services.subscribers.count()[Channel("email")] == 0
    assert "locusts" not in services.tags.all()
    assert take(services, file, new_tags=True) == tried
    assert "locusts" in services.tags.all()


def test_an_import_that_was_interrupted_is_completed_by_the_next(services: Services) -> None:
    file = lines(*(f"p{n}@example.org,,,UA,," for n in range(1200))).encode()

    def interrupt(done: int, _of: int | None) -> None:
        if done >= 500:
            raise KeyboardInterrupt

    coming = Import(services, OPERATOR)
    coming.read(io.BytesIO(file), silent, silent)
    with pytest.raises(KeyboardInterrupt):
        coming.write(interrupt)
    assert services.subscribers.count()[Channel("email")] == 500
    assert take(services, file)[0] == Imported(1200, 0, 700, 0, 500)


def test_two_imports_at_once_leave_everybody_with_the_wishes_of_one(services: Services) -> None:
    people = [f"p{n}@example.org" for n in range(700)]
    take(services, lines(*(f"{one},,,FR,," for one in people)))
    files = [lines(*(f"{one},,,{code},," for one in people)) for code in ("UA", "PL")]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda file: take(services, file), files))
    found = [s.subscriptions for s in services.subscribers.everyone()]
    assert len(found) == 700
    assert {s.filter.regions for several in found for s in several} <= {("UA",), ("PL",)}
    assert {len(several) for several in found} == {1}


def test_a_file_of_nonsense_ends_soon(services: Services) -> None:
    """Each word that is unknown is compared with all that are known: a million of them would take hours."""
    nonsense = lines(*(f"p{n}@example.org,,,UA,tag-{n}," for n in range(UNKNOWN_MOST + 2)))
    with pytest.raises(BadInput, match="different words are no regions"):
        take(services, nonsense)


def test_a_line_without_an_end_is_refused() -> None:
    with pytest.raises(BadInput, match="longer than"):
        list(read(io.BytesIO(b"address,regions\n" + b"x" * (1 << 21))))


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.text(
    "'=+-@\t\r\n\",;|＝＠ a", max_size=6
)
#: As names are kept: on one line, and no spaces around it.
labels = texts.map(lambda text: " ".join(text.split()))
rows = st.builds(Row, **dict.fromkeys(COLUMNS, labels)).filter(lambda row: any(map(str.strip, row)))


@given(st.lists(rows, max_size=5), st.sampled_from(Form))
def test_what_is_written_reads_back_as_the_same_rows(several: list[Row], form: Form) -> None:
    stream = io.StringIO(newline="")
    stream.writelines(as_table(several, form))
    text = stream.getvalue()
    if several:
        assert [line.row for line in read(io.BytesIO(text.encode()))] == several


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "＝1+1", "'=1", "''@x"])
def test_no_cell_of_an_export_begins_a_formula(name: str) -> None:
    stream = io.StringIO(newline="")
    stream.writelines(as_table([Row("email", "a@example.org", name)], Form.CSV))
    assert f"a@example.org,'{name}," in stream.getvalue()


COUNTRIES = ("UA", "PL", "eu", "150", "UA-30", "001")
TAGS = ("flood", "conflict", "strike")
listed = st.lists(st.sampled_from(TAGS), unique=True, max_size=2).map(";".join)
people = st.builds(
    Row,
    channel=st.sampled_from(["", "email"]),
    address=st.sampled_from(["a@example.org", "b@example.org", "+c'@example.org", "=d@example.org"]),
    name=texts,
    timezone=st.just("Europe/Kyiv"),
    regions=st.lists(st.sampled_from(COUNTRIES), min_size=1, max_size=3).map(";".join),
    tags=listed,
    all_tags=listed,
    min_severity=st.sampled_from(["", "severe", "unknown"]),
    cadence=st.sampled_from(["", "hourly", "daily 08:05", "weekly mon,fri 23:59"]),
    quiet_hours=st.sampled_from(["", "22:00-07:00"]),
    bypass=st.sampled_from(["", "extreme"]),
    daily_cap=st.sampled_from(["", "1", "12"]),
)


people = st.one_of(
    people,
    people.filter(lambda row: row.cadence.startswith(("daily", "weekly"))).map(
        lambda row: row._replace(all_quiet="yes")
    ),
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(people, min_size=1, max_size=8), st.sampled_from(Form))
def test_an_export_imported_elsewhere_exports_the_same(
    services: Services, several: list[Row], form: Form
) -> None:
    services.server.client.flushall()
    stream = io.StringIO(newline="")
    stream.writelines(as_table([*several, Row(address="T1/C1", regions="001")], form))
    take(services, stream.getvalue())
    first = exported(services, form)
    whole = io.StringIO(newline="")
    whole.writelines(export(services, OPERATOR).lines(form))
    services.server.client.flushall()
    assert take(services, whole.getvalue())[1] == []
    assert exported(services, form) == first


def test_json_lines_have_every_column_and_lists_as_lists(services: Services) -> None:
    take(services, lines("ann@example.org,Ann,,UA;PL,,"))
    [_, line] = exported(services, Form.JSONL)
    row = json.loads(line)
    assert tuple(row) == COLUMNS
    assert row["regions"] == ["PL", "UA"]
    assert row["tags"] == []


@pytest.mark.skipif(not CORPUS.exists(), reason="the collections are not at hand")
@pytest.mark.parametrize(
    "path", sorted(CORPUS.glob("csv*.[ct]sv")) if CORPUS.exists() else [], ids=lambda p: p.name
)
def test_foreign_tables_are_refused_with_a_sentence(services: Services, path: Path) -> None:
    with pytest.raises(BadInput) as refused:
        take(services, path.read_bytes())
    assert refused.value.hint


@pytest.mark.skipif(not CORPUS.exists(), reason="the collections are not at hand")
def test_a_foreign_list_with_its_columns_renamed_is_taken(services: Services) -> None:
    text = (CORPUS / "csv_listmonk_subscribers_import.csv").read_text("utf-8")
    rows = [line.split(",", 2)[:2] for line in text.splitlines()[1:]]
    file = lines(*(f"{address},{name},,UA,," for address, name in rows if "@" in address))
    done, bad = take(services, file)
    assert (done.added, bad) == (len(rows), [])


@pytest.mark.skipif(not CORPUS.exists(), reason="the collections are not at hand")
def test_whatever_a_person_is_called_comes_back_or_is_told(services: Services) -> None:
    naughty = json.loads((CORPUS / "blns_open.json").read_text("utf-8"))
    stream = io.StringIO(newline="")
    rows = [Row("", f"p{n}@example.org", name, regions="UA") for n, name in enumerate(naughty)]
    stream.writelines(as_table(rows, Form.CSV))
    done, bad = take(services, stream.getvalue())
    assert done.added + len(bad) == len(naughty)
    for n, name in enumerate(naughty):
        person = services.subscribers.find(Channel("email"), f"p{n}@example.org")
        assert person is None or person.name == " ".join(name.split())
