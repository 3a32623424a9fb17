"""The mailbox of what comes back, as operators see it: started, checked, shown, and never its password."""

from pathlib import Path

import pytest
from cli_runs import Process, Runs
from imap_server import PASSWORD, USER, ImapServer

ORDINARY = b"Subject: hello\r\n\r\nThank you.\r\n"


@pytest.mark.parametrize("words", [("worker",), ("up",)])
def test_with_an_address_that_cannot_be_read_nothing_starts(tmp_path: Path, words: tuple[str, ...]) -> None:
    code, out, err = Process(
        tmp_path, *words, ALERTS_BOUNCES_URL="imaps://u:hunter2@mail.example.org/*"
    ).ends()
    assert code == 2
    assert "ALERTS_BOUNCES_URL names a folder that cannot be one" in err
    assert "hunter2" not in out + err


def test_check_logs_in_and_status_says_who_reads(alerts: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    with ImapServer() as server:
        monkeypatch.setenv("ALERTS_BOUNCES_URL", server.url())
        assert alerts("check", "-o", "json").json == []
        assert "LOGIN" in server.said
        assert "mailbox      read by nobody: start `alerts up` or `alerts worker`" in alerts("status").out
        monkeypatch.setenv("ALERTS_BOUNCES_URL", server.url(password="another"))
        [found] = alerts("check", "-o", "json").json
        assert (found["id"], found["level"]) == ("mailbox", "error")
        assert "refuses the login" in found["message"]
        assert not any(secret in str(found) for secret in ("another", PASSWORD, USER))


@pytest.mark.faults
def test_a_worker_reads_it_beside_its_work(tmp_path: Path) -> None:
    with ImapServer() as server:
        server.put(ORDINARY)
        worker = Process(tmp_path, "worker", ALERTS_BOUNCES_URL=server.url())
        try:
            worker.says("mail that comes back is read from the mailbox at 127.0.0.1", stream="stderr")
            with server.changed:
                assert server.changed.wait_for(lambda: server.moved("Not understood") == [ORDINARY], 240)
        finally:
            worker.child.terminate()
            code, out, err = worker.ends()
        assert code == 0
        assert not any(secret in out + err for secret in (PASSWORD, "pa%3Ass"))
