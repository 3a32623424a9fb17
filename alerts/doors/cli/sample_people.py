"""The subscribers of `alerts demo`: different places, tags, cadences and zones."""

from alerts.channels import channel_of
from alerts.model import (
    Cadence,
    Filter,
    Instant,
    QuietHours,
    Rhythm,
    Severity,
    Subscriber,
    Subscription,
)

MINUTE_MS = 60_000
DAY_MINUTES = 24 * 60
PAUSED = "paula@paused.example"
GONE = "gil@gone.example"


def sample_people(now_ms: Instant) -> list[Subscriber]:
    """Fourteen subscribers. The daily ones are due at the next full minute, the quiet one is quiet now.

    Paula is to be paused as soon as she has subscribed; Gil's mailbox is not there any more.
    """
    minute = now_ms // MINUTE_MS % DAY_MINUTES
    daily = Cadence(Rhythm.DAILY, (minute + 1) % DAY_MINUTES)
    quiet = QuietHours((minute - 60) % DAY_MINUTES, (minute + 180) % DAY_MINUTES)
    weekly = Cadence.parse("weekly mon 08:00")
    negotiations = ("negotiations",)
    return [
        _person("anna@kyiv.example", Subscription(Filter(("UA",))), "Europe/Kyiv"),
        _person("desk@europe.example", Subscription(Filter(("150",), any_tags=("conflict", "negotiations")))),
        _person("duty@world.example", Subscription(Filter(("001",), min_severity=Severity.SEVERE))),
        _person("emre@istanbul.example", Subscription(Filter(("TR",))), "Europe/Istanbul"),
        _person("daniel@daily.example", Subscription(Filter(("UA", "RU")), daily)),
        _person("dora@daily.example", Subscription(Filter(("150",), negotiations), daily)),
        _person("nina@night.example", Subscription(Filter(("UA",)), quiet=quiet, bypass=Severity.SEVERE)),
        _person("wim@weekly.example", Subscription(Filter(("001",)), weekly), "Europe/Amsterdam"),
        _person("sven@sport.example", Subscription(Filter(("UA",), any_tags=("sport",)))),
        _person("yuki@tokyo.example", Subscription(Filter(("JP",))), "Asia/Tokyo"),
        _person(PAUSED, Subscription(Filter(("UA",)))),
        _person(GONE, Subscription(Filter(("UA",), negotiations))),
        _person("T0DEMO/C0RISK", Subscription(Filter(("eu", "UA")))),
        _person("T0DEMO/C0DAILY", Subscription(Filter(("UA", "TR")), daily)),
    ]


def _person(address: str, subscription: Subscription, zone: str = "UTC") -> Subscriber:
    return Subscriber(0, channel_of(address), address, zone, (subscription,), 0)
