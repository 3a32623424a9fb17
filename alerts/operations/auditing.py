"""Who changed what, and when: read by those who answer for it."""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from alerts.operations.acting import Actor, Permission
from alerts.operations.instants import past, utc_text
from alerts.services import Services
from alerts.store import AuditEntry

#: What an action is called in a sentence about somebody who did it; `{}` is whom or what it was done to.
SAID = {
    "update.publish": "published {}",
    "update.pass_over": "had a message about {} of which nothing is published",
    "update.take_back": "took back {} before anybody saw it",
    "update.close": "closed {}",
    "update.retract": "retracted {}",
    "update.release": "released {}",
    "delivery.retry": "tried {} again",
    "delivery.resend": "had {} sent once more",
    "subscriber.add": "added {}",
    "subscriber.change": "changed {}",
    "subscriber.pause": "paused {}",
    "subscriber.resume": "resumed {}",
    "subscriber.undo": "took back the last change of {}",
    "subscriber.mute": "muted a situation for {}",
    "subscriber.unmute": "had {} hear again of a situation that was muted",
    "subscriber.remove": "removed {}",
    "subscriber.erase": "erased all that was kept of {}",
    "subscriber.merge": "made one subscriber of two who are {}",
    "subscriber.import": "imported {}",
    "subscriber.sync": "made the {} what a whole list says",
    "subscriber.undo_sync": "made the {} what they were before the last whole list",
    "update.preview": "sent a preview of {} to one address",
    "subscriber.leave": "unsubscribed {}",
    "subscriber.join": "confirmed that {} subscribes",
    "subscriber.invite": "invited {}",
    "subscriber.vouch": "vouched that {} asked to subscribe",
    "subscriber.cancel_invitation": "took the invitation of {} back",
    "subscriber.opt_out": "asked that nothing unasked is mailed to {}",
    "subscriber.opt_in": "took back that nothing unasked is mailed to {}",
    "subscriber.come_in": "came to the page of {}",
    "subscriber.come_back": "took the unsubscribing of {} back",
    "subscriber.show_secret": "was shown the secret of {}",
    "subscriber.change_secret": "changed the secret of {}",
    "subscription.leave": "ended a subscription of {} by the link in an email",
    "subscription.come_back": "took back that a subscription of {} had ended",
    "subscription.add": "added to the subscriptions of {}",
    "subscription.set": "changed the subscriptions of {}",
    "subscription.undo": "took back the last change of the subscriptions of {}",
    "subscription.remove": "took from the subscriptions of {}",
    "suppression.add": "suppressed {}",
    "suppression.lift": "lifted the suppression of {}",
    "sending.resume": "let routine {} go on",
    "feed.add": "follows the feed {}",
    "feed.pause": "paused the feed {}",
    "feed.resume": "resumed the feed {}",
    "feed.remove": "removed the feed {}",
    "feed.poll": "polled the feed {} by hand",
    "feed.stop": "stopped {} by itself",
    "feed.move": "goes on with {} where it has moved",
    "draft.keep": "has the draft {} wait",
    "draft.publish": "published the draft {}",
    "draft.discard": "discarded the draft {}",
    "sender.add": "lets {} send updates by mail",
    "sender.pause": "paused the mail sender {}",
    "sender.resume": "resumed the mail sender {}",
    "sender.remove": "lets {} send no more",
    "sender.change_secret": "changed the secret of the mail sender {}",
    "mail.take": "had a mail of theirs taken as {}",
    "tag.add": "put the tag {} on the list",
    "key.add": "made the key {}",
    "key.revoke": "revoked the key {}",
    "index.repair": "put the {} right",
    "hook.confirm": "confirmed that {} is posted here",
}


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One change, and a sentence that tells it."""

    entry: AuditEntry
    sentence: str

    def to_dict(self) -> dict[str, object]:
        entry = self.entry
        return {
            "at": utc_text(entry.at_ms),
            "who": entry.who,
            "door": entry.door,
            "action": entry.action,
            "subject": entry.subject,
            "before": dict(entry.before),
            "after": dict(entry.after),
            "sentence": self.sentence,
        }


def audit(services: Services, actor: Actor, since: str | None = None, who: str = "") -> Iterator[AuditLine]:
    """What was changed, newest first: since a time, if one is given, and by somebody, if they are named.

    Needs the right to administer, for it says of everybody what they did. Raises Forbidden, BadInput.
    """
    actor.require(Permission.ADMINISTER)
    since_ms = past(since, services.server.now_ms(), services.settings.zone) if since else 0
    entries = services.audit.entries(since_ms)
    wanted = (entry for entry in entries if not who or entry.who.casefold() == who.casefold())
    return (AuditLine(entry, sentence(entry)) for entry in wanted)


def sentence(entry: AuditEntry) -> str:
    """Tell a change to people: `olga (command line) closed ua-talks.r2: reason It was false.`"""
    said = SAID.get(entry.action)
    did = said.format(entry.subject) if said else f"{entry.action} {entry.subject}"
    changes = "; ".join(_changes(entry.before, entry.after))
    return f"{entry.who} ({entry.door}) {did}{f': {changes}' if changes else ''}"


def _changes(before: Mapping[str, object], after: Mapping[str, object]) -> Iterator[str]:
    for name in dict.fromkeys(itertools.chain(before, after)):
        called = name.replace("_", " ")
        if name not in before:
            yield f"{called} {_plain(after[name])}"
        elif name not in after:
            yield f"{called} was {_plain(before[name])}"
        elif before[name] != after[name]:
            yield f"{called} {_plain(before[name])} → {_plain(after[name])}"


def _plain(value: object) -> str:
    if value in (None, "", []):
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(_plain, value))
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_plain(part)}" for name, part in value.items())
    return str(value)
