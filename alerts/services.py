"""The one place where store, channels, rendering and settings are put together."""

import random
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from alerts import channels, private
from alerts import settings as configuration
from alerts.channels import Renderer, Sender
from alerts.links import Links
from alerts.model import Channel
from alerts.regions import Tree, load
from alerts.rules.decisions import naming
from alerts.settings import Settings
from alerts.store import (
    Audiences,
    Audit,
    Digests,
    Installation,
    Ledger,
    Server,
    Subscribers,
    Tags,
    Updates,
    WorkSet,
)


@dataclass
class Services:
    """Everything a step of the walk may use. One per process; safe to share between threads."""

    settings: Settings
    server: Server
    tree: Tree
    updates: Updates
    audiences: Audiences
    subscribers: Subscribers
    installation: Installation
    tags: Tags
    digests: Digests
    ledger: Ledger
    work: WorkSet
    audit: Audit
    #: Set when the process is to end: nothing new is put on the wire.
    stopping: threading.Event = field(default_factory=threading.Event)
    #: Spreads retries, so that they never come in lock-step. Not a secret.
    jitter: random.Random = field(default_factory=random.Random)

    @property
    def links(self) -> Links:
        """Links of this installation; asks the server, for a backup may have been restored since."""
        return Links(self.settings.public_url, self._signing_key, self.installation.name())

    @cached_property
    def _signing_key(self) -> bytes:
        return configuration.signing_key(self.settings)

    @cached_property
    def renderer(self) -> Renderer:
        return Renderer(channels.CHANNELS, self.settings, naming(self.tree))

    @cached_property
    def senders(self) -> Mapping[Channel, Sender]:
        """One sender per channel: the real one where it is configured, else the outbox."""
        return channels.senders(self.settings, self.work.leave)

    def close(self) -> None:
        if "senders" in self.__dict__:
            for sender in self.senders.values():
                sender.close()
        self.server.close()


def connect(settings: Settings) -> Services:
    """Put the services together. Nothing is connected before it is used; a home that is there is closed."""
    private.close(settings.home)
    return assemble(settings, Server(settings.state_url, settings.key_prefix))


def assemble(settings: Settings, server: Server) -> Services:
    """Put the services together over a server."""
    audiences, folds = Audiences(server), channels.folds()
    return Services(
        settings,
        server,
        load(),
        Updates(server),
        audiences,
        Subscribers(server, audiences, settings.keep_days, folds),
        Installation(server, folds),
        Tags(server),
        Digests(server, settings.keep_days),
        Ledger(server, settings.keep_days),
        WorkSet(server, list(folds)),
        Audit(server, settings.audit_days),
    )
