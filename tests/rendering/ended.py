"""A week with what ended and eased in it, for a weekly reader: `tests/rendering/ended.py` writes it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from renderers import renderer
from rendering_samples import LINKS, html_of, mail, post, text_of
from week import read_aloud

from alerts.model import (
    Audience,
    Cadence,
    Channel,
    Digest,
    Draft,
    Filter,
    Kind,
    Revision,
    Severity,
    Subscription,
)
from alerts.regions import load
from alerts.rules.cadence import Clock, next_slot
from alerts.rules.windows import Window, entries, looking

DATA = Path(__file__).parents[1] / "data" / "ended"
HOUR = 3_600_000
WEEKLY = Cadence.parse("weekly mon 08:00")
CLOCK = Clock.of("Asia/Manila", [(WEEKLY, None)])
OPENED = next_slot(CLOCK, 1_795_000_000_000)
SLOT = next_slot(CLOCK, OPENED)
REGIONS = ("PH", "VN", "TW")

TYPHOON = Draft(
    "Typhoon Amihan: gusts of 230 km/h expected over Catanduanes",
    ("PH",),
    "ph-amihan",
    key_points=("Landfall expected on Tuesday evening", "Ports closed in Bicol"),
    severity=Severity.EXTREME,
    tags=("weather",),
)
TYPHOON_OVER = replace(
    TYPHOON,
    kind=Kind.CANCEL,
    headline="Typhoon Amihan: all warnings lifted",
    severity=Severity.MINOR,
    key_points=(),
    note="It is over the open sea and weakening.",
)
STRIKE = Draft(
    "Taxi strike in Hanoi", ("VN",), "vn-taxis", severity=Severity.MINOR, url="https://desk.example/taxis"
)
STRIKE_OVER = replace(STRIKE, kind=Kind.CANCEL, note="The strike ended.")
FLOOD = Draft(
    "Flooding in Cagayan: the river is above the alarm level",
    ("PH",),
    "ph-cagayan",
    key_points=("Four bridges are closed",),
    severity=Severity.SEVERE,
)
FLOOD_EASED = replace(
    FLOOD,
    kind=Kind.UPDATE,
    headline="Flooding in Cagayan recedes",
    key_points=("One bridge is still closed",),
    severity=Severity.MINOR,
)
UNREST = Draft("Demonstrations in Taipei", ("TW",), "tw-demos", severity=Severity.MINOR)
UNREST_WORSE = replace(UNREST, kind=Kind.UPDATE, severity=Severity.MODERATE)
#: What was published, and how many hours after the last digest.
WEEK = (
    (-24, UNREST),
    (20, TYPHOON),
    (31, FLOOD),
    (50, STRIKE),
    (52, UNREST_WORSE),
    (75, TYPHOON_OVER),
    (80, UNREST),
    (90, STRIKE_OVER),
    (140, FLOOD_EASED),
)
#: What each golden's reader gets: the whole week, or only what ended in it.
READ = {"week": lambda _: True, "only": lambda update: update in ("ph-amihan", "vn-taxis")}


def revisions(only: str) -> list[Revision]:
    found: list[Revision] = []
    for hours, draft in WEEK:
        number = 1 + sum(other.update == draft.id for other in found)
        kind = draft.kind or (Kind.UPDATE if number > 1 else Kind.NEW)
        found.append(Revision(draft.id, number, replace(draft, kind=kind), OPENED + hours * HOUR))
    return [revision for revision in found if READ[only](revision.update)]


def digest(channel: Channel, log: list[Revision]) -> Digest:
    audience = Audience.of(channel, "Asia/Manila", [Subscription(Filter(REGIONS), WEEKLY)])
    content = entries(audience, log, looking(load()), Window(OPENED, SLOT))
    return Digest(channel, content, SLOT, clock=str(CLOCK), from_ms=OPENED)


def goldens() -> Iterator[tuple[str, str]]:
    """Every file by its name: the mail as text and HTML, the post as it reads."""
    draw = renderer(None, mail_from="Situation Desk <desk@alerts.example.org>", place=load().name)
    for only in READ:
        log = revisions(only)
        known = {revision.ref: revision for revision in log}
        message = draw.render(digest(Channel("email"), log), known)
        found, link = mail(message), LINKS.unsubscribe("olena@example.org")
        yield f"{only}.txt", f"Subject: {found['Subject']}\n\n{text_of(found)}".replace(link, "LINK")
        yield f"{only}.html", html_of(found).replace(link, "LINK")
        yield f"{only}.slack.txt", read_aloud(post(draw.render(digest(Channel("slack"), log), known)))


if __name__ == "__main__":
    DATA.mkdir(exist_ok=True)
    for name, text in goldens():
        (DATA / name).write_text(text, "utf-8")
