"""Updates by mail: taken from who may send and is proved to have, once, and answered; refused from others."""

import re
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from dying import Died, Mortal
from house import OPERATOR, draft, subscribe, tell, told, walk
from hypothesis import HealthCheck, given
from hypothesis import settings as settings_of_hypothesis
from hypothesis import strategies as st
from mail_grammar import MAILS

from alerts.errors import BadInput, Conflict, Forbidden, NotFound
from alerts.model import Channel, Draft, Severity, State, Step
from alerts.operations import Actor, CameBack, Permission, audit, take_in
from alerts.operations.drafts import discard_draft, list_drafts, publish_draft, show_draft
from alerts.operations.senders import (
    SenderAsked,
    SenderSummary,
    add_sender,
    change_sender_secret,
    list_senders,
    pause_sender,
    remove_sender,
    resume_sender,
    show_sender,
)
from alerts.services import Services, connect
from alerts.settings import Settings

RELAY = "mx.example.org"
TRACE = f"Received: from out.example.org by {RELAY}; Thu\nAuthentication-Results: {RELAY}; "
PASS = "dmarc=pass header.from=example.org"
NEWS = "Roads north of Kharkiv are closed.\n\nStay where you are."
OLGA = "olga@example.org"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    shutil.rmtree(settings.outbox, ignore_errors=True)
    return settings.model_copy(update={"authserv_id": RELAY, "return_path": "returns.example.org"})


@pytest.fixture
def to(services: Services) -> str:
    """Where Olga sends to: what she sends waits."""
    return let_send(services)


def let_send(services: Services, address: str = OLGA, **asked: Any) -> str:
    return add_sender(services, OPERATOR, SenderAsked(address, **asked)).send_to


def mail(text: str = NEWS, subject: str = "Roads closed", said: str = PASS, **fields: str) -> bytes:
    named = {"From": f"Olga <{OLGA}>", "Subject": subject, "Message_ID": "<1@example.org>"} | fields
    head = "\n".join(f"{name.replace('_', '-')}: {value}" for name, value in named.items() if value)
    return f"{TRACE}{said}\n{head}\n\n{text}\n".encode()


def take(services: Services, octets: bytes, *to: str) -> CameBack:
    [came] = take_in(services, OPERATOR, [(octets, to)])
    return came


def drafts(services: Services) -> list[str]:
    return [one.draft.id for one in list_drafts(services, OPERATOR)]


def revisions(services: Services) -> list[str]:
    return [row.decode() for row in services.server.client.zrange(services.server.keys("log"), 0, -1)]


def answers(services: Services) -> list[str]:
    """What senders are answered, as it leaves: by the outbox."""
    walk(services)
    paths = services.settings.outbox.rglob("answer-*/*.eml")
    return [
        path.read_text().replace("=\n", "")
        for path in sorted(paths, key=lambda path: path.stat().st_mtime_ns)
    ]


def olga(services: Services) -> SenderSummary:
    return show_sender(services, OPERATOR, "olga")


def test_a_mail_waits_as_a_draft_and_its_writer_is_told_so(services: Services, to: str) -> None:
    came = take(services, mail(f"Hi all,\n\n{NEWS}\n\n-- \nOlga", "Fwd: Roads closed"), to)
    assert (came.read_as, came.changed) == ("draft", True)
    [waits] = drafts(services)
    found = show_draft(services, OPERATOR, waits)
    assert (found.draft.headline, found.readings[0].reading.draft.body) == ("Roads closed", NEWS)
    assert to not in found.draft.document.decode()
    [answer] = answers(services)
    assert "Auto-Submitted: auto-replied" in answer
    assert "In-Reply-To: <1@example.org>" in answer
    assert f"To: {OLGA}" in answer
    assert "Subject: Kept as a draft: Roads closed" in answer
    assert waits in answer
    assert "leaves out the signature" in answer
    assert "says that it is from" not in answer, "they know"
    assert [line.entry.door for line in audit(services, OPERATOR) if line.entry.action == "draft.keep"] == [
        "mail"
    ]
    [taken] = [line.entry for line in audit(services, OPERATOR) if line.entry.action == "mail.take"]
    assert (taken.subject, taken.after["believed_by"]) == (waits, "dmarc=pass")
    assert olga(services).progress.drafts == 1


def test_a_draft_is_published_with_what_holds_for_its_sender(services: Services) -> None:
    to = let_send(services, regions=("Ukraine",), tags=("border",), severity="moderate")
    take(services, mail(), to)
    [published] = publish_draft(services, OPERATOR, drafts(services)[0]).publications
    content: Draft = published.revision.draft
    assert (content.headline, content.regions, content.tags) == ("Roads closed", ("UA",), ("border",))
    assert (content.severity, content.body) == (Severity.MODERATE, NEWS)


def test_what_a_mail_says_itself_stands(services: Services) -> None:
    to = let_send(services, regions=("Ukraine",), severity="moderate")
    take(services, mail("---\nregions: [PL]\nseverity: severe\n---\n# Bridge closed\n\nStay."), to)
    [published] = publish_draft(services, OPERATOR, drafts(services)[0]).publications
    assert (published.revision.draft.regions, published.revision.draft.severity) == (("PL",), Severity.SEVERE)


def test_of_who_may_publish_it_is_published(services: Services) -> None:
    subscribe(services, "kyiv@example.org", "UA")
    to = let_send(services, regions=("Ukraine",), severity="severe", publish=True)
    assert take(services, mail(), to).read_as == "published"
    assert (len(revisions(services)), drafts(services)) == (1, [])
    [answer] = answers(services)
    assert "Subject: Published: Roads closed" in answer
    [update] = {ref.partition(".r")[0] for ref in revisions(services)}
    assert told(services, update) == {"kyiv@example.org": [State.SENT]}
    [line] = [line for line in audit(services, OPERATOR) if line.entry.action == "update.publish"]
    assert (line.entry.who, line.entry.door) == ("sender olga", "mail")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (
            "---\nstatus: exercise\nregions: [UA]\nseverity: severe\n---\n# Siren\n\nOnly a drill.",
            "Its status is exercise",
        ),
        ("---\nregions: [Atlantis]\n---\n# Roads closed\n\nStay.", "Atlantis"),
        ("---\ntags: [no-such]\nregions: [UA]\n---\n# Roads closed\n\nStay.", "no-such"),
        ("Nobody says where.", "names no region"),
    ],
)
def test_what_nobody_may_publish_unseen_waits(services: Services, text: str, why: str) -> None:
    """An alert is not lost because its writer, who may publish, forgot where it is."""
    to = let_send(services, publish=True)
    assert take(services, mail(text), to).read_as == "draft"
    assert (len(drafts(services)), revisions(services)) == (1, [])
    assert why in answers(services)[0].replace("=\n", "")


def test_what_reads_like_an_update_of_late_waits(services: Services) -> None:
    to = let_send(services, regions=("UA",), severity="severe", publish=True)
    take(
        services,
        mail("The ring road of Kharkiv is closed by a flood.", "Flood in Kharkiv closes the ring road"),
        to,
    )
    later = mail("The ring road is still closed.", "Flood in Kharkiv closes the ring road again",
                 Message_ID="<2@example.org>")  # fmt: skip
    assert take(services, later, to).read_as == "draft"
    assert len(revisions(services)) == 1


UNPROVED = {
    "without the relay's word": (mail(said="none"), "bears out nothing"),
    "of another's domain": (mail(said="dmarc=pass header.from=evil.example"), "bears out nothing"),
    "with a forger's word below the relay's": (
        mail(said=f"dmarc=fail header.from=example.org\nAuthentication-Results: {RELAY}; {PASS}"),
        "dmarc=fail",
    ),
    "of somebody else": (mail(From="anna@example.org"), "its author is somebody else"),
    "of two": (mail(From=f"{OLGA}, anna@example.org"), "its author is somebody else"),
    "of a list": (mail(List_Id="<x.example.org>"), "a program or a list"),
    "of a program": (mail(Auto_Submitted="auto-generated"), "automatic reply"),
    "of bulk": (mail(Precedence="bulk"), "a program or a list"),
    "of who is away": (mail(subject="Out of office: Roads closed"), "automatic reply"),
    "of a mail system": (
        mail(From="MAILER-DAEMON@example.org", Content_Type="message/delivery-status"),
        "its author is somebody else",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("octets", "why"), UNPROVED.values(), ids=UNPROVED)
def test_who_is_not_proved_is_told_nothing(services: Services, to: str, octets: bytes, why: str) -> None:
    """An answer would go to whoever a forger names."""
    came = take(services, octets, to)
    assert came.read_as == "refused"
    assert why in came.words
    assert (drafts(services), answers(services)) == ([], [])
    [notice] = services.notices.latest()
    assert (notice["count"], why in notice["why"], "@" in str(notice)) == (1, True, False)
    assert olga(services).progress.refused == 1
    assert why in olga(services).progress.why


def test_without_a_relay_named_nobody_is_believed(services: Services, to: str) -> None:
    services.settings = services.settings.model_copy(update={"authserv_id": None})
    assert "ALERTS_AUTHSERV_ID" in take(services, mail(), to).words


def test_a_secret_that_is_nobodys_opens_nothing(services: Services, to: str) -> None:
    assert (
        take(services, mail(), "publish+aaaaaaaaaaaaaaaaaaaaaaaaaa@returns.example.org").read_as == "refused"
    )
    assert take(services, mail(Message_ID="<2@x>"), "publish+short@returns.example.org").read_as == "ordinary"
    assert drafts(services) == []


def test_refused_mails_are_one_notice_an_hour(services: Services, to: str) -> None:
    for number in range(3):
        take(services, mail(said="none", Message_ID=f"<{number}@x>"), to)
    assert [notice["count"] for notice in services.notices.latest()] == [1]
    services.server.client.delete(services.server.keys("mails_refused", "notified"))  # as after an hour
    take(services, mail(said="none", Message_ID="<9@x>"), to)
    assert [notice["count"] for notice in services.notices.latest()] == [3, 1]


def test_an_alert_of_our_own_that_comes_back_is_no_news(services: Services, to: str) -> None:
    """Olga is subscribed, and her mailbox redirects to her address for publication, or she forwards it."""
    subscribe(services, OLGA, "UA")
    tell(services, draft())
    [path] = list(services.settings.outbox.rglob("*.eml"))
    ours = path.read_bytes()
    redirected = f"{TRACE}{PASS}\n".encode() + re.sub(rb"(?m)^From: .*$", f"From: {OLGA}".encode(), ours)
    for octets in (redirected, redirected.replace(b"Auto-Submitted", b"X-A"),
                   redirected.replace(b"Auto-Submitted", b"X-A").replace(b"List-", b"X-")):  # fmt: skip
        assert take(services, octets, to).read_as == "refused"
    name = re.search(rb"(?m)^Message-ID: (.*?)\r?$", ours)
    assert name
    head = "From: Alerts\nSent: Thursday\nTo: Olga\nSubject: Talks\n"
    forwarded = mail(
        f"---------- Forwarded message ---------\n{head}\nTalks go on.",
        "Fwd: Talks",
        References=name[1].decode(),
    )
    assert "hands on an alert of ours" in take(services, forwarded, to).words
    inner = ours.decode().replace("=\r\n", "").replace("=3D", "=")
    for number, link in enumerate(re.findall(rf"{services.settings.public_url}/\w+/[\w.~-]+", inner)):
        pasted = mail(f"News: {link}", Message_ID=f"<link-{number}@x>")
        assert "hands on an alert of ours" in take(services, pasted, to).words, link
    assert number > 1
    assert drafts(services) == []


@pytest.mark.parametrize("ways", [("lmtp", "mailbox"), ("mailbox", "lmtp"), ("lmtp", "lmtp")])
def test_a_mail_that_comes_twice_is_one_draft_and_one_answer(
    services: Services, to: str, ways: tuple[str, str]
) -> None:
    came = [
        take(services, mail(To=to), *((to,) if way == "lmtp" else ())) for way in ways
    ]  # of a mailbox, the fields say whom it is for
    assert [one.read_as for one in came] == ["draft", "repeated"]
    assert (len(drafts(services)), len(answers(services))) == (1, 1)


def test_what_was_said_in_another_mail_is_not_said_again(services: Services, to: str) -> None:
    take(services, mail(), to)
    [waits] = drafts(services)
    discard_draft(services, OPERATOR, waits)
    again = take(
        services, mail(NEWS.replace("\n\n", "\n\n\n"), "Re: Roads closed", Message_ID="<2@example.org>"), to
    )
    assert (again.read_as, drafts(services)) == ("repeated", [])
    assert "said the same before" in answers(services)[1].replace("=\n", "")
    assert olga(services).progress.repeated == 1


def test_what_is_so_again_in_a_week_is_no_repetition(services: Services, to: str) -> None:
    """A road is closed, open, and closed again, in the same words. The mail itself is known for longer."""
    take(services, mail(), to)
    client = services.server.client
    kept_ms = {key: client.pttl(key) for key in client.scan_iter(match=services.server.keys("mailed", "*"))}
    first, second = sorted(kept_ms, key=lambda key: kept_ms[key])
    assert kept_ms[first] <= 2 * 24 * 3_600_000 < kept_ms[second]
    client.delete(first)  # as the server does
    discard_draft(services, OPERATOR, drafts(services)[0])
    assert take(services, mail(), to).read_as == "repeated"
    assert take(services, mail(Message_ID="<2@example.org>"), to).read_as == "draft"


def test_drafts_that_pile_up_keep_no_update_from_being_published(services: Services) -> None:
    names = {f"draft-{n}": n for n in range(1_000)}
    services.server.client.zadd(services.server.keys("drafts"), names)
    to = let_send(services, regions=("UA",), severity="severe", publish=True)
    assert take(services, mail(), to).read_as == "published"
    other = let_send(services, "anna@example.org")
    came = take(services, mail("News.", From="anna@example.org", Message_ID="<2@x>"), other)
    assert (came.read_as, "1,000 drafts wait already" in came.words) == ("refused", True)


def test_the_same_message_id_with_a_footer_below_is_the_same_mail(services: Services, to: str) -> None:
    take(services, mail(), to)
    take(services, mail(f"{NEWS}\n\nScanned for viruses."), to)
    assert len(drafts(services)) == 1


def test_nobody_keeps_anothers_mail_from_being_taken(services: Services, to: str) -> None:
    """A forger who knows a Message-ID to come, and is refused, has not taken it."""
    take(services, mail(said="none"), to)
    other = let_send(services, "anna@example.org")
    take(services, mail("Other news.", From="anna@example.org"), other)
    assert take(services, mail(), to).read_as == "draft"
    assert len(drafts(services)) == 2


def test_what_cannot_be_read_is_refused_with_all_that_is_wrong(services: Services, to: str) -> None:
    came = take(services, mail("---\nheadline: [\nregions: 3\n---\n", ""), to)
    assert came.read_as == "refused"
    [answer] = answers(services)
    assert "Subject: Refused: your mail" in answer
    assert "front matter cannot be read" in answer.replace("=\n", "")
    assert take(services, mail("---\nheadline: [\nregions: 3\n---\n", ""), to).read_as == "repeated"
    assert len(answers(services)) == 1
    assert take(services, mail("# Mended", "", Message_ID="<2@x>"), to).read_as == "draft"


def test_a_domain_may_send(services: Services) -> None:
    to = let_send(services, "@Example.org")
    assert take(services, mail(From="anna@example.org"), to).read_as == "draft"
    there = mail(
        From="anna@sub.example.org", said="dmarc=pass header.from=sub.example.org", Message_ID="<2@x>"
    )
    assert take(services, there, to).read_as == "refused"


def test_who_is_paused_is_told_so(services: Services, to: str) -> None:
    pause_sender(services, OPERATOR, OLGA)
    assert take(services, mail(), to).read_as == "refused"
    assert "at present" in answers(services)[0]
    resume_sender(services, OPERATOR, "olga")
    assert take(services, mail(Message_ID="<2@example.org>"), to).read_as == "draft"


def test_another_secret_ends_the_one_before(services: Services, to: str) -> None:
    new = change_sender_secret(services, OPERATOR, "olga").send_to
    assert new != to
    assert take(services, mail(), to).read_as == "refused"
    assert take(services, mail(), new).read_as == "draft"
    remove_sender(services, OPERATOR, "olga")
    assert take(services, mail("More news.", Message_ID="<2@x>"), new).read_as == "refused"
    assert list_senders(services, OPERATOR) == []
    with pytest.raises(NotFound):
        show_sender(services, OPERATOR, "olga")


def test_a_secret_is_kept_nowhere(services: Services, to: str) -> None:
    take(services, mail(To=to, Delivered_To=to), to)
    secret = to.partition("+")[2].partition("@")[0].encode()
    client = services.server.client
    for key in client.scan_iter():
        assert secret not in key
        held = client.dump(key)
        assert held is None or secret not in held, key
    assert not [line for line in audit(services, OPERATOR) if secret.decode() in str(line)]


def test_answers_are_paced_and_mails_are_not_lost_for_it(services: Services, to: str) -> None:
    for number in range(25):
        take(services, mail(f"News {number}.", Message_ID=f"<{number}@x>"), to)
    assert len(drafts(services)) == 25
    assert len(answers(services)) == 20


def test_nothing_goes_to_who_is_suppressed(services: Services, to: str) -> None:
    services.suppressions.add(Channel("email"), OLGA, "complained", "complaint")
    take(services, mail(), to)
    assert answers(services) == []
    assert not [owed for owed in services.due.owed() if owed.work.step is Step.ANSWER]


def test_all_that_is_wrong_with_a_sender_is_said_at_once(services: Services) -> None:
    asked = SenderAsked("nobody", "Näme", ("Atlantis",), ("no-such",), "dire")
    with pytest.raises(BadInput) as refused:
        add_sender(services, OPERATOR, asked)
    for word in ("nobody", "Näme", "Atlantis", "no-such", "dire"):
        assert word in refused.value.sentence


def test_nobody_is_added_twice_or_by_who_may_not(services: Services, to: str) -> None:
    with pytest.raises(Conflict, match="as olga"):
        let_send(services, "Olga@EXAMPLE.org")
    assert show_sender(services, OPERATOR, "OLGA@example.org").sender.name == "olga"
    let_send(services, "olga@example.net")
    assert [one.sender.name for one in list_senders(services, OPERATOR)] == ["olga", "olga-2"]
    admin = Actor("adam", "test", frozenset({Permission.ADMINISTER}))
    with pytest.raises(Forbidden):
        add_sender(services, admin, SenderAsked("a@example.org", publish=True))
    with pytest.raises(Forbidden):
        add_sender(
            services, Actor("rita", "test", frozenset({Permission.READ})), SenderAsked("a@example.org")
        )
    services.settings = services.settings.model_copy(update={"mail_from": "Us <us@example.org>"})
    with pytest.raises(BadInput, match="ALERTS_MAIL_FROM"):
        let_send(services, "us@example.org")


@settings_of_hypothesis(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(MAILS, st.sampled_from([PASS, "none", f"none\nAuthentication-Results: {RELAY}; {PASS}"]))
def test_whatever_a_mail_is_it_is_taken_or_refused_and_only_its_authors_waits(
    services: Services, mails: str, said: str
) -> None:
    """What raised would be handed over for ever, and stop the reader of the mailbox."""
    services.server.client.flushall()
    to = let_send(services)
    octets = f"{TRACE}{said}\nFrom: {OLGA}\n{mails}".encode("utf-8", "surrogatepass")
    came = take(services, octets, to)
    assert came.read_as in ("draft", "refused")
    assert len(drafts(services)) == (came.read_as == "draft") <= (said == PASS)
    for waits in drafts(services):
        show_draft(services, OPERATOR, waits)
    assert take(services, octets, to).read_as in ("repeated", "refused")


@pytest.fixture
def mortal(settings: Settings) -> Iterator[tuple[Services, Mortal]]:
    ready = connect(settings)
    dying = Mortal(ready)
    yield ready, dying
    dying.left = float("inf")
    ready.close()


@pytest.mark.parametrize("publishes", [False, True])
def test_killed_between_any_two_steps_a_mail_is_taken_once(
    services: Services, mortal: tuple[Services, Mortal], publishes: bool
) -> None:
    """Whoever hands it over does so again. In between an operator may have discarded the draft."""
    doomed, dying = mortal
    for n in range(200):
        services.server.client.flushall()
        to = let_send(services, regions=("UA",), severity="severe", publish=publishes)
        dying.left = n
        try:
            take(doomed, mail(), to)
        except Died:
            died = True
        else:
            died = False
        dying.left = float("inf")
        doomed.server.client.connection_pool.disconnect()
        waited = drafts(services)
        for one in waited:
            discard_draft(services, OPERATOR, one)
        take(services, mail(), to)
        if publishes:
            assert (len(revisions(services)), drafts(services)) == (1, [])
        else:
            assert len(drafts(services)) + len(waited) == 1
        owed = [entry for entry in services.due.owed() if entry.work.step is Step.ANSWER]
        assert len(owed) == 1
        if not died:
            return
    raise AssertionError("it takes more commands than that")
