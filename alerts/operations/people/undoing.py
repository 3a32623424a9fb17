"""One undo for whatever somebody changes on their own page: their last change, kept with the session.

It goes back to what was there before, and only while that is as the change left it. A button undoes the
change that it was shown for, and no later one.
"""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Any

from alerts import channels
from alerts.errors import Conflict
from alerts.model import (
    Mute,
    Standing,
    Subscriber,
    Work,
    name_of,
    subscription_from_dict,
    subscription_to_dict,
)
from alerts.operations.people.coming_in import DOOR, actor
from alerts.operations.subscribing.altering import Kept, alter_own, work_left
from alerts.operations.subscribing.muting import MutedUpdate, mute_own, muted_by, unmute_own
from alerts.operations.subscribing.unsubscribing import LinkHolder, come_back, is_by_link, leave
from alerts.rules.mutes import is_worse
from alerts.services import Services
from alerts.store import LastChange, Suppression
from alerts.texts import Text


class Deed(StrEnum):
    """What somebody did on their page."""

    ADD = "add"
    CHANGE = "change"
    END = "end"
    BACK = "back"  #: got again what they had ended
    PAUSE = "pause"
    REPAUSE = "repause"  #: paused for longer, or for less long
    RESUME = "resume"
    LANGUAGE = "language"
    MUTE = "mute"
    UNMUTE = "unmute"
    LEAVE = "leave"  #: ended everything
    COME_BACK = "come-back"  #: took that back
    UNDO = "undo"  #: took the change of this id back: who taps twice has done it once


def keeping(services: Services, secret: str, deed: Deed) -> Kept:
    """What is to be told the subscriber before and after a change, so that it can be undone."""

    def kept(before: Subscriber, after: Subscriber) -> None:
        was, now = _parts(before), _parts(after)
        changed = [name for name, value in was.items() if now[name] != value]
        if changed:
            done = Deed.REPAUSE if deed is Deed.PAUSE and before.standing is Standing.PAUSED else deed
            _keep(services, secret, done, {name: was[name] for name in changed}, _version(now, changed))

    return kept


def keep_mute(services: Services, secret: str, deed: Deed, done: MutedUpdate) -> None:
    """Keep that a situation was muted or unmuted; one that was unmuted still says how it was muted."""
    if not done.already:
        _keep(services, secret, deed, {"update": done.latest.update}, str(done.mute))


def leave_own(services: Services, person: Subscriber, secret: str) -> None:
    """End everything, at their own word. Twice is once."""
    before = _standing(services, person)
    leave(services, holder_for(person))
    after = _standing(services, person)
    if after is not None and after != before and is_by_link(after):
        _keep(services, secret, Deed.LEAVE, {}, str(after.since_ms))


def come_back_own(services: Services, person: Subscriber, secret: str) -> bool:
    """Take back that they ended everything. False where somebody else's reason stands in the way."""
    before = _standing(services, person)
    back = come_back(services, holder_for(person))
    if back and before is not None:
        _keep(services, secret, Deed.COME_BACK, {}, "")
    return back


def undoable(services: Services, person: Subscriber, secret: str) -> LastChange | None:
    """The last change of this session, while it can be taken back."""
    session = services.sessions.find(secret)
    last = session.last if session else None
    return last if last is not None and _stands(services, person, last) else None


def undo_own(services: Services, person: Subscriber, secret: str, change: str) -> tuple[Work, ...]:
    """Take the last change of this session back, if this is its id. What to ring for. Twice is once.

    Raises Conflict where it is another one, or what it changed was changed again since.
    """
    session = services.sessions.find(secret)
    last = session.last if session else None
    if last is None or last.id != change:
        raise _changed_since()
    if last.deed == Deed.UNDO:
        return ()
    if not _stands(services, person, last):
        raise _changed_since()
    work = _taken_back(services, person, last)
    services.sessions.remember(secret, LastChange(last.id, Deed.UNDO, {}, ""))
    return work


def _taken_back(services: Services, person: Subscriber, last: LastChange) -> tuple[Work, ...]:
    match last.deed:
        case Deed.MUTE:
            return unmute_own(services, actor(person), person.address, last.before["update"]).work
        case Deed.UNMUTE:
            severity = Mute.parse(last.made).severity
            mute_own(services, actor(person), person.address, last.before["update"], severity)
            return ()
        case Deed.LEAVE:
            come_back(services, holder_for(person))
        case Deed.COME_BACK:
            leave(services, holder_for(person))
        case _:
            _restore(services, person, last)
    changed = services.subscribers.load([person.sid])  # what they are owed is owed as of now
    return tuple(work for one in changed for work in work_left(services, one))


def _restore(services: Services, person: Subscriber, last: LastChange) -> None:
    def restored(now: Subscriber) -> Subscriber:
        if _version(_parts(now), last.before) != last.made:
            raise _changed_since()
        was = replace(now, **_read(last.before))
        over = was.paused_until_ms is not None and was.paused_until_ms <= services.server.now_ms()
        return replace(was, standing=Standing.ACTIVE, paused_until_ms=None) if over else was

    if last.deed in (Deed.ADD, Deed.CHANGE, Deed.END, Deed.BACK):
        alter_own(services, actor(person), "subscription.undo", person.address, restored)
    else:
        alter_own(services, actor(person), "subscriber.undo", person.address, restored)


def _stands(services: Services, person: Subscriber, last: LastChange) -> bool:
    """Whether all is as the change left it, so that there is something to be taken back."""
    match last.deed:
        case Deed.UNDO:
            return False
        case Deed.MUTE:
            update = last.before["update"]
            return any(
                one.latest.update == update and str(one.mute) == last.made
                for one in muted_by(services, person)
            )
        case Deed.UNMUTE:
            update, was = last.before["update"], Mute.parse(last.made)
            latest = services.updates.history(update).accepted
            unchanged = str(services.mutes.of(person.sid).get(update)) == last.made
            return unchanged and latest is not None and not (latest.kind.ends or is_worse(was, latest.draft))
        case Deed.LEAVE:
            standing = _standing(services, person)
            return standing is not None and is_by_link(standing) and str(standing.since_ms) == last.made
        case Deed.COME_BACK:
            return _standing(services, person) is None
        case _:
            return _version(_parts(person), last.before) == last.made


def _keep(services: Services, secret: str, deed: Deed, before: Mapping[str, object], made: str) -> None:
    services.sessions.remember(secret, LastChange(secrets.token_hex(8), deed, before, made))


def _parts(person: Subscriber) -> dict[str, object]:
    """All that somebody can change of themselves, as JSON can say it."""
    return {
        "zone": person.zone,
        "language": person.language,
        "standing": person.standing.value,
        "paused_until_ms": person.paused_until_ms,
        "subscriptions": [subscription_to_dict(one) for one in person.subscriptions],
        "declined": [subscription_to_dict(one) for one in person.declined],
    }


def _read(parts: Mapping[str, Any]) -> dict[str, Any]:
    found = dict(parts)
    if "standing" in found:
        found["standing"] = Standing(found["standing"])
    for name in ("subscriptions", "declined"):
        if name in found:
            found[name] = tuple(map(subscription_from_dict, found[name]))
    return found


def _version(parts: Mapping[str, object], names: Iterable[str]) -> str:
    """A name for these parts: another one after every change of any of them."""
    return name_of([[name, parts[name]] for name in sorted(names)])


def _standing(services: Services, person: Subscriber) -> Suppression | None:
    return services.suppressions.find(person.channel, [person.address]).get(person.address)


def holder_for(person: Subscriber) -> LinkHolder:
    """Somebody who has come in, as the holder of their own link."""
    return LinkHolder(channels.identity(person.channel, person.address), DOOR)


def _changed_since() -> Conflict:
    return Conflict(
        Text("It has been changed again since then, or has already been undone."),
        Text("Change it once more."),
    )
