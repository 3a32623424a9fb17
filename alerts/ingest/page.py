"""The plain text of a situation page: navigation, dateline, headline, author, key points, body.

Any part may be missing; a text with none of the marks is a headline and a body. Words are taken literally.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from alerts.ingest.blocks import Block, blocks
from alerts.ingest.cleaning import excerpt, one_line, prose
from alerts.ingest.dates import read_time
from alerts.ingest.field_texts import KEY_POINTS_MAX, LINE_MAX
from alerts.ingest.field_words import FieldWords, SaidFields, words_of
from alerts.model import HEADLINE_MAX
from alerts.texts import visible

#: Navigation and headline are among the first lines, this many, that are not blank.
_HEAD = 40
_FURNITURE = ("banner image", "updates, news & events", "news & updates", "back")
#: How far a piece of furniture can stand from the previous one: the title of the page is between.
_REACH = 2

_LABEL = r"situation (?:update|report)"
#: What stands before the day of a text, and marks no page.
_DATED = r"(?:date|dated|issued|published|(?:last )?updated|as of|as at)\b(?: on)?"
_DATELINE = re.compile(
    rf"(?:(?P<label>{_LABEL}[ :–—-]*)|{_DATED}[ :–—-]*)?(?P<date>.{{6,40}}?)(?P<back> back)?", re.IGNORECASE
)
#: "Situation Update - X", and as the title of a page "Site's Situation Update - X Site News".
_LABELLED = re.compile(
    rf"(?:(?P<site>\w{{1,40}})['’]s )?{_LABEL} ?[-–—:] ?(?P<headline>.+?)(?: (?P=site)\b.*)?", re.IGNORECASE
)
_KEY_POINTS = re.compile(r"key (?:points|messages|developments|takeaways):?", re.IGNORECASE)
_SMALL_WORDS = ("al", "and", "bin", "da", "de", "der", "van", "von")


@dataclass(slots=True)
class _Page:
    """What is left of the page: the lines from `at`."""

    lines: Sequence[str]
    at: int = 0
    above: int = 0  #: blank lines that stood above the first
    notes: list[str] = field(default_factory=list)  #: what was left out
    words: list[FieldWords] = field(default_factory=list)

    def take(self, name: str, at: int) -> None:
        """Note that a field was taken from a line; from the first of several, and none of the others."""
        line = "".join(self.lines[at : at + 1])
        if any(words.field == name for words in self.words):
            self.notes.append(f"leaves out {excerpt(line)}")
        elif line:
            self.words.append(words_of(name, f"line {self.above + at + 1}", line))

    def peek(self) -> str:
        """Move to the next line that is not blank and return it; empty at the end."""
        while self.at < len(self.lines) and not self.lines[self.at].strip():
            self.at += 1
        return one_line(self.lines[self.at]) if self.at < len(self.lines) else ""

    def stands_alone(self) -> bool:
        """Whether the line at `at` is followed by a blank one or a bullet, and has text below."""
        below = self.lines[self.at + 1 :]
        following = blocks(below[:1])
        return any(map(str.strip, below)) and (not following or following[0].listed == "-")


def recognises(text: str, suffix: str) -> bool:  # noqa: ARG001 - every format is asked the same
    """True: a text is what no other format knows."""
    return True


def read(text: str) -> list[SaidFields]:
    """Read one update: what is not recognised is headline and body. Raises BadInput for a wrong weekday."""
    return [read_noted(text)[0]]


def notes(text: str) -> list[str]:
    """What is left out of a page."""
    return read_noted(text)[1]


def read_noted(text: str) -> tuple[SaidFields, list[str]]:
    """Both: the fields of a page with their words, and the notes about it."""
    blank = (number for number, line in enumerate(visible(text).splitlines()) if line.strip())
    page = _Page(prose(text).split("\n"), above=next(blank, 0))
    above, published_at = _skip_navigation(page)
    headline, labelled = _headline(page, above)
    _note_above(page, above, headline)
    author, dated = _byline(page, marked=labelled or bool(above))
    key_points, body = _key_points(blocks(page.lines[page.at :]))
    if key_points:
        page.take("key_points", page.at + key_points.at)
    if body:
        page.take("body", page.at + body[0].at)
    when = published_at or dated
    fields: dict[str, object] = {
        "headline": headline,
        "author": author,
        "published_at": when.isoformat() if when else None,
        "key_points": key_points.lines if key_points else [],
        "body": "\n\n".join(map(str, body)),
    }
    return SaidFields(fields, page.words), page.notes


def has_marks(text: str) -> bool:
    """Whether a text is a page by its top: furniture, or a headline that is labelled as one."""
    page = _Page(prose(text).split("\n"))
    above, _ = _skip_navigation(page)
    return any(not _dateline(line)[0] for line in above) or _unlabelled(page.peek())[1]


def _skip_navigation(page: _Page) -> tuple[list[str], date | None]:
    """Move below the navigation. Return its lines, and the day its dateline tells."""
    head = [(at, one_line(line)) for at, line in enumerate(page.lines) if line.strip()][:_HEAD]
    passed, published_at, dated_at = 0, None, 0
    for place, (at, line) in enumerate(head, 1):
        day, labelled = _dateline(line)
        if published_at is None and day and (labelled or place == 1):
            passed, published_at, dated_at = place, day, at
        elif line.lower() in _FURNITURE and place - passed <= _REACH:
            passed = place
        elif _is_sentence(line):
            break  # the body has begun
    if passed in (0, len(head)):
        return [], None
    page.at = head[passed][0]
    if published_at:
        page.take("published_at", dated_at)
    return [line for _, line in head[:passed]], published_at


def _note_above(page: _Page, above: Sequence[str], headline: str) -> None:
    """Note what stood above the headline that nobody reads."""
    datelines = [line for line in above if _dateline(line)[0]]
    if left := [line for line in above if line not in datelines[:1] and _unlabelled(line)[0] != headline]:
        page.notes.append(f"leaves out what stands above the headline: {excerpt(', '.join(left))}")


def _headline(page: _Page, above: Sequence[str]) -> tuple[str, bool]:
    """Move below the headline. Return it without its label, and whether it had one."""
    title, _ = _unlabelled(above[0]) if above and not _is_navigation(above[0]) else ("", False)
    headline, labelled = _unlabelled(page.peek())
    if title and not labelled and _is_something_else(headline, title):
        page.take("headline", 0)
        return title, True
    at = page.at
    page.at += 1
    again, labelled_again = _unlabelled(page.peek()) if labelled else ("", False)
    if labelled_again and not _is_sentence(again):  # the first was the title of the page
        page.take("headline", page.at)
        page.at += 1
        return again, True
    page.take("headline", at)
    return headline, labelled


def _is_something_else(line: str, title: str) -> bool:
    """Whether the line where the headline was expected is what follows one: an author, a text, a list."""
    follows = not line or _is_sentence(line) or bool(blocks([line])[0].listed)
    return follows or (_is_name(line) and not set(line.lower().split()) & set(title.lower().split()))


def _byline(page: _Page, *, marked: bool) -> tuple[str, date | None]:
    """Move below the author and the day, in either order. A bare name is only believed on a marked page."""
    author, dated = "", None
    while line := page.peek():
        day, _ = _dateline(line)
        name = line[3:] if line[:3].lower() == "by " else line if marked and page.stands_alone() else ""
        if day and not dated:
            dated = day
            page.take("published_at", page.at)
        elif not author and _is_name(name):
            author = name
            page.take("author", page.at)
        else:
            break
        page.at += 1
    return author, dated


def _key_points(found: list[Block]) -> tuple[Block | None, list[Block]]:
    """Bullets above the body, as far as an update has room for them."""
    if len(found) > 1 and found[1].listed and _KEY_POINTS.fullmatch(found[0].lines[0]):
        found = found[1:]
    if len(found) > 1 and found[0].listed == "-":
        points = found[0].lines
        if len(points) <= KEY_POINTS_MAX and max(map(len, points)) <= LINE_MAX:
            return found[0], found[1:]
    return None, found


def _dateline(line: str) -> tuple[date | None, bool]:
    """The day a line consists of, and whether it says what it is the day of."""
    found = _DATELINE.fullmatch(line)
    return (read_time(found["date"]), bool(found["label"] or found["back"])) if found else (None, False)


def _unlabelled(line: str) -> tuple[str, bool]:
    found = _LABELLED.fullmatch(line)
    return (found["headline"], True) if found else (line, False)


def _is_navigation(line: str) -> bool:
    return line.lower() in _FURNITURE or _dateline(line)[0] is not None


def _is_sentence(line: str) -> bool:
    return len(line) > HEADLINE_MAX or line.endswith((".", ":"))


def _is_name(line: str) -> bool:
    words = line.split()
    fitting = (w in _SMALL_WORDS or (w[0].isupper() and re.sub(r"[.'’-]", "", w).isalpha()) for w in words)
    return 2 <= len(words) <= 5 and len(line) <= 60 and not _KEY_POINTS.fullmatch(line) and all(fitting)
