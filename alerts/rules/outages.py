"""What an owner or an operator is told of outages: a pure function of what is so and of what they know."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from alerts.model import Outage
from alerts.texts import number_of

#: Of many, N are named in a message, and the others counted.
NAMED = 10


@dataclass(frozen=True, slots=True)
class Difference:
    """What has changed since a contact was told, by subject: what broke, what works; what is as it was."""

    broken: tuple[str, ...]
    mended: tuple[str, ...]
    still: tuple[str, ...]


def difference(
    known: Mapping[str, Outage], now: Mapping[str, Outage], working: Collection[str]
) -> Difference:
    """Compare what a contact knows with what is so: broken `now`, and what is `working`.

    What is neither concerns them no more: it was removed, is somebody else's by now, or was ended on purpose.
    """
    return Difference(
        tuple(subject for subject in now if subject not in known),
        tuple(subject for subject in known if subject in working),
        tuple(subject for subject in now if subject in known),
    )


@dataclass(frozen=True, slots=True)
class Unreached:
    """An address that nothing reaches: what it is called, since when, in whose words, and what it misses."""

    called: str
    since: str
    words: str
    misses: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """A message in words: a headline, points, and a text in Markdown."""

    headline: str
    points: tuple[str, ...]
    text: str


def of_addresses(
    broken: Sequence[Unreached],
    mended: Sequence[str],
    still: int,
    *,
    readers: str,
    mending: str,
    because: str,
) -> Said:
    """Say which addresses nothing reaches any more, and which are reached again.

    `readers`: what several of them are called; `mending`: what can be done; `because`: why they get this.
    """
    points = [_unreached(one) for one in broken[:NAMED]]
    points += [f"{called}: alerts reach it again." for called in mended[:NAMED]]
    more = max(0, len(broken) - NAMED) + max(0, len(mended) - NAMED)
    points += [f"and {more:,} more: `alerts suppressions list`"] if more else []
    points += [f"{number_of(still, 'other', 'others')} as before: nothing reaches them."] if still else []
    if broken:
        whom = broken[0].called if len(broken) == 1 else f"{len(broken):,} {readers}"
        headline = f"No alerts reach {whom} any more"
        address = broken[0].called if len(broken) == 1 else "ADDRESS"
        text = (
            f"**How to mend it.** {mending}\n\n"
            "Then lift what stands against it, or ask whoever runs these alerts to:\n\n"
            f"- `alerts unsuppress {address}`\n\n"
            "Until then nothing is sent there. What was missed and still matters is sent with it, once."
        )
    else:
        whom = mended[0] if len(mended) == 1 else f"{len(mended):,} {readers}"
        headline, text = f"Alerts reach {whom} again", "Nothing stands in the way any more."
    return Said(headline, tuple(points), f"{text}\n\n{because}")


def _unreached(one: Unreached) -> str:
    misses = f" It misses: {', '.join(one.misses)}." if one.misses else ""
    return f"{one.called}, since {one.since}, in these words: “{one.words}”.{misses}"


def of_sending(paused: Mapping[str, str], resumed: Sequence[str], because: str) -> Said:
    """Say by which channels routine sending is paused, and why; and by which it goes on."""
    if not paused:
        headline = f"Routine sending by {' and '.join(resumed)} goes on"
        return Said(headline, (), f"What waited is sent now, once.\n\n{because}")
    channels = " and ".join(paused)
    points = [f"By {channel}: {why}." for channel, why in paused.items()]
    points += [f"By {channel} it goes on." for channel in resumed]
    commands = "\n".join(f"- `alerts resume-sending {channel}`" for channel in paused)
    text = (
        "Providers stop taking the mail of a sender of whom too much comes back. What is severe or extreme "
        "goes on; what is routine waits, and nothing of it is lost.\n\n"
        "**What to do.** See from whom it came back and in whose words: `alerts status` and "
        f"`alerts bounces list`. Mend that, then let it go on:\n\n{commands}"
    )
    return Said(f"Routine sending by {channels} is paused", tuple(points), f"{text}\n\n{because}")
