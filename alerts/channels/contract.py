"""What every channel promises: what it is (`ChannelType`), and how it sends (`Sender`).

A sender takes a message and its people in, and gives one outcome per person out, as they come.
"""

from __future__ import annotations  # what a channel lays out and shows is loaded when it does so

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol, runtime_checkable

from alerts import rendering
from alerts.links import Links
from alerts.locales import ENGLISH, Locale
from alerts.model import (
    FIRST_GENERATION,
    Channel,
    Deferred,
    Digest,
    Failed,
    Instant,
    MailAnswer,
    Message,
    OneTimeLink,
    Outcome,
    Post,
    Recipient,
    Revision,
    RouteDown,
    SecretGeneration,
    Unsure,
)
from alerts.settings import Problem, Settings

#: Seconds before a route that somebody must repair is looked at again. For passing faults none is named:
#: the breaker's own pause, short at first, decides.
REPAIR_S = 60.0

#: Asks for a permit to send `n` messages on a route now: 0 means go, else the seconds until there is one.
Pace = Callable[[str, int], float]

#: The same for any rate: route, n, messages a second, and how many may come at once after a silence.
Permit = Callable[[str, int, float, float], float]

#: Asked before each transmission: true once the worker is stopping or the digest was withdrawn.
Stop = Callable[[], bool]

#: What a provider says against us.
Refused = Deferred | Failed | Unsure | RouteDown


class Sender(Protocol):
    """One channel's way to its provider. Safe to share between threads; each has a connection of its own."""

    #: At most this many accepted messages can be unrecorded in the sender when its process dies. 0: nothing
    #: can be sent at all, and no blank need be filled in, for that may take the same settings.
    in_flight: int

    def send(
        self, message: Message, recipients: Sequence[Recipient], stop: Stop
    ) -> Iterator[tuple[int, Outcome]]:
        """Yield `(sid, outcome)` for each recipient that was tried, in any order, as soon as it is known.

        `RouteDown` ends it. Whoever is not yielded was not tried (because of `stop`) and is still owed.
        Never raises for anything a provider says or fails to say: that is an outcome.
        """
        ...

    def close(self) -> None:
        """Let go of every connection; the sender may be used again."""
        ...


@runtime_checkable
class FindsMessages(Protocol):
    """A sender that can be asked where an earlier message stands: that one is revised then."""

    def find(self, address: str, name: str, since_ms: Instant) -> Post | Unsure | RouteDown | None:
        """Where the message of this name stands at an address; None: it is not there.

        `name`: digest and subscriber, `{digest}.{sid}`. Asked back to `since_ms`.
        """
        ...


class Layout(Protocol):
    """How a channel lays digests out; made once for a folder of templates."""

    def message(self, digest: Digest, revisions: Mapping[str, Revision], locale: Locale) -> Message:
        """Render a digest once for everybody who is owed it. Raises BadInput for a template that fails."""
        ...


class Personal(NamedTuple):
    """All that may differ between two people who get the same digest: what their blanks are made from."""

    digest: Digest
    sid: int
    address: str
    links: Links
    at_ms: Instant  #: when it is sent
    reason: str
    next_slot: str  #: when their next digest comes, in words; empty where none does
    post: Post | None = None  #: where the message stands that this one revises
    batch: int = 0  #: which of the digest's batches they are in; 0 in a sample, which is no delivery
    zone: str = ""  #: theirs; UTC where it is not known
    told: Revision | None = None  #: what a digest of one tells
    name: str = ""  #: what they are called; empty where nobody has said
    generation: SecretGeneration = FIRST_GENERATION  #: of the secret that signs it, where one does
    lists: tuple[str, ...] = ()  #: the names of those of their subscriptions for which they get it
    locale: Locale = ENGLISH  #: in which all of it is said


class OneTimeMail(NamedTuple):
    """What a mail with a link that works once says."""

    link: OneTimeLink
    url: str
    subscriptions: tuple[str, ...]  #: what they would get, in words
    at_ms: Instant  #: when it is sent
    opt_out: str = ""  #: the page to get no more like it; empty for what its reader has asked for


class OneTimeLayout(Protocol):
    """Writes mails with links that work once."""

    def message(self, mail: OneTimeMail, locale: Locale) -> Message:
        """The whole message: nothing in it is left blank. Raises BadInput for a template that fails."""
        ...


class AnswerLayout(Protocol):
    """Writes answers to mails by which updates were sent."""

    def message(self, answer: MailAnswer) -> Message:
        """The whole message: nothing in it is left blank. Raises BadInput for a template that fails."""
        ...


class Rate(NamedTuple):
    """How fast a route may be sent on: messages a second, and how many at once after a silence."""

    per_second: float
    burst: float


class Noun(NamedTuple):
    """What one of something is called, and several."""

    one: str
    many: str

    def counted(self, n: int) -> str:
        return f"{n} {self.one if n == 1 else self.many}"


@dataclass(frozen=True)
class AddressForm:
    """The addresses of a channel."""

    shape: str  #: what to write, in a sentence: “Write …”
    claims: Callable[[str], bool]  #: whether a typed text is meant as one; the first to say so has it
    parse: Callable[[str], str]  #: the one spelling to store. Raises BadInput. Asks no network
    identity: Callable[[str], str]  #: what all spellings of one have in common
    #: How it is shown to whom it need not say how to send there: an address may be a secret itself.
    masked: Callable[[str], str]
    columns: tuple[str, ...]  #: what other systems call them in a table, in small letters, beside `address`
    #: Whose server takes what is sent to one, without a space: a mail domain, a workspace, a host.
    domain: Callable[[str], str]


@dataclass(frozen=True)
class OutboxForm:
    """How a channel's messages are kept as files where nothing is configured, and shown from there."""

    suffix: str
    #: The file for one recipient, of the filled message; and where it would stand, if it can be revised.
    written: Callable[[bytes, Recipient], tuple[bytes, Post | None]]
    #: Whom a file is for; empty if it is not one of ours. Raises ValueError likewise.
    address: Callable[[bytes], str]
    #: The file as the gallery shows it: raw, address, sent at (ms), digest.
    shown: Callable[[bytes, str, Instant, str], rendering.GalleryItem]


@dataclass(frozen=True)
class ChannelType:
    """A channel as a value: all that the house knows about it. `CHANNELS` holds those there are.

    Its functions load what they need when they are called: whoever asks for a name or an address loads
    neither what sends nor what renders.

    No part has a default: what a new channel leaves out, the type checker finds.
    """

    name: Channel
    title: str  #: in a sentence: “by …”
    message: Noun  #: what is sent
    reader: Noun  #: who gets it
    mending: str  #: what its owner can do where nothing reaches an address any more, in sentences
    address: AddressForm

    #: What is wrong with its settings; connects to nothing.
    problems: Callable[[Settings], list[Problem]]
    #: What sends, or None where it is not configured: then messages go to the outbox. Raises BadInput for
    #: settings that cannot be used.
    sender: Callable[[Settings, Pace], Sender | None]
    #: What the provider says against our login; None if it takes it, or if that cannot be asked without
    #: sending. Raises BadInput like `sender`.
    login: Callable[[Settings], Refused | None]
    #: How fast a route (one that its sender names to its `Pace`) may go; None: as fast as it can.
    rate: Callable[[Settings, str], Rate | None]

    #: Raises BadInput for settings that no message can be laid out with.
    layout: Callable[[Settings, rendering.Templates, rendering.Place, rendering.PublicPage], Layout]
    #: The values of one person's blanks: one for each in its messages.
    blanks: Callable[[Settings, Personal], dict[str, str]]

    #: The secret of an address in its nth generation, by which its receiver knows that a message is ours;
    #: None: nothing is signed. May read the key of this installation.
    secret: Callable[[Settings, str, int], str] | None

    #: Whether a later message edits an earlier one, or stands under it: then it is kept where that stands.
    revises: bool
    #: Whether the sender asks the provider, before it sends again, for what it is unsure of.
    asks_after_doubt: bool
    #: Whether a provider's words of acceptance are kept with the delivery.
    keeps_receipts: bool
    #: Whether its messages have the link by which their readers unsubscribe.
    unsubscribes_by_link: bool

    #: How a mail with a link that works once is laid out; None: nobody joins or comes in by it.
    #: Raises BadInput for settings that none can be laid out with.
    one_time: Callable[[Settings, rendering.Templates], OneTimeLayout] | None
    #: How who sent an update by it is answered; None: no update is sent by it. Raises BadInput likewise.
    answer: Callable[[Settings, rendering.Templates], AnswerLayout] | None

    outbox: Callable[[], OutboxForm]
    #: What `alerts preview --render` can print of a filled message, by name; no two channels share one.
    views: Callable[[], Mapping[str, Callable[[bytes], str]]]
    #: A message with all that the gallery can show of one, for `alerts check` to draw.
    sample: Callable[[], rendering.GalleryItem]
