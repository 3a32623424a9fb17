"""Commands and servers that are not there yet, or that cannot be named so."""

from pathlib import Path

import pytest
from cli_runs import Process

PASSWORD = "hunter2"


@pytest.mark.parametrize("words", [("worker",), ("check", "-o", "json")])
def test_no_command_shows_the_password_of_a_url_that_it_cannot_read(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    """The worker was started again and again, and each start logged what it took for a port."""
    url = f"redis://:{PASSWORD}#x@127.0.0.1:1/0"
    code, out, err = Process(tmp_path, *words, ALERTS_BROKER_URL=url).ends()
    assert code == 2
    assert PASSWORD not in out + err
    assert "ALERTS_BROKER_URL cannot be taken apart" in err
