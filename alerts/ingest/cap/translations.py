"""The blocks of a message in other languages: translations of the one update, where they say the same."""

from collections.abc import Sequence

from alerts.errors import BadInput
from alerts.ingest.cap.messages import CapInfo
from alerts.ingest.cap.severities import by_weight, weighed
from alerts.ingest.cap.wording import body_of, headline_of, key_points_of
from alerts.ingest.cleaning import excerpt
from alerts.ingest.translated import TRANSLATED_MAX, TRANSLATIONS_MAX
from alerts.languages import canonical


def translations_of(
    infos: Sequence[CapInfo], others: Sequence[Sequence[CapInfo]], language: str, notes: list[str]
) -> dict[str, object]:
    """The words of each other language by its tag, as an update has them; what is left out is named.

    `language` is that of `infos`, whose words are the update's own. As many blocks, as severe, are taken for
    the same: their areas are often drawn with other points, and named with other words.
    """
    found: dict[str, object] = {}
    room = TRANSLATED_MAX
    for blocks in others:
        tag = tag_of(blocks[0].language, notes)
        why = _is_none(infos, blocks, tag, (language, *found))
        words = {} if why else _words(blocks, notes)
        size = len(str(words))
        if size > room or len(found) == TRANSLATIONS_MAX:
            why = "at a length that cannot be kept"
        if why:
            notes.append(f"is in {tag or 'another language'}, too, {why}: that is left out")
        else:
            found[tag], room = words, room - size
            notes.append(f"is in {tag}, too: taken as a translation")
    return found


def _is_none(infos: Sequence[CapInfo], blocks: Sequence[CapInfo], tag: str, known: Sequence[str]) -> str:
    """Why blocks are no translation; empty for one."""
    if not tag:
        return "and does not say in which"
    if tag in known:
        return "twice"
    return "" if _weights(blocks) == _weights(infos) else "where it says something else"


def _words(blocks: Sequence[CapInfo], notes: list[str]) -> dict[str, object]:
    first, *more = by_weight(blocks)
    return {
        "headline": headline_of(first, notes),
        "key_points": key_points_of(first, notes),
        "body": body_of(first, more, notes),
    }


def tag_of(language: str, notes: list[str]) -> str:
    """Its language; none where none is said, though CAP means American English by that: few senders do."""
    try:
        return canonical(language)
    except BadInput:
        notes.append(f"says that it is in {excerpt(language)}, which is no language: left out")
        return ""


def _weights(infos: Sequence[CapInfo]) -> list[str]:
    return sorted(weighed(info.severity, info.urgency, info.certainty) for info in infos)
