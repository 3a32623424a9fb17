"""What a real postfix gives back, through a real return path and the pipe of `alerts receive`, to its end."""

import os
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from house import OPERATOR, draft, subscribe, tell, told
from postfix import USABLE, postfix
from smtp_server import Moment, SmtpServer

from alerts.model import Channel, State
from alerts.operations import count_returned, list_returned
from alerts.runtime import attach
from alerts.services import connect
from alerts.settings import Settings

pytestmark = [
    pytest.mark.skipif(not USABLE, reason="postfix is not on this machine, or we are not root"),
    pytest.mark.faults,
]

EMAIL, DOMAIN = Channel("email"), "returns.example.org"
GONE, FULL, GUARDED, FINE = (f"{name}@example.net" for name in ("gone", "full", "guarded", "fine"))


def refusing() -> Callable[[Moment], str | None]:
    """The next server knows no gone@, has no room for full@, and takes no such content for guarded@."""
    guarded: set[int] = set()

    def answer(moment: Moment) -> str | None:
        if moment.verb == "rcpt" and GONE in moment.argument:
            return f"550 5.1.1 <{GONE}>: Recipient address rejected: User unknown"
        if moment.verb == "rcpt" and FULL in moment.argument:
            return f"552 5.2.2 <{FULL}>: Mailbox is full"
        if moment.verb == "rcpt" and GUARDED in moment.argument:
            guarded.add(moment.connection)
        if moment.verb == "body" and moment.connection in guarded:
            guarded.discard(moment.connection)
            return "554 5.7.1 Message content rejected: it looks like spam"
        return None

    return answer


def test_what_comes_back_changes_states_suppressions_and_counters_end_to_end(
    tmp_path: Path,
) -> None:
    """And while our server is away, postfix keeps the report and hands it over once more."""
    home = tmp_path / "home"
    ours = {"ALERTS_HOME": str(home), "ALERTS_RETURN_PATH": DOMAIN}
    away = ours | {"ALERTS_REDIS_URL": "redis://127.0.0.1:1/1"}
    command = [sys.executable, "-m", "alerts", "receive"]
    environments = [os.environ | away, os.environ | ours]
    with (
        SmtpServer(script=refusing()) as onward,
        attach(Settings(home=home)),
        postfix(onward.port, DOMAIN, command, environments) as relay,
    ):
        services = connect(
            Settings(home=home, return_path=DOMAIN, smtp_url=f"smtp://127.0.0.1:{relay.port}?tls=none")  # type: ignore[arg-type]
        )
        for address in (GONE, FULL, GUARDED, FINE):
            subscribe(services, address, "UA")
        tell(services, draft())
        assert {s for states in told(services, "ua-talks").values() for s in states} == {State.SENT}
        deadline = time.monotonic() + 300
        while relay.codes.count(0) < 3:
            assert time.monotonic() < deadline, relay.log()
            time.sleep(0.2)
        assert Counter(relay.codes) == {0: 3, os.EX_TEMPFAIL: 1}
        assert told(services, "ua-talks") == {
            GONE: [State.BOUNCED],
            FULL: [State.BOUNCED],
            GUARDED: [State.BOUNCED],
            FINE: [State.SENT],
        }
        [digest] = services.updates.digests("ua-talks")
        [progress] = services.digests.progress([digest]).values()
        assert progress.counts == {State.BOUNCED: 3, State.SENT: 1}
        standing = services.suppressions.find(EMAIL, [GONE, FULL, GUARDED, FINE])
        assert {address: found.until_ms is None for address, found in standing.items()} == {
            GONE: True,
            FULL: False,
        }
        assert sum((Counter(kinds) for kinds in count_returned(services, OPERATOR).values()), Counter()) == {
            "hard": 1,
            "soft": 1,
            "blocked": 1,
        }
        said = {one.address: one.words for one in list_returned(services, OPERATOR, 10)}
        assert "User unknown" in said[GONE]
        assert "Mailbox is full" in said[FULL]
        assert "looks like spam" in said[GUARDED]
        assert Counter(notice["what"] for notice in services.notices.latest()) == {
            "suppressed": 1,
            "given back because of us": 1,
        }
        services.close()
