"""A slot of many people: what it costs depends on how many different digests they get, not on them."""

import math
import random
from collections import Counter
from collections.abc import Mapping

import pytest
from clocked import clocked, move_to
from house import draft

from alerts.channels import Renderer
from alerts.model import (
    Cadence,
    Channel,
    Digest,
    Filter,
    Message,
    Revision,
    State,
    Step,
    Subscriber,
    Subscription,
)
from alerts.services import Services
from alerts.settings import Settings
from alerts.walk import steps
from alerts.walk.batch_sender import BatchSender

PEOPLE, AUDIENCES, CONTENTS, CHUNK = 100_000, 5_000, 300, 1_000
DAILY = Cadence.parse("daily 08:00")
TWO_CHANNELS = Channel("email"), Channel("slack")
#: Where the news of the day is; whoever wants two of these places gets a digest of two.
PLACES = (
    *("UA", "RU", "FR", "DE", "TR", "KE", "ET", "BR", "US", "JP", "NP", "LB", "WS"),
    *("EG", "NG", "ID", "IN", "CN", "AU", "MX", "PE", "ZA", "SE", "PL", "IT"),
)


class CountingRenderer:
    """Renders, and counts for which channel."""

    def __init__(self, renderer: Renderer) -> None:
        self._renderer = renderer
        self.rendered: Counter[Channel] = Counter()

    def render(self, digest: Digest, revisions: Mapping[str, Revision], language: str = "") -> Message:
        self.rendered[digest.channel] += 1
        return self._renderer.render(digest, revisions, language)


def filters() -> list[Filter]:
    """2,500 filters over 300 choices of places: tags and severities tell them apart, contents do not."""
    dice = random.Random(5)
    choices = sorted({tuple(sorted(dice.sample(PLACES, 2))) for _ in range(2_000)})
    places = dice.sample(choices, CONTENTS)
    each = math.ceil(AUDIENCES / len(TWO_CHANNELS) / CONTENTS)
    found = [Filter(where, none_tags=(f"not-{n}",)) for n in range(each) for where in places]
    return found[: AUDIENCES // len(TWO_CHANNELS)]


def fill(services: Services) -> None:
    """Subscribe everybody, some at a time."""
    wishes = [(Subscription(wanted, DAILY),) for wanted in filters()]
    rows = []
    for n in range(PEOPLE):
        channel = TWO_CHANNELS[n % len(TWO_CHANNELS)]
        address = f"p{n}@example.org" if channel is Channel("email") else f"T1/C{n}"
        wish = wishes[n // len(TWO_CHANNELS) % len(wishes)]
        rows.append((Subscriber(0, channel, address, "Europe/Kyiv", wish, 0), None))
    for start in range(0, PEOPLE, CHUNK):
        services.subscribers.save_all(rows[start : start + CHUNK])


def do(services: Services, *kinds: Step) -> None:
    """Do what is owed of these steps, until nothing is."""
    batch_sender, now_ms = BatchSender(services), services.server.now_ms()
    while works := [
        o.work for o in services.due.owed() if o.work.step in kinds and o.look_ms <= now_ms + 5_000
    ]:
        for work in works:
            steps.step(batch_sender, work)


@pytest.mark.faults
@pytest.mark.timeout(300)
def test_a_slot_of_5000_audiences_is_rendered_once_for_each_content_and_channel(settings: Settings) -> None:
    services = clocked(settings, "2026-03-26T12:00Z")
    counting = CountingRenderer(services.renderer)
    services.own_renderer = counting
    fill(services)
    move_to(services, "2026-03-26T13:00Z")
    for place in PLACES:
        steps.publish(services, draft(f"news-{place}", regions=(place,)))
    do(services, Step.MATCH)
    move_to(services, "2026-03-27T06:00Z")  # 08:00 in Kyiv
    [clock] = services.clocks.all()
    assert len(services.clocks.audiences(clock)) == AUDIENCES
    do(services, Step.OPEN, Step.RENDER, Step.FAN_OUT)
    names = sorted({n for place in PLACES for n in services.updates.digests(f"news-{place}")})
    progress = services.digests.progress(names)
    services.close()
    assert counting.rendered == dict.fromkeys(TWO_CHANNELS, CONTENTS)
    assert len(names) == CONTENTS * len(TWO_CHANNELS)
    assert sum(how.counts[State.QUEUED] for how in progress.values()) == PEOPLE
