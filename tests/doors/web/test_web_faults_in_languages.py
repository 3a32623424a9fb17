"""Whatever people type into a form, and whatever became of their alerts, is answered in their language."""

import html
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
from doors import Answer
from house import OPERATOR, draft, subscribe, walk
from hypothesis import HealthCheck, example, given
from hypothesis import settings as settled
from hypothesis import strategies as st
from inside import Inside
from mailroom import Mailroom

from alerts.doors.web.people.forms import form_token
from alerts.doors.web.people.own import DEEDS
from alerts.links import list_key
from alerts.model import Channel, Filter, Severity, Step, Subscriber
from alerts.operations import suppress
from alerts.operations.people.coming_in import begin
from alerts.operations.people.own_page import pause_own
from alerts.operations.people.subscription_form import LISTS
from alerts.operations.subscribing.muting import mute
from alerts.operations.subscribing.unsubscribing import LinkHolder, leave
from alerts.services import Services
from alerts.walk import steps

Prevent = Callable[[Services, Subscriber], None]

LAYLA, EMAIL = "layla@example.org", Channel("email")
#: What no sentence in English does without; no word of it is one in Arabic.
ENGLISH = re.compile(
    r"\b(a|an|and|are|as|at|be|by|can|choose|could|did|do|for|from|given|has|have|in|is|it|its|more|most|no|"
    r"not|nothing|of|on|one|or|such|than|that|the|them|they|this|to|try|was|were|with|write|you|your)\b",
    re.IGNORECASE,
)
#: What is not read; what is in a language that nobody knows, and says so; and what somebody typed, which
#: stands by itself in a sentence that runs the other way.
NOT_OURS = re.compile(
    r'<(style|script|code|datalist)\b.*?</\1>|<(\w+)[^>]* lang="".*?</\2>|<[^>]*>|\u2068.*?\u2069|\S+@\S+',
    re.DOTALL,
)

#: Words at which one rule or the other takes offence, and ones with which all are content. No word that
#: `ENGLISH` looks for, since the page shows what was typed.
WORDS = st.sampled_from(
    [
        *(
            "",
            " ",
            "Ukraine",
            "Ukrane",
            "ua",
            "Georgia",
            "Yugoslavia",
            "Moldavia",
            "nowhere else",
            "Never Land",
        ),
        *(
            "conflict",
            "conflct",
            "Bad Tag!",
            "severe",
            "sever",
            "bad",
            "daily",
            "weekly",
            "never",
            "mon",
            "xyz",
        ),
        *("08:00", "25:99", "8 o'clock", "22:00", "Europe/Kyiv", "Europe/Kyev", "UTC+2", "Nowhere/At_All"),
        *("yes", "maybe", "0", "5", "5000", "layla@example.org", "layla@", "lay la@example.org", "x@y@z"),
        *(
            "@example.org",
            "some address",
            "a" * 300,
            "a" * 300 + "@example.org",
            "z\x07z",
            "لا مكان",
            "2020-01-01",
        ),
        *("ar", "xx", "someday", ";".join(f"place {n}" for n in range(70)), "Mine", "unknown-update"),
    ]
)
FIELDS = (
    *("address", "regions", "severity", "rhythm", "hour", "zone", "until", "list", "update", "language", "q"),
    *(
        "region",
        "tag",
        "all_tag",
        "none_tag",
        "day",
        "name",
        "quiet_from",
        "quiet_to",
        "bypass",
        "cap",
        "all_quiet",
    ),
)
FORMS = st.dictionaries(
    st.sampled_from(FIELDS), st.one_of(WORDS, st.lists(WORDS, min_size=2, max_size=3)), max_size=9
)
PATHS = st.sampled_from(
    [
        *("POST /join", "POST /me", "POST /me/history", "POST /me/subscriptions/new"),
        *("POST /me/subscriptions/KEY", "POST /me/subscriptions/00000000", "GET /me/subscriptions/new"),
        *(
            "GET /me/subscriptions/KEY",
            "GET /u/nothing",
            "POST /u/nothing",
            "GET /l/nothing",
            "GET /r/nothing",
        ),
        *("GET /come-in/nothing", "POST /come-in/nothing", "GET /join/nothing", "POST /join/nothing"),
    ]
)


@pytest.fixture
def services(services: Services, tmp_path: Path) -> Services:
    services.settings = services.settings.model_copy(update={"join": "open"})
    Mailroom(services, tmp_path)
    return services


@pytest.fixture
def layla(services: Services) -> Subscriber:
    person = subscribe(services, LAYLA, "UA")
    return services.subscribers.save(replace(person, language="ar"), person)


def left(answer: Answer) -> str:
    """What a page says in English, with what stands around it; empty for nothing."""
    text = html.unescape(NOT_OURS.sub(" ", answer.text))
    found = ENGLISH.search(text)
    return text[max(0, found.start() - 80) : found.end() + 80] if found else ""


@settled(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(PATHS, FORMS, st.sampled_from(["", "find", "preview", *DEEDS]))
@example("POST /join", {"address": "layla@", "regions": "Ukrane; Yugoslavia; Georgia", "rhythm": "daily"}, "")
@example("POST /join", {"address": "lay la@example.org", "zone": "UTC+2", "hour": "25:99"}, "")
@example("POST /me", {"until": "someday"}, "pause")
@example("POST /me", {"until": "2020-01-01"}, "pause")
@example("POST /me", {"address": "x@y@z"}, "erase")
@example("POST /me", {}, "undo")
@example("POST /me/subscriptions/new", {"region": "UA"}, "")
@example("POST /me/history", {"update": "unknown-update"}, "")
def test_whatever_is_typed_is_answered_in_the_language_of_who_typed_it(
    services: Services, layla: Subscriber, path: str, typed: dict[str, str | list[str]], deed: str
) -> None:
    """A page in Arabic said “No region is named. Name one or more, such as UA or Europe.”"""
    now = services.subscribers.find(EMAIL, LAYLA) or subscribe(services, LAYLA, "UA")
    if now.language != "ar":
        now = services.subscribers.save(replace(now, language="ar"), now)
    secret = begin(services, now)
    headers = {"Cookie": f"__Host-alerts={secret}", "Accept-Language": "ar"}
    method, _, where = path.replace("KEY", list_key(now.subscriptions[0].name)).partition(" ")
    sent = {"deed": deed, "do": deed, "token": form_token(secret)} | typed
    query = urlencode({k: v for k, v in sent.items() if isinstance(v, str) or k in LISTS}, doseq=True)
    for rate in services.server.client.scan_iter(services.server.keys("rate:") + "*"):
        services.server.client.delete(rate)  # they take their time
    inside = Inside(services)
    if method == "GET":
        answer = inside.ask(f"{where}?{query}", headers=headers)
    else:
        answer = inside.ask(where, query.encode(), headers=headers)
    assert answer.status in (200, 303, 400, 404, 409, 422), answer.text
    assert left(answer) == ""


def publish(services: Services) -> None:
    steps.publish(services, draft(headline="محادثات", severity=Severity.SEVERE))


def wanting(wanted: Filter) -> Prevent:
    """Somebody who wants something else."""

    def prevent(services: Services, layla: Subscriber) -> None:
        subscription = replace(layla.subscriptions[0], filter=wanted)
        services.subscribers.save(replace(layla, subscriptions=(subscription,)), layla)
        publish(services)

    return prevent


def paused(services: Services, layla: Subscriber) -> None:
    pause_own(services, layla, begin(services, layla), datetime.now(UTC).date() + timedelta(days=9))
    publish(services)


def unsubscribed(services: Services, _layla: Subscriber) -> None:
    leave(services, LinkHolder(LAYLA))
    publish(services)


def suppressed(services: Services, _layla: Subscriber) -> None:
    suppress(services, OPERATOR, LAYLA)
    publish(services)


def muted(services: Services, _layla: Subscriber) -> None:
    publish(services)
    walk(services, lambda work: work.step is Step.MATCH)
    mute(services, OPERATOR, LAYLA, "ua-talks")


@pytest.mark.parametrize(
    ("prevent", "english"),
    [
        (paused, "you have paused your alerts"),
        (unsubscribed, "you unsubscribed"),
        (suppressed, "whoever sends the alerts has stopped it"),
        (muted, "you had muted it"),
        (wanting(Filter(("UA",), ("conflict", "visa"))), "it is not tagged conflict or visa"),
        (wanting(Filter(("UA",), (), ("power",))), "it is not tagged power"),
        (wanting(Filter(("UA",), (), (), ("negotiations",))), "it is tagged negotiations"),
        (wanting(Filter(("MD", "PL"))), "Russia and Ukraine are not in Moldova or Poland"),
        (wanting(Filter(("UA",), min_severity=Severity.EXTREME)), "severe is below extreme"),
    ],
)
def test_why_something_was_not_for_them_is_said_in_their_language(
    services: Services, layla: Subscriber, prevent: Prevent, english: str
) -> None:
    """Amid Arabic stood “the address is suppressed: by operator (by operator, since …)”."""
    prevent(services, layla)
    walk(services)
    seen = {}
    for language in ("en", "ar", "uk", "fr", "es"):
        now = services.subscribers.find(EMAIL, LAYLA)
        assert now is not None
        now = services.subscribers.save(replace(now, language=language), now)
        headers = {"Cookie": f"__Host-alerts={begin(services, now)}"}
        history, own = (Inside(services).ask(path, headers=headers) for path in ("/me/history", "/me"))
        seen[language] = english in re.sub("<[^>]*>", "", html.unescape(history.text))
        if language == "ar":
            assert (left(history), left(own)) == ("", "")
    assert seen == {"en": True, "ar": False, "uk": False, "fr": False, "es": False}


def test_the_words_of_others_stay_as_they_are_and_in_no_known_language(
    services: Services, layla: Subscriber
) -> None:
    """What an operator typed was marked as English, and read out so to who reads French."""
    suppress(services, OPERATOR, LAYLA, "à la demande du siège")
    answer = Inside(services).ask("/me", headers={"Cookie": f"__Host-alerts={begin(services, layla)}"})
    assert '<bdi lang="">à la demande du siège</bdi>' in answer.text
