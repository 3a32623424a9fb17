"""An item of a feed: what it is known by, what it means, and the update that it says."""

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import parse_qsl, urlencode, urlsplit

from alerts.errors import BadInput
from alerts.ingest.blocks import blocks
from alerts.ingest.feeds.words import meaning
from alerts.ingest.field_texts import LINE_MAX
from alerts.ingest.field_words import FieldWords, words_of
from alerts.languages import canonical
from alerts.model import HEADLINE_MAX, Certainty, Severity, Status, Urgency
from alerts.model.names import name_of
from alerts.texts import head, safe_url

#: Parts of a link that say by which way somebody came, and not where it leads.
_TRACKING = re.compile(
    r"utm_\w+|fbclid|gclid|mc_[ce]id|at_(?:medium|campaign)|ns_\w+|ref|cmpid|ocid|smid", re.I
)
#: Where a headline that is too long may end.
_SENTENCE_END = re.compile(r"[.!?;:]\s|\s[–—-]\s")
CATEGORIES_MOST = 50
#: What an item of an index says of its alert in one word.
_DEGREES = ("severity", "urgency", "certainty", "status")
ITEMS_MAX = 5_000


@dataclass(frozen=True, slots=True)
class RawItem:
    """What a feed says of an item, as plain text, before it is known by anything."""

    id: str
    link: str
    headline: str
    text: str
    at: datetime | None = None
    author: str = ""
    language: str = ""
    categories: tuple[str, ...] = ()
    #: `severity`, `urgency`, `certainty`, `status`, `expires`, `area` where it speaks of an alert of CAP.
    about: Mapping[str, str] = field(default_factory=dict)
    alert_url: str = ""  #: where the whole alert is
    alerts: tuple[bytes, ...] = ()  #: the whole alerts themselves
    revised: str = ""  #: when it says that it was changed: of an alert elsewhere this is all there is


@dataclass(frozen=True, slots=True)
class FeedItem:
    """An item as it is followed from poll to poll."""

    key: str  #: what it is known by: its id, else its link, else its content
    meaning: str  #: equal as long as it says the same
    raw: RawItem

    @property
    def link_name(self) -> str:
        """A name of where it leads; empty where it leads nowhere."""
        return name_of(("link", _place(self.raw.link))) if self.raw.link else ""

    @property
    def at(self) -> datetime | None:
        return self.raw.at

    @property
    def headline(self) -> str:
        return self.raw.headline or head(self.raw.text, 80) or "(without a headline)"

    def document(self, source: str) -> bytes:
        """The update that it says, as JSON: to be read like a file of somebody's. `source` is the feed."""
        raw, about = self.raw, self.raw.about
        headline, rest = _headline(raw.headline or raw.text.partition("\n")[0])
        text = raw.text if raw.headline else raw.text.partition("\n")[2]
        if raw.headline and meaning(text) == meaning(raw.headline):
            text = ""
        parts = [rest, text, f"Area: {about['area']}" if about.get("area") else ""]
        body = "\n\n".join(str(block) for part in parts for block in blocks(part.split("\n")))
        fields: dict[str, object] = {
            "headline": headline,
            "body": body,
            "url": safe_url(raw.link, ("http", "https")),
            "author": raw.author if len(raw.author) <= LINE_MAX else "",
            "source": head(source, LINE_MAX),
            "published_at": _written(raw.at),
            "language": _language(raw.language),
            "severity": _one_of(Severity, about.get("severity", "")),
            "urgency": _one_of(Urgency, about.get("urgency", "")),
            "certainty": _one_of(Certainty, about.get("certainty", "")),
            "status": _status(about.get("status", "")),
            "expires_at": _written(moment(about.get("expires", ""))),
        }
        return json.dumps({k: v for k, v in fields.items() if v}, ensure_ascii=False).encode()

    def words(self, source: str) -> list[FieldWords]:
        """From which elements each field of that update is taken; `source` is the feed."""
        raw, said = self.raw, json.loads(self.document(source))
        elements = {
            "headline": ("title", raw.headline) if raw.headline else ("text", raw.text),
            "body": ("text", raw.text or raw.headline or raw.about.get("area", "")),
            "url": ("link", raw.link),
            "author": ("author", raw.author),
            "source": ("title of the feed", source),
            "published_at": ("time of publishing", str(raw.at)),
            "language": ("language", raw.language),
            "expires_at": ("cap:expires", raw.about.get("expires", "")),
        } | {name: (f"cap:{name}", raw.about.get(name, "")) for name in _DEGREES}
        return [words_of(name, *elements[name]) for name in said]


def followed(found: Sequence[RawItem]) -> list[FeedItem]:
    """The items with what each is known by, each once, in their order.

    An id that several different items bear is none, and so is such a link.
    """
    ids = Counter(raw.id for raw in found)
    links = Counter(_place(raw.link) for raw in found)
    items: dict[str, FeedItem] = {}
    for raw in found:
        means = _meaning(raw)
        if raw.id and ids[raw.id] == 1:
            known_by = ("id", raw.id)
        elif raw.link and links[_place(raw.link)] == 1:
            known_by = ("link", _place(raw.link))
        else:
            known_by = ("content", means)
        item = FeedItem(name_of(known_by), means, raw)
        items.setdefault(item.key, item)
    return list(items.values())


def require_few(items: int) -> None:
    """Raise BadInput for a feed of more items than anybody publishes."""
    if items > ITEMS_MAX:
        raise BadInput(
            f"It has more than {ITEMS_MAX:,} items.", "Ask its publisher for one of the latest alone."
        )


def moment(text: str) -> datetime | None:
    """A time as an element of CAP has it in a feed: by ISO 8601 or RFC 5322; None for anything else."""
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            when = read(text.strip())
            return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, TypeError, OverflowError, IndexError):
            continue
    return None


def _meaning(raw: RawItem) -> str:
    about = [f"{name} {value}" for name, value in sorted(raw.about.items())]
    elsewhere = (raw.alert_url, raw.revised) if raw.alert_url else ()
    return meaning(raw.headline, raw.text, *about, *elsewhere, *(name_of(a.hex()) for a in raw.alerts))


def _place(link: str) -> str:
    """Where a link leads, however one came by it."""
    try:
        parts = urlsplit(link)
        asks = [
            (k, v) for k, v in parse_qsl(parts.query, True, max_num_fields=100) if not _TRACKING.fullmatch(k)
        ]
    except ValueError:
        return link
    host = parts.netloc.lower().removeprefix("www.")
    return f"{host}{parts.path.rstrip('/') or '/'}?{urlencode(asks)}#{parts.fragment}"


def _headline(text: str) -> tuple[str, str]:
    """A headline that fits, and the whole of it where it did not: nothing is lost."""
    if len(text) <= HEADLINE_MAX:
        return text, ""
    ends = [found.start() for found in _SENTENCE_END.finditer(text, 40, HEADLINE_MAX)]
    if ends:
        return text[: ends[-1]].rstrip(" .;:–—-"), text
    return head(text, HEADLINE_MAX - 2).rpartition(" ")[0] + " …", text


def _one_of(words: type[Severity] | type[Urgency] | type[Certainty], text: str) -> str:
    word = text.strip().lower()
    return word if word in list(words) else ""


def _status(text: str) -> str:
    """`system` and `draft` of CAP are for no reader: they stay, and are refused as what they are."""
    word = text.strip().lower()
    return "" if word in ("", Status.ACTUAL) else word


def _written(when: datetime | None) -> str:
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if when else ""


def _language(text: str) -> str:
    try:
        return canonical(text) if text and len(text) < 40 else ""
    except BadInput:
        return ""
