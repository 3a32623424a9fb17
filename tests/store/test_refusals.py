"""Servers that refuse, in every way that has a name: a sentence, a hint, exit 5; `alerts check` finds it."""

import re
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import redis
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from alerts.errors import AlertsError, Away, Refused, Unreachable
from alerts.operations.checks.checking import check_server
from alerts.services import Services, connect
from alerts.settings import Settings
from alerts.store.refusals import understood

#: As servers say it, and what is raised.
SAYS = {
    "READONLY You can't write against a read only replica.": Refused,
    "NOREPLICAS Not enough good replicas to write.": Refused,
    "MISCONF Valkey is configured to save RDB snapshots, but it's currently unable to persist": Refused,
    "OOM command not allowed when used memory > 'maxmemory'.": Refused,
    "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.": Away,
    "LOADING Valkey is loading the dataset in memory": Away,
    "TRYAGAIN Multiple keys request during rehashing of slot": Away,
    "CLUSTERDOWN Hash slot not served": Away,
    "BUSY Valkey is busy running a script.": Away,
    "UNBLOCKED force unblock from blocking operation, instance state changed": Away,
    "ERR max number of clients reached": Away,
    "MOVED 3999 127.0.0.1:6381": Unreachable,
    "CROSSSLOT Keys in request don't hash to the same slot": Unreachable,
    "NOAUTH Authentication required.": Unreachable,
    "WRONGPASS invalid username-password pair or user is disabled.": Unreachable,
    "NOPERM User app has no permissions to run the 'zcard' command": Unreachable,
    "DENIED Valkey is running in protected mode": Unreachable,
    "ERR DB index is out of range": Unreachable,
    "ERR SELECT is not allowed in cluster mode": Unreachable,
    "ERR unknown command 'ZCARD', with args beginning with: ": Unreachable,
    "NEWWORD a refusal that no server knows yet": Unreachable,
}


@contextmanager
def answering(answer: Callable[[list[bytes]], bytes]) -> Iterator[str]:
    """The URL of a server that greets a client properly, and answers whatever else it is asked so."""

    class Talk(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            with suppress(ConnectionError):
                while said := self.rfile.readline():
                    words = []
                    for _ in range(int(said[1:])):
                        length = int(self.rfile.readline()[1:])
                        words.append(self.rfile.read(length + 2)[:-2])
                    greeting = {
                        b"HELLO": b"%1\r\n+proto\r\n:3\r\n",
                        b"CLIENT": b"+OK\r\n",
                        b"SELECT": b"+OK\r\n",
                    }
                    self.wfile.write(greeting.get(words[0]) or answer(words))

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Talk) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"redis://127.0.0.1:{server.server_address[1]}/1"
        server.shutdown()


def at(url: str) -> Services:
    return connect(Settings(home=Path("/tmp/home"), redis_url=SecretStr(url)))


@pytest.mark.parametrize(("says", "kind"), SAYS.items(), ids=[says[:24] for says in SAYS])
def test_whatever_a_server_refuses_with_is_a_sentence_with_a_hint(says: str, kind: type[AlertsError]) -> None:
    """READONLY and what follows a fail-over reached operators as “nobody foresaw”, exit 1."""
    with answering(lambda _: f"-{says}\r\n".encode()) as url:
        services = at(url)
        asked: list[Callable[[], Any]] = [services.due.count, services.breakers.tripped, services.due.rewind]
        for ask in asked:  # a command, a pipeline, a script
            with pytest.raises(kind) as refused:
                ask()
            assert refused.value.exit_code == 5
            assert refused.value.hint
        services.close()


def test_what_is_no_redis_server_is_called_so() -> None:
    said = b"HTTP/1.1 400 Bad Request\r\n\r\n"
    with answering(lambda _: said) as url, pytest.raises(Unreachable, match="no Redis or Valkey server"):
        at(url).due.count()


@given(st.sampled_from([says.partition(" ")[0] for says in SAYS if not says.startswith("ERR")]), st.text())
def test_what_we_asked_is_not_taken_for_what_the_server_said(word: str, text: str) -> None:
    """A pipeline repeats the command: an update about “OOM” was a server out of memory."""
    error = redis.ResponseError(
        f"Command # 1 (HSET {word} {text}) of pipeline caused error: WRONGTYPE Operation against a key"
    )
    assert understood(error) is None


#: How a real server comes to refuse writes, and what `alerts check` calls it.
@pytest.mark.parametrize(
    ("option", "value", "usual", "found"),
    [
        ("maxmemory", "1", "0", "out of memory"),
        ("min-replicas-to-write", "1", "0", "Too few replicas"),
    ],
)
def test_check_finds_a_server_that_takes_no_writes(
    services: Services, option: str, value: str, usual: str, found: str
) -> None:
    """It asked, and never wrote: a server that refused every publish had no problem."""
    client = services.server.client
    client.config_set(option, value)
    try:
        [problem] = check_server(services)
    finally:
        client.config_set(option, usual)
    assert found in problem.message
    assert problem.hint
    assert check_server(services) == []


def test_check_finds_a_replica(services: Services) -> None:
    client = services.server.client
    client.replicaof("127.0.0.1", "1")
    try:
        problems = check_server(services)
    finally:
        client.replicaof("NO", "ONE")
    assert [problem.id for problem in problems] == ["server.replica", "server.write"]
    assert re.search("read-only replica", problems[1].message)


def test_a_database_that_is_not_there_is_a_sentence(settings: Settings) -> None:
    url = settings.state_url.replace("db=1", "db=99")
    with pytest.raises(Unreachable, match="no database of this number"):
        at(url).due.count()
