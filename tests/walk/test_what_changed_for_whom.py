"""Over random stories: what a message says has changed is the difference from what its reader last got.

The judge is the sink: which revisions it was handed for a reader before, whatever the ledger and the rules
say. Every revision has a headline of its own, so a message names what it is compared with.
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from email import message_from_bytes, policy

import hypothesis
import pytest
from clocked import clocked, move_to
from house import OPERATOR, draft, walk
from hypothesis import strategies as st
from thorough import usually

from alerts import operations
from alerts.channels import CHANNELS, Sender, Stop
from alerts.model import (
    Cadence,
    Change,
    Channel,
    Filter,
    Instant,
    Kind,
    Message,
    Outcome,
    QuietHours,
    Recipient,
    Sent,
    Severity,
    Standing,
    Subscriber,
    Subscription,
)
from alerts.services import Services
from alerts.settings import Settings
from alerts.walk import steps

HOUR, MINUTE = 3_600_000, 60_000
#: Stories, and the steps of each: as many as the seconds allow that everybody waits for.
STORIES, STEPS = usually(20, 40), 14
UKRAINE = Filter(("UA",))
DAILY = Cadence.parse("daily 08:00")
#: Who reads: every cadence, with a floor, a bypass, quiet hours.
READERS = {
    "at once": Subscription(UKRAINE),
    "severe only": Subscription(replace(UKRAINE, min_severity=Severity.SEVERE)),
    "daily": Subscription(UKRAINE, DAILY),
    "daily, severe at once": Subscription(UKRAINE, DAILY, bypass=Severity.SEVERE),
    "weekly": Subscription(UKRAINE, Cadence.parse("weekly fri 12:00")),
    "nights off": Subscription(UKRAINE, quiet=QuietHours.parse("22:00-07:00")),
}
FORMS = {Channel("email"): "r{}@example.org", Channel("slack"): "T1/C{}"}

hours = st.sampled_from((0, 1, 5, 13, 30, 80))
revisions = st.tuples(
    st.sampled_from(("alpha", "bravo")),
    st.sampled_from((Kind.UPDATE,) * 4 + (Kind.CORRECTION, Kind.CORRECTION, Kind.CANCEL, Kind.RETRACTION)),
    st.sampled_from((Severity.MINOR, Severity.MODERATE, Severity.SEVERE)),
)
readers = st.integers(0, len(READERS) * len(FORMS) - 1)
wanted = st.sampled_from(tuple(READERS))
a_step = st.one_of(
    st.tuples(st.just("publish"), revisions),
    st.tuples(st.just("publish"), revisions),
    st.tuples(st.just("publish"), revisions),
    st.tuples(st.just("hold and take back"), revisions),
    st.tuples(st.just("pause or resume"), st.tuples(readers)),
    st.tuples(st.just("change"), st.tuples(readers, wanted)),
    st.tuples(st.just("come"), st.tuples(wanted, st.sampled_from(tuple(FORMS)))),
)
stories = st.lists(st.tuples(hours, a_step), min_size=4, max_size=STEPS)


@dataclass
class Sink(Sender):
    """Takes everything, and remembers each text in the order in which it came."""

    in_flight = 1
    taken: list[tuple[str, int, str]] = field(default_factory=list)

    def send(
        self, message: Message, recipients: Sequence[Recipient], stop: Stop
    ) -> Iterator[tuple[int, Outcome]]:
        for recipient in recipients:
            if stop():
                return
            text = _text(message.channel, message.fill(recipient.blanks))
            self.taken.append((message.digest, recipient.sid, text))
            yield recipient.sid, Sent()

    def close(self) -> None:
        pass


def _text(channel: Channel, filled: bytes) -> str:
    if channel is Channel("slack"):
        return json.dumps(json.loads(filled), ensure_ascii=False)
    part = message_from_bytes(filled, policy=policy.default).get_body(("plain",))
    assert part is not None
    return str(part.get_content())


class Story:
    """A desk, its readers, and a worker that does everything as soon as it is due."""

    def __init__(self, services: Services) -> None:
        self.services, self.sink = services, Sink()
        services.own_senders = dict.fromkeys(CHANNELS, self.sink)
        self.words: Counter[str] = Counter()
        self.people: list[Subscriber] = []
        for name in READERS:
            for channel in FORMS:
                self.come(name, channel)

    @property
    def now_ms(self) -> Instant:
        return self.services.server.now_ms()

    def go(self, after_ms: Instant) -> None:
        """Let time pass, and each slot be opened in its time."""
        until_ms = self.now_ms + after_ms
        while (owed := self.services.due.owed(1)) and owed[0].look_ms <= until_ms:
            move_to(self.services, max(owed[0].look_ms, self.now_ms))
            walk(self.services)
        move_to(self.services, until_ms)

    def do(self, what: str, about: tuple[object, ...]) -> None:
        steps = {
            "publish": self.publish,
            "hold and take back": self.hold_and_take_back,
            "pause or resume": self.pause_or_resume,
            "change": self.change,
            "come": self.come,
        }
        steps[what](*about)  # type: ignore[operator]
        self.go(MINUTE)

    def publish(self, update: str, kind: Kind, severity: Severity, until_ms: Instant | None = None) -> None:
        self.words[update] += 1
        number = self.words[update]
        content = draft(update, headline=f"{update} word {number}", key_points=(), body="", severity=severity)
        steps.publish(self.services, replace(content, kind=None if number == 1 else kind), until_ms)

    def hold_and_take_back(self, update: str, kind: Kind, severity: Severity) -> None:
        """Of a revision that nobody sees."""
        self.publish(update, kind, severity, self.now_ms + HOUR)
        assert operations.withdraw(self.services, OPERATOR, update, "A mistake.").taken_back

    def pause_or_resume(self, reader: int) -> None:
        paused = self.people[reader].standing is Standing.PAUSED
        self.save(reader, standing=Standing.ACTIVE if paused else Standing.PAUSED)

    def change(self, reader: int, name: str) -> None:
        self.save(reader, subscriptions=(READERS[name],))

    def save(self, reader: int, **changes: object) -> None:
        before = self.people[reader]
        now = replace(before, **changes)  # type: ignore[arg-type]
        self.people[reader] = self.services.subscribers.save(now, before, catch_up=True)

    def come(self, name: str, channel: Channel) -> None:
        address = FORMS[channel].format(len(self.people))
        new = Subscriber(0, channel, address, "UTC", (READERS[name],), 0)
        self.people.append(self.services.subscribers.save(new, None))

    def judge(self, seen: Counter[str]) -> None:
        """Each message names the headlines that its reader has an earlier revision of, and no other."""
        digests = self.services.digests.get_all(list({name for name, _, _ in self.sink.taken}))
        got: dict[tuple[int, str], set[int]] = defaultdict(set)
        for name, sid, text in self.sink.taken:
            told = [entry for entry in digests[name].entries if entry.change is not Change.TOLD]
            revisions = self.services.updates.revisions(entry.ref for entry in told)
            has = {e.update: max((n for n in got[sid, e.update] if n < e.number), default=0) for e in told}
            over = {entry.update for entry in told if revisions[entry.ref].kind.ends}
            expected = {f"{update} word {n}" for update, n in has.items() if n and update not in over}
            story = [(d, t) for d, s, t in self.sink.taken if s == sid]
            assert set(re.findall(r"Headline before: (\w+ word \d+)", text)) == expected, (
                digests[name],
                story,
            )
            if not any(has.values()):
                assert not re.search("Updated|Correction", text), (digests[name], story)
            for entry in told:
                assert entry.number not in got[sid, entry.update], (digests[name], story)
                got[sid, entry.update].add(entry.number)
                corrects = revisions[entry.ref].kind is Kind.CORRECTION
                seen["correction" if corrects else "other", "known" if has[entry.update] else "new"] += 1


@pytest.mark.timeout(300)
def test_a_message_says_what_has_changed_since_what_its_reader_got(settings: Settings) -> None:
    seen: Counter[tuple[str, str]] = Counter()

    @hypothesis.settings(
        max_examples=STORIES,
        derandomize=True,
        database=None,
        phases=[hypothesis.Phase.generate],
    )
    @hypothesis.given(stories)
    def judged(steps: list[tuple[int, tuple[str, tuple[object, ...]]]]) -> None:
        services = clocked(settings, "2026-03-26T12:00Z")
        try:
            story = Story(services)
            for after, (what, about) in steps:
                story.go(after * HOUR)
                story.do(what, about)
            story.go(8 * 24 * HOUR)
            story.judge(seen)
        finally:
            services.close()

    judged()
    print(seen)
    assert min(seen[kind, to] for kind in ("correction", "other") for to in ("known", "new")) > 0, seen
