"""In which of its languages an update is read: a pure rule."""

from dataclasses import dataclass, replace

from alerts import languages
from alerts.model import Draft


@dataclass(frozen=True, slots=True)
class Edition:
    """An update in the words that its reader gets, and in which language each of them is; empty: not known.

    A translation may have less than the original: then what it lacks is read as its author wrote it.
    """

    draft: Draft  #: with these words
    original: Draft
    headline: str
    key_points: str
    body: str
    note: str

    @property
    def languages(self) -> tuple[str, ...]:
        return (self.headline, self.key_points, self.body, self.note)


def edition(draft: Draft, reads: str) -> Edition:
    """The words that serve a reader of `reads`, whole or in part; else those of its author."""
    own = draft.language
    if not draft.translations:  # a month is looked back on by thousands
        return Edition(draft, draft, own, own, own, own)
    tag = languages.closest(reads, [own, *(words.language for words in draft.translations)])
    if tag in ("", own):
        return Edition(draft, draft, own, own, own, own)
    words = next(words for words in draft.translations if words.language == tag)
    points, body, note = words.key_points, words.body, words.note
    said = replace(
        draft,
        headline=words.headline,
        key_points=points or draft.key_points,
        body=body or draft.body,
        note=note or draft.note,
        language=tag,
    )
    return Edition(
        said,
        draft,
        tag,
        tag if points or not draft.key_points else own,
        tag if body or not draft.body else own,
        tag if note or not draft.note else own,
    )
