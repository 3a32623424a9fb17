"""URLs of servers: what both clients make of them, and that no password ever shows, whatever is in it."""

from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import redis
from hypothesis import example, given
from hypothesis import strategies as st
from kombu import Connection
from pydantic import SecretStr

from alerts.errors import BadInput
from alerts.server_url import ServerUrl
from alerts.settings import Settings, load

#: Stands in every password, so that it can be looked for.
MARK = "hunter2"
#: Where a password can stand, raw as people write it; `{}` is its place.
SHAPES = st.sampled_from(
    [
        "redis://:{}@h:6379/1",
        "redis://user:{}@10.0.0.5/1",
        "rediss://user:{}@h/1?ssl_cert_reqs=CERT_NONE",
        "unix://user:{}@/run/redis.sock?db=1",
        "unix:///run/redis.sock?db=1&password={}",
        "redis+socket://:{}@/run/redis.sock?virtual_host=0",
        "redis://{}@h",
        "redis://:{}@[::1]:6379/1",
        "sentinel://:{}@h:26379",
        "redis://:{}@h1:7000,h2:7001/0",
        "redis://:h@{}/1",
        "redis://:h@x/{}",
        "{}",
    ]
)
#: There it stands for the host.
NO_PASSWORD = ("redis://:h@{}/1",)
PASSWORDS = st.tuples(st.text(max_size=8), st.text(max_size=8)).map(MARK.join)


@given(PASSWORDS)
def test_any_password_that_is_percent_encoded_reaches_both_clients_whole(password: str) -> None:
    """Half of one was taken for a port, a path or an option, by each client for another."""
    encoded = quote(password, safe="")
    for url in (f"redis://:{encoded}@h:6380/1", f"unix://u:{encoded}@/run/redis.sock?db=1"):
        read = ServerUrl.parse(url, "ALERTS_REDIS_URL")
        state = redis.Redis.from_url(read.for_state()).connection_pool.connection_kwargs
        doorbells = Connection(read.for_doorbells())
        assert state["password"] == password
        assert doorbells.password == password or quote(password, safe="") in doorbells.hostname
        assert MARK not in doorbells.as_uri()
        assert MARK not in repr(read)


@given(SHAPES, PASSWORDS)
@example("redis://:{}@h:6379/1", f"pa#{MARK}")
@example("redis://:{}@h:6379/1", f"pa/{MARK}")
@example("redis://:{}@h:6379/1", f"pa?{MARK}")
@example("redis://:{}@h:6379/1", f"p[{MARK}")
@example("redis://:{}@h:6379/1", f"{MARK}\uff03")
@example("redis://:{}@h:6379/1", f"{MARK}\udcff")
def test_a_url_is_read_or_refused_in_one_sentence_that_shows_nothing_of_it(shape: str, password: str) -> None:
    """A raw `#` put the broker's password into the worker's log, over and over: as the port of the server."""
    for setting in ("redis_url", "broker_url"):
        written = Settings.model_construct(home=Path("/h"), **{setting: SecretStr(shape.format(password))})
        try:
            state, doorbells = written.state_url, written.doorbell_url
        except BadInput as fault:
            refused = fault
        else:  # then both clients take it; what stands for a host shows
            redis.Redis.from_url(state)
            shown = Connection(doorbells).as_uri()
            assert MARK not in shown or shape in NO_PASSWORD
            continue
        assert MARK not in refused.sentence + refused.hint
        assert refused.sentence.startswith(f"ALERTS_{setting.upper()} ")
        assert refused.hint


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("redis://:pa#ss@h:6379/1", "means something else in a URL"),
        ("redis://h/main", "names its database with something that is not a number"),
        ("redis://h/1/2", "names its database with something that is not a number"),
        ("sentinel://h:26379", "Redis Sentinel"),
        ("redis+sentinel://h:26379/mymaster", "Redis Sentinel"),
        ("redis+cluster://h:7000", "Redis Cluster"),
        ("redis://h1:7000,h2:7001", "Redis Cluster"),
        ("redis://h1,h2/1", "Redis Cluster"),
        ("unix://run/redis.sock", "without its whole path"),
        ("rediss://h/1?ssl_cert_reqs=maybe", "certificates"),
        ("redis://h/1?ssl_cert_reqs=none", "option"),
        ("redis://h/1?sokcet_timeout=3", "option"),
        ("redis://h/1?socket_timeout=soon", "seconds"),
        ("redis://..h/1", "host"),
        ("redis://h:0/1", "port 0"),
        ("redis://:%ff@h/1", "UTF-8"),
        ("redis://:a b@h/1", "space"),
        ("redis://secret@h/1", "user without a password"),
        ("amqp://h", "not the address of a Redis or Valkey server"),
        ("h:6379", "not the address of a Redis or Valkey server"),
    ],
)
@pytest.mark.parametrize("setting", ["ALERTS_REDIS_URL", "ALERTS_BROKER_URL"])
def test_what_cannot_be_used_is_said_before_anything_starts(
    url: str, sentence: str, setting: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database with a name was taken for number 0; most of the others were “nobody foresaw”."""
    monkeypatch.setenv(setting, url)
    with pytest.raises(BadInput, match=sentence) as refused:
        load()
    assert refused.value.sentence.startswith(setting)


def test_both_addresses_are_looked_at_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALERTS_REDIS_URL", "redis://h/main")
    monkeypatch.setenv("ALERTS_BROKER_URL", "sentinel://h")
    with pytest.raises(BadInput, match=r"ALERTS_REDIS_URL .*ALERTS_BROKER_URL"):
        load()


@pytest.mark.parametrize("spelling", ["CERT_NONE", "none"])
def test_certificates_are_spelled_as_either_client_does(spelling: str) -> None:
    read = ServerUrl.parse(f"rediss://h/1?ssl_cert_reqs={spelling}", "ALERTS_REDIS_URL")
    assert read.for_state().endswith("?ssl_cert_reqs=none")
    assert read.for_doorbells().endswith("?ssl_cert_reqs=none")


def test_the_broker_over_tls_shows_its_certificate_too() -> None:
    """Without an option Celery's client takes any: whoever stood between could ring, and read the names."""
    options: dict[str, Any] = Connection(ServerUrl.parse("rediss://h/0", "X").for_doorbells()).ssl
    assert options["ssl_cert_reqs"].name == "CERT_REQUIRED"
