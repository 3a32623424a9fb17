"""A misspelt variable set nothing, and nobody said so: mail went to the outbox for a day."""

from pathlib import Path

import pytest

from alerts import settings
from alerts.errors import BadInput


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("ALERTS_SMTP", "Did you mean ALERTS_SMTP_URL?"),
        ("ALERTS_SECRETKEY_FILE", "Did you mean ALERTS_SECRET_KEY_FILE?"),
        ("ALERTS_X", "docs/settings.md has every setting."),
    ],
)
def test_a_variable_that_sets_nothing_is_named_with_what_was_meant(name: str, hint: str) -> None:
    [problem] = settings.unknown({name: "secret", "ALERTS_HOME": "/x", "HOME": "/root"})
    assert (problem.level, problem.hint) == ("warning", hint)
    assert name in problem.message
    assert "secret" not in problem.message


def test_whatever_can_be_set_is_known() -> None:
    names = [f"ALERTS_{name.upper()}" for name in settings.Settings.model_fields]
    assert settings.unknown(dict.fromkeys([*names, "ALERTS_SMTP_URL_FILE"], "x")) == []


def test_a_secret_file_that_cannot_be_read_says_by_whom(tmp_path: Path) -> None:
    """In a container, a file made with umask 077 was a restart loop without a word of what to do."""
    with pytest.raises(BadInput, match=r"ALERTS_SECRET_KEY_FILE .* user") as fault:
        settings.load({"ALERTS_SECRET_KEY_FILE": str(tmp_path / "none")})
    assert "chmod 644" in fault.value.hint
