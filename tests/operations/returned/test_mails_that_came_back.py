"""Mails that came back, taken in as they arrived."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from house import OPERATOR, draft, subscribe, tell, told
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alerts.model import Channel, NotForUs, Receipt, State, Verdict
from alerts.operations import CameBack, count_returned, explain, list_returned, show_returned, take_in, trace
from alerts.operations.subscribing.unsubscribing import LinkHolder, come_back
from alerts.returns import read
from alerts.services import Services

EMAIL, KYIV = Channel("email"), "kyiv@example.org"
SAMPLES = Path(__file__).parents[2] / "data" / "returns"
TOKEN = b"r0123456789abcdef0123.3.17.abcdef0123456789"


@pytest.fixture
def token(services: Services) -> str:
    """Somebody was sent an update: the name under which it comes back."""
    person = subscribe(services, KYIV, "UA")
    tell(services, draft())
    [digest] = services.updates.digests("ua-talks")
    return services.links.delivery(digest, 1, person.sid)


def came(services: Services, token: str, name: str, *to: str) -> CameBack:
    octets = (SAMPLES / f"{name}.eml").read_bytes()
    octets = octets.replace(TOKEN, token.encode()).replace(TOKEN.upper(), token.upper().encode())
    [done] = take_in(services, OPERATOR, [(octets, to)])
    return done


def state(services: Services) -> State:
    [[found]] = told(services, "ua-talks").values()
    return found


@pytest.mark.parametrize(
    ("name", "becomes", "follows"),
    [
        ("delivered", State.DELIVERED, ""),
        ("delayed", State.SENT, ""),
        ("hard-postfix", State.BOUNCED, "suppressed"),
        ("hard-qmail", State.BOUNCED, "suppressed"),
        ("soft-full", State.BOUNCED, "left alone for a while"),
        ("blocked-policy", State.BOUNCED, ""),
        ("complained-abuse", State.COMPLAINED, "suppressed"),
        ("auto-reply", State.SENT, ""),
        ("ordinary-reply", State.SENT, ""),
    ],
)
def test_a_mail_that_comes_back_has_its_consequences(
    services: Services, token: str, name: str, becomes: State, follows: str
) -> None:
    done = came(services, token, name)
    assert (state(services), done.follows) == (becomes, follows)
    assert services.suppressions.count(EMAIL) == bool(follows)
    again = came(services, token, name)
    assert (again.changed, again.follows) == (False, "")


def test_the_envelope_says_whom_it_was_for_where_no_field_does(services: Services, token: str) -> None:
    """A list server rewrites To:, and some reports return nothing of ours."""
    done = came(services, "gone", "soft-prose-without-status", f"bounces+{token}@returns.example.org")
    assert (done.address, state(services)) == (KYIV, State.BOUNCED)


def test_what_is_not_signed_here_is_counted_and_shown_and_changes_nothing(
    services: Services, token: str
) -> None:
    for name in ("hard-postfix", "complained-abuse", "leaving-by-address", "delivered"):
        assert came(services, TOKEN.decode(), name).read_as == "unproven"
    assert (state(services), services.suppressions.count(EMAIL)) == (State.SENT, 0)
    shown = list_returned(services, OPERATOR, 10, unproven=True)
    assert [(one.verdict, one.address) for one in shown] == [
        ("delivered", ""),
        ("complained", ""),
        ("hard", ""),
    ]
    [counts] = count_returned(services, OPERATOR).values()
    assert counts == {"unproven": 4}
    assert list(services.audit.entries()) == []


def test_a_mail_to_leave_ends_what_they_get_as_the_link_does(services: Services, token: str) -> None:
    done = came(services, token, "leaving-by-address")
    assert (done.read_as, done.address) == ("leaving", KYIV)
    [entry] = services.audit.entries()
    assert (entry.who, entry.door, entry.action) == (KYIV, "unsubscribe mail", "subscriber.leave")
    assert state(services) is State.SENT, "they got it: they only want no more"
    assert come_back(services, LinkHolder(KYIV)), "and the link takes it back"


def test_who_complained_is_not_sent_to_again_without_force(services: Services, token: str) -> None:
    came(services, token, "hard-postfix")
    came(services, token, "complained-abuse")
    standing = services.suppressions.find(EMAIL, [KYIV])[KYIV]
    assert (standing.by, standing.reason) == ("complaint", "abuse, by SomeGenerator/1.0")


def test_what_came_back_is_shown_in_the_words_of_whoever_gave_it_back(services: Services, token: str) -> None:
    came(services, token, "hard-postfix")
    words = "550 5.1.1 <kyiv@example.net>: Recipient address rejected: User unknown"
    [one] = show_returned(services, OPERATOR, KYIV).mails
    assert (one.words, one.status, one.updates, one.way) == (words, "5.1.1", ("ua-talks.r1",), "test")
    [traced] = trace(services, OPERATOR, KYIV)
    assert (traced.state, traced.note) == ("bounced", f"hard: {words}")
    explained = explain(services, OPERATOR, KYIV, "ua-talks")
    assert (explained.state, explained.note) == (State.BOUNCED, f"hard: {words}")


def test_mails_are_taken_in_as_the_results_are_asked_for(services: Services, token: str) -> None:
    """Some at a time: a file of a million needs no memory."""
    asked: list[int] = []

    def mails() -> Iterator[tuple[bytes, tuple[str, ...]]]:
        for n in range(200):
            asked.append(n)
            yield b"Subject: hello\n\n", ()

    done = take_in(services, OPERATOR, mails())
    assert next(done).read_as == "ordinary"
    assert len(asked) == 64
    assert len(list(done)) == 199
    assert list(count_returned(services, OPERATOR).values()) == [{"ordinary": 200}]


# -- forged, replayed, cut off --------------------------------------------------------------------

#: What follows of a verdict, from nothing to the gravest.
GRAVITY = (
    Verdict.DELAYED,
    Verdict.DELIVERED,
    Verdict.BLOCKED,
    Verdict.SOFT,
    Verdict.HARD,
    Verdict.COMPLAINED,
)
REPORTS = sorted(path.stem for path in SAMPLES.glob("*.eml") if not path.stem.startswith(("auto", "leaving")))


def gravity(octets: bytes) -> int:
    """How grave what a mail says is; -1 for one that says nothing."""
    found = read(octets)
    return GRAVITY.index(found.verdict) if isinstance(found, Receipt) else -1


@pytest.mark.parametrize("name", REPORTS)
def test_cut_off_at_whatever_length_a_report_says_nothing_graver(name: str) -> None:
    """A pipe that broke: of “Feedback-Type: not-spam” the beginning was taken for a complaint, and who had
    praised us was suppressed for good; of two recipients the one who got it was not heard."""
    octets = (SAMPLES / f"{name}.eml").read_bytes()
    whole = gravity(octets)
    assert [n for n in range(len(octets)) if gravity(octets[:n]) > whole] == []


def everything(services: Services) -> dict[bytes, bytes]:
    """All that is kept, but for what was counted and shown."""
    client = services.server.client
    return {
        key: client.dump(key)
        for key in client.scan_iter()
        if b"strays" not in key and b"returned:" not in key
    }


@pytest.mark.parametrize("name", ["hard-postfix", "complained-abuse", "leaving-by-address", "hard-qmail"])
def test_with_its_proof_cut_off_at_whatever_length_it_changes_nothing(
    services: Services, token: str, name: str
) -> None:
    octets = (SAMPLES / f"{name}.eml").read_bytes()
    before = everything(services)
    for n in range(len(token)):
        cut = octets.replace(TOKEN, token[:n].encode()).replace(TOKEN.upper(), token[:n].upper().encode())
        list(take_in(services, OPERATOR, [(cut, ())]))
    assert everything(services) == before


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(data=st.data())
def test_with_any_other_sign_in_its_proof_it_changes_nothing(
    services: Services, token: str, data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.sampled_from("0123456789abcdefru.").filter(lambda sign: sign != token[place]))
    forged = token[:place] + other + token[place + 1 :]
    before = everything(services)
    came(
        services,
        forged,
        data.draw(st.sampled_from(["hard-postfix", "complained-abuse", "leaving-by-address"])),
    )
    assert everything(services) == before


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    said=st.lists(
        st.sampled_from(["hard-postfix", "soft-full", "blocked-policy", "delivered", "delayed"]), min_size=1
    )
)
def test_replayed_in_whatever_order_nothing_changes_any_more(
    services: Services, token: str, said: list[str]
) -> None:
    for name in said:
        came(services, token, name)
    before = everything(services)
    for name in reversed(said):
        assert not came(services, token, name).changed
    assert everything(services) == before


def test_a_report_that_is_cut_off_is_kept_for_nobody_and_counted(services: Services, token: str) -> None:
    octets = (SAMPLES / "hard-postfix.eml").read_bytes().replace(TOKEN, token.encode())
    cut = octets[: octets.index(b"Diagnostic-Code")]
    assert isinstance(read(cut), NotForUs)
    [done] = take_in(services, OPERATOR, [(cut, ())])
    assert (done.read_as, state(services)) == ("unreadable", State.SENT)
