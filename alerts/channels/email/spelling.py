"""Which email addresses can be used, and the one spelling of each."""

import re
from contextlib import suppress
from functools import lru_cache

from email_validator import EmailNotValidError, validate_email

from alerts.errors import BadInput
from alerts.texts import Text

#: A local part that nothing can be said against (RFC 5321: a dot-string, at most 64 octets), and a domain.
_PLAIN = re.compile(r"(?=.{1,64}@)([a-z0-9]+(?:[._+-][a-z0-9]+)*)@([a-z0-9.-]+)")

#: Octets of an address between its brackets (RFC 5321 §4.5.3.1.3 less the brackets).
_OCTETS_MAX = 254


class UnusableAddress(BadInput):
    """Nothing can be mailed there; the hint is in the words of whoever judges addresses, English."""

    otherwise_on_page = Text("Write it like name@example.org.")


def parse(typed: str) -> str:
    """The one spelling of an address: its domain is in lower case and in its ASCII form (IDNA).

    The part before the @ keeps its case, for it may matter to the receiving server.
    """
    if len(typed) > _OCTETS_MAX:
        raise _too_long(typed)
    if plain := _PLAIN.fullmatch(typed):
        with suppress(BadInput):  # it is said of the whole address
            return f"{plain[1]}@{_domain(plain[2])}"
    return _judged(typed)


@lru_cache(maxsize=10_000)
def _domain(typed: str) -> str:
    """The one spelling of a domain: of a list of staff, thousands have the same."""
    return _judged(f"a@{typed}").removeprefix("a@")


def _judged(typed: str) -> str:
    try:
        # A mail header carries only ASCII unless every server on the way knows SMTPUTF8. `.test` is let
        # through: it can reach nobody (RFC 6761), and is what tests are written with.
        valid = validate_email(typed, check_deliverability=False, allow_smtputf8=False, test_environment=True)
    except EmailNotValidError as fault:
        raise UnusableAddress(
            Text("“%(address)s” cannot be used as an email address.", address=typed[:80]), str(fault)
        ) from None
    written = valid.ascii_email
    if written is None or len(written) > _OCTETS_MAX:
        raise _too_long(typed)
    return written


def _too_long(typed: str) -> BadInput:
    return BadInput(
        Text("“%(address)s…” is too long for an email address.", address=typed[:80]),
        Text("It can have at most 254 characters."),
    )
