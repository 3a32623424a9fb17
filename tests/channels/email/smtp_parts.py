"""What the tests of this room share: a message, its people, and the three kinds of server."""

from alerts.channels.email import SmtpSender
from alerts.channels.email.return_path import of_everybody
from alerts.model import Blank, Channel, Fill, Message, Recipient

MODES = {"chunked": ("PIPELINING", "CHUNKING"), "pipelined": ("PIPELINING",), "plain": ()}

MESSAGE = Message(
    "r0",
    Channel("email"),
    (
        b"From: alerts@example.org\r\nTo: ",
        Blank("to", Fill.HEADER),
        b"\r\n\r\n.leading\r\n.\r\nMAIL FROM:<evil@example.org>\r\n=\r\n",
        Blank("reason", Fill.TEXT),
        b"=\r\n\r\nend\r\n",
    ),
)


def going() -> bool:
    return False


def people(count: int, reason: str = "because") -> list[Recipient]:
    return [person(sid, f"user{sid}@example.org", reason) for sid in range(count)]


def person(sid: int, address: str, reason: str = "because") -> Recipient:
    return Recipient(sid, address, {"to": f"user{sid}@example.org", "reason": f".{reason}\n.{sid}"})


def sender(url: str, **options) -> SmtpSender:
    path = options.pop("return_path", of_everybody("Alerts <alerts@example.org>"))
    return SmtpSender(url, path, options.pop("pace", lambda route, n: 0.0), **options)
