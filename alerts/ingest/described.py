"""What each field of an update means and what fits into it: for `docs/formats.md` and for skeletons."""

from enum import StrEnum
from typing import NamedTuple

from alerts.ingest.field_texts import BODY_MAX, KEY_POINTS_MAX, LINE_MAX
from alerts.ingest.fields import REGIONS_MAX, TAGS_MAX, URL_MAX
from alerts.ingest.shape_fields import SHAPES_CHARACTERS, SHAPES_MAX
from alerts.ingest.translated import TRANSLATED_MAX, TRANSLATIONS_MAX
from alerts.model import HEADLINE_MAX, Certainty, Kind, Severity, Status, Urgency


class Described(NamedTuple):
    """A field in words: what it says, and its bounds."""

    meaning: str
    bounds: str


def _one_of(words: type[StrEnum]) -> str:
    return ", ".join(words)


_LINE = f"one line, at most {LINE_MAX} characters"
_TIME = "2026-11-26T17:00:00Z, or 2026-11-26 18:00 in the desk's time zone"

#: By name, in the order of the model. A test holds it to the model, and each bound to what is refused.
UPDATE_FIELDS: dict[str, Described] = {
    "headline": Described("What happened, where", f"one line, at most {HEADLINE_MAX} characters; needed"),
    "regions": Described(
        "Whom it concerns: countries, areas or subdivisions by name or code",
        f"a list, at most {REGIONS_MAX}; needed, here or as --region",
    ),
    "id": Described(
        "Its name for ever: the same id again is its next revision; derived from the content if it is empty",
        "at most 64 of a-z, 0-9 and hyphens between them",
    ),
    "kind": Described(
        "What a revision does; new for the first and update for later ones if it is empty", _one_of(Kind)
    ),
    "key_points": Described(
        "What matters most, each in a sentence",
        f"a list, at most {KEY_POINTS_MAX}, each at most {LINE_MAX} characters",
    ),
    "body": Described("The whole text, in Markdown", f"at most {BODY_MAX:,} characters"),
    "tags": Described(
        "What it is about: `alerts tags list` has them",
        f"a list, at most {TAGS_MAX}, of a-z, 0-9 and hyphens",
    ),
    "severity": Described(
        "How bad it is; severe and extreme go out at once. Unknown passes every filter", _one_of(Severity)
    ),
    "urgency": Described("How soon somebody must act", _one_of(Urgency)),
    "certainty": Described("How sure it is", _one_of(Certainty)),
    "status": Described("Whether it is meant: an exercise or a test says so everywhere", _one_of(Status)),
    "note": Described("What has changed in this revision, or was wrong", _LINE),
    "author": Described("Who wrote it", _LINE),
    "source": Described("From whom it is known", _LINE),
    "url": Described("Where more is to be read", f"http(s)://…, at most {URL_MAX} characters"),
    "published_at": Described("When it was written, or on which day", f"{_TIME}; or a day"),
    "expires_at": Described(
        "When it is over; a day lasts until its end. Nobody is told of it afterwards", f"{_TIME}; or a day"
    ),
    "language": Described(
        "In which language it is written: programs that read aloud or translate go by it",
        "a tag of BCP 47, such as uk, pt-BR or zh-Hant; not known if it is empty",
    ),
    "public": Described(
        "Whether everybody may read it, where anything is public (docs/public.md). If it is empty, what the "
        "revision before says; for the first, yes unless it is an exercise or a test",
        "true, false",
    ),
    "shapes": Described(
        "Where it is to the point, beside its regions: for programs that read it as CAP",
        "a list of `polygon 50.4,30.5 50.5,30.5 50.5,30.6` and `circle 50.45,30.52 20` (degrees north, east; "
        f"kilometres), at most {SHAPES_MAX} with {SHAPES_CHARACTERS:,} characters",
    ),
    "translations": Described(
        "Its words in other languages: each reader gets theirs, else the original. What a translation leaves "
        "out is read in the original",
        "by the tag of each language `headline`, which is needed, `key_points`, `body` and `note`, in the "
        f"bounds that those have; at most {TRANSLATIONS_MAX}, with {TRANSLATED_MAX:,} characters",
    ),
}
