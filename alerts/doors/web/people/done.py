"""What a person's own page says once something is done, and what its undo would do."""

from alerts.locales import Locale
from alerts.operations.people.undoing import Deed


def said(done: str, locale: Locale) -> str:
    """What is said of something done; empty for what nobody can have done."""
    words = {
        Deed.ADD: locale.gettext("It has been added to what you get."),
        Deed.CHANGE: locale.gettext("Your changes are saved."),
        Deed.UNDO: locale.gettext("Your last change has been undone."),
        Deed.END: locale.gettext("You no longer get it. It is listed below, in case you want it back."),
        Deed.LEAVE: locale.gettext("You will get no more emails from us."),
        Deed.BACK: locale.gettext("You will get it again."),
        Deed.COME_BACK: locale.gettext("You will get alerts again."),
        Deed.RESUME: locale.gettext("You will get alerts again."),
        Deed.UNMUTE: locale.gettext("You will hear about it again."),
        Deed.LANGUAGE: locale.gettext("Pages and alerts are in this language from now on."),
        Deed.PAUSE: locale.gettext(
            "You will get nothing until then. Whatever still matters after that is sent at once."
        ),
    }
    return words.get(Deed(done), "") if done in set(Deed) else ""


def undo_words(deed: str, locale: Locale) -> str:
    """What stands on the button that takes a change back."""
    words = {
        Deed.ADD: locale.gettext("Undo: get only what you got before"),
        Deed.CHANGE: locale.gettext("Undo: put it back as it was"),
        Deed.END: locale.gettext("Undo: get it again"),
        Deed.LEAVE: locale.gettext("Undo: get alerts again"),
        Deed.BACK: locale.gettext("Undo: do not get it"),
        Deed.COME_BACK: locale.gettext("Undo: get no more emails"),
        Deed.PAUSE: locale.gettext("Undo: get alerts again at once"),
        Deed.REPAUSE: locale.gettext("Undo: pause until the day set before"),
        Deed.RESUME: locale.gettext("Undo: stay paused"),
        Deed.MUTE: locale.gettext("Undo: hear about it again"),
        Deed.UNMUTE: locale.gettext("Undo: hear no more about it"),
        Deed.LANGUAGE: locale.gettext("Undo: use the previous language"),
    }
    return words[Deed(deed)]
