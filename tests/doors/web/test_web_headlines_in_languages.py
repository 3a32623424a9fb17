"""On a person's own pages each headline is in the words that they get; what they do not read says so."""

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlencode

import pytest
from house import OPERATOR, draft, tell
from inside import Inside

from alerts.model import Filter, Subscription, Translation
from alerts.operations.people.coming_in import begin
from alerts.operations.subscribing import subscribers
from alerts.operations.subscribing.subscriber_details import find
from alerts.services import Services, connect
from alerts.settings import Settings

ANNE = "anne@example.org"
TRANSLATED = draft(
    "bridges",
    regions=("UA",),
    headline="Two bridges closed",
    language="en",
    translations=(Translation("fr", "Deux ponts fermés"),),
)
UKRAINIAN = draft("talks", regions=("UA",), headline="Переговори тривають", language="uk")
UNKNOWN = draft("who", regions=("UA",), headline="WHO: Cholera")
#: What stands on the page: in French, which she reads; in Ukrainian, marked; in nobody knows what.
SHOWN = (
    '<bdi lang="fr" dir="ltr">Deux ponts fermés</bdi>',
    '<bdi lang="uk" dir="ltr">Переговори тривають</bdi> '
    '<span class="soft">(langue\N{NO-BREAK SPACE}: ukrainien)</span>',
    '<bdi lang="" dir="auto">WHO: Cholera</bdi>',
)


@pytest.fixture
def services(bundled: Settings) -> Iterator[Services]:
    ready = connect(bundled.model_copy(update={"redis_url": None}))
    ready.server.client.flushall()
    yield ready
    ready.close()


class Reader:
    """Somebody who reads French, and what she sees."""

    def __init__(self, services: Services) -> None:
        subscribers.add(services, OPERATOR, ANNE, [Subscription(Filter(("UA",)), name="Ukraine")])
        before = find(services, ANNE)
        services.subscribers.save(replace(before, language="fr"), before)
        self._inside = Inside(services)
        self._cookie = {"Cookie": f"__Host-alerts={begin(services, find(services, ANNE))}"}
        for content in (TRANSLATED, UKRAINIAN, UNKNOWN):
            tell(services, content)

    def page(self, path: str, **typed: str) -> str:
        body = urlencode(typed).encode() if typed else None
        return self._inside.ask(path, body, headers=self._cookie).text


def test_headlines_are_in_the_words_that_their_reader_got(services: Services) -> None:
    """What she would have got and had muted was listed in its author's language, and nothing was marked."""
    anne = Reader(services)
    history = anne.page("/me/history")
    for where in (
        anne.page("/me"),
        anne.page("/me/subscriptions/new?region=PL&rhythm=immediate&do=preview"),
        history,
    ):
        assert [shown for shown in SHOWN if shown not in where] == []
        assert "Two bridges" not in where
    [token, *_] = re.findall(r'name="token" value="(\w+)"', history)
    muted = anne.page("/me/history", token=token, update="bridges")
    assert "« Deux ponts fermés »" in muted or "Deux ponts fermés" in muted.partition("<ul")[0]
    anne.page("/me/history", token=token, update="talks")
    listed = anne.page("/me").partition('value="unmute"')
    assert listed[1]
    assert all(shown in listed[0].rpartition("<h2>")[2] + listed[2] for shown in SHOWN[:2])
    assert "Two bridges" not in "".join(listed)
