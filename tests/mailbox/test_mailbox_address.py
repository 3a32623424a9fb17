"""The URL of a mailbox is read once, and refused in a sentence that repeats nothing of it."""

import pytest

from alerts.errors import BadInput
from alerts.mailbox import MailboxAddress


def test_user_password_and_folder_are_percent_encoded() -> None:
    found = MailboxAddress.parse("imaps://bounces%40example.org:p%40ss%2Fw%25rd@mail.example.org/INBOX.Back")
    assert (found.host, found.port, found.folder) == ("mail.example.org", 993, "INBOX.Back")
    assert (found.user, found.password) == ("bounces@example.org", "p@ss/w%rd")
    assert found.context is not None
    assert not found.starttls


def test_without_a_folder_it_is_the_inbox() -> None:
    assert MailboxAddress.parse("imaps://u:p@mail.example.org:10993").folder == "INBOX"
    assert MailboxAddress.parse("imaps://u:p@mail.example.org:10993/").port == 10993


@pytest.mark.parametrize(
    ("host", "encrypted"),
    [("localhost", False), ("127.0.0.1", False), ("[::1]", False), ("mail.example.org", True)],
)
def test_only_what_stays_on_this_machine_goes_in_the_open(host: str, encrypted: bool) -> None:
    found = MailboxAddress.parse(f"imap://u:p@{host}/INBOX")
    assert (found.starttls, found.context is not None, found.port) == (encrypted, encrypted, 143)


BAD = {
    "another protocol": ("pop3://u:SECRET@mail.example.org", "is not the address of a mailbox"),
    "no user": ("imaps://mail.example.org/INBOX", "needs a user and a password"),
    "no password": ("imaps://SECRET@mail.example.org/INBOX", "needs a user and a password"),
    "no host": ("imaps://u:SECRET@/INBOX", "names no host"),
    "a bare @": ("imaps://u:SEC/RET@mail.example.org/INBOX", "cannot be taken apart"),
    "a bare #": ("imaps://u:SEC#RET@mail.example.org/INBOX", "cannot be taken apart"),
    "a bare ?": ("imaps://u:SEC?RET@mail.example.org/INBOX", "cannot be taken apart"),
    "a port that is none": ("imaps://u:p@mail.example.org:SECRET/INBOX", "cannot be taken apart"),
    "a line break": ("imaps://u:SECRET%0D%0AA1%20DELETE@mail.example.org", "signs in its user or password"),
    "no ASCII": ("imaps://u:SECRET%C3%A9@mail.example.org", "signs in its user or password"),
    "no UTF-8": ("imaps://u:SECRET%FF@mail.example.org", "stand for no UTF-8"),
    "a folder of all": ("imaps://u:SECRET@mail.example.org/*", "names a folder that cannot be one"),
    "an option": ("imaps://u:SECRET@mail.example.org/INBOX?tls=no", "has an option that is not known"),
    "no certificates": ("imaps://u:SECRET@mail.example.org/?cafile=/no/such", "cafile"),
}


@pytest.mark.parametrize(("url", "said"), BAD.values(), ids=BAD)
def test_what_cannot_be_read_is_refused_without_its_password(url: str, said: str) -> None:
    with pytest.raises(BadInput, match=said) as refused:
        MailboxAddress.parse(url)
    assert refused.value.hint
    shown = f"{refused.value.sentence} {refused.value.hint} {refused.value.__cause__}"
    assert not any(part in shown for part in ("SECRET", "SEC/RET", "RET@"))


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(BadInput) as refused:
        MailboxAddress.parse("imaps://u@mail.example.org/*?tls=no")
    for said in ("a user and a password", "a folder that cannot be one", "an option that is not known"):
        assert said in refused.value.sentence


def test_it_is_shown_without_its_login() -> None:
    assert "hunter2" not in repr(MailboxAddress.parse("imaps://anna:hunter2@mail.example.org"))
    assert "anna" not in repr(MailboxAddress.parse("imaps://anna:hunter2@mail.example.org"))
