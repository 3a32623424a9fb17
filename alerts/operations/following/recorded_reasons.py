"""Why something was not sent, as it is kept in English, said to whom it was for in their language.

The record is for operators and programs, and stays as it is. Here is every reason of ours that can be in it;
what is none of them was said by an operator or a provider, and stays in their words.
"""

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

from alerts.locales import Locale
from alerts.model import Verdict
from alerts.operations.instants import worded_moment
from alerts.store import Suppression
from alerts.texts import Sayable, Text

#: What the record says whole, to its reader.
_WHOLE: dict[str, Text] = {
    "unsubscribed by link": Text("you unsubscribed"),
    "by operator": Text("whoever sends the alerts has stopped it"),
    "its time was over": Text("its time was over"),
    "the subscriber was removed": Text("you were no longer subscribed"),
    "the subscriber is paused": Text("you had paused your alerts"),
    "the subscriber no longer wants it": Text("your subscriptions no longer asked for it"),
    "the subscriber has muted this situation": Text("you had muted it"),
    "it may have been accepted: its worker ended before it recorded the answer": Text(
        "it may have reached you: the answer of your mail server was lost"
    ),
    "connection lost after the message was handed over; sent again with the same Message-ID": Text(
        "it may have reached you: the answer of your mail server was lost"
    ),
    "A header can hold only printable ASCII.": Text("your address cannot be written into a mail"),
    # What a receipt says that has no words.
    Verdict.BLOCKED: Text("your mail server refused it as unwanted"),
    Verdict.SOFT: Text("your mail server could not accept it at that time"),
    Verdict.HARD: Text("your mail server knows no such address"),
    Verdict.COMPLAINED: Text("it was reported as spam"),
    Verdict.DELAYED: Text("your mail server has not accepted it yet"),
    Verdict.DELIVERED: Text("your mail server accepted it"),
}
_RECEIPT = "|".join(Verdict)


def _superseded(_found: re.Match[str]) -> tuple[Sayable, ...]:
    return (Text("a newer revision took its place"),)


def _given_up(_found: re.Match[str]) -> tuple[Sayable, ...]:
    return (Text("it could not be sent, and was given up"),)


def _given_up_after(found: re.Match[str]) -> tuple[Sayable, ...]:
    hours = Text.counted("given up after %(num)s hours", "given up after %(num)s hours", int(found[1]))
    return (hours, *recorded_reasons(found[2]))


def _expired(found: re.Match[str]) -> tuple[Sayable, ...]:
    return (Text("it was over before it could be tried again"), *recorded_reasons(found[1]))


def _out_of_step(_found: re.Match[str]) -> tuple[Sayable, ...]:
    return (Text("your mail server did not answer as it should"),)


def _after_that(found: re.Match[str]) -> tuple[Sayable, ...]:
    return (*recorded_reasons(found[1]), Text("before that"), *recorded_reasons(found[2]))


def _receipt(found: re.Match[str]) -> tuple[Sayable, ...]:
    verdict, words = found.groups()
    return (_WHOLE[verdict], *(recorded_reasons(words) if words != verdict else ()))


#: What the record says around other words; the outermost first.
_AROUND: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], tuple[Sayable, ...]]], ...] = (
    (re.compile(r"(.*?) \(before that: (.*)\)", re.DOTALL), _after_that),
    (re.compile(r"(.*?); before: (.*)", re.DOTALL), _after_that),
    (re.compile(r"given up after (\d{1,6}) hours: (.*)", re.DOTALL), _given_up_after),
    (re.compile(r"expired before it could be tried again: (.*)", re.DOTALL), _expired),
    (re.compile(rf"({_RECEIPT}): (.*)", re.DOTALL), _receipt),
    (re.compile(r"given up: \d+ workers in a row broke down over it"), _given_up),
    (re.compile(r"revision \d+ took its place"), _superseded),
    (re.compile(r"the server is out of step: .*", re.DOTALL), _out_of_step),
)
#: Characters of a record that are read; what providers say is cut before it is kept.
_RECORD_MAX = 1_000


def recorded_reasons(record: str) -> tuple[Sayable, ...]:
    """What is kept of a delivery or an address, in parts: texts of ours, and the words of others."""
    record = record[:_RECORD_MAX].strip()
    if record in _WHOLE:
        return (_WHOLE[record],)
    for pattern, said in _AROUND:
        if found := pattern.fullmatch(record):
            return said(found)
    return (record,) if record else ()


def stopped_reasons(standing: Suppression, zone: str) -> tuple[Sayable, ...]:
    """Why nothing at all is sent to somebody, in parts, and until when if that has an end."""
    reasons = recorded_reasons(standing.reason)
    if standing.until_ms is None:
        return reasons
    again = Text("it is tried again %(moment)s", moment=worded_moment(standing.until_ms, zone))
    return (*reasons, again)


class SaidReason(NamedTuple):
    """A part of a reason as its reader is told it."""

    words: str
    ours: bool  #: in their language; else as others have said it, in whichever


def said_reasons(reasons: Iterable[Sayable], locale: Locale) -> tuple[SaidReason, ...]:
    """Reasons in the language of their reader, each once."""
    said = {locale.say(reason): isinstance(reason, Text) for reason in reasons}
    return tuple(SaidReason(words, ours) for words, ours in said.items())
