"""The URL of a Redis or Valkey server: taken apart once, refused in a sentence that shows nothing of it.

Redis's client and Celery's each read URLs in a way of their own and silently take what they do not understand
for something else (a database with a name for number 0, half a password for a port). So both are given what
was understood here, in their own spelling.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Self
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit

from alerts.errors import BadInput

_EXAMPLES = "Write redis://user:password@host:6379/1, rediss://… for TLS, or unix:///path?db=1."
_ENCODE = (
    "In a password write # as %23, / as %2F, ? as %3F, @ as %40, % as %25: redis://user:password@host:6379/1."
)
#: How the kinds of servers that cannot be used are named where they can be.
_SENTINEL = re.compile(r"(redis|rediss)?[+-]?sentinel")
_CLUSTER = re.compile(r"(redis|rediss)[+-]?cluster|cluster")

_PORT = 6379
_SOCKET = ("unix", "redis+socket")
#: Every spelling of the three, as both clients know them.
_CERTIFICATES = {
    name: check for check in ("required", "optional", "none") for name in (check, f"CERT_{check.upper()}")
}
_TLS = ("ssl_cert_reqs", "ssl_ca_certs", "ssl_certfile", "ssl_keyfile", "ssl_check_hostname")
_PATIENCE = ("socket_timeout", "socket_connect_timeout")
_OWN = ("db", "virtual_host", "username", "password")


@dataclass(frozen=True, slots=True)
class ServerUrl:
    """One database of one server, and how to get in. `path` is that of a Unix socket, else empty."""

    host: str
    port: int
    path: str
    database: int
    username: str = field(repr=False)
    password: str = field(repr=False)
    tls: Mapping[str, str] | None
    patience: Mapping[str, str]

    @classmethod
    def parse(cls, text: str, setting: str) -> Self:
        """Take a URL apart. Raises BadInput, which names the setting and repeats nothing of its value."""
        try:
            return cls._read(_split(text))
        except _Fault as fault:
            raise BadInput(f"{setting} {fault.sentence}", fault.hint) from None

    @classmethod
    def _read(cls, url: SplitResult) -> Self:
        socket = url.scheme in _SOCKET
        known = (*_OWN, *_PATIENCE, *(_TLS if url.scheme == "rediss" else ()))
        options = dict(parse_qsl(url.query, keep_blank_values=True))
        if not options.keys() <= set(known):
            raise _Fault("has an option that is not known.", f"Known here are {', '.join(known)}. {_ENCODE}")
        if socket and (url.hostname or not url.path.startswith("/")):
            raise _Fault("names a socket without its whole path.", "Write unix:///run/redis.sock?db=1.")
        named = options.get("db") or options.get("virtual_host") or ("" if socket else url.path.strip("/"))
        if not re.fullmatch("[0-9]{0,5}", named):
            raise _Fault(
                "names its database with something that is not a number.",
                f"Databases are numbers: redis://host:6379/1. {_ENCODE}",
            )
        username = _plain(url.username) or options.get("username", "")
        password = _plain(url.password) or options.get("password", "")
        if (
            username and not password
        ):  # what stands there is often the password, and would be logged as a name
            raise _Fault("names a user without a password.", "Write redis://:password@host:6379/1.")
        return cls(
            host=_host(url),
            port=_port(url),
            path=_plain(url.path) if socket else "",
            database=int(named or 0),
            username=username,
            password=password,
            tls=_tls(options) if url.scheme == "rediss" else None,
            patience={name: _seconds(options[name]) for name in _PATIENCE if name in options},
        )

    @property
    def place(self) -> tuple[str, int, int]:
        """Which database of which server; this machine goes by one name."""
        if self.path:
            return self.path, 0, self.database
        return "localhost" if self.host in ("127.0.0.1", "::1") else self.host, self.port, self.database

    def at(self, database: int) -> Self:
        """Another database of the same server."""
        return replace(self, database=database)

    def for_state(self) -> str:
        """As Redis's own client spells it."""
        options = {**(self.tls or {}), **self.patience}
        if self.path:
            options["db"] = str(self.database)
            return f"unix://{self._login}{quote(self.path)}{_query(options)}"
        return f"{self._server}/{self.database}{_query(options)}"

    def for_doorbells(self) -> str:
        """As Celery's client spells it. Of the options only those about TLS mean the same to it.

        Without any of them it would take every certificate.
        """
        if self.path:
            return f"redis+socket://{self._login}{quote(self.path)}?virtual_host={self.database}"
        tls = {} if self.tls is None else self.tls or {"ssl_cert_reqs": "required"}
        return f"{self._server}/{self.database}{_query(tls)}"

    @property
    def _login(self) -> str:
        user, password = quote(self.username, safe=""), quote(self.password, safe="")
        return f"{user}:{password}@" if user or password else ""

    @property
    def _server(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _PORT else f":{self.port}"
        return f"redis{'' if self.tls is None else 's'}://{self._login}{host}{port}"


class _Fault(Exception):
    """What is wrong with a URL, without saying whose setting it is."""

    def __init__(self, sentence: str, hint: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.hint = hint


def _split(text: str) -> SplitResult:
    """The parts of a URL that names one server and says nothing which must be guessed at."""
    scheme = text.partition("://")[0].lower()
    if _SENTINEL.fullmatch(scheme):
        raise _Fault(
            "names Redis Sentinel, which is not asked here.",
            "Name the primary itself, or a proxy that follows it: redis://host:6379/1.",
        )
    if _CLUSTER.fullmatch(scheme):
        raise _cluster()
    if "://" not in text or scheme not in ("redis", "rediss", *_SOCKET):
        raise _Fault("is not the address of a Redis or Valkey server.", _EXAMPLES)
    if not text.isprintable() or " " in text:
        raise _Fault("has a space, a line break or a sign in it that no URL may have.", _ENCODE)
    guessed = _Fault("cannot be taken apart: a sign in it means something else in a URL.", _ENCODE)
    try:
        url = urlsplit(text)
        _ = url.port
    except ValueError:  # it repeats what it could not read: often the password
        servers = text.partition("://")[2].rpartition("@")[2].partition("/")[0]
        raise (_cluster() if "," in servers else guessed) from None
    if url.fragment or text.endswith("#") or "@" in url.path + url.query:
        raise guessed
    return url


def _cluster() -> _Fault:
    return _Fault(
        "names several servers: Redis Cluster is not supported.",
        "Name one server that is no part of a cluster: redis://host:6379/1.",
    )


def _host(url: SplitResult) -> str:
    host = _plain(url.hostname)
    if url.scheme in _SOCKET:
        return host
    if "," in host:
        raise _cluster()
    try:
        host.encode("idna")
    except UnicodeError:
        raise _Fault("names a host that cannot be one.", _EXAMPLES) from None
    if re.search(r"[^\w.:%-]", host):
        raise _Fault("names a host that cannot be one.", _EXAMPLES)
    return host or "localhost"


def _port(url: SplitResult) -> int:
    if url.port == 0:
        raise _Fault("names port 0, where nobody listens.", _EXAMPLES)
    return url.port or _PORT


def _plain(part: str | None) -> str:
    """A part of a URL without its percent signs."""
    try:
        return unquote(part or "", errors="strict")
    except UnicodeDecodeError:
        raise _Fault("has percent signs in it that stand for no UTF-8.", _ENCODE) from None


def _tls(options: Mapping[str, str]) -> dict[str, str]:
    found = {name: options[name] for name in _TLS if name in options}
    asked = found.get("ssl_cert_reqs", "required")
    if asked not in _CERTIFICATES:
        raise _Fault(
            "asks for a way to look at certificates that there is not.",
            "ssl_cert_reqs is required, optional or none.",
        )
    if "ssl_cert_reqs" in found:
        found["ssl_cert_reqs"] = _CERTIFICATES[asked]
    return found


def _seconds(text: str) -> str:
    if not re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,3})?", text):
        raise _Fault("has a time-out that is not a number of seconds.", "Write socket_timeout=5.")
    return text


def _query(options: Mapping[str, str]) -> str:
    return f"?{urlencode(options)}" if options else ""
