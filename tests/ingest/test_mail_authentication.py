"""Who a mail is from is what our own relay says of it, at its top: nothing that came with it counts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.ingest.mails.authenticating import authenticate
from alerts.ingest.mails.envelopes import MailHead, secrets_in

RELAY = "mx.example.org"
SECRET = "k3y" * 8
RECEIVED = f"Received: from out.gov.example (out [192.0.2.1]) by {RELAY} (Postfix) with ESMTPS id 1; Thu"
PASS = f"Authentication-Results: {RELAY}; dmarc=pass (p=none) header.from=gov.example"
FROM = "From: Ministry <desk@gov.example>"


def judged(*fields: str, author: str = FROM) -> str:
    """The proof, or `-` and why there is none."""
    head = MailHead.of("\n".join([*fields, author, "Subject: x", "", "y"]).encode("utf-8", "surrogateescape"))
    found = authenticate(head, RELAY)
    assert bool(found.proof) != bool(found.why)
    return found.proof or f"-{found.why}"


def results(said: str, server: str = RELAY) -> str:
    return f"Authentication-Results: {server}; {said}"


@pytest.mark.parametrize(
    ("field", "proof"),
    [
        (PASS, "dmarc=pass"),
        # rspamd: all in one, folded
        (results("dkim=pass header.d=gov.example header.s=a header.b=Ab+/=;\n\tdmarc=pass (policy=reject)"
                 " header.from=gov.example;\n\tspf=pass (mx: domain of x) smtp.mailfrom=desk@gov.example"),
         "dkim=pass"),
        # Gmail, which gives header.i
        (results('dkim=pass header.i=@gov.example header.b="Ab12"; spf=none smtp.mailfrom=x'), "dkim=pass"),
        (results("spf=pass (a; (nested) comment) smtp.mailfrom=gov.example; dmarc=none"), "spf=pass"),
        (results("auth=pass (login) smtp.auth=desk@gov.example"), "auth=pass"),
        (results("dmarc=bestguesspass header.from=gov.example; dkim=pass header.d=gov.example"), "dkim=pass"),
        (results('dmarc=pass reason="of; sorts" header.from="gov.example"'), "dmarc=pass"),
        (results("dmarc=pass header.from=gov.example", f"{RELAY} 1"), "dmarc=pass"),
        (results("dmarc=pass header.from=GOV.example", RELAY.upper()), "dmarc=pass"),
    ],
)  # fmt: skip
def test_the_relays_word_is_taken(field: str, proof: str) -> None:
    assert judged(RECEIVED, field) == proof
    assert judged(field, RECEIVED) == proof


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ([], "-mx.example.org says nothing of it at its top"),
        ([results("none")], "bears out nothing"),
        ([results("dmarc=fail header.from=gov.example; dkim=pass header.d=gov.example")], "dmarc=fail"),
        ([results("dmarc=temperror header.from=gov.example")], "dmarc=temperror"),
        ([results("dmarc=pass header.from=evil.example")], "bears out nothing"),
        ([results("dmarc=pass")], "bears out nothing"),
        ([results("dkim=pass header.d=a.example; spf=pass smtp.mailfrom=x@a.example")], "bears out nothing"),
        ([results("dkim=pass header.d=example")], "bears out nothing"),
        ([results("dkim=pass header.d=notgov.example")], "bears out nothing"),
        ([results("spf=softfail smtp.mailfrom=desk@gov.example")], "bears out nothing"),
        ([results("spf=pass smtp.helo=gov.example")], "bears out nothing"),
        ([results("auth=pass smtp.auth=other@gov.example")], "bears out nothing"),
        ([results("dmarc=pass header.from=gov.example", "mx.evil.example")], "says nothing"),
        ([results("dmarc=pass header.from=gov.example", "")], "says nothing"),
        # what the relay writes of a sender's own words says what they are, and no more
        ([results('spf=fail smtp.mailfrom="; dmarc=pass header.from=gov.example"@a.b')], "cannot be read"),
        ([results("spf=fail (x) smtp.mailfrom=a; gibberish")], "cannot be read"),
        ([results("spf=fail (dmarc=pass header.from=gov.example)")], "bears out nothing"),
        ([results("spf=fail (dmarc=pass header.from=gov.example")], "bears out nothing"),
        # a forger's below the relay's own: the topmost counts
        ([RECEIVED, results("spf=fail smtp.mailfrom=x@evil.example"), PASS], "bears out nothing"),
        ([results("spf=fail smtp.mailfrom=x@evil.example"), RECEIVED, PASS], "bears out nothing"),
        # below what another server has received it from, whatever that calls itself
        ([RECEIVED, "Received: from x by out.gov.example; Thu", PASS], "says nothing"),
        ([RECEIVED, f"Received: from {RELAY} by mx.evil.example; Thu", PASS], "says nothing"),
        ([RECEIVED, f"Received: from x (by {RELAY}) by evil.example; Thu", PASS], "says nothing"),
    ],
)  # fmt: skip
def test_nothing_else_is(fields: list[str], why: str) -> None:
    assert why in judged(*fields)


def test_a_second_hop_of_our_own_stands_above_what_the_first_says() -> None:
    inside = f"Received: from {RELAY} by mail.inside.example; Thu"
    assert judged(inside, RECEIVED, PASS) == "dmarc=pass"
    assert judged(inside, f"Received: from x by b.{RELAY}; Thu", PASS) == "dmarc=pass"


@pytest.mark.parametrize(
    "author",
    [
        "From: a@gov.example, b@gov.example",
        "From: desk@gov.example\nFrom: desk@gov.example",
        "From: Undisclosed:;",
        "From: desk",
        "From:",
        "X: y",
        "From: (((((((((((((((((((((((((desk@gov.example",
        "From: desk@gov.example" + " " * 2_000 + "x",
        f"{FROM}\nX: a\rAuthentication-Results: {RELAY}; dmarc=pass header.from=gov.example",
        f"{FROM}\nX: \0",
    ],
)
def test_a_mail_whose_author_is_unclear_is_nobodys(author: str) -> None:
    assert judged(RECEIVED, PASS, author=author).startswith("-its ")


def test_a_name_that_looks_like_an_address_is_none() -> None:
    trick = 'From: "desk@gov.example" <x@evil.example>'
    assert "bears out nothing" in judged(PASS, author=trick)
    assert MailHead.of(trick.encode() + b"\n\n").author == "x@evil.example"


VALUES = st.sampled_from([
    "gov.example", "evil.example", '"gov.example"', "x@gov.example", '"a;b"', "(", ")", '"', ";", "=", "\\",
    "\n\t", "dmarc", "dkim", "spf", "auth", "pass", "fail", "none", "header.from", "header.d",
    "smtp.mailfrom", " ", RELAY,
])  # fmt: skip
FORGED = st.lists(
    st.one_of(
        st.just(PASS),
        st.lists(VALUES, max_size=12).map(lambda parts: results("".join(parts))),
        st.lists(VALUES, max_size=6).map(lambda parts: "Authentication-Results: " + "".join(parts)),
        st.just("Received: from a by b; Thu"),
        st.just(RECEIVED),
        st.text('Az: ;=()\n\t\r"\\', max_size=20).map(lambda text: f"X: {text}"),
    ),
    max_size=6,
)
DENIED = st.sampled_from([
    "none", "dmarc=fail header.from=gov.example", "spf=fail smtp.mailfrom=x@evil.example",
    "dkim=pass header.d=evil.example; dmarc=none header.from=gov.example",
])  # fmt: skip


@given(FORGED, DENIED, st.booleans())
def test_whatever_stands_below_what_the_relay_says_never_makes_an_author(
    forged: list[str], said: str, above: bool
) -> None:
    """The relay says no, above or below its own `Received`; a forger writes whatever they like under that."""
    own = [results(said), RECEIVED] if above else [RECEIVED, results(said)]
    assert judged(*own, *forged).startswith("-")


@given(FORGED)
def test_no_head_is_too_much(fields: list[str]) -> None:
    judged(*fields)


@pytest.mark.parametrize(
    ("to", "found"),
    [
        ((f"publish+{SECRET}@a.example",), (SECRET,)),
        ((f"Publish+{SECRET.upper()}@a.example",), (SECRET,)),
        (("bounces+x@a.example",), ()),
        (("publish+@a.example", "publish+short@a.example", f"publish+{'a' * 60}@a.example"), ()),
    ],
)
def test_the_secret_is_taken_from_whom_a_mail_is_for(to: tuple[str, ...], found: tuple[str, ...]) -> None:
    assert secrets_in(b"To: x@y\n\n", to) == found


def test_without_an_envelope_the_fields_say_whom_a_mail_is_for() -> None:
    """A mailbox has no envelope; what stands in the text of a mail is nobody's address."""
    to = f"publish+{SECRET}@a.example".encode()
    assert secrets_in(b"Delivered-To: " + to + b"\nTo: b@c\n\n", ()) == (SECRET,)
    assert secrets_in(b"Cc: Desk <" + to + b">\n\n", ()) == (SECRET,)
    assert secrets_in(b"Subject: " + to + b"\n\n" + to, ()) == ()
    assert secrets_in(b"To: " + to + b"\n\n", ("bounces+x@a.example",)) == ()
