"""Whatever cannot be used is a sentence with a hint and exit code 2, never a traceback."""

from pathlib import Path

import pytest
from cli_runs import Runs

BAD = [
    pytest.param(["nothing.md"], None, "There is no file “nothing.md”.", id="a missing file"),
    pytest.param(["."], None, "“.” is a folder.", id="a folder"),
    pytest.param(["bad"], b"\x7fELF\x00\x01\x02", "It is a program, not an update.", id="a program"),
    pytest.param(["bad"], b"\x00\x01\x02", "It is not a text file.", id="a binary file"),
    pytest.param(
        ["bad.md", "--region", "UA"], b"%PDF-1.7\nFlood", "It is a PDF that cannot be read", id="a PDF"
    ),
    pytest.param(["bad"], b"", "It is empty.", id="an empty file"),
    pytest.param(["bad", "--region", "Ukrane"], b"Head", "No region is called “Ukrane”.", id="region"),
    pytest.param(["bad", "--region", "UA", "--severity", "awful"], b"Head", "severity cannot", id="severity"),
    pytest.param(["bad.md", "--region", "UA"], b"# " + b"x" * 300, "300 characters long", id="headline"),
    pytest.param(["bad.md", "--region", "UA", "--tag", "confict"], b"# Head", "The tag “confict”", id="tag"),
    pytest.param(["bad.md", "--region", "UA", "--id", "No!"], b"# Head", "id cannot be", id="an unfit id"),
    pytest.param(["bad.md", "--sevrity", "minor"], b"# Head", "--sevrity", id="an unknown option"),
    pytest.param(["bad.json"], b"{", "It is not valid JSON", id="broken JSON"),
    pytest.param([], None, "Missing argument", id="no file"),
]


@pytest.mark.parametrize("command", ["publish", "preview"])
@pytest.mark.parametrize(("words", "content", "sentence"), BAD)
def test_bad_input_is_a_sentence_with_a_hint(
    alerts: Runs, tmp_path: Path, command: str, words: list[str], content: bytes | None, sentence: str
) -> None:
    if content is not None:
        (tmp_path / words[0]).write_bytes(content)
    said = alerts(command, *words)
    assert (said.code, said.out) == (2, "")
    error, hint = said.err.splitlines()
    assert error.startswith("error: ")
    assert sentence in error
    assert hint.startswith("hint: ")
    as_json = alerts(command, *words, "-o", "json")
    assert as_json.code == 2
    assert sentence in as_json.fault["message"]
    assert set(as_json.fault) == {"error", "message", "hint"}


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        pytest.param(
            ["publish", "talks.md", "--region", "Ukrane"], "Did you mean Ukraine (UA)?", id="region"
        ),
        pytest.param(["publish", "talks.md", "--severity", "sever"], "Did you mean severe?", id="severity"),
        pytest.param(["publsh"], "Did you mean `alerts publish`?", id="command"),
    ],
)
def test_a_slip_is_answered_with_what_was_meant(
    alerts: Runs, update: str, words: list[str], hint: str
) -> None:
    assert hint in alerts(*words).err


@pytest.mark.parametrize(
    ("at", "sentence"),
    [
        pytest.param("2040-01-01", "at what hour", id="no hour"),
        pytest.param("2001-01-01T08:00:00Z", "is over", id="the past"),
        pytest.param("tomorrow", "is not a time", id="a word"),
    ],
)
def test_a_time_to_publish_at_is_exact_and_to_come(alerts: Runs, update: str, at: str, sentence: str) -> None:
    said = alerts("publish", update, "--new-tag", "--at", at)
    assert (said.code, sentence in said.sentence) == (2, True)


def test_of_several_files_the_one_at_fault_is_named_and_nothing_is_published(
    alerts: Runs, update: str, tmp_path: Path
) -> None:
    (tmp_path / "empty.md").write_text("")
    said = alerts("publish", update, "empty.md", "--new-tag")
    assert said.sentence.startswith("error: empty.md: It is empty.")
    assert alerts("status", "ua-talks").code == 4


def test_what_nobody_foresaw_is_a_sentence_and_a_file(
    alerts: Runs, update: str, services: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The state holds something no version ever wrote: the user still meets no traceback."""
    alerts("publish", update, "--new-tag")
    client = services.server.client  # type: ignore[attr-defined]
    client.hset("alerts:update:ua-talks", "r:1", "not JSON")
    said = alerts("status", "ua-talks")
    assert said.code == 1
    assert "nobody foresaw" in said.sentence
    log = Path(said.sentence.rpartition(" with ")[2].rstrip("."))
    assert "Traceback" in log.read_text()
    assert log.stat().st_mode & 0o077 == 0


def test_a_server_that_does_not_answer_is_exit_code_5(
    alerts: Runs, update: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALERTS_REDIS_URL", "redis://127.0.0.1:1/1")
    said = alerts("publish", update)
    assert (said.code, said.sentence.splitlines()[0]) == (5, "error: The server does not answer.")
    checked = alerts("check", "-o", "json")
    assert (checked.code, checked.json[0]["id"]) == (1, "server.unreachable")


@pytest.mark.parametrize(
    ("name", "value", "way"),
    [
        pytest.param("ALERTS_SMTP_URL", "smtp://u:hunter2@relay?tls=requird", "email", id="no such tls"),
        pytest.param("ALERTS_SMTP_URL", "smtp://u:hunter2@[relay", "email", id="no address"),
        pytest.param("ALERTS_SLACK_BOT_TOKEN", "xoxb hunter2…", "slack", id="no token"),
    ],
)
@pytest.mark.parametrize("command", ["up", "worker"])
def test_a_way_out_set_wrongly_is_found_by_check_and_nothing_starts_with_it(
    alerts: Runs, monkeypatch: pytest.MonkeyPatch, command: str, name: str, value: str, way: str
) -> None:
    """It passed the check, and was only met by a worker in the middle of a batch."""
    monkeypatch.setenv(name, value)
    checked = alerts("check", "-o", "json")
    [found] = [problem for problem in checked.json if problem["id"] == f"channels.{way}"]
    assert (checked.code, found["level"]) == (1, "error")
    said = alerts(command)
    assert (said.code, said.sentence) == (2, f"error: {found['message']}\nhint: {found['hint']}")
    assert "hunter2" not in checked.out + said.out + said.err


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        pytest.param(
            b"smtp_url = smtp://u:hunter2@relay", "is not TOML, at line 1, column 12.", id="no quotes"
        ),
        pytest.param(b'home = "x"\n[hunter2', "is not TOML, at end of document.", id="half a line"),
        pytest.param(b'smtp_url = "smtp://u:hunter2\xff"', "cannot be read.", id="not UTF-8"),
    ],
)
def test_a_slip_in_the_settings_file_is_a_sentence_without_what_stands_in_it(
    alerts: Runs, tmp_path: Path, written: bytes, sentence: str
) -> None:
    """It printed two tracebacks: while the first was being put away, the settings were read again."""
    (tmp_path / "alerts.toml").write_bytes(written)
    said = alerts("status")
    assert (said.code, said.sentence.splitlines()[0]) == (2, f"error: alerts.toml {sentence}")
    assert said.sentence.splitlines()[1].startswith("hint: ")
    assert "hunter2" not in said.out + said.err
