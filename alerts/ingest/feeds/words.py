"""HTML → plain text, and what of a text is its meaning: not white space, counters and advertising."""

import html
import re
import unicodedata

import nh3

from alerts.ingest.cleaning import one_line, prose
from alerts.model.names import name_of
from alerts.texts import visible

#: Characters of one text: more says nothing that an update has room for.
TEXT_MAX = 250_000
#: Tags of one text that are understood; the parser takes the square of their depth. Of more, none is.
TAGS_MAX = 5_000
_TAG = re.compile(r"<[^<>]{0,2000}>")
_BLOCKS = {"p", "br", "li", "div", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre"}
_ITEM = re.compile(r"<li>\s*")
_BREAK = re.compile(r"</?(?:p|div|h[1-6]|blockquote|pre|li)>|<br>")
_ROW = re.compile(r"</?tr>")
_BLANK_LINES = re.compile(r"\n{3,}")

_COUNTED = r"(?:comments?|views?|shares?|likes?|reads?|retweets?|reactions?|replies)"
#: Lines that a feed's own machinery adds: who counts, who sells, who wants to be followed.
_FURNITURE = re.compile(
    rf"(?:[-•]\s*)?(?:"
    rf"[\d.,]+[km]?\s*{_COUNTED}|{_COUNTED}\s*:?\s*[\d.,]+[km]?"
    r"|(?:last )?(?:updated|modified|posted|published):?\s*(?:\d+|an?|one)\s*"
    r"(?:seconds?|minutes?|mins?|hours?|hrs?|days?) ago"
    r"|advertisements?|advert|sponsored(?: content| post)?|promoted(?: content)?"
    r"|(?:read|see|view|learn|find out) more(?:\s*(?:…|\.\.\.|»|›|→|>))?|continue reading\b.{0,160}"
    r"|\[?(?:…|\.\.\.)\]?"
    r"|(?:share|follow us|like us|tweet) (?:this|on|via)\b.{0,80}|subscribe to our\b.{0,120}"
    r"|sign up (?:for|to)\b.{0,120}"
    r"|the post .{1,300} (?:appeared first|first appeared) on .{1,120}"
    r")[.!]?",
    re.I,
)
_COUNTER = re.compile(rf"[(\[]\s?[\d.,]{{1,12}}\s?{_COUNTED}\s?[)\]]", re.I)
#: What a meaning is made of: words, and numbers with their signs. `-5 °C` is not `5 °C`.
_MEANING = re.compile(r"(?:(?<!\w)[-+−]?\d[\d.,:/]*\d|(?<!\w)[-+−]?\d|\w+|[%°])")


def plain(text: str, is_html: bool) -> str:
    """The text as somebody reads it: paragraphs and lists on lines of their own, furniture left out."""
    text = text[:TEXT_MAX]
    if is_html and ("<" in text or "&" in text):
        text = _without_markup(text)
    lines = (one_line(_COUNTER.sub("", line)) for line in prose(visible(text)).split("\n"))
    kept = "\n".join(line for line in lines if not _FURNITURE.fullmatch(line))
    return _BLANK_LINES.sub("\n\n", kept).strip()


def plain_line(text: str, is_html: bool) -> str:
    """The text on one line."""
    return one_line(plain(text, is_html))


def meaning(*said: object) -> str:
    """A name for what is said: the same however it is spaced, capitalised, punctuated or marked up."""
    words = []
    for part in said:
        text = unicodedata.normalize("NFKC", str(part)).casefold()
        words.append([word.strip(".,:/") for word in _MEANING.findall(text)])
    return name_of(words)


def _without_markup(text: str) -> str:
    if text.count("<") > TAGS_MAX:
        text = _TAG.sub(" ", text).replace("<", " ")
    clean = nh3.clean(text, tags=_BLOCKS, attributes={}, clean_content_tags={"script", "style"})
    clean = " ".join(clean.split()) if "<" in clean else clean
    clean = _BREAK.sub("\n\n", _ROW.sub("\n", _ITEM.sub("\n- ", clean)))
    return html.unescape(clean)
