"""What a server answers instead of doing it, as sentences with a hint: the only place that reads its words.

A refusal begins with a word (https://redis.io/docs/latest/develop/reference/protocol-spec, simple errors).
"""

import re
from collections.abc import Mapping

import redis

from alerts.errors import AlertsError, Away, Refused, Unreachable

#: What is raised, and its sentence and hint.
_Meaning = tuple[type[AlertsError], str, str]

_CHECK = "Check ALERTS_REDIS_URL, or run `alerts check`."
_PRIMARY = "While it fails over this passes by itself; else ALERTS_REDIS_URL must name the primary."
_LOGIN = "The server refuses our login.", "Check user and password in ALERTS_REDIS_URL."
_CLUSTER = (
    "The server is part of a Redis Cluster, which is not supported.",
    "Name one server that is no part of a cluster in ALERTS_REDIS_URL.",
)

_AWAY: _Meaning = (Away, "The server does not answer.", f"Is it running? {_CHECK}")
_TLS: _Meaning = (
    Unreachable,
    "The server and we do not come to terms about TLS.",
    "rediss:// is for a server with TLS, redis:// for one without; ssl_ca_certs= trusts your certificates.",
)
#: The word of a refusal, and what it means for whoever is refused.
_WORDS: Mapping[str, _Meaning] = {
    "OOM": (
        Refused,
        "The server is out of memory and takes in nothing new; what it owes still goes out.",
        "Give it more memory (maxmemory), then publish again.",
    ),
    "MISCONF": (
        Refused,
        "The server cannot write to its disk and takes in nothing new.",
        "Free space on the server's disk.",
    ),
    "NOREPLICAS": (
        Refused,
        "Too few replicas follow the server, so it takes in nothing new.",
        "Bring its replicas back, or lower min-replicas-to-write.",
    ),
    "READONLY": (Refused, "The server is a read-only replica.", _PRIMARY),
    "MASTERDOWN": (Away, "The server is a replica that has lost its primary.", _PRIMARY),
    "LOADING": (
        Away,
        "The server is still loading its data.",
        "Wait for it: it says in its log how far it is.",
    ),
    "TRYAGAIN": (Away, "The server is moving its data and asks to be tried again.", "Try again in a moment."),
    "CLUSTERDOWN": (
        Away,
        "The server's cluster is down.",
        "Redis Cluster is not supported: name one server.",
    ),
    "BUSY": (Away, "The server is busy with a script.", "Wait for it, or end the script on the server."),
    "UNBLOCKED": (Away, "The server changed its role while we waited for it.", _PRIMARY),
    "MOVED": (Unreachable, *_CLUSTER),
    "ASK": (Unreachable, *_CLUSTER),
    "CROSSSLOT": (Unreachable, *_CLUSTER),
    "NOAUTH": (Unreachable, *_LOGIN),
    "WRONGPASS": (Unreachable, *_LOGIN),
    "NOPERM": (
        Unreachable,
        "The server lets our user in, but not do this.",
        "docs/settings.md says what a user of its own needs.",
    ),
    "DENIED": (
        Unreachable,
        "The server speaks with its own machine alone.",
        "Give it a user with a password, and set protected-mode no.",
    ),
}
#: Refusals whose word says nothing, `ERR`, by how they go on.
_SENTENCES: Mapping[str, _Meaning] = {
    "DB index is out of range": (
        Unreachable,
        "The server has no database of this number.",
        "Take a lower one in ALERTS_REDIS_URL, or raise `databases` on the server.",
    ),
    "invalid DB index": (Unreachable, "The server has no database of this number.", _CHECK),
    "SELECT is not allowed in cluster mode": (Unreachable, *_CLUSTER),
    "max number of clients reached": (
        Away,
        "The server takes no more connections.",
        "Raise `maxclients` on the server.",
    ),
    "unknown command": (
        Unreachable,
        "The server does not know a command that is needed.",
        "It must be Redis or Valkey 7.0 or later, with all commands, and not a Sentinel.",
    ),
}
#: What the client finds by itself, the first that fits.
_KINDS: Mapping[type[redis.RedisError], _Meaning] = {
    redis.AuthenticationError: (Unreachable, *_LOGIN),
    redis.InvalidResponse: (Unreachable, "What answers there is no Redis or Valkey server.", _CHECK),
    redis.ConnectionError: _AWAY,
    redis.TimeoutError: _AWAY,
}
#: Refusals of what we ask and not of who we are: a fault of ours, which nobody foresaw.
_OURS = ("ERR", "WRONGTYPE", "NOSCRIPT", "EXECABORT")


def understood(error: BaseException | None) -> AlertsError | None:
    """What an exception of the client means; None for what nobody foresaw, such as a fault in a script."""
    meaning = _meaning(error) if isinstance(error, redis.RedisError) else None
    return meaning and meaning[0](*meaning[1:])


def _meaning(error: redis.RedisError) -> _Meaning | None:
    # A pipeline says first which command it was, with its arguments: those are no words of the server.
    said = str(error).rpartition("of pipeline caused error: ")[2]
    word = error.status_code or said.partition(" ")[0]
    if word in _WORDS:
        return _WORDS[word]
    if detailed := next((_SENTENCES[part] for part in _SENTENCES if part in said), None):
        return detailed
    kind = next((kind for kind in _KINDS if isinstance(error, kind)), None)
    if kind:
        return _TLS if re.search("SSL|CERTIFICATE", said) else _KINDS[kind]
    if re.fullmatch("[A-Z]{3,20}", word) and word not in _OURS:
        return Unreachable, f"The server refuses: {word}.", _CHECK
    return None
