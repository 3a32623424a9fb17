"""The one place where store, channels, rendering and settings are put together."""

import random
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from alerts import channels, private
from alerts import settings as configuration
from alerts.channels import Renderer, Sender
from alerts.links import Links, public_pages
from alerts.model import Channel, Draft
from alerts.outbound import FETCH_PORTS, Fetcher, Guard
from alerts.regions import Tree, load
from alerts.rules.decisions import naming
from alerts.settings import Settings
from alerts.store import (
    Answers,
    ApiKeys,
    Audiences,
    Audit,
    Breakers,
    Clocks,
    Digests,
    Directory,
    Doubts,
    Drafts,
    DueSet,
    Events,
    Feeds,
    Installation,
    Leases,
    Ledger,
    LiveWorkers,
    MergedNumbers,
    Messages,
    Notices,
    RateLimits,
    Receipts,
    Recipients,
    Roll,
    SecretGenerations,
    Server,
    SlackPosts,
    Subscribers,
    Suppressions,
    Syncs,
    Tags,
    Updates,
)

#: Seconds for one document of a feed, from looking its server up to the last octet.
FETCH_S = 20.0


@dataclass
class Services:
    """Everything a step of the walk may use. One per process; safe to share between threads."""

    settings: Settings
    server: Server
    tree: Tree
    installation: Installation
    tags: Tags
    audit: Audit
    api_keys: ApiKeys
    answers: Answers
    events: Events
    notices: Notices
    due: DueSet
    workers: LiveWorkers
    limits: RateLimits
    breakers: Breakers
    updates: Updates
    audiences: Audiences
    clocks: Clocks
    subscribers: Subscribers
    merged: MergedNumbers
    directory: Directory
    roll: Roll
    suppressions: Suppressions
    secrets: SecretGenerations
    syncs: Syncs
    digests: Digests
    recipients: Recipients
    messages: Messages
    posts: SlackPosts
    leases: Leases
    ledger: Ledger
    doubts: Doubts
    feeds: Feeds
    drafts: Drafts
    receipts: Receipts
    #: Set when the process is to end: nothing new is put on the wire.
    stopping: threading.Event = field(default_factory=threading.Event)
    #: Spreads retries, so that they never come in lock-step. Not a secret.
    jitter: random.Random = field(default_factory=random.Random)
    #: Handed in by whoever brings their own; None for what the settings ask for.
    own_senders: Mapping[Channel, Sender] | None = None
    own_renderer: Renderer | None = None
    own_fetcher: Fetcher | None = None

    @property
    def links(self) -> Links:
        """Links of this installation; asks the server, for a backup may have been restored since."""
        return Links(self.settings.public_url, self._signing_key, self.installation.name())

    @cached_property
    def _signing_key(self) -> bytes:
        return configuration.signing_key(self.settings)

    @property
    def renderer(self) -> Renderer:
        return self._usual_renderer if self.own_renderer is None else self.own_renderer

    @cached_property
    def _usual_renderer(self) -> Renderer:
        return Renderer(channels.CHANNELS, self.settings, naming(self.tree), self.public_page)

    def public_page(self, update: str, draft: Draft) -> str:
        """Where everybody reads an update, as its link is given away; empty where there is no such page."""
        if self.settings.public == "off" or not draft.for_everybody:
            return ""
        return public_pages(self.settings.public_url) + self.links.public_name(update)

    @property
    def senders(self) -> Mapping[Channel, Sender]:
        """One sender per channel: the real one where it is configured, else the outbox."""
        return self._usual_senders if self.own_senders is None else self.own_senders

    @cached_property
    def _usual_senders(self) -> Mapping[Channel, Sender]:
        return channels.senders(self.settings, self.limits.permit)

    @property
    def fetcher(self) -> Fetcher:
        """Who gets documents from servers that somebody named."""
        return self._usual_fetcher if self.own_fetcher is None else self.own_fetcher

    @cached_property
    def _usual_fetcher(self) -> Fetcher:
        return Fetcher(Guard(self.settings.outbound_networks, FETCH_PORTS), FETCH_S)

    def close(self) -> None:
        """Let go of every connection; what was handed in is closed by whoever brought it."""
        if "_usual_senders" in self.__dict__:
            for sender in self._usual_senders.values():
                sender.close()
        self.server.close()


def connect(settings: Settings) -> Services:
    """Put the services together. Nothing is connected before it is used; a home that is there is closed."""
    private.close(settings.home)
    return assemble(settings, Server(settings.state_url, settings.key_prefix))


def assemble(settings: Settings, server: Server) -> Services:
    """Put the services together over a server."""
    audiences, leases, events = Audiences(server), Leases(server), Events(server)
    notices = Notices(server, events)
    keep_days, folds = settings.keep_days, channels.folds()
    routes = list(folds)
    return Services(
        settings,
        server,
        load(),
        installation=Installation(server, folds),
        tags=Tags(server),
        audit=Audit(server, settings.audit_days),
        api_keys=ApiKeys(server),
        answers=Answers(server),
        events=events,
        notices=notices,
        due=DueSet(server, notices, routes),
        workers=LiveWorkers(server),
        limits=RateLimits(server),
        breakers=Breakers(server, notices, events, routes),
        updates=Updates(server),
        audiences=audiences,
        clocks=Clocks(server),
        directory=Directory(server),
        roll=Roll(server),
        subscribers=Subscribers(server, audiences, keep_days, folds),
        merged=MergedNumbers(server),
        suppressions=Suppressions(server, folds),
        secrets=SecretGenerations(server, folds),
        syncs=Syncs(server, folds),
        digests=Digests(server, keep_days),
        recipients=Recipients(server),
        messages=Messages(server),
        posts=SlackPosts(server),
        leases=leases,
        ledger=Ledger(server, leases, keep_days),
        doubts=Doubts(server),
        feeds=Feeds(server),
        drafts=Drafts(server),
        receipts=Receipts(server, folds),
    )
