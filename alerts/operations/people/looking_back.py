"""What a person sees of what became of theirs: sent, still to come, or not for them, and why."""

from dataclasses import dataclass
from itertools import islice

from alerts.locales import ENGLISH, Locale
from alerts.model import Instant, Subscriber
from alerts.operations.following.recorded_reasons import SaidReason, said_reasons
from alerts.operations.following.tracing import traced_with_excluded
from alerts.operations.subscribing.muting import muted_by
from alerts.services import Services

#: Lines of one page.
LINES_MOST = 100


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """What became of one revision for its reader."""

    at_ms: Instant
    update: str
    headline: str
    language: str  #: of the headline; empty: not known
    words: str
    why: tuple[SaidReason, ...]
    digest: str  #: whose message they can read; empty where they have none
    can_mute: bool


def looked_back(services: Services, person: Subscriber, locale: Locale = ENGLISH) -> list[HistoryLine]:
    """The latest, newest first, and last of all what was not for them."""
    found = list(islice(traced_with_excluded(services, person), LINES_MOST))
    histories = services.updates.histories(list(dict.fromkeys(one.update for one in found)))
    going_on = {
        update for update, h in histories.items() if h.accepted is not None and not h.accepted.kind.ends
    }
    silent = {one.latest.update for one in muted_by(services, person)}
    seen: set[str] = set()
    lines = []
    for one in found:
        can_mute = one.update in going_on - silent - seen and one.state != "excluded"
        seen.add(one.update)
        kept = one.digest or "" if one.state in ("sent", "delivered", "unconfirmed") else ""
        words = _said(one.state, locale)
        why = said_reasons(one.to_reader, locale)
        lines.append(
            HistoryLine(one.at_ms, one.update, one.headline, one.language, words, why, kept, can_mute)
        )
    return lines


def _said(state: str, locale: Locale) -> str:
    """What a state of a delivery is to whom it was for."""
    said = {
        "slot": locale.gettext("due then"),
        "excluded": locale.gettext("not sent to you"),
        "sent": locale.gettext("sent"),
        "delivered": locale.gettext("arrived"),
        "bounced": locale.gettext("returned as undeliverable"),
        "complained": locale.gettext("reported by you as spam"),
        "failed": locale.gettext("could not be sent"),
        "suppressed": locale.gettext("not sent, because nothing was being sent to you"),
        "expired": locale.gettext("not sent, because it was over"),
        "withdrawn": locale.gettext("not sent, because it was withdrawn, changed or muted"),
        "unconfirmed": locale.gettext("possibly sent"),
    }
    return said.get(state) or locale.gettext("on its way")
