"""What a browser adds to a form by itself, as the Fetch standard and Fetch Metadata have it."""

import re
from collections.abc import Mapping
from urllib.parse import urlencode, urljoin

from doors import Answer
from inside import Inside

OURS = "http://127.0.0.1:8000"


class Browser:
    """Opens pages and presses their buttons. `metadata`: it sends `Sec-Fetch-Site`, as all do since 2023.

    One that does not is an older one, or any on a site that is neither HTTPS nor `localhost`.
    """

    def __init__(self, inside: Inside, *, metadata: bool = True) -> None:
        self._inside = inside
        self._metadata = metadata
        self._cookies: dict[str, str] = {}
        self._at = ""
        self._page: Answer | None = None

    def open(self, path: str) -> Answer:
        """Follow a link."""
        return self._show(path, self._inside.ask(path, headers=self._cookies))

    def press(self, button: str, typed: Mapping[str, str]) -> Answer:
        """Send the form of the page whose button says this, with its hidden fields and what was typed."""
        assert self._page is not None
        forms = re.findall(r"<form([^>]*)>(.*?)</form>", self._page.text, re.S)
        [(attributes, content), *_] = [form for form in forms if f">{button}</button>" in form[1]]
        hidden = dict(re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', content))
        pressed = re.search(rf'<button[^>]* name="([^"]*)" value="([^"]*)">{button}</button>', content)
        hidden |= {pressed[1]: pressed[2]} if pressed else {}
        where = re.search(r'action="([^"]*)"', attributes)
        path = urljoin(self._at, where[1]) if where else self._at
        sent = {"Host": OURS.partition("//")[2], "Origin": self._origin()} | self._cookies
        if self._metadata:
            sent["Sec-Fetch-Site"] = "same-origin"
        answer = self._inside.ask(path, urlencode(hidden | dict(typed)).encode(), sent)
        return self._show(path, answer)

    def _origin(self) -> str:
        """Fetch standard, “append a request `Origin` header”: under `no-referrer` it says nothing."""
        assert self._page is not None
        return "null" if self._page.headers["Referrer-Policy"] == "no-referrer" else OURS

    def _show(self, path: str, answer: Answer) -> Answer:
        self._at, self._page = path, answer
        if given := answer.headers["Set-Cookie"]:
            self._cookies = {"Cookie": given.partition(";")[0]}
        if answer.status == 303:
            return self.open(urljoin(path, answer.headers["Location"]))
        return answer
