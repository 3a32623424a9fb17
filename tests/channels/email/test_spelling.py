"""Which email addresses can be used, whether they are judged whole or by their domain."""

import string
from contextlib import suppress

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import given
from hypothesis import strategies as st

from alerts.channels.email.spelling import parse
from alerts.errors import BadInput

LETTERS = string.ascii_lowercase + string.digits + '._+-AÜ’ "'
LOCALS = st.one_of(
    st.text(LETTERS, max_size=70), st.sampled_from(["info", "Info", "postmaster", "a" * 64, "a" * 65])
)
KNOWN = ["example.org", "Example.ORG", "a.test", "localhost", "x.invalid", "münchen.de", "xn--mnchen-3ya.de"]
LABELS = st.text(string.ascii_lowercase + "-", min_size=1, max_size=64)
DOMAINS = st.one_of(
    st.sampled_from([*KNOWN, "xn--a.de", "123.45"]),
    st.text(string.ascii_lowercase + string.digits + ".-_ß", max_size=70),
    st.lists(LABELS, min_size=1, max_size=5).map(".".join),
)


def whole(typed: str) -> str | None:
    """What the library makes of an address, asked about all of it."""
    try:
        found = validate_email(typed, check_deliverability=False, allow_smtputf8=False, test_environment=True)
    except EmailNotValidError:
        return None
    return found.ascii_email if found.ascii_email and len(found.ascii_email) <= 254 else None


@given(LOCALS, DOMAINS)
def test_an_address_is_what_it_is_wherever_its_domain_was_seen_before(local: str, domain: str) -> None:
    """A list of 200,000 has some thousand domains; each was judged again with every address, a tenth of the
    time. Judged once they must come out as they did."""
    typed = f"{local}@{domain}"
    with suppress(BadInput):
        assert parse(typed) == whole(typed)
        return
    assert whole(typed) is None


def test_what_is_said_of_a_domain_is_said_of_the_address() -> None:
    with pytest.raises(BadInput) as refused:
        parse("anna@localhost")
    assert "“anna@localhost”" in refused.value.sentence
    assert "“a@" not in refused.value.sentence
