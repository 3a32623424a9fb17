"""Where the state and Celery's messages are: the same server unless said, never the same database."""

from pathlib import Path
from typing import Any

import pytest
import redis
from kombu import Connection
from kombu.transport.redis import Channel
from pydantic import SecretStr

from alerts.errors import BadInput
from alerts.operations.checks.checking_settings import check_settings
from alerts.services import connect
from alerts.settings import Settings


def configured(redis_url: str | None, broker_url: str | None = None) -> Settings:
    given: dict[str, Any] = {"home": Path("/tmp/home")}
    given |= {"redis_url": SecretStr(redis_url)} if redis_url else {}
    given |= {"broker_url": SecretStr(broker_url)} if broker_url else {}
    return Settings(**given)


def reached(url: str, kombu: bool) -> tuple[Any, ...]:
    """Which database a client of this URL would select, where, and as whom."""
    if kombu:
        channel = Channel.__new__(Channel)  # made whole, it would connect
        channel.connection = Connection(url).transport
        parts = channel._connparams()
    else:
        parts = redis.Redis.from_url(url).connection_pool.connection_kwargs
    where = parts.get("path") or (parts.get("host"), parts.get("port", 6379))
    return where, int(parts.get("db") or 0), parts.get("username") or None, parts.get("password") or None


@pytest.mark.parametrize(
    "url",
    [
        None,
        "redis://h:6380/1",
        "redis://h:6380?db=1",
        "redis://u:p%40ss@h/3?db=1",
        "unix:///run/redis.sock?db=1",
        "unix://u:p%40ss@/run/my%20redis.sock?db=1",
        "unix:///run/redis.sock?db=1&password=p%40ss",
    ],
)
def test_messages_pass_in_database_0_of_the_server_that_holds_the_state(url: str | None) -> None:
    """Of `unix:///run/redis.sock?db=1` it made `unix:/0?db=1`: no server, and the state's own database."""
    settings = configured(url)
    state, doorbells = reached(settings.state_url, kombu=False), reached(settings.doorbell_url, kombu=True)
    assert doorbells == (state[0], 0, *state[2:])
    assert state[1] != 0
    assert not [problem for problem in check_settings(settings) if problem.id == "settings.shared-database"]


def test_tls_is_the_same_for_both() -> None:
    url = configured("rediss://h/1?ssl_ca_certs=/etc/ours.pem&socket_timeout=3").doorbell_url
    assert url == "rediss://h/0?ssl_ca_certs=%2Fetc%2Fours.pem"


@pytest.mark.parametrize(
    ("state", "broker"),
    [
        ("redis://h", None),
        ("redis://h:6379/0", None),
        ("unix:///run/redis.sock", None),
        ("redis://127.0.0.1/2", "redis://localhost:6379/2"),
        ("redis://u:p@h/1", "redis://h/1"),
        ("unix:///run/redis.sock?db=2", "redis+socket:///run/redis.sock?virtual_host=2"),
    ],
)
def test_a_shared_database_is_an_error(state: str, broker: str | None) -> None:
    found = [problem.level for problem in check_settings(configured(state, broker)) if "shared" in problem.id]
    assert found == ["error"]


@pytest.mark.parametrize("broker", ["amqp://h", "redis://other/1", "redis://h:6380/1", "redis://h/0"])
def test_databases_of_their_own_are_fine(broker: str) -> None:
    assert not [
        problem for problem in check_settings(configured("redis://h/1", broker)) if "shared" in problem.id
    ]


@pytest.mark.parametrize("url", ["http://u:hunter2@h", "redis://u:hunter2@h:port/1", "h:6379"])
def test_an_address_of_no_server_is_told_without_what_stands_in_it(url: str) -> None:
    with pytest.raises(BadInput, match="ALERTS_REDIS_URL") as refused:
        connect(configured(url))
    assert "hunter2" not in refused.value.sentence + refused.value.hint
    assert not [problem for problem in check_settings(configured(url)) if "shared" in problem.id]
