"""People are asked whether they want alerts: none comes before they say so, and nobody is asked twice."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
from house import OPERATOR, subscribe, walk
from pydantic import SecretStr

from alerts.channels import read_outbox
from alerts.errors import BadInput, Conflict, Forbidden, NotFound
from alerts.model import Channel, Step, Work
from alerts.operations import Actor, Fate, audit, cancel_invitation, leave, list_invitations, suppress
from alerts.operations.lists.imported import BadLine, Remark
from alerts.operations.lists.importing import Import
from alerts.operations.lists.rows import rows_of
from alerts.operations.people.inviting import LINK_MS, PER_SECOND, InvitationsMade, Inviting
from alerts.operations.people.joining import join, join_offer, link_to_join
from alerts.operations.subscribing.erasing import erase
from alerts.operations.subscribing.requested import Requested
from alerts.operations.subscribing.subscriber_details import find
from alerts.operations.subscribing.unsubscribing import LinkHolder
from alerts.services import Services
from alerts.store.one_time_links import MAILS_MOST

EMAIL = Channel("email")
ANNA, BOB = "anna@example.org", "bob@example.net"
HEADER = "address,name,regions\n"


@pytest.fixture(autouse=True)
def by_invitation(services: Services, tmp_path: Path) -> None:
    """An installation in which only those join who were invited, with an outbox of its own."""
    chosen = {"join": "invited", "home": tmp_path, "redis_url": SecretStr(services.settings.state_url)}
    services.settings = services.settings.model_copy(update=chosen)


def silent(*_: object) -> None:
    """Progress that nobody looks at."""


def asked(
    services: Services, table: str, *, again: bool = False, confirmed: bool = False, new_tags: bool = False
) -> tuple[InvitationsMade, list[str]]:
    """Ask whoever the table names. What came of it, and all that was said of its lines."""
    said = list[BadLine | Remark]()
    coming = Import(services, OPERATOR, new_tags, said.append)
    inviting = Inviting(services, OPERATOR, coming, said.append, again=again, confirmed=confirmed)
    coming.read(io.BytesIO(table.encode()), said.append, silent)
    planned = inviting.plan(silent)
    made = inviting.write(silent)
    if not made.fates[Fate.FULL]:
        assert made.fates == planned.fates  # what was shown is what was done
    return made, [f"{one.line}: {getattr(one, 'words', '') or getattr(one, 'reason', '')}" for one in said]


def mailed(services: Services) -> list[str]:
    """Whom anything was mailed to, once all that is owed by now is done."""
    walk(services)
    return sorted(item.address for item in read_outbox(services.settings.outbox))


def token(services: Services, address: str = ANNA) -> str:
    [invitation] = services.invitations.find_all(EMAIL, [address]).values()
    return services.links.one_time(invitation.link)


def anna(services: Services, **how: bool) -> tuple[InvitationsMade, list[str]]:
    return asked(services, f"{HEADER}{ANNA},Anna Berg,Ukraine\n", **how)


def test_who_is_invited_gets_nothing_before_they_press_the_button(services: Services) -> None:
    made, _ = anna(services)
    assert (made.fates, len(made.work)) == ({Fate.INVITED: 1}, 1)
    assert mailed(services) == [ANNA]
    assert services.subscribers.find(EMAIL, ANNA) is None
    assert "Ukraine" in join_offer(services, link_to_join(services, token(services))).subscriptions[0]
    assert services.subscribers.find(EMAIL, ANNA) is None
    join(services, token(services))
    assert (find(services, ANNA).name, find(services, ANNA).zone) == ("Anna Berg", "UTC")
    said = [(line.entry.action, line.entry.who) for line in audit(services, OPERATOR)]
    assert said == [("subscriber.join", ANNA), ("subscriber.invite", OPERATOR.name)]


def test_the_mail_of_an_invitation_says_who_would_send_what(services: Services) -> None:
    anna(services)
    walk(services)
    [item] = read_outbox(services.settings.outbox)
    text = item.raw.decode()
    assert "Would you like these alerts" in text
    assert "would like to send alerts to anna@example.org:" in text
    assert "/join/" in text
    assert "Somebody, we hope it was you" not in text


def test_a_list_that_is_sent_twice_mails_nobody_twice(services: Services) -> None:
    """Whoever was stopped in the middle runs it again."""
    anna(services)
    made, said = anna(services)
    assert (made.fates, made.work) == ({Fate.OPEN: 1}, ())
    assert said[0].startswith("2: Invited already: the link works until ")
    assert mailed(services) == [ANNA]


def test_who_is_invited_again_has_a_new_link_and_the_one_before_is_dead(services: Services) -> None:
    anna(services)
    before = token(services)
    made, _ = anna(services, again=True)
    assert made.fates == {Fate.AGAIN: 1}
    with pytest.raises(NotFound):
        join(services, before)
    join(services, token(services))
    assert find(services, ANNA)


def test_who_did_not_answer_in_time_is_invited_again_and_their_old_link_is_over(services: Services) -> None:
    anna(services)
    [known] = services.invitations.find_all(EMAIL, [ANNA]).values()
    link = services.one_time_links.find(known.link)
    assert link
    old = replace(known, invited_ms=known.invited_ms - LINK_MS, expires_ms=known.expires_ms - LINK_MS)
    services.server.client.delete(services.server.keys("one_time", link.id))
    assert services.invitations.invite(link, old, 0)
    with pytest.raises(NotFound):
        join(services, token(services))
    [one] = list_invitations(services, OPERATOR)
    assert one.state == "over"
    made, _ = anna(services)
    assert made.fates == {Fate.AGAIN: 1}


def test_each_who_is_not_invited_is_told_of_in_words(services: Services) -> None:
    subscribe(services, "here@example.org", "UA")
    suppress(services, OPERATOR, "gone@example.org", "moved")
    leave(services, LinkHolder("left@example.org"))
    subscribe(services, "forgotten@example.org", "UA")
    erase(services, OPERATOR, "forgotten@example.org", "forgotten@example.org")
    rows = ["here@example.org", "gone@example.org", "left@example.org", "forgotten@example.org"]
    table = HEADER + "".join(f"{one},,UA\n" for one in [*rows, "T0123ABCD/C0123ABCD", ANNA])
    made, said = asked(services, table)
    fates = {Fate.SUBSCRIBED: 1, Fate.SUPPRESSED: 2, Fate.UNASKED: 1, Fate.INVITED: 1}
    assert made.fates == fates
    assert [line.partition(" (by")[0] for line in sorted(said)] == [
        "2: Not invited: a subscriber already.",
        "3: Not invited. Nothing is sent to this address: moved",
        "4: Not invited. Nothing is sent to this address: unsubscribed by link",
        "5: Left out: they had all that was kept of them erased.",
        "6: Not invited: nobody can be asked by slack. Import it.",
    ]
    assert mailed(services) == [ANNA]


def test_all_that_is_wrong_with_a_list_is_said_at_once(services: Services) -> None:
    table = f"{HEADER}nobody,,UA\n{ANNA},,Atlantis\n{BOB},,UA\n"
    made, said = asked(services, table)
    assert made.fates == {Fate.INVITED: 1}
    assert [line[:2] for line in said] == ["2:", "3:"]


def test_whoever_unsubscribed_or_was_cancelled_before_the_mail_went_out_is_not_mailed(
    services: Services,
) -> None:
    anna(services)
    asked(services, f"{HEADER}{BOB},,UA\n")
    leave(services, LinkHolder(ANNA))
    cancel_invitation(services, OPERATOR, BOB)
    assert mailed(services) == []


def test_a_cancelled_invitation_lets_nobody_join(services: Services) -> None:
    anna(services)
    link = token(services)
    assert cancel_invitation(services, OPERATOR, ANNA).invitation.address == ANNA
    with pytest.raises(NotFound):
        join(services, link)
    assert list(list_invitations(services, OPERATOR)) == []
    with pytest.raises(NotFound):
        cancel_invitation(services, OPERATOR, ANNA)


def test_the_list_says_who_has_yet_to_be_mailed_and_forgets_who_has_joined(services: Services) -> None:
    anna(services)
    [one] = list_invitations(services, OPERATOR)
    assert (one.state, one.invitation.by) == ("owed", OPERATOR.name)
    walk(services)
    assert [one.state for one in list_invitations(services, OPERATOR)] == ["open"]
    join(services, token(services))
    assert list(list_invitations(services, OPERATOR)) == []


def test_who_is_vouched_for_gets_alerts_at_once_and_the_audit_says_by_whose_word(services: Services) -> None:
    made, _ = anna(services, confirmed=True)
    assert made.fates == {Fate.VOUCHED: 1}
    assert find(services, ANNA).name == "Anna Berg"
    assert mailed(services) == []
    said = [(line.entry.action, line.entry.subject) for line in audit(services, OPERATOR)]
    assert ("subscriber.vouch", ANNA) in said
    made, _ = anna(services, confirmed=True)
    assert made.fates == {Fate.SUBSCRIBED: 1}


def test_who_unsubscribed_is_not_brought_back_by_an_operators_word(services: Services) -> None:
    leave(services, LinkHolder(ANNA))
    made, _ = anna(services, confirmed=True)
    assert made.fates == {Fate.SUPPRESSED: 1}
    assert services.subscribers.find(EMAIL, ANNA) is None


def test_invitations_are_owed_one_after_another_so_that_whoever_waits_for_a_link_overtakes_them(
    services: Services,
) -> None:
    """Ten thousand of them at once were hours before somebody who had asked to come in."""
    n = 3 * PER_SECOND
    made, _ = asked(services, HEADER + "".join(f"p{one}@example.org,,UA\n" for one in range(n)))
    assert len(made.work) == PER_SECOND
    now_ms = services.server.now_ms()
    waits = sorted(entry.look_ms - now_ms for entry in services.due.owed() if entry.work.step is Step.LINK)
    assert len(waits) == n
    assert waits[-1] > 1_000
    assert sum(wait > 0 for wait in waits) >= PER_SECOND


def test_one_mailbox_has_no_more_than_its_share_whoever_asks(services: Services) -> None:
    for _ in range(MAILS_MOST):
        anna(services, again=True)
    link = token(services)
    made, said = anna(services, again=True)
    assert made.fates == {Fate.FULL: 1}
    assert said[-1] == "2: Not invited: three links were mailed there within 24 hours."
    join(services, link)  # the one that they have goes on working


def test_nobody_can_be_invited_where_nobody_may_join(services: Services) -> None:
    services.settings = services.settings.model_copy(update={"join": "closed"})
    with pytest.raises(Conflict, match="ALERTS_JOIN is closed"):
        anna(services)
    made, _ = anna(services, confirmed=True)  # who is vouched for does not join: they are added
    assert made.fates == {Fate.VOUCHED: 1}


@pytest.mark.parametrize("join_policy", ["domains:example.net", "open"])
def test_an_invitation_is_good_whatever_domains_may_join_by_themselves(
    services: Services, join_policy: str
) -> None:
    services.settings = services.settings.model_copy(update={"join": join_policy})
    anna(services)
    assert mailed(services) == [ANNA]
    join(services, token(services))
    assert find(services, ANNA)


def test_a_link_that_was_mailed_while_people_could_join_is_dead_once_they_cannot(services: Services) -> None:
    anna(services)
    services.settings = services.settings.model_copy(update={"join": "closed"})
    with pytest.raises(NotFound):
        join(services, token(services))


def test_who_is_erased_is_no_longer_known_to_have_been_invited(services: Services) -> None:
    anna(services)
    suppress(services, OPERATOR, ANNA)
    erase(services, OPERATOR, ANNA, ANNA)
    assert list(list_invitations(services, OPERATOR)) == []
    assert not list(services.server.client.scan_iter(match=services.server.keys("invitation*")))


def test_who_may_not_manage_subscribers_invites_nobody(services: Services) -> None:
    nobody = Actor("nobody", "test", frozenset())
    with pytest.raises(Forbidden):
        Import(services, nobody)
    with pytest.raises(Forbidden):
        Inviting(services, nobody, Import(services, OPERATOR))
    with pytest.raises(Forbidden):
        list_invitations(services, nobody)
    with pytest.raises(Forbidden):
        cancel_invitation(services, nobody, ANNA)


def test_what_is_offered_to_some_addresses_has_no_name_of_its_own() -> None:
    with pytest.raises(BadInput, match="is named once"):
        list(rows_of([ANNA], Requested(("UA",), name="mine")))


def test_both_words_at_once_mean_nothing(services: Services) -> None:
    with pytest.raises(BadInput, match="vouched for"):
        Inviting(services, OPERATOR, Import(services, OPERATOR), again=True, confirmed=True)


def test_a_mail_that_is_owed_for_a_link_of_nobodys_invitation_is_dropped(services: Services) -> None:
    """Of two invitations one after another, the first mail is not sent once the second is owed."""
    anna(services)
    [first] = services.invitations.find_all(EMAIL, [ANNA]).values()
    anna(services, again=True)
    assert mailed(services) == [ANNA]
    assert not services.due.is_owed(Work(Step.LINK, first.link))
