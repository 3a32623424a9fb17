"""Random histories of a feed, polled after each: what is published is what a naive reading says.

The naive reading keeps, for each item, what it said last and how often that changed in meaning since the feed
was followed. It knows nothing of keys, leases or conditional requests.
"""

from dataclasses import dataclass, field

from feed_server import FeedServer, rss, rss_item
from house import OPERATOR
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alerts.operations.feeds import FeedAsked, add_feed
from alerts.operations.feeds.polling import polled
from alerts.services import Services

NAME = "river"
NUMBERS = st.integers(1, 6)
#: What may happen to a feed between two polls.
EVENTS = st.one_of(
    st.tuples(st.just("add"), NUMBERS),
    st.tuples(st.just("reword"), NUMBERS),
    st.tuples(st.just("take back"), NUMBERS),
    st.tuples(st.just("respace"), NUMBERS),
    st.tuples(st.just("relink"), NUMBERS),
    st.tuples(st.just("drop"), NUMBERS),
    st.tuples(st.just("fail"), st.just(0)),
)


@dataclass
class Naive:
    """What is in the feed, what it said, and how many revisions each item must have."""

    there: dict[int, tuple[int, str, str]] = field(default_factory=dict)  #: level, spacing, link
    said: dict[int, int] = field(default_factory=dict)  #: the level that was read last
    revisions: dict[int, int] = field(default_factory=dict)

    def happen(self, event: str, number: int) -> None:
        level, spacing, link = self.there.get(
            number, (self.said.get(number, 10), " ", f"https://x.org/{number}")
        )
        if event == "add":
            self.there[number] = (level, spacing, link)
        elif event == "drop":
            self.there.pop(number, None)
        elif number in self.there:
            changed = {
                "reword": (level + 1, spacing, link),
                "take back": (level - 1, spacing, link),
                "respace": (level, spacing + "\n ", link),
                "relink": (level, spacing, f"{link}x"),
            }
            self.there[number] = changed[event]

    def document(self) -> bytes:
        items = (
            rss_item(number, text=f"The Dnipro{spacing}rises in Kyiv: level {level}.", link=link)
            for number, (level, spacing, link) in sorted(self.there.items(), reverse=True)
        )
        return rss(*items)

    def read(self, first: bool = False) -> None:
        for number, (level, _, _) in self.there.items():
            if self.said.get(number) != level and not first:
                self.revisions[number] = self.revisions.get(number, 0) + 1
            self.said[number] = level


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(EVENTS, max_size=4), min_size=1, max_size=6))
def test_whatever_happens_to_a_feed_each_change_of_meaning_is_one_revision(
    desk_of_feeds: Services, server: FeedServer, history: list[list[tuple[str, int]]]
) -> None:
    services, naive = desk_of_feeds, Naive()
    services.server.client.flushall()
    server.does.clear()
    for number in (1, 2):
        naive.happen("add", number)
    server.documents["/feed"] = naive.document()
    naive.read(first=True)
    add_feed(services, OPERATOR, FeedAsked(server.url(), NAME, ("UA",)))
    for events in history:
        for event, number in events:
            if event != "fail":
                naive.happen(event, number)
        server.documents["/feed"] = naive.document()
        if ("fail", 0) in events:
            server.does["/feed"] = lambda asked: asked.answer(503)
            polled(services, *services.feeds.get(NAME))
            server.does.clear()
            continue
        naive.read()
        polled(services, *services.feeds.get(NAME))
    found = [services.updates.history(update) for update in services.updates.recent(0)]
    counts = {int(h.standing.draft.headline.split()[2]): len(h.revisions) for h in found if h.standing}
    assert counts == naive.revisions
    levels = {
        int(h.standing.draft.headline.split()[2]): int(h.standing.draft.body.rstrip(".").split()[-1])
        for h in found
        if h.standing
    }
    assert levels == {number: naive.said[number] for number in counts}
