"""One mailbox has many addresses: what strangers have mailed is counted by it."""

import pytest

from alerts.store.mailboxes import mailbox


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("anna@example.org", "anna+news@example.org", True),
        ("anna@gmail.com", "a.n.n.a+x@gmail.com", True),
        ("anna@gmail.com", "an.na@googlemail.com", True),
        ("a.nna@example.org", "anna@example.org", False),
        ("anna@example.org", "anna@example.com", False),
        ("+anna@example.org", "+bob@example.org", False),
        ("...@gmail.com", "anna@gmail.com", False),
    ],
)
def test_addresses_of_one_mailbox(one: str, other: str, same: bool) -> None:
    assert (mailbox(one) == mailbox(other)) == same
