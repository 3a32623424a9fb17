"""The one place where store, channels, rendering and settings are put together."""

import random
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from alerts import channels, private
from alerts import settings as configuration
from alerts.channels.contract import Sender
from alerts.links import Links
from alerts.model import Channel
from alerts.regions import Tree, load
from alerts.rendering import Renderer
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
    #: Handed in by whoever brings their own; None for what the settings ask for.
    own_senders: Mapping[Channel, Sender] | None = None
    own_renderer: Renderer | None = None

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
        chosen = self.settings
        return Renderer(chosen.templates_dir, chosen.public_url, chosen.mail_from, naming(self.tree))

    @property
    def senders(self) -> Mapping[Channel, Sender]:
        """One sender per channel: the real one where it is configured, else the outbox."""
        return self._usual_senders if self.own_senders is None else self.own_senders

    @cached_property
    def _usual_senders(self) -> Mapping[Channel, Sender]:
        return channels.senders(self.settings, self._leave)

    def _leave(self, route: str, n: int) -> float:
        """How fast each way out may go: mail by ALERTS_MAIL_RATE, Slack by its published limits."""
        if route == "smtp":
            rate = self.settings.mail_rate
            return self.work.leave(route, n, rate, max(rate, 1)) if rate else 0.0
        if "/" in route:
            return self.work.leave(route, n, channels.SLACK_CHANNEL_RATE, 1)
        return self.work.leave(route, n, channels.SLACK_TEAM_RATE, channels.SLACK_TEAM_BURST)

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
    audiences = Audiences(server)
    return Services(
        settings,
        server,
        load(),
        Updates(server),
        audiences,
        Subscribers(server, audiences, settings.keep_days),
        Installation(server),
        Tags(server),
        Digests(server, settings.keep_days),
        Ledger(server, settings.keep_days),
        WorkSet(server),
        Audit(server, settings.audit_days),
    )
