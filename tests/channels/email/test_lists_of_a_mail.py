"""Which lists a mail is for: what its footer says, and by which List-Id it is sorted."""

import email
import shutil
from email import policy

import pytest
from house import OPERATOR, draft, tell

from alerts.channels.email.lists import list_id, offer
from alerts.links import list_key
from alerts.locales import ENGLISH
from alerts.model import Filter, Subscription
from alerts.operations.subscribing import subscribers
from alerts.services import Services

WHOLE = "situation-updates.alerts.example.org"


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ((), "Leave this list"),
        (("",), "Leave this list"),
        (("Staff",), "Leave “Staff”"),
        (("Staff", "Region"), "Leave “Staff” or “Region”"),
        (("a", "b", "c"), "Leave “a”, “b” or “c”"),
        (("a", "b", "c", "d", "e"), "Leave “a”, “b”, “c” or 2 more"),
        (("a\u202eb\nc",), "Leave “ab c”"),
        (("word " * 40,), f"Leave “{'word ' * 11}word…”"),
        (("אבג",), "Leave “\u2068אבג\u2069”"),
    ],
)
def test_the_footer_names_them(names: tuple[str, ...], said: str) -> None:
    assert offer(names, ENGLISH) == said


@pytest.mark.parametrize(
    ("names", "value"),
    [
        ((), f"<{WHOLE}>"),
        (("",), f"<{WHOLE}>"),
        (("Staff", "Region"), f"<{WHOLE}>"),
        (("Staff",), f"Staff <staff.{WHOLE}>"),
        (("My way home 2",), f"My way home 2 <my-way-home-2.{WHOLE}>"),
        (("Київ",), f"=?utf-8?b?0JrQuNGX0LI=?=\r\n <{list_key('київ')}.{WHOLE}>"),
        (("a.b>, <c",), f'"a.b>, <c" <{list_key("a.b>, <c")}.{WHOLE}>'),
    ],
)
def test_a_list_of_ones_own_has_an_identifier_of_its_own(names: tuple[str, ...], value: str) -> None:
    assert list_id("https://alerts.example.org/x", "example.org", names) == value


def test_a_mail_names_the_lists_it_is_for_and_no_others(services: Services) -> None:
    shutil.rmtree(services.settings.outbox, ignore_errors=True)  # what other tests have sent
    wanted = [
        Subscription(Filter(("UA",)), name="Staff"),
        Subscription(Filter(("RU",)), name="The region"),
        Subscription(Filter(("ML",)), name="Sahel"),
    ]
    subscribers.add(services, OPERATOR, "anna@example.org", wanted)
    subscribers.add(services, OPERATOR, "olena@example.org", wanted[:1])
    tell(services, draft())
    mails = {}
    for path in services.settings.outbox.rglob("*.eml"):
        mail = email.message_from_bytes(path.read_bytes(), policy=policy.default)
        mails[str(mail["To"])] = mail
    texts = {to: mail.get_body(("plain",)).get_content() for to, mail in mails.items()}  # type: ignore[union-attr]
    said = ("Leave “Staff” or “The region”: http", "Leave “The region” or “Staff”: http")
    assert any(line in texts["anna@example.org"] for line in said)
    assert "Sahel" not in texts["anna@example.org"]
    assert "Leave “Staff”: http" in texts["olena@example.org"]
    assert mails["olena@example.org"]["List-Id"].startswith("Staff <staff.situation-updates.")
    assert mails["anna@example.org"]["List-Id"].startswith("<situation-updates.")
    assert [m["List-Unsubscribe"] for m in mails.values()] == [
        f"<{services.links.unsubscribe(to)}>" for to in mails
    ]
