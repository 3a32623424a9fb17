"""Whatever somebody can do asks first whether they may, and what it changes leaves a name in the audit.

The use cases are found by looking: what is added to the room is held to the same, without being named here.
"""

import importlib
import inspect
import io
import pkgutil
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext, suppress

import pytest
from house import draft, of_old, subscribe, walk

from alerts import ingest, operations, returns
from alerts.channels import masked
from alerts.errors import BadInput, Forbidden, NotFound
from alerts.ingest.hot_folder import HotFolder
from alerts.mailbox import Mailbox, WaitingMail
from alerts.model import (
    Channel,
    Errand,
    Filter,
    Invitation,
    OneTimeLink,
    State,
    Subscriber,
    Subscription,
    name_of,
)
from alerts.operations import NamedReading, Permission, Requested, SubscriberSearch, SubscriptionChange
from alerts.operations.acting import Actor, record
from alerts.operations.api_keys import add_key, list_keys, revoke_key
from alerts.operations.auditing import audit
from alerts.operations.checks.checking import check
from alerts.operations.drafts.keeping import draft_of, record_kept
from alerts.operations.following.deliveries import deliveries
from alerts.operations.following.explaining import explain
from alerts.operations.following.explaining_many import explain_everybody, explain_listed
from alerts.operations.following.following import missed
from alerts.operations.following.pending import pending
from alerts.operations.following.progress import outcome
from alerts.operations.following.resending import resend
from alerts.operations.following.retrying import retry
from alerts.operations.following.tracing import trace
from alerts.operations.following.update_status import status
from alerts.operations.lists.exporting import export
from alerts.operations.lists.syncing import undo_sync
from alerts.operations.overview import list_notices, live_workers, totals
from alerts.operations.people.invitations import cancel_invitation, list_invitations
from alerts.operations.people.person_data import everything_about, sent_message
from alerts.operations.publishing.dropped_files import FolderDefaults, publish_dropped
from alerts.operations.publishing.ending import close, readers, retract
from alerts.operations.publishing.preparing import Choices, require_sound
from alerts.operations.publishing.preview_sending import send_preview
from alerts.operations.publishing.previewing import preview
from alerts.operations.publishing.publishing import publish
from alerts.operations.publishing.releasing import release
from alerts.operations.publishing.sampling import draw, sample
from alerts.operations.publishing.undoing import undo
from alerts.operations.publishing.withdrawing import withdraw
from alerts.operations.reading.updates import list_updates, show_revision, show_update
from alerts.operations.returned.collecting import collect
from alerts.operations.returned.foreseeing_returns import foresee_read
from alerts.operations.returned.receiving import take_in, take_in_read
from alerts.operations.returned.replies import list_replies
from alerts.operations.returned.returned import count_returned, list_returned, show_returned
from alerts.operations.senders.publishing import publish_mailed
from alerts.operations.sending import resume_sending, sending_rates
from alerts.operations.signing_secrets import change_secret, show_secret
from alerts.operations.subscribing.altering import alter, alter_own, note
from alerts.operations.subscribing.erasing import erase, erase_own
from alerts.operations.subscribing.merging import doubles, merge
from alerts.operations.subscribing.muting import list_muted, mute, mute_own, unmute, unmute_own
from alerts.operations.subscribing.searching import search, search_page
from alerts.operations.subscribing.subscriber_details import find, look_up, show, summary
from alerts.operations.subscribing.subscribers import (
    add,
    change,
    ensure,
    pause,
    remove,
    replace_subscriber,
    resume,
)
from alerts.operations.subscribing.subscription_preview import preview_subscriptions
from alerts.operations.subscribing.subscriptions import change_subscription, read_requested, unsubscribe
from alerts.operations.subscribing.subscriptions import subscribe as subscribe_to
from alerts.operations.subscribing.suppressing import (
    count_suppressions,
    list_suppressions,
    note_lifted,
    unsuppress,
)
from alerts.operations.subscribing.suppressing import suppress as suppress_address
from alerts.operations.tags import add_tags, admit_tags, list_tags
from alerts.services import Services
from alerts.store import ApiKey, SyncChange
from alerts.walk import steps

UseCase = Callable[..., object]

#: Parts that use cases are made of. They ask for nothing themselves: whoever calls them has.
PARTS = {
    "checking_index": {"check_index"},
    "checking_templates": {"check_templates"},
    "checking": {"check_server"},
    "altering": {"work_left"},
    "subscriber_details": {"find", "suppressions", "described", "details_of"},
    #: Who acts is found out by it: the key that a request shows.
    "api_keys": {"admit"},
    "subscriptions": {"reader"},
    "suppressing": {"lift"},
    #: Who acts is in the link: a holder has no permissions, and can name nobody but themselves.
    "unsubscribing": {"holder_of", "language_of", "leave", "come_back"},
    "leaving": {"offer_of", "unsubscribe_token", "offered", "leave_list", "come_back_to"},
    #: What somebody was sent is in the link: it leads to that and to nothing else.
    "whole_updates": {"language_of_reader", "read_message", "read_update"},
    #: The settings let everybody read it, and an update says whether it is for them.
    "public_updates": {"public_update", "public_page", "public_cap", "public_feed", "feed_page"},
    "expiry": {"require_time_left"},
    #: Who acts is known by their session, or by a link mailed to them alone: they may change what is theirs.
    "joining": {"may_join", "only_invited", "ask_to_join", "link_to_join", "join_offer", "join"},
    "coming_in": {"ask_to_come_in", "way_in", "come_in", "begin", "who_is_in", "go_out"},
    "own_page": {
        "own_page",
        "end_own",
        "bring_back_own",
        "pause_own",
        "resume_own",
        "pause_by_link",
        "resume_by_link",
        "hear_again_own",
        "come_back_own",
        "speak_own",
    },
    "own_subscription": {
        "own_subscription",
        "read_edited",
        "preview_own",
        "save_own",
        "undo_own",
        "can_undo",
    },
    "choosing_places": {"choices_of"},
    "looking_back": {"looked_back"},
    "person_data": {"everything_of", "sent_message_of"},
    "muting": {"muted_by"},
    "tracing": {"traced", "traced_with_excluded"},
    #: Who posts has proved it, and may say what came back and nothing else.
    "hooks": {"take_in_ses", "take_in_sendgrid", "take_in_mailgun", "take_in_postmark"},
    "subscription_preview": {"would_have_got", "keep_at_hand"},
    "explaining": {"facts_of", "explain_to", "explain_all_to", "mutes_of", "silent_among"},
    "preparing": {"prepare", "prepare_all", "taken", "as_before"},
    "previously_delivered": {"previously_delivered"},
    "recent_stories": {"named", "recent_story"},
    "previewing": {"foresee"},
    "progress": {"of_update", "of_updates", "funnel"},
    "publishing": {"hold", "replaced_by"},
    "reach": {"reach"},
    "situations": {"as_revision", "publish_message"},
    "waiting": {"waiting_for_slot", "everybody_waiting"},
    #: What comes by itself, from a feed, by mail, or because it is due: whoever set it up was asked.
    "fetching": {"fetch_feed", "fetch_alert"},
    "sources": {"read_defaults"},
    "polling": {"poll", "polled"},
    "listing": {"found", "details_of"},
    "taking": {"take_mail"},
    "accepting": {"accept"},
    "answers": {"answer_to"},
    "ending": {"end_draft"},
}
#: They take an actor and are no use cases: what writes the entry, what others alter a subscriber with,
#: be it their reader by a link, what asks only where a tag is new or known, and what is a person's own.
EXCEPT = {
    record,
    note,
    note_lifted,
    alter,
    alter_own,
    admit_tags,
    require_sound,
    mute_own,
    unmute_own,
    erase_own,
    draft_of,
    record_kept,
    publish_mailed,
}


def functions() -> list[tuple[str, UseCase]]:
    """Every public function of the room, with the name of its module."""
    found = []
    for module in pkgutil.walk_packages(operations.__path__, "alerts.operations."):
        loaded = importlib.import_module(module.name)
        for name, function in inspect.getmembers(loaded, inspect.isfunction):
            if function.__module__ == loaded.__name__ and not name.startswith("_"):
                found.append((module.name.rpartition(".")[2], function))
    return found


USE_CASES = [f for _, f in functions() if "actor" in inspect.signature(f).parameters and f not in EXCEPT]
#: What each of these does, and writes down, is tested beside them: they need a feed, a draft or a sender.
ELSEWHERE = tuple(f"alerts.operations.{room}." for room in ("drafts", "feeds", "senders"))


def somebody(*may: Permission) -> Actor:
    return Actor("petra", "test", frozenset(may))


def needed(use_case: UseCase, services: Services) -> Permission:
    """The permission that somebody who has none is told to lack."""
    parameters = [p for p in inspect.signature(use_case).parameters.values() if p.default is p.empty]
    given = {"services": services, "actor": somebody()}
    with pytest.raises(Forbidden) as refused:
        use_case(**{p.name: given.get(p.name) for p in parameters})
    named = re.search("“(.+)”", refused.value.sentence)
    assert named
    return Permission(named[1])


def everything(services: Services) -> dict[bytes, bytes | None]:
    client = services.server.client
    return {key: client.dump(key) for key in client.scan_iter()}


def reading(update: str, *tags: str) -> NamedReading:
    text = f"---\nid: {update}\nregions: [UA]\ntags: [{', '.join(tags)}]\n---\n# Talks go on\n"
    return NamedReading("talks.md", ingest.read(text.encode(), "talks.md"))


def invited(services: Services) -> None:
    """Somebody was invited, and has not answered."""
    until_ms = services.server.now_ms() + 60_000
    link = OneTimeLink("ab" * 16, Errand.INVITE, Channel("email"), KYIV, 0, until_ms)
    services.invitations.invite(link, Invitation(Channel("email"), KYIV, link.id, "olga", 0, until_ms), 0)


def told(services: Services) -> None:
    """Somebody has been told about an update."""
    subscribe(services, "kyiv@example.org", "UA")
    steps.publish(services, draft())
    walk(services)


def held(services: Services) -> None:
    """An update is not out before an hour is over."""
    steps.publish(services, draft(), services.server.now_ms() + 3_600_000)


def failed(services: Services) -> None:
    """An update could not be rendered."""
    subscribe(services, "kyiv@example.org", "UA")
    _, [match] = steps.publish(services, draft())
    [render] = steps.match(services, match)
    services.digests.note_fault(render.key, "a template is broken")


KYIV = "kyiv@example.org"
HOOK = "https://hooks.example.org/alerts?token=secret"
POLAND = Subscription(Filter(("PL",)), name="Poland")


def kyiv(services: Services) -> None:
    """Somebody subscribes to Ukraine."""
    subscribe(services, KYIV, "UA", name="Ukraine")


def twice(services: Services) -> None:
    """Somebody is there in two spellings, of an earlier version."""
    kyiv(services)
    of_old(services, "KYIV@example.org", "PL")


def synced(services: Services) -> None:
    """Somebody left by a whole list that somebody else wrote down."""
    kyiv(services)
    services.syncs.begin("")
    [person] = services.subscribers.named(KYIV)
    services.syncs.remember([SyncChange(person.channel, KYIV, person, "")])
    services.subscribers.remove(person)


def gave_back(services: Services) -> bytes:
    """The report of a server that gives a mail back for good."""
    [digest] = services.updates.digests("ua-talks")
    token = services.links.delivery(digest, 1, services.subscribers.named(KYIV)[0].sid)
    report = "Content-Type: message/delivery-status\n\nAction: failed\nStatus: 5.1.1\n"
    return f"To: bounces+{token}@returns.example.org\n{report}".encode()


def paused(services: Services) -> None:
    subscribe(services, KYIV, "UA", paused=True)


def muted(services: Services) -> None:
    """Somebody hears nothing of a situation."""
    told(services)
    person, latest = services.subscribers.named(KYIV)[0], services.updates.history("ua-talks").accepted
    assert latest
    services.mutes.put(person.sid, latest, None)


class OneBatch(Mailbox):
    """A mailbox in which one mail waits."""

    def __init__(self, octets: bytes) -> None:
        self.taken_in, self.not_understood = "in", "out"
        self._mails = [WaitingMail(1, len(octets), octets)]

    def batches(self, most_octets: int) -> Iterator[Sequence[WaitingMail]]:
        yield self._mails

    def move(self, mails: Sequence[WaitingMail], folder: str) -> None:
        assert mails in ([], self._mails)


def dropped(services: Services, actor: Actor) -> None:
    """A file in a folder of its own."""
    folder = services.settings.home / name_of([services.server.now_ms()])
    folder.mkdir()
    (folder / "new.md").write_text("---\nid: new\nregions: [UA]\nseverity: minor\n---\n# Talks go on\n")
    publish_dropped(services, actor, HotFolder(folder), "new.md", defaults=FolderDefaults(), token="me")


def sending_paused(services: Services) -> None:
    """Too much of the mail came back."""
    services.pauses.pause(Channel("email"), "6 of 100 (6 %) bounced")


def receiver(services: Services) -> None:
    """A webhook subscribes to Poland."""
    services.subscribers.save(Subscriber(0, Channel("webhook"), HOOK, "UTC", (POLAND,), 0), None)


def two(services: Services) -> None:
    """Somebody subscribes to Ukraine and to Poland."""
    held = Subscription(Filter(("UA",)), name="Ukraine")
    services.subscribers.save(Subscriber(0, Channel("email"), KYIV, "UTC", (held, POLAND), 0), None)


#: Every use case that changes something: what must be there, what is done, and what the audit calls it.
CHANGES: dict[UseCase, tuple[Callable[[Services], object], Callable[[Services, Actor], object], str]] = {
    publish: (lambda s: None, lambda s, a: publish(s, a, [reading("new")]), "update.publish new.r1"),
    withdraw: (told, lambda s, a: withdraw(s, a, "ua-talks"), "update.close ua-talks.r1"),
    close: (told, lambda s, a: close(s, a, "ua-talks"), "update.close ua-talks.r1"),
    retract: (told, lambda s, a: retract(s, a, "ua-talks"), "update.retract ua-talks.r1"),
    undo: (held, lambda s, a: undo(s, a, "ua-talks"), "update.take_back ua-talks.r1"),
    release: (held, lambda s, a: release(s, a, "ua-talks"), "update.release ua-talks.r1"),
    retry: (failed, lambda s, a: retry(s, a, "ua-talks"), "delivery.retry ua-talks"),
    resend: (told, lambda s, a: resend(s, a, KYIV, "ua-talks"), "delivery.resend ua-talks.r1"),
    add_tags: (lambda s: None, lambda s, a: add_tags(s, a, ["harvest"]), "tag.add harvest"),
    add: (lambda s: None, lambda s, a: add(s, a, KYIV, [POLAND]), f"subscriber.add {KYIV}"),
    ensure: (lambda s: None, lambda s, a: ensure(s, a, KYIV, [POLAND]), f"subscriber.add {KYIV}"),
    change: (kyiv, lambda s, a: change(s, a, KYIV, name="Kyiv"), f"subscriber.change {KYIV}"),
    replace_subscriber: (
        kyiv,
        lambda s, a: replace_subscriber(s, a, KYIV, [POLAND], name="", zone="UTC"),
        f"subscriber.change {KYIV}",
    ),
    add_key: (
        lambda s: None,
        lambda s, a: add_key(s, a, "hr-sync", [Permission.ADMINISTER]),
        "key.add hr-sync",
    ),
    revoke_key: (
        lambda s: s.api_keys.add(ApiKey("digest", "hr-sync", ("read",), 0, "olga")),
        lambda s, a: revoke_key(s, a, "hr-sync"),
        "key.revoke hr-sync",
    ),
    show_secret: (
        receiver,
        lambda s, a: show_secret(s, a, find(s, HOOK)),
        f"subscriber.show_secret {masked(HOOK)}",
    ),
    change_secret: (
        receiver,
        lambda s, a: change_secret(s, a, HOOK),
        f"subscriber.change_secret {masked(HOOK)}",
    ),
    resume_sending: (
        sending_paused,
        lambda s, a: resume_sending(s, a, Channel("email")),
        "sending.resume email",
    ),
    pause: (kyiv, lambda s, a: pause(s, a, KYIV), f"subscriber.pause {KYIV}"),
    resume: (paused, lambda s, a: resume(s, a, KYIV), f"subscriber.resume {KYIV}"),
    remove: (kyiv, lambda s, a: remove(s, a, KYIV), f"subscriber.remove {KYIV}"),
    merge: (twice, lambda s, a: merge(s, a, KYIV, "KYIV@example.org"), f"subscriber.merge {KYIV}"),
    undo_sync: (synced, undo_sync, "subscriber.undo_sync subscribers"),
    send_preview: (
        lambda s: None,
        lambda s, a: send_preview(s, a, reading("new"), KYIV),
        "update.preview new",
    ),
    read_requested: (
        lambda s: None,
        lambda s, a: read_requested(s, a, Requested(("UA",), ("harvest",)), new_tags=True),
        "tag.add harvest",
    ),
    subscribe_to: (kyiv, lambda s, a: subscribe_to(s, a, KYIV, POLAND), f"subscription.add {KYIV}"),
    change_subscription: (
        two,
        lambda s, a: change_subscription(s, a, KYIV, "Poland", SubscriptionChange(cadence="hourly")),
        f"subscription.set {KYIV}",
    ),
    unsubscribe: (two, lambda s, a: unsubscribe(s, a, KYIV, "Poland"), f"subscription.remove {KYIV}"),
    suppress_address: (
        lambda s: None,
        lambda s, a: suppress_address(s, a, KYIV),
        f"suppression.add {KYIV}",
    ),
    mute: (told, lambda s, a: mute(s, a, KYIV, "ua-talks"), f"subscriber.mute {KYIV}"),
    unmute: (muted, lambda s, a: unmute(s, a, KYIV, "ua-talks"), f"subscriber.unmute {KYIV}"),
    erase: (kyiv, lambda s, a: erase(s, a, KYIV, KYIV), "subscriber.erase subscriber 1"),
    publish_dropped: (lambda s: None, dropped, "update.publish new.r1"),
    take_in_read: (
        told,
        lambda s, a: list(take_in_read(s, a, [returns.read(gave_back(s), ())])),
        f"suppression.add {KYIV}",
    ),
    collect: (told, lambda s, a: list(collect(s, a, OneBatch(gave_back(s)))), f"suppression.add {KYIV}"),
    take_in: (told, lambda s, a: list(take_in(s, a, [(gave_back(s), ())])), f"suppression.add {KYIV}"),
    cancel_invitation: (
        invited,
        lambda s, a: cancel_invitation(s, a, KYIV),
        f"subscriber.cancel_invitation {masked(KYIV)}",
    ),
    unsuppress: (
        lambda s: s.suppressions.add(Channel("email"), KYIV, "gone", "operator"),
        lambda s, a: unsuppress(s, a, KYIV),
        f"suppression.lift {KYIV}",
    ),
}


def look_at_doubles(services: Services, actor: Actor) -> None:
    """Nobody is there twice: that is what is found."""
    with suppress(NotFound, BadInput):
        doubles(services, actor, KYIV, "KYIV@example.org")


#: Every use case that only looks.
LOOKS: dict[UseCase, Callable[[Services, Actor], object]] = {
    audit: lambda s, a: list(audit(s, a)),
    check: lambda s, a: check(s.settings, a, lambda _: nullcontext(s), lambda _: None, index=True),
    count_returned: count_returned,
    count_suppressions: count_suppressions,
    export: export,
    list_muted: lambda s, a: list_muted(s, a, KYIV),
    everything_about: lambda s, a: everything_about(s, a, KYIV),
    sent_message: lambda s, a: sent_message(s, a, KYIV, next(iter(s.updates.digests("ua-talks")))),
    preview_subscriptions: lambda s, a: preview_subscriptions(s, a, KYIV),
    foresee_read: lambda s, a: list(foresee_read(s, a, [returns.read(gave_back(s), ())])),
    list_replies: lambda s, a: list_replies(s, a, "ua-talks"),
    sending_rates: sending_rates,
    list_returned: lambda s, a: list_returned(s, a, 5),
    show_returned: lambda s, a: show_returned(s, a, KYIV),
    list_suppressions: lambda s, a: list(list_suppressions(s, a)),
    search: lambda s, a: list(search(s, a, SubscriberSearch("kyiv"))),
    search_page: lambda s, a: search_page(s, a, SubscriberSearch(), 5),
    show: lambda s, a: show(s, a, KYIV),
    doubles: look_at_doubles,
    summary: lambda s, a: summary(s, a, find(s, KYIV)),
    deliveries: lambda s, a: list(deliveries(s, a, "ua-talks").rows),
    explain: lambda s, a: explain(s, a, "kyiv@example.org", "ua-talks"),
    explain_everybody: lambda s, a: list(explain_everybody(s, a, "ua-talks")),
    explain_listed: lambda s, a: list(explain_listed(s, a, "ua-talks", io.BytesIO(KYIV.encode()))),
    list_tags: list_tags,
    list_notices: lambda s, a: list_notices(s, a, 5),
    look_up: lambda s, a: look_up(s, a, KYIV),
    list_keys: list_keys,
    missed: missed,
    live_workers: live_workers,
    list_invitations: lambda s, a: list(list_invitations(s, a)),
    outcome: lambda s, a: outcome(s, a, s.updates.revision("ua-talks.r1")),
    list_updates: list_updates,
    show_revision: lambda s, a: show_revision(s, a, "ua-talks", 1),
    show_update: lambda s, a: show_update(s, a, "ua-talks"),
    readers: lambda s, a: readers(s, a, "ua-talks"),
    pending: pending,
    preview: lambda s, a: preview(s, a, reading("new")),
    draw: lambda s, a: draw(s, a, preview(s, a, reading("new"))),
    sample: lambda s, a: sample(s, a, preview(s, a, reading("new")), Channel("email"), None),
    status: lambda s, a: status(s, a, "ua-talks"),
    totals: totals,
    trace: lambda s, a: list(trace(s, a, "kyiv@example.org")),
}


def test_whoever_is_given_the_services_is_told_who_acts() -> None:
    """A door that could do something without saying for whom would be a way around the permissions."""
    without = {
        (module, function.__name__)
        for module, function in functions()
        if {"services", "actor"} & set(inspect.signature(function).parameters) == {"services"}
    }
    assert without == {(module, name) for module, names in PARTS.items() for name in names}


@pytest.mark.parametrize("use_case", USE_CASES, ids=lambda f: f.__name__)
def test_who_may_nothing_does_nothing(services: Services, use_case: UseCase) -> None:
    """The permission is asked for before anything is looked at: not even what there is can be found out."""
    told(services)
    before = everything(services)
    needed(use_case, services)
    assert everything(services) == before


def test_every_use_case_is_in_one_of_the_tables(services: Services) -> None:
    here = {f for f in USE_CASES if not f.__module__.startswith(ELSEWHERE)}
    assert {*CHANGES, *LOOKS} == here
    looking = {f for f in here if needed(f, services) is Permission.READ}
    looking |= {audit, list_keys, list_replies}
    assert looking == set(LOOKS)


@pytest.mark.parametrize("use_case", CHANGES, ids=lambda f: f.__name__)
def test_every_change_has_a_name_in_the_audit(services: Services, use_case: UseCase) -> None:
    """Also with its one permission alone: none stands in for another."""
    prepare, act, expected = CHANGES[use_case]
    prepare(services)
    assert list(services.audit.entries()) == []
    act(services, somebody(needed(use_case, services)))
    [entry] = services.audit.entries()
    assert (entry.who, entry.door, f"{entry.action} {entry.subject}") == ("petra", "test", expected)


@pytest.mark.parametrize("use_case", LOOKS, ids=lambda f: f.__name__)
def test_looking_changes_nothing(services: Services, use_case: UseCase) -> None:
    told(services)
    before = everything(services)
    LOOKS[use_case](services, somebody(needed(use_case, services)))
    assert everything(services) == before


def test_putting_the_index_right_needs_more_than_looking_at_it(services: Services) -> None:
    person = subscribe(services, "kyiv@example.org", "UA")
    services.server.client.srem(f"alerts:audience:{person.audience.id}:members", person.sid)
    before = everything(services)

    def repair(*may: Permission) -> None:
        check(services.settings, somebody(*may), lambda _: nullcontext(services), lambda _: None, repair=True)

    with pytest.raises(Forbidden, match="admin"):
        repair(Permission.READ, Permission.PUBLISH, Permission.MANAGE)
    assert everything(services) == before
    repair(Permission.ADMINISTER)
    [entry] = services.audit.entries()
    assert (entry.action, list(entry.after)) == ("index.repair", ["index.members"])


def test_who_may_publish_may_not_put_new_tags_on_the_list(services: Services) -> None:
    """The word `--new-tag` of one right was a way around the other."""
    new, known = Choices(new_tags=True), reading("a", "negotiations")
    publisher = somebody(Permission.PUBLISH)
    with pytest.raises(Forbidden, match="manage"):
        publish(services, publisher, [known, reading("b", "harvest")], new)
    assert (services.updates.count(), "harvest" in services.tags.all()) == (0, False)
    publish(services, publisher, [known], new)  # nothing is new
    publish(services, somebody(Permission.PUBLISH, Permission.MANAGE), [reading("b", "harvest")], new)
    actions = [entry.action for entry in services.audit.entries()]
    assert actions == ["update.publish", "tag.add", "update.publish"]


def test_what_changes_nothing_leaves_no_entry(services: Services) -> None:
    may = somebody(*Permission)
    [first] = publish(services, may, [reading("a")])
    [again] = publish(services, may, [reading("a")])
    add_tags(services, may, ["harvest"])
    add_tags(services, may, ["harvest"])
    with suppress(Exception):
        retry(services, may, "a")
    assert (first.created, again.created) == (True, False)
    assert [entry.action for entry in services.audit.entries()] == ["tag.add", "update.publish"]


def test_all_is_found_good_before_anything_is_published(services: Services) -> None:
    seen: list[str] = []
    may, unknown = somebody(*Permission), reading("b", "no-such-tag")
    with pytest.raises(Exception, match="no-such-tag"):
        publish(services, may, [reading("a"), unknown], accepted=lambda p: seen.append(p.revision.ref))
    assert (seen, services.updates.count(), list(services.audit.entries())) == ([], 0, [])
    publish(services, may, [reading("a"), reading("b")], accepted=lambda p: seen.append(p.revision.ref))
    assert seen == ["a.r1", "b.r1"]


def test_the_cancel_of_a_withdrawal_is_published_with_it(services: Services) -> None:
    """A door that withdrew and forgot to publish the cancel would have left everybody believing it."""
    told(services)
    done = withdraw(services, somebody(Permission.PUBLISH), "ua-talks", "It was false.")
    assert done.cancel is not None
    assert [str(work) for work in done.work] == [str(w.work) for w in services.due.owed()]
    walk(services)
    assert outcome(services, somebody(Permission.READ), done.cancel).channels == {
        Channel("email"): {State.SENT: 1}
    }
