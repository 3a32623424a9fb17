"""Who was invited, or whose address somebody typed, says “never again”: by their own button, and for good."""

import email.policy
import re
from collections import Counter
from email import message_from_bytes
from pathlib import Path
from urllib.parse import urlencode

import pytest
from house import OPERATOR, subscribe, walk
from inside import Inside
from invited import silent, table_of
from mailroom import Mailroom

from alerts.channels import read_outbox
from alerts.errors import Conflict, NotFound
from alerts.links import Purpose
from alerts.model import Channel, OptOut
from alerts.operations import Fate, Inviting, Requested, audit, list_invitations, unsuppress
from alerts.operations.lists.imported import BadLine, Remark
from alerts.operations.people.joining import ask_to_join, read_to_join
from alerts.operations.subscribing.erasing import erase
from alerts.services import Services

ANNA, EMAIL = "anna@example.org", Channel("email")
ONE_CLICK, PRESSED = b"List-Unsubscribe=One-Click", b"confirm=yes"


@pytest.fixture
def mailroom(services: Services, tmp_path: Path) -> Mailroom:
    services.settings = services.settings.model_copy(update={"join": "open"})
    return Mailroom(services, tmp_path)


@pytest.fixture
def inside(services: Services, mailroom: Mailroom) -> Inside:
    return Inside(services)


def invite(services: Services, *addresses: str, **how: bool) -> tuple[Counter[Fate], list[str]]:
    said, coming = list[BadLine | Remark](), table_of(services, *addresses)
    made = Inviting(services, OPERATOR, coming, said.append, **how).write(silent)
    planned = Inviting(services, OPERATOR, coming, said.append, **how).plan(silent)
    return made.fates, [one.words for one in said if isinstance(one, Remark)] + [str(planned.to_dict())]


def typed(inside: Inside, address: str = ANNA) -> None:
    assert inside.ask("/join", urlencode({"address": address, "q": "Poland"}).encode()).status == 200


def joins_asked(services: Services, mailroom: Mailroom, address: str = ANNA) -> int:
    """How many mails to join come of being asked for once more."""
    before = len(mailroom.mails(address))
    ask_to_join(services, read_to_join(services, address, Requested(("PL",))))
    return len(mailroom.mails(address)) - before


@pytest.mark.parametrize("sent", [ONE_CLICK, PRESSED])
def test_who_was_invited_is_not_invited_again_whatever_the_operator_wants(
    inside: Inside, services: Services, mailroom: Mailroom, sent: bytes
) -> None:
    """Their only way was to do nothing, and to be asked again next month."""
    invite(services, ANNA)
    never = mailroom.link(ANNA, "n")
    assert "Nothing has changed yet" in inside.ask(never).text
    assert "You will not be invited again" in inside.ask(never, sent).text
    for how in ({}, {"again": True}, {"confirmed": True}):
        fates, said = invite(services, ANNA, "Anna+news@example.org", **how)
        assert fates == {Fate.REFUSED: 2}
        assert "they asked not to be invited" in said[0]
    assert len(mailroom.mails(ANNA)) == 1
    assert [one.state for one in list_invitations(services, OPERATOR)] == ["refused"]
    assert services.subscribers.find(EMAIL, ANNA) is None
    assert joins_asked(services, mailroom) == 1  # they themselves still may
    inside.ask(mailroom.link(ANNA, "join"), b"")
    assert services.subscribers.find(EMAIL, ANNA)
    assert services.opt_outs.find(EMAIL, [ANNA]) == {}  # who joins has changed their mind


def test_an_invitation_that_has_yet_to_go_out_is_not_mailed(
    inside: Inside, services: Services, mailroom: Mailroom
) -> None:
    never = services.links.opting_out_token(ANNA, OptOut.INVITATIONS)
    invite(services, ANNA)
    inside.ask(f"/n/{never}", PRESSED)
    assert mailroom.mails(ANNA) == []


def test_who_was_typed_by_others_is_mailed_no_more_and_gets_what_they_get(
    inside: Inside, services: Services, mailroom: Mailroom
) -> None:
    """“Ignore it”, said the mail, three times a day."""
    subscribe(services, ANNA, "UA")
    typed(inside)
    never = mailroom.link(ANNA, "n")
    confirm = mailroom.link(ANNA, "join")
    assert never in inside.ask(confirm).text
    assert "You will get no more emails like that" in inside.ask(never, PRESSED).text
    assert joins_asked(services, mailroom, "anna+a@example.org") == 0
    assert invite(services, "anna+b@example.org")[0] == {Fate.REFUSED: 1}
    assert services.suppressions.find(EMAIL, [ANNA]) == {}  # her alerts go on
    assert "Undo: I may be emailed again" in inside.ask(never).text
    assert "You may be emailed again" in inside.ask(f"{never}/undo", b"").text
    assert joins_asked(services, mailroom) == 1


def test_the_way_back_is_the_same_link_the_link_to_join_or_an_operator(
    inside: Inside, services: Services, mailroom: Mailroom
) -> None:
    typed(inside)
    never, confirm = mailroom.link(ANNA, "n"), mailroom.link(ANNA, "join")
    inside.ask(never, PRESSED)
    with pytest.raises(Conflict, match="themselves"):
        unsuppress(services, OPERATOR, ANNA)
    assert services.opt_outs.find(EMAIL, [ANNA])
    unsuppress(services, OPERATOR, ANNA, force=True)
    assert services.opt_outs.find(EMAIL, [ANNA]) == {}
    inside.ask(never, PRESSED)
    inside.ask(confirm, b"")  # it was mailed to her: who presses the button is she
    assert services.subscribers.find(EMAIL, ANNA)
    assert services.opt_outs.find(EMAIL, [ANNA]) == {}


def test_what_an_operator_had_set_is_lifted_without_what_they_said_themselves(
    inside: Inside, services: Services
) -> None:
    inside.ask(f"/n/{services.links.opting_out_token(ANNA, OptOut.REQUESTS)}", PRESSED)
    services.suppressions.add(EMAIL, ANNA, "moved away", "operator")
    unsuppress(services, OPERATOR, ANNA)
    assert services.opt_outs.find(EMAIL, [ANNA])


def test_opening_it_changes_nothing_and_no_other_token_opens_it(
    inside: Inside, services: Services, mailroom: Mailroom
) -> None:
    invite(services, ANNA)
    never = mailroom.link(ANNA, "n")
    for _ in range(5):
        assert {inside.ask(never, method=how).status for how in ("GET", "HEAD")} == {200}
    assert inside.ask(never, b"").status == 400
    others = [services.links.token(purpose, ANNA) for purpose in Purpose if purpose is not Purpose.OPT_OUT]
    for token in (*others, mailroom.link(ANNA, "join").rpartition("/")[2], f"{never.rpartition('/')[2]}x"):
        assert inside.ask(f"/n/{token}", PRESSED).status == 404
    for page in ("u", "l", "r", "join", "come-in"):
        assert inside.ask(f"/{page}/{never.rpartition('/')[2]}", PRESSED).status == 404
    assert services.opt_outs.find(EMAIL, [ANNA]) == {}
    assert invite(services, "bob@example.net")[0] == {Fate.INVITED: 1}


def test_a_mail_program_has_a_button_for_an_invitation(
    services: Services, mailroom: Mailroom, tmp_path: Path
) -> None:
    """Many go out at once to who asked for none; for those, Google and Yahoo want RFC 8058."""
    invite(services, ANNA)
    walk(services)
    [item] = read_outbox(tmp_path)
    message = message_from_bytes(item.raw, policy=email.policy.default)
    assert message["List-Unsubscribe"] == f"<{mailroom.link(ANNA, 'n')}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_no_more_is_kept_than_must_be_and_it_can_be_erased(
    inside: Inside, services: Services, mailroom: Mailroom
) -> None:
    """Neither the store nor the audit has the address of who wanted nothing of us."""
    token = services.links.opting_out_token(ANNA, OptOut.REQUESTS)
    inside.ask(f"/n/{token}", PRESSED)
    inside.ask(f"/n/{token}", PRESSED)
    client = services.server.client
    keys = list(client.scan_iter(match=f"{services.server.keys.prefix}*"))
    assert not [key for key in keys if b"anna" in key + (client.dump(key) or b"")]
    lines = [line for line in audit(services, OPERATOR) if line.entry.action == "subscriber.opt_out"]
    assert len(lines) == 1
    assert re.search(r"whoever was mailed \(link in a mail\) .* a…@example.org", lines[0].sentence)
    erase(services, OPERATOR, ANNA, ANNA)
    assert services.opt_outs.find(EMAIL, [ANNA]) == {}
    with pytest.raises(NotFound):
        erase(services, OPERATOR, "bob@example.net", "bob@example.net")
