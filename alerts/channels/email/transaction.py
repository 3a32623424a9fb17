"""One message to one person: what is said about it, and as far as the talk about it has come."""

from collections.abc import Sequence
from dataclasses import dataclass

from alerts.channels.email.envelope import wire_address
from alerts.channels.email.replies import Phase, Reply
from alerts.channels.email.reply_kinds import ReplyKinds
from alerts.errors import BadInput
from alerts.model import Outcome, Recipient, Sent

_NEVER = 1 << 62

# A refused BDAT leaves its transaction open (RFC 3030 §2), and whether one under way will be refused is not
# known yet: without RSET this person's message could go to the next one as well.
_CHUNKED: Sequence[Phase] = (Phase.MAIL, Phase.RCPT, Phase.DOT, Phase.RSET)
_IN_TURN: Sequence[Phase] = (Phase.MAIL, Phase.RCPT, Phase.DATA, Phase.DOT)


@dataclass(slots=True)
class Transaction:
    """One message to one person. It is handed over once `end` octets of the wire are written."""

    recipient: Recipient
    commands: list[bytes]
    phases: Sequence[Phase]  #: one for each reply
    body: bytes
    heard: int = 0  #: how many of its replies
    end: int = _NEVER
    verdict: tuple[Phase, Outcome] | None = None  #: the first refusal, or the acceptance
    moved: bool = False  #: to another connection, before its message was handed over on this one

    @property
    def chunked(self) -> bool:
        """Whether it is one of a window of whole messages."""
        return self.phases is _CHUNKED

    @property
    def accepted(self) -> bool:
        """Whether its verdict is an acceptance."""
        return self.verdict is not None and isinstance(self.verdict[1], Sent)

    def out_of_step(self, reply: Reply, kinds: ReplyKinds | None) -> bool:
        """Whether this cannot be the answer that is due. `kinds`: how the server words it, if known."""
        phase = self.phases[self.heard]
        if reply.code >= 400:
            return phase is Phase.RSET
        if (reply.code >= 300) != (phase is Phase.DATA):
            return True
        if phase is Phase.RCPT:
            return self.verdict is not None  # taken, though its MAIL was not
        if kinds is None:
            return False
        if phase is Phase.DOT:
            return self.chunked and not kinds.acceptance(reply)
        return phase is Phase.RSET and not kinds.reset(reply)


def compose(
    recipient: Recipient, sender: bytes, body: bytes, *, chunked: bool, reset: bool, smtputf8: bool
) -> Transaction:
    """Write the commands of one message from `sender`, after an RSET where DATA follows and `reset` says so.

    Raises BadInput for an address that cannot be written to.
    """
    address = wire_address(recipient.address)
    if not (address.isascii() or smtputf8):
        raise BadInput(
            "The relay cannot write to addresses outside ASCII (no SMTPUTF8).",
            "Ask them for another address, or use a relay that can.",
        )
    mail = b"MAIL FROM:<%b>\r\n" if address.isascii() else b"MAIL FROM:<%b> SMTPUTF8\r\n"
    commands = [mail % sender, b"RCPT TO:<" + address + b">\r\n"]
    if chunked:
        return Transaction(recipient, commands, _CHUNKED, body)
    commands.append(b"DATA\r\n")
    if reset:
        return Transaction(recipient, [b"RSET\r\n", *commands], (Phase.RSET, *_IN_TURN), body)
    return Transaction(recipient, commands, _IN_TURN, body)
