"""Somebody's own page in a browser that runs no script: its buttons are pressed, and their changes undone."""

import html
import re
from typing import NamedTuple
from urllib.parse import urlencode, urljoin

from doors import Answer
from inside import Inside

from alerts.model import Cadence, Filter, QuietHours, Severity, Subscription
from alerts.operations.people.coming_in import begin
from alerts.operations.subscribing.subscriber_details import find
from alerts.services import Services

#: All that the form of a subscription can say but its name, by its fields …
ALL_SAID: dict[str, str | list[str]] = {
    "region": ["UA"],
    "q": "Kosovo; Sahel",
    "tag": ["conflict", "unrest"],
    "all_tag": ["power"],
    "none_tag": ["cyber"],
    "severity": "severe",
    "rhythm": "weekly",
    "day": ["thu", "mon"],
    "hour": "07:30",
    "zone": "Asia/Tokyo",
    "quiet_from": "22:00",
    "quiet_to": "06:00",
    "bypass": "extreme",
    "cap": "7",
    "all_quiet": "yes",
}
#: … and what is then asked for.
ALL_WANTED = Subscription(
    Filter(("UA", "XK", "sahel"), ("conflict", "unrest"), ("power",), ("cyber",), Severity.SEVERE),
    Cadence.parse("weekly mon,thu 07:30"),
    QuietHours.parse("22:00-06:00"),
    Severity.EXTREME,
    cap=7,
    all_quiet=True,
)


class Undo(NamedTuple):
    """The button that takes a change back; false where the page has none."""

    change: str
    words: str

    def __bool__(self) -> bool:
        return bool(self.words)


def undo_of(page: str) -> Undo:
    """The button that a page has for that."""
    found = re.search(r'name="change" value="(\w+)"><button[^>]*>([^<]+)</button>', page)
    return Undo(found[1], html.unescape(found[2])) if found else Undo("", "")


class OwnPages:
    """The pages of one who has come in."""

    def __init__(self, services: Services, address: str) -> None:
        self._inside = Inside(services)
        self.secret = begin(services, find(services, address))
        self._cookie = {"Cookie": f"__Host-alerts={self.secret}"}
        self.text = ""

    def open(self, path: str = "/me") -> str:
        self.text = self._inside.ask(path, headers=self._cookie).text
        return self.text

    def press(self, deed: str, path: str = "/me", **fields: str) -> Answer:
        """Press a button, and follow where it leads."""
        [token, *_] = re.findall(r'name="token" value="(\w+)"', self.text or self.open())
        body = urlencode({"token": token, "deed": deed} | fields).encode()
        answer = self._inside.ask(path, body, self._cookie)
        if answer.status == 303:
            answer = self._inside.ask(urljoin(path, answer.headers["Location"]), headers=self._cookie)
        self.text = answer.text
        return answer

    @property
    def undo(self) -> Undo:
        return undo_of(self.text)

    def undone(self, path: str = "/me") -> Answer:
        """Press the button that takes back what was just done."""
        assert self.undo, self.text
        return self.press("undo", path, change=self.undo.change)
