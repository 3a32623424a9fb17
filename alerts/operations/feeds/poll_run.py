"""The run of one poll: is it what it was? → take what is new → when again? → tell operators."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from alerts.ingest.feeds import FeedDocument, FeedItem
from alerts.model import Feed, FeedProgress, FeedState, Instant, ItemState, KnownItem
from alerts.operations.acting import record
from alerts.operations.feeds.fetching import FoundFeed, NoFeed
from alerts.operations.feeds.polls import Poll, PollOutcome
from alerts.operations.feeds.taking import TakenItem, Taker, also_known, feed_actor
from alerts.outbound import shown_url
from alerts.rules import feed_polls as rules
from alerts.rules.feed_polls import ItemCount
from alerts.services import Services
from alerts.texts import number_of

_DAY_MS = 24 * 3_600_000
#: Alerts of an index that are fetched in one poll; the others are, in the next, which comes soon (ms).
FOLLOWED_MOST, SOON_MS = 100, 2_000
#: How long an item is known that is in the feed no more (days).
KNOWN_DAYS = 90


@dataclass(slots=True)
class PollRun:
    """One poll, by whoever has claimed the feed."""

    services: Services
    feed: Feed
    before: FeedProgress
    token: str
    now_ms: Instant

    def failed(self, found: NoFeed) -> Poll:
        """There is no document: asked again later, unless it is gone, or has been away for a week."""
        before = self.before
        since = before.failing_ms or self.now_ms
        after = replace(
            before,
            failures=before.failures + 1,
            fault=found.why,
            failing_ms=since,
            polled_ms=self.now_ms,
            moves=0,
            moved="",
        )
        if found.gone:
            return self._stop(after, "its server says that it is gone for good (410)")
        if self.now_ms - since >= rules.GIVEN_UP_MS:
            return self._stop(after, f"it could not be read for a week: {found.why}")
        if self.now_ms - since >= rules.FAILING_MS and before.notified != "failing":
            self._notify("a feed cannot be read", found.why, f"alerts feeds show {self.feed.name}")
            after = replace(after, notified="failing")
        wait_ms = rules.after_failure_ms(
            self.feed.every_s, after.failures, found.headers or {}, self.now_ms, self._spread()
        )
        self._end(after, self.now_ms + wait_ms)
        return Poll(PollOutcome.FAILED, found.why)

    def read(self, found: FoundFeed) -> Poll:
        """There is a document, or it is as it was."""
        moves = rules.confirmed(found.moved, self.before.moved, self.before.moves)
        after = replace(
            self.before,
            failures=0,
            fault="",
            failing_ms=0,
            notified="" if self.before.notified == "failing" else self.before.notified,
            polled_ms=self.now_ms,
            read_ms=self.now_ms,
            moved=found.moved,
            moves=moves,
        )
        if self.before.notified == "failing":
            self._notify("a feed can be read again", "", "")
        after = self._silence(after)
        if found.document is None:
            self._end(after, self.now_ms + self._wait(found))
            return Poll(PollOutcome.UNCHANGED, items=after.items)
        return self._take(found, found.document, after)

    def _take(self, found: FoundFeed, document: FeedDocument, after: FeedProgress) -> Poll:
        known = self.services.feeds.known(self.feed.name, [item.key for item in document.items])
        if not self.before.begun:
            known |= self._begin(document, known)
        elif against := self._objection(document, known):
            return self._stop(after, against)
        fresh = [item for item in oldest_first(document.items) if self._is_fresh(item, known)]
        taken, left = self._take_each(fresh, known, document.title)
        after = self._counted(after, document, taken)
        if left:  # not the whole document is taken: it must be given once more
            self._end(after, self.now_ms + min(SOON_MS if taken else self._wait(found), self._wait(found)))
        else:
            after = replace(
                after,
                etag=found.headers.get("etag", ""),
                modified=found.headers.get("last-modified", ""),
            )
            self._keep_in_sight(document, known, taken)
            self._end(after, self.now_ms + self._wait(found))
        work = tuple(entry for one in taken for entry in one.work)
        return Poll(PollOutcome.READ, "", len(document.items), tuple(taken), left, work)

    def _begin(self, document: FeedDocument, known: Mapping[str, KnownItem]) -> dict[str, KnownItem]:
        """All that is there now is old, but for as many of the newest as were asked for.

        So is what was known before, and is worded otherwise by a feed that changed its shape.
        """
        new = [item.key for item in oldest_first(document.items) if item.key not in known]
        wanted = rules.newest(new, self.before.backlog)
        old = {
            item.key: KnownItem(item.meaning, ItemState.OLD, self._today, also=also_known(item))
            for item in document.items
            if item.key not in wanted and self._is_fresh(item, known)
        }
        self.services.feeds.note(self.feed.name, old, begun=True)
        return old

    def _objection(self, document: FeedDocument, known: Mapping[str, KnownItem]) -> str:
        """Why this is not the feed that it was."""
        count = ItemCount(len(document.items), len(known), 0)
        if count.items and not count.known:
            names = {
                name for item in self.services.feeds.every_item(self.feed.name).values() for name in item.also
            }
            renamed = sum(1 for item in document.items if names.intersection(also_known(item)))
            count = replace(count, renamed=renamed)
        return rules.objection(self.before.format, document.format, self.before.items, count)

    @staticmethod
    def _is_fresh(item: FeedItem, known: Mapping[str, KnownItem]) -> bool:
        return item.key not in known or known[item.key].meaning != item.meaning

    def _take_each(
        self, fresh: Sequence[FeedItem], known: Mapping[str, KnownItem], title: str
    ) -> tuple[list[TakenItem], int]:
        """Take them in turn, each noted before the next. How many are left for the next poll."""
        taken, followed, put_off = list[TakenItem](), 0, 0
        taker = Taker(self.services, self.feed, title or self.feed.name, self._today)
        for place, item in enumerate(fresh):
            followed += bool(item.raw.alert_url)
            ends = self.services.stopping.is_set() or followed > FOLLOWED_MOST
            if ends or not self.services.feeds.claim(self.feed.name, self.token):
                return taken, len(fresh) - place + put_off
            one = taker.take(item, known.get(item.key))
            if one.known is None:
                put_off += 1
                continue
            self.services.feeds.note(self.feed.name, {item.key: one.known})
            taken.append(one)
        return taken, put_off

    def _counted(
        self, after: FeedProgress, document: FeedDocument, taken: Sequence[TakenItem]
    ) -> FeedProgress:
        done = Poll(PollOutcome.READ, taken=tuple(taken))
        return replace(
            after,
            format=document.format,
            title=document.title or after.title,
            items=len(document.items),
            new_ms=self.now_ms if taken or not after.new_ms else after.new_ms,
            notified="" if taken and after.notified == "silent" else after.notified,
            published=after.published + done.count(ItemState.PUBLISHED),
            drafts=after.drafts + done.count(ItemState.DRAFT),
            refused=after.refused + done.count(ItemState.REFUSED),
        )

    def _keep_in_sight(
        self, document: FeedDocument, known: Mapping[str, KnownItem], taken: Sequence[TakenItem]
    ) -> None:
        """Once a day: note that known items are still there, and forget those that are long gone."""
        done = {one.item.key for one in taken}
        seen = {
            item.key: replace(known[item.key], seen_day=self._today)
            for item in document.items
            if item.key in known and item.key not in done and known[item.key].seen_day != self._today
        }
        if not seen:
            return
        self.services.feeds.note(self.feed.name, seen)
        every = self.services.feeds.every_item(self.feed.name)
        gone = [key for key, item in every.items() if item.seen_day < self._today - KNOWN_DAYS]
        self.services.feeds.forget(self.feed.name, gone)

    def _silence(self, after: FeedProgress) -> FeedProgress:
        """Notify operators once of a feed that answers, and has had nothing new for long."""
        silent = after.new_ms and self.now_ms - after.new_ms >= rules.SILENT_MS
        if not silent or after.notified:
            return after
        days = (self.now_ms - after.new_ms) // _DAY_MS
        self._notify(
            "a feed is silent",
            f"nothing new for {number_of(days, 'day')}; it is polled all the same",
            f"alerts feeds show {self.feed.name}",
        )
        return replace(after, notified="silent")

    def _stop(self, after: FeedProgress, why: str) -> Poll:
        self._notify("a feed was stopped", why, f"alerts feeds resume {self.feed.name}")
        actor = feed_actor(self.feed)
        record(self.services, actor, "feed.stop", self.feed.name, after={"why": why})
        self._end(replace(after, state=FeedState.STOPPED, why=why), self.now_ms)
        return Poll(PollOutcome.STOPPED, why)

    def _end(self, after: FeedProgress, next_ms: Instant) -> None:
        feed, moved = self.feed, after.moves >= rules.MOVES_LEAST
        if moved:
            feed = replace(feed, url=after.moved)
            after = replace(after, moved="", moves=0)
            there = shown_url(feed.url)
            self._notify("a feed has moved", f"it is asked for at {there} from now on", "")
            before = {"url": shown_url(self.feed.url)}
            record(
                self.services, feed_actor(feed), "feed.move", feed.name, before=before, after={"url": there}
            )
        self.services.feeds.end(feed, after, self.token, next_ms, moved=moved)

    def _notify(self, what: str, why: str, go_on: str) -> None:
        details = {"feed": self.feed.name, "why": why, "go_on": go_on}
        self.services.notices.notify(what, **{name: text for name, text in details.items() if text})

    def _wait(self, found: FoundFeed) -> int:
        return rules.after_success_ms(self.feed.every_s, found.headers, self._spread())

    def _spread(self) -> float:
        return self.services.jitter.uniform(-1, 1)

    @property
    def _today(self) -> int:
        return self.now_ms // _DAY_MS


def oldest_first(items: Sequence[FeedItem]) -> list[FeedItem]:
    """As they happened: by their times where all have one, else from the end of the feed to its beginning."""
    upwards = list(reversed(items))
    times = [item.at for item in upwards]
    if any(at is None for at in times):
        return upwards
    return sorted(upwards, key=lambda item: item.at.timestamp() if item.at else 0.0)
