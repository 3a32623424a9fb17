"""A saved web page: cleaned by nh3, which reads it as browsers do, then its article line by line.

Nothing is fetched, and no markup is handed on: what is read is text. Navigation, forms and what stands beside
the article are left out.
"""

import re
from html.parser import HTMLParser

import nh3

from alerts.documents.content import CELL, HEADING, ITEM, NUMBER, ROW, TEXT, Content, Unreadable

#: Octets; a page is mostly markup.
OCTETS_MAX = 5_000_000

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([a-zA-Z0-9_:.-]{1,40})", re.IGNORECASE)
_LANGUAGE = re.compile(r"<html\b[^>]{0,500}?\slang\s*=\s*[\"']?([a-zA-Z0-9-]{2,40})", re.IGNORECASE)
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_BESIDE = frozenset(("nav", "aside", "footer", "form", "header"))
_BLOCKS = frozenset(("p", "div", "blockquote", "pre", "section", "article", "main", "figcaption", "dt", "dd"))
_TABLE = frozenset(("table", "tr", "td", "th", "caption"))
_LISTS = frozenset(("ul", "ol", "li"))
_OF_ITSELF = frozenset(("title", "meta", "br", "img", "time"))
_KEPT = _HEADINGS | _BESIDE | _BLOCKS | _TABLE | _LISTS | _OF_ITSELF
_GONE = frozenset(
    ("script", "style", "noscript", "template", "svg", "math", "iframe", "object", "select", "button",
     "textarea", "audio", "video", "canvas")
)  # fmt: skip
#: What pages call their author and their day.
_AUTHOR = frozenset(("author", "article:author", "dc.creator"))
_DATED = frozenset(
    ("article:published_time", "date", "dc.date", "dcterms.date", "dcterms.issued", "datepublished")
)
#: What is worth being an article (characters).
_ARTICLE_MIN = 40


def read(source: bytes) -> Content:
    """Read a page. Raises Unreadable."""
    if len(source) > OCTETS_MAX:
        raise Unreadable(
            "It is a web page of more than 5 MB.", "Open it in a browser, copy its text, and save that."
        )
    text = _decoded(source)
    clean = nh3.clean(
        text,
        tags=_KEPT,
        clean_content_tags=_GONE,
        attributes={"meta": {"name", "property", "content"}},
        link_rel=None,
    )
    walker = _Walker()
    walker.feed(clean)
    walker.close()
    content = walker.content()
    if found := _LANGUAGE.search(text[:4_000]):
        content.language = found[1]
    if not content.title and not content.lines:
        raise Unreadable(
            "It is a web page without text: what it shows is made by programs in it.",
            "Open it in a browser, copy its text, and save that.",
        )
    return content


def _decoded(source: bytes) -> str:
    """In the encoding that the page says, else UTF-8, else what browsers take it for."""
    if source.startswith((b"\xff\xfe", b"\xfe\xff")):
        return source.decode("utf-16", "replace")
    said = _CHARSET.search(source[:4_000])
    for encoding in ("utf-8-sig", said[1].decode() if said else "windows-1252"):
        try:
            return source.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return source.decode("windows-1252", "replace")


class _Walker(HTMLParser):
    """The lines of a page that nh3 has cleaned: every element in it is closed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._found: list[tuple[str, str, bool]] = []  #: kind, text, and whether it is of the article
        self._heading: list[tuple[str, bool]] = []  #: of the first rank
        self._title = self._author = self._dated = ""
        self._text: list[str] = []
        self._cells: list[str] | None = None
        self._lists: list[str] = []
        self._kind = TEXT
        self._beside = self._article = self._pictures = 0
        self._titled = self._passed = self._first = False

    def content(self) -> Content:
        """What was found: the article, where the page has one."""
        self._end_line()
        size = sum(len(text) for _, text, ours in self._found if ours)
        chosen = [line for line in self._found if line[2] or size < _ARTICLE_MIN]
        found = Content(author=self._author, dated=self._dated)
        main = [text for text, ours in self._heading if ours] or [text for text, _ in self._heading]
        found.title = main[0] if main else " ".join(self._title.split())
        title = next(
            (n for n, (kind, text, _) in enumerate(chosen) if (kind, text) == (HEADING, found.title)), -1
        )
        for number, (kind, text, _) in enumerate(chosen):
            if number != title:
                found.add(kind, text)
        beside = self._passed or len(self._found) > len(chosen)
        if self._pictures:
            found.left_out.append(f"{self._pictures} picture{'s' * (self._pictures > 1)}")
        if beside:
            found.left_out.append("what stands beside the article (navigation, footer)")
        return found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "meta":
            self._of_itself(dict(attrs))
        elif tag == "title":
            self._titled = True
        elif tag == "br" and self._cells is None:
            self._end_line()
        elif tag == "br":
            self._text.append(" ")
        elif tag == "img":
            self._pictures += not self._beside
        elif tag not in _OF_ITSELF:
            self._begin(tag)

    def _begin(self, tag: str) -> None:
        if tag == "tr" and self._cells is not None:  # a table in a cell: what stands before it is a row
            self._end_cell(self._cells)
            self._end_row(self._cells)
        if self._cells is None:
            self._end_line()
        elif tag in ("td", "th"):
            self._end_cell(self._cells)
        else:
            self._text.append(" ")
        if tag == "tr":
            self._cells = []
        elif tag in ("ul", "ol"):
            self._lists.append(NUMBER if tag == "ol" else ITEM)
        elif tag == "li" and self._cells is None:
            self._kind = self._lists[-1] if self._lists else ITEM
        elif tag in _HEADINGS and self._cells is None:
            self._kind, self._first = HEADING, tag == "h1"
        self._beside += tag in _BESIDE
        self._article += tag in ("main", "article")

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._titled = False
        elif tag in ("td", "th") and self._cells is not None:
            self._end_cell(self._cells, empty=True)
        elif tag == "tr" and self._cells is not None:
            self._end_cell(self._cells)
            self._end_row(self._cells)
        elif tag not in _OF_ITSELF:
            if self._cells is None:
                self._end_line()
            else:
                self._text.append(" ")
            if tag in ("ul", "ol") and self._lists:
                self._lists.pop()
            self._beside -= tag in _BESIDE
            self._article -= tag in ("main", "article")

    def handle_data(self, data: str) -> None:
        if self._titled:
            self._title += data
        else:
            self._text.append(data)

    def _of_itself(self, attributes: dict[str, str | None]) -> None:
        name = (attributes.get("name") or attributes.get("property") or "").lower()
        said = " ".join((attributes.get("content") or "").split())
        if name in _AUTHOR and not said.startswith("http"):
            self._author = self._author or said
        elif name in _DATED:
            self._dated = self._dated or said

    def _end_cell(self, cells: list[str], *, empty: bool = False) -> None:
        """End a cell; what stands between cells is one, too, except where it may be `empty`."""
        text = " ".join("".join(self._text).split())
        self._text.clear()
        if text or empty:
            cells.append(text)

    def _end_row(self, cells: list[str]) -> None:
        self._cells = None
        if len(cells) == 1:
            self._add(TEXT, cells[0])
        elif any(cells):
            self._add(ROW, CELL.join(cells))

    def _end_line(self) -> None:
        text = " ".join("".join(self._text).split())
        self._text.clear()
        kind, self._kind = self._kind, TEXT
        first, self._first = self._first, False
        if text and first:
            self._heading.append((text, self._article > 0))
        if text:
            self._add(kind, text)

    def _add(self, kind: str, text: str) -> None:
        if self._beside and not self._article:
            self._passed = True
            return
        self._found.append((kind, text, self._article > 0))
        if kind in (TEXT, HEADING):
            self._found.append((TEXT, "", self._article > 0))
