"""Whether the own relay bears out who a mail is from: the topmost field of its own alone (RFC 8601).

Anybody can write such a field into a mail. A relay writes its own above whatever came, so the topmost one
is its own if it wrote any; what it did not take away of a forger's stands below. Two are never put together:
what one lacks, a forger's would add.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from alerts.ingest.mails.envelopes import MailHead

_FIELD = "authentication-results"
#: Characters of such a field, and results in it, that are looked at.
_FIELD_MAX, _RESULTS_MAX = 8_000, 50
_PART = re.compile(r'"(?:[^"\\]|\\.)*"|;|[^";]+')
_PAIR = re.compile(r'([A-Za-z0-9][A-Za-z0-9._/-]*)\s*=\s*("(?:[^"\\]|\\.)*"|[^\s;"]+)')
_BY = re.compile(r"\bby\s+([^\s;()]+)")
#: Of a policy that there is not, other results decide; whatever else is no pass is a refusal.
_NO_POLICY = frozenset(("none", "bestguesspass"))


@dataclass(frozen=True, slots=True)
class Result:
    """One result: `dkim`, `pass`, and what it is about: `header.d` → `example.org`."""

    method: str
    result: str
    about: dict[str, str]


@dataclass(frozen=True, slots=True)
class Authenticated:
    """What the relay says of who a mail is from: `proof` is why that is believed, or `why` why it is not."""

    proof: str = ""
    why: str = ""


def authenticate(head: MailHead, authserv_id: str) -> Authenticated:
    """Whether the relay of this name (RFC 8601 `authserv-id`) bears out the author of a mail.

    It does by a pass of DMARC for the author's domain; where that has no policy, by one of DKIM, SPF or the
    relay's own login for that very domain.
    """
    if head.unclear:
        return Authenticated(why="its head holds control characters")
    author = head.author
    if not author:
        return Authenticated(why="its From does not name one address")
    field = _own_field(head, authserv_id)
    if field is None:
        return Authenticated(why=f"{authserv_id} says nothing of it at its top")
    results = _results(field)
    if results is None:
        return Authenticated(why=f"what {authserv_id} says of it cannot be read")
    return _judged(results, author)


def _own_field(head: MailHead, authserv_id: str) -> str | None:
    """The topmost field of the relay, without its comments. What stands below the relay's own `Received` and
    another server's is not the relay's, whoever's name it bears.
    """
    received = 0
    for name, value in head.rows:
        if name == "received":
            received += 1
            if received > 1 and not _is_own(value, authserv_id):
                return None
        elif name == _FIELD:
            plain = _without_comments(value[:_FIELD_MAX])
            if _server(plain).lower() == authserv_id.lower():
                return plain
    return None


def _is_own(received: str, authserv_id: str) -> bool:
    by = _BY.search(_without_comments(received[:_FIELD_MAX]))
    host = by[1].lower().rstrip(".") if by else ""
    return host == authserv_id.lower() or host.endswith(f".{authserv_id.lower()}")


def _server(plain: str) -> str:
    """The name that a field begins with; a version may follow."""
    first = plain.partition(";")[0].split()
    return first[0].strip('"') if first else ""


def _without_comments(value: str) -> str:
    """The text without what stands in parentheses, nested or not. Within quotes they mean themselves."""
    kept, depth, quoted, escaped = list[str](), 0, False, False
    for sign in value:
        if escaped or sign == "\\":
            escaped = not escaped
        elif sign == '"' and not depth:
            quoted = not quoted
        elif not quoted and sign in "()":
            depth = max(depth + (1 if sign == "(" else -1), 0)
            kept.append(" ")
            continue
        if not depth:
            kept.append(sign)
    return "".join(kept)


def _results(plain: str) -> list[Result] | None:
    """The results of a field without comments; None for one that is not written as RFC 8601 has it."""
    found = list[Result]()
    for number, segment in enumerate(_segments(plain)):
        if number == 0 or not segment or segment.lower() == "none":
            continue
        pairs, rest = list(_PAIR.finditer(segment)), _PAIR.sub("", segment)
        if not pairs or rest.strip() or len(found) == _RESULTS_MAX or "." in pairs[0][1]:
            return None
        about: dict[str, str] = {}
        for pair in pairs[1:]:
            about.setdefault(pair[1].lower(), _unquoted(pair[2]))
        found.append(Result(pairs[0][1].partition("/")[0].lower(), _unquoted(pairs[0][2]).lower(), about))
    return found


def _segments(plain: str) -> Iterator[str]:
    """What stands between semicolons, as far as they are not within quotes."""
    held = ""
    for part in _PART.findall(plain):
        if part == ";":
            yield held.strip()
            held = ""
        else:
            held += part
    yield held.strip()


def _unquoted(value: str) -> str:
    return re.sub(r"\\(.)", r"\1", value[1:-1]) if value.startswith('"') else value


def _judged(results: list[Result], author: str) -> Authenticated:
    domain = _in_ascii(author.rpartition("@")[2])
    for one in results:
        if one.method == "dmarc" and one.result != "pass" and one.result not in _NO_POLICY:
            return Authenticated(why=f"its relay says dmarc={_short(one.result)}")
    for one in results:
        if one.result == "pass" and _vouches(one, author.lower(), domain):
            return Authenticated(proof=f"{one.method}=pass")
    said = ", ".join(f"{_short(one.method)}={_short(one.result)}" for one in results[:6]) or "no result"
    return Authenticated(why=f"its relay bears out nothing for its author's domain: {said}")


def _vouches(one: Result, author: str, domain: str) -> bool:
    """Whether a pass is about the author. Other domains may be the same organisation's: DMARC tells that."""
    about = {name: value.lower() for name, value in one.about.items()}
    match one.method:
        case "dmarc":
            return _in_ascii(about.get("header.from", "")) == domain
        case "dkim":
            signed = about.get("header.d") or about.get("header.i", "").rpartition("@")[2]
            return _in_ascii(signed) == domain
        case "spf":
            return _in_ascii(about.get("smtp.mailfrom", "").rpartition("@")[2]) == domain
        case "auth":
            return about.get("smtp.auth") == author
    return False


def _in_ascii(domain: str) -> str:
    """A domain as DNS has it. One that cannot be written so is like no other."""
    if domain.isascii():
        return domain.lower()
    try:
        return domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return domain


def _short(word: str) -> str:
    return "".join(sign for sign in word[:20] if sign.isalnum() or sign in "-_")
