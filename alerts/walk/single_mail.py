"""A mail to one address that is no delivery: tried by one at a time, later and later, until it is over."""

import secrets
from collections.abc import Callable
from typing import Protocol

from alerts.errors import BadInput
from alerts.model import Deferred, Failed, Instant, Outcome, RouteDown, Unsure, Work
from alerts.services import Services

#: Nobody else tries while somebody does (ms): longer than one talk with a relay about one mail.
TURN_MS = 120_000
#: Before it is tried again (ms): as long as it has been tried for, within these.
PAUSE_MIN_MS, PAUSE_MAX_MS = 15_000, 900_000


class MailTurns(Protocol):
    """Who may send a mail now, by what it is owed under."""

    def take_turn(self, key: str, worker: str, for_ms: int, /) -> bool: ...

    def give_turn(self, key: str, worker: str, /) -> None: ...


def mail_one(
    services: Services,
    work: Work,
    turns: MailTurns,
    *,
    asked_ms: Instant,
    what: str,
    send: Callable[[], Outcome | None],
) -> None:
    """Send a mail that is owed since an instant; `what` it is called in notices.

    `send` says what the relay said, or None where nothing was tried, and raises BadInput for a template that
    fails: operators are notified, and it is never written.
    """
    worker = secrets.token_hex(8)
    if not turns.take_turn(work.key, worker, TURN_MS):
        services.due.postpone(work, services.server.now_ms() + TURN_MS)
        return
    now_ms = services.server.now_ms()
    try:
        outcome = send()
    except BadInput as fault:
        services.notices.notify(f"{what} could not be written", why=fault.sentence)
        services.due.done(work)
        return
    if outcome is None or isinstance(outcome, (Deferred, RouteDown, Unsure)):
        asked_s = (outcome.after_s or 0) if outcome is not None else 0
        tried_ms = now_ms - asked_ms
        pause_ms = max(round(asked_s * 1000), min(max(tried_ms, PAUSE_MIN_MS), PAUSE_MAX_MS))
        turns.give_turn(work.key, worker)
        services.due.postpone(work, now_ms + pause_ms)
        return
    if isinstance(outcome, Failed) and outcome.suppress:
        services.notices.notify(f"{what} came back", why=outcome.why)
    services.due.done(work)
