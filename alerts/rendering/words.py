"""The single words that messages are made of: changes, CAP's words; labels and lists of names."""

from collections.abc import Iterable, Sequence

from alerts.locales import Locale
from alerts.model import Certainty, Change, Status, Urgency
from alerts.rendering.directions import isolated

#: The word for what was told in error. It is `Change.CLOSED` in a digest: what is owed to whom is the same.
RETRACTED = "retracted"


def status_word(status: Status, locale: Locale) -> str:
    match status:
        case Status.ACTUAL:
            return locale.pgettext("status", "actual")
        case Status.EXERCISE:
            return locale.pgettext("status", "exercise")
        case Status.TEST:
            return locale.pgettext("status", "test")


def change_word(change: str, locale: Locale) -> str:
    """What became of a situation: the label beside its severity."""
    return {
        Change.NEW.value: locale.pgettext("change", "New"),
        Change.UPDATED.value: locale.pgettext("change", "Updated"),
        Change.CORRECTED.value: locale.pgettext("change", "Correction"),
        Change.CLOSED.value: locale.pgettext("change", "Closed"),
        Change.ENDED.value: locale.pgettext("change", "Ended"),
        RETRACTED: locale.pgettext("change", "Retracted"),
        # to whom it got is another matter: this is shared by all readers
        Change.TOLD.value: locale.pgettext("change", "Went out at once"),
    }[change]


def certainty_word(certainty: Certainty, locale: Locale) -> str:
    """How sure it is, in CAP's words; of what is unknown, that."""
    match certainty:
        case Certainty.OBSERVED:
            return locale.pgettext("certainty", "observed")
        case Certainty.LIKELY:
            return locale.pgettext("certainty", "likely")
        case Certainty.POSSIBLE:
            return locale.pgettext("certainty", "possible")
        case Certainty.UNLIKELY:
            return locale.pgettext("certainty", "unlikely")
        case Certainty.UNKNOWN:
            return locale.pgettext("certainty", "unknown")


def urgency_word(urgency: Urgency, locale: Locale) -> str:
    """How soon to act; empty where nobody has said."""
    match urgency:
        case Urgency.IMMEDIATE:
            return locale.gettext("act at once")
        case Urgency.EXPECTED:
            return locale.gettext("act soon")
        case Urgency.FUTURE:
            return locale.gettext("act in the near future")
        case Urgency.PAST:
            return locale.gettext("no longer urgent")
        case Urgency.UNKNOWN:
            return ""


def labelled(label: str, text: str, locale: Locale) -> str:
    """`Closed: Flooding`. What is labelled stands last in every language: it may be a link that follows."""
    return locale.gettext("%(label)s: %(text)s", label=label, text=text)


def quoted(text: str, locale: Locale) -> str:
    """A name that somebody gave, within a sentence of ours: whichever way it runs, it orders nothing else."""
    return locale.gettext("“%(text)s”", text=isolated(text))


def capital(word: str) -> str:
    """A word as it begins a line."""
    return word[:1].upper() + word[1:]


def behind_label(word: str, locale: Locale) -> str:
    """A word as it stands behind a label: `Severity rose: Moderate → Severe`."""
    return capital(word) if locale.label_capitals else word


def commas(names: Iterable[str], locale: Locale) -> str:
    """Names beside each other, with no “and”."""
    return locale.pgettext("between names", ", ").join(names)


def and_more(count: int, locale: Locale) -> str:
    """The last of several names, where the others are counted: `3 more`."""
    return locale.ngettext("%(num)s more", "%(num)s more", count)


def some_of(names: Sequence[str], most: int, locale: Locale) -> str:
    """The first of these names, and how many more: `Poland, Moldova and 3 more`."""
    shown, rest = commas(names[:most], locale), len(names) - most
    if rest <= 0:
        return shown
    return locale.ngettext("%(names)s and %(num)s more", "%(names)s and %(num)s more", rest, names=shown)
