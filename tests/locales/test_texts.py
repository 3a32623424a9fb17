"""A text is said later: in English to programs, to each reader in their language."""

from datetime import UTC, datetime

import pytest

from alerts.errors import BadInput, UnknownRegion, UnknownTag, did_you_mean
from alerts.locales import ENGLISH, locale_for
from alerts.rendering.page import ShownFault
from alerts.texts import Text, Worded, WordList

ARABIC, UKRAINIAN = locale_for("ar"), locale_for("uk")
CHOOSE, LIKE_THIS = Text("Choose another name."), Text("Write it like 08:00.")


def no_time(typed):
    return Text("“%(time)s” is not a time of day.", time=typed)


def spring(locale):
    return locale.moment(datetime(2022, 3, 28, 17, tzinfo=UTC))


@pytest.mark.parametrize(
    ("text", "english", "ukrainian"),
    [
        (CHOOSE, "Choose another name.", "Виберіть іншу назву."),
        (no_time("25:99"), "“25:99” is not a time of day.", "«25:99» — не час доби."),
        (no_time(" "), "“(empty)” is not a time of day.", "«(порожньо)» — не час доби."),
        (Text.meant("severity", "severe"), "severe", "серйозний"),
        (
            Text("Did you mean %(names)s?", names=WordList(["a", "b", CHOOSE], "or", " or ")),
            "Did you mean a or b or Choose another name.?",
            "Можливо, ви мали на увазі: a, b або Виберіть іншу назву.?",
        ),
        *(
            (
                Text.counted("given up after %(num)s hours", "given up after %(num)s hours", hours),
                f"given up after {hours} hours",
                f"спроби припинено через {hours} {word}",
            )
            for hours, word in ((1, "годину"), (72, "години"), (75, "годин"))
        ),
        (
            Text(
                "it came before your subscriptions began, %(moment)s",
                moment=Worded("2022-03-28", spring),
            ),
            "it came before your subscriptions began, 2022-03-28",
            f"це надійшло раніше, ніж почалися ваші підписки: {spring(UKRAINIAN)}",
        ),
    ],
)
def test_a_text_is_english_to_programs_and_in_their_language_to_readers(text, english, ukrainian):
    assert str(text) == english
    assert UKRAINIAN.say(text) == ukrainian


def test_a_percent_sign_and_a_place_that_somebody_typed_are_only_what_they_typed():
    text = Text("No region is called “%(name)s”.", name="100 % %(name)s")
    assert str(text) == ENGLISH.say(text) == "No region is called “100 % %(name)s”."


def test_what_runs_the_other_way_orders_nothing_but_itself():
    """In a sentence in Arabic, “08:00-x” swapped places with the words around it."""
    said = ARABIC.say(no_time("x-08:00"))
    assert "«\u2068x-08:00\u2069»" in said


def shown(fault, locale):
    return ShownFault.of(fault, locale).hint


def test_hints_that_name_a_command_are_not_for_pages_in_any_language():
    """`--new-tag` is nothing that somebody on a page could give; what is left is said in their language."""
    tag, region = (
        UnknownTag("flod", ["flood"]),
        UnknownRegion.several("Springfield", [f"S{n}" for n in range(9)]),
    )
    assert tag.hint == "Did you mean flood? Or give --new-tag to add it."
    assert shown(tag, ENGLISH) == "Did you mean flood?"
    assert shown(tag, UKRAINIAN) == "Можливо, ви мали на увазі: flood?"
    assert shown(UnknownTag("flod"), UKRAINIAN) == "Виберіть зі списку."
    assert region.hint.endswith("Or one of 1 more: list them with `alerts regions find Springfield`.")
    assert shown(region, UKRAINIAN) == "Можливо, ви мали на увазі: S0, S1, S2, S3, S4, S5, S6 або S7?"


class Unusable(BadInput):
    otherwise_on_page = Text("Write it like name@example.org.")


def test_words_of_others_are_no_hint_in_another_language():
    """What a library says of an address is English, and stood so on a page in Arabic."""
    fault = Unusable(CHOOSE, "There must be something before the @-sign.")
    assert shown(fault, ENGLISH) == "There must be something before the @-sign."
    assert shown(fault, UKRAINIAN) == "Напишіть як name@example.org."


def test_each_of_several_faults_has_its_hint_for_pages():
    """Beside another fault, an address in words of a library had no hint at all on a page in Ukrainian."""
    several = BadInput.together([Unusable(CHOOSE, "Words of a library."), BadInput(no_time("x"), LIKE_THIS)])
    assert several.hint == "Words of a library. Write it like 08:00."
    assert shown(several, ENGLISH) == "Words of a library. Write it like 08:00."
    assert shown(several, UKRAINIAN) == "Напишіть як name@example.org. Напишіть як 08:00."


def test_faults_that_are_said_together_are_each_in_the_language():
    """Of nine faults eight are said, each with its hint once, and how many more there are."""
    faults = [BadInput(no_time(str(n)), LIKE_THIS) for n in range(9)]
    together = BadInput.together(faults)
    assert together.sentence == " ".join(
        [*(f"“{n}” is not a time of day." for n in range(8)), "And 1 more of that kind."]
    )
    assert together.hint == "Write it like 08:00."
    said = ShownFault.of(together, UKRAINIAN)
    assert said.sentence.startswith("«0» — не час доби. «1» — не час доби.")
    assert said.sentence.endswith("І ще 1 така помилка.")
    assert said.hint == "Напишіть як 08:00."


def test_a_command_is_looked_for_in_what_we_wrote_and_not_in_what_somebody_typed():
    """A place called “--all” took the hint away that it stood in."""
    fault = BadInput("It is so.", did_you_mean(["--all"], ""))
    assert shown(fault, ENGLISH) == "Did you mean --all?"
