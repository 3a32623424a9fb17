"""The one place where store, channels, rendering and settings are put together, each at its first use."""

from __future__ import annotations  # the types of what is loaded with its first use

import random
import threading
from collections.abc import Callable, Mapping
from typing import Generic, TypeVar, cast

from alerts import channels, outbound, private, store
from alerts import settings as configuration
from alerts.links import Links, public_pages
from alerts.model import Channel, Draft, Folds
from alerts.regions import Tree, load
from alerts.rules.describing import naming
from alerts.settings import Settings

T = TypeVar("T")


class once(Generic[T]):  # noqa: N801 - reads as the decorator it is
    """A part of the services, made and loaded when it is first used: by one thread, for all of them."""

    def __init__(self, make: Callable[[Services], T]) -> None:
        self._make = make

    def __get__(self, services: Services, _owner: type[Services]) -> T:
        kept, name = services.__dict__, self._make.__name__
        with services.making:
            if name not in kept:
                kept[name] = self._make(services)
        return cast(T, kept[name])


class Services:
    """Everything a step of the walk may use. One per process; safe to share between threads."""

    def __init__(self, settings: Settings, server: store.Server) -> None:
        self.settings = settings
        self.server = server
        self.making = threading.RLock()
        #: Set when the process is to end: nothing new is put on the wire.
        self.stopping = threading.Event()
        self.jitter = random.Random()  # noqa: S311 - spreads retries, keeps no secret
        #: Handed in by whoever brings their own; None for what the settings ask for.
        self.own_senders: Mapping[Channel, channels.Sender] | None = None
        self.own_renderer: channels.Renderer | None = None
        self.own_fetcher: outbound.Fetcher | None = None

    @once
    def tree(self) -> Tree:
        return load()

    @once
    def _folds(self) -> Folds:
        return channels.folds()

    @once
    def installation(self) -> store.Installation:
        return store.Installation(self.server, self._folds)

    @once
    def tags(self) -> store.Tags:
        return store.Tags(self.server)

    @once
    def audit(self) -> store.Audit:
        return store.Audit(self.server, self.settings.audit_days)

    @once
    def api_keys(self) -> store.ApiKeys:
        return store.ApiKeys(self.server)

    @once
    def answers(self) -> store.Answers:
        return store.Answers(self.server)

    @once
    def events(self) -> store.Events:
        return store.Events(self.server)

    @once
    def notices(self) -> store.Notices:
        return store.Notices(self.server, self.events)

    @once
    def due(self) -> store.DueSet:
        return store.DueSet(self.server, self.notices, list(self._folds))

    @once
    def workers(self) -> store.LiveWorkers:
        return store.LiveWorkers(self.server)

    @once
    def limits(self) -> store.RateLimits:
        return store.RateLimits(self.server)

    @once
    def breakers(self) -> store.Breakers:
        return store.Breakers(self.server, self.notices, self.events, list(self._folds))

    @once
    def updates(self) -> store.Updates:
        return store.Updates(self.server)

    @once
    def situations(self) -> store.Situations:
        return store.Situations(self.server)

    @once
    def outlines(self) -> store.Outlines:
        return store.Outlines(self.server, self.tree)

    @once
    def audiences(self) -> store.Audiences:
        return store.Audiences(self.server)

    @once
    def clocks(self) -> store.Clocks:
        return store.Clocks(self.server)

    @once
    def subscribers(self) -> store.Subscribers:
        return store.Subscribers(self.server, self.audiences, self.settings.keep_days, self._folds)

    @once
    def mutes(self) -> store.Mutes:
        return store.Mutes(self.server, self.settings.keep_days)

    @once
    def merged(self) -> store.MergedNumbers:
        return store.MergedNumbers(self.server)

    @once
    def directory(self) -> store.Directory:
        return store.Directory(self.server)

    @once
    def roll(self) -> store.Roll:
        return store.Roll(self.server)

    @once
    def suppressions(self) -> store.Suppressions:
        return store.Suppressions(self.server, self._folds)

    @once
    def secrets(self) -> store.SecretGenerations:
        return store.SecretGenerations(self.server, self._folds)

    @once
    def erasure(self) -> store.Erasure:
        return store.Erasure(self.server, self._folds)

    @once
    def erased(self) -> store.ErasedAddresses:
        return store.ErasedAddresses(self.server, self._folds, self._signing_key)

    @once
    def opt_outs(self) -> store.OptOuts:
        return store.OptOuts(self.server, self._folds, self._signing_key)

    @once
    def syncs(self) -> store.Syncs:
        return store.Syncs(self.server, self._folds)

    @once
    def digests(self) -> store.Digests:
        return store.Digests(self.server, self.settings.keep_days)

    @once
    def recipients(self) -> store.Recipients:
        return store.Recipients(self.server)

    @once
    def messages(self) -> store.Messages:
        return store.Messages(self.server)

    @once
    def posts(self) -> store.SlackPosts:
        return store.SlackPosts(self.server)

    @once
    def leases(self) -> store.Leases:
        return store.Leases(self.server)

    @once
    def ledger(self) -> store.Ledger:
        return store.Ledger(self.server, self.leases, self.settings.keep_days)

    @once
    def doubts(self) -> store.Doubts:
        return store.Doubts(self.server)

    @once
    def feeds(self) -> store.Feeds:
        return store.Feeds(self.server)

    @once
    def drafts(self) -> store.Drafts:
        return store.Drafts(self.server)

    @once
    def mail_senders(self) -> store.MailSenders:
        return store.MailSenders(self.server)

    @once
    def receipts(self) -> store.Receipts:
        return store.Receipts(self.server, self._folds)

    @once
    def mailbox(self) -> store.MailboxReading:
        return store.MailboxReading(self.server, self.notices)

    @once
    def replies(self) -> store.Replies:
        return store.Replies(self.server)

    @once
    def rates(self) -> store.Rates:
        return store.Rates(self.server)

    @once
    def pauses(self) -> store.SendingPauses:
        return store.SendingPauses(self.server)

    @once
    def contacts(self) -> store.Contacts:
        return store.Contacts(self.server, self._folds)

    @once
    def outages(self) -> store.Outages:
        return store.Outages(self.server, self.settings.keep_days)

    @once
    def hook_memory(self) -> store.HookMemory:
        return store.HookMemory(self.server)

    @once
    def one_time_links(self) -> store.OneTimeLinks:
        return store.OneTimeLinks(self.server, self._folds)

    @once
    def invitations(self) -> store.Invitations:
        return store.Invitations(self.server, self._folds, self.one_time_links)

    @once
    def sessions(self) -> store.Sessions:
        return store.Sessions(self.server)

    @property
    def links(self) -> Links:
        """Links of this installation; asks the server, for a backup may have been restored since."""
        return Links(self.settings.public_url, self._signing_key, self.installation.name())

    @once
    def _signing_key(self) -> bytes:
        return configuration.signing_key(self.settings)

    @property
    def renderer(self) -> channels.Renderer:
        return self._usual_renderer if self.own_renderer is None else self.own_renderer

    @once
    def _usual_renderer(self) -> channels.Renderer:
        return channels.Renderer(channels.CHANNELS, self.settings, naming(self.tree), self.public_page)

    def public_page(self, update: str, draft: Draft) -> str:
        """Where everybody reads an update, as its link is given away; empty where there is no such page."""
        shown = self.settings.public != "off" and draft.for_everybody
        return public_pages(self.settings.public_url) + self.links.public_name(update) if shown else ""

    @property
    def senders(self) -> Mapping[Channel, channels.Sender]:
        """One sender per channel: the real one where it is configured, else the outbox."""
        return self._usual_senders if self.own_senders is None else self.own_senders

    @once
    def _usual_senders(self) -> Mapping[Channel, channels.Sender]:
        return channels.senders(self.settings, self.limits.permit)

    @property
    def fetcher(self) -> outbound.Fetcher:
        """Who gets documents from servers that somebody named."""
        return self._usual_fetcher if self.own_fetcher is None else self.own_fetcher

    @once
    def _usual_fetcher(self) -> outbound.Fetcher:
        return outbound.Fetcher(outbound.Guard(self.settings.outbound_networks, outbound.FETCH_PORTS))

    def close(self) -> None:
        """Let go of every connection; what was handed in is closed by whoever brought it."""
        for sender in self.__dict__.get("_usual_senders", {}).values():
            sender.close()
        self.server.close()


def connect(settings: Settings) -> Services:
    """Put the services together. Nothing is connected before it is used; a home that is there is closed."""
    private.close(settings.home)
    return Services(settings, store.Server(settings.state_url, settings.key_prefix))
