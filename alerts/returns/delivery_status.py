"""Delivery reports as RFC 3464 writes them: what was done for each recipient, why, and in whose words."""

import re
from collections.abc import Iterator, Mapping
from itertools import islice

from alerts.model import Receipt, Verdict
from alerts.returns.mails import Mail, decoded
from alerts.returns.verdicts import STATUS, mildest, of_failure
from alerts.returns.words import plain

#: Reports in one mail, and recipients of one report, that are looked at.
PARTS_MAX = 3
RECIPIENTS_MAX = 20
#: Characters of the text beside a report that are asked what its fields do not say.
SAID_MAX = 4_000

_FIELD = re.compile(r"^([A-Za-z][\w-]{0,60})[ \t]*:[ \t]*(.*(?:\n[ \t].*){0,20})", re.MULTILINE)
_BLOCK = re.compile(r"\n[ \t]*\n")
_ACTION = re.compile(r"[a-z]+", re.IGNORECASE)

Group = Mapping[str, str]


def read(mail: Mail) -> Receipt | None:
    """What a mail says as a delivery report; None for one that is none, or says too little."""
    groups = [group for group in _groups(mail) if group.keys() & {"action", "status", "diagnostic-code"}]
    found = [(verdict, group) for group in groups if (verdict := _verdict(group, mail)) is not None]
    if not found:
        return None
    verdict = mildest([verdict for verdict, _ in found])
    group = next(group for said, group in found if said is verdict)
    words = group.get("diagnostic-code", "") or group.get("status", "")
    status = STATUS.search(group.get("status", "")) or STATUS.search(words)
    return Receipt(verdict, status[0] if status else "", plain(words.partition(";")[2] or words))


def _groups(mail: Mail) -> Iterator[Group]:
    """The fields of each recipient, in order, names in small letters."""
    for part in islice(mail.of_type("message/delivery-status", "message/global-delivery-status"), PARTS_MAX):
        for block in _BLOCK.split(decoded(part))[:RECIPIENTS_MAX]:
            yield {name.lower(): " ".join(value.split()) for name, value in _FIELD.findall(block)}


def _verdict(group: Group, mail: Mail) -> Verdict | None:
    action = _ACTION.search(group.get("action", ""))
    status, words = group.get("status", ""), group.get("diagnostic-code", "")
    match action[0].lower() if action else "":
        case "delivered" | "deliverable":  # the second is Postfix's own, of an address that it tried
            return Verdict.DELIVERED
        case "delayed" | "relayed" | "expanded":
            return Verdict.DELAYED
        case _ if status or words:
            said = mail.said[:SAID_MAX]
            return of_failure(status, words if _tells(words) else f"{words}\n{said}", said)
    return None


def _tells(words: str) -> bool:
    """Whether the words of a server say more than a number."""
    return len(re.findall(r"[A-Za-z]{3,}", words.partition(";")[2] or words)) >= 3
