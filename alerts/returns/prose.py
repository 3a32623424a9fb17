"""Reports in words alone, as old servers and some large ones write them."""

import logging
import re

from flufl.bounce import all_failures

from alerts.model import Receipt, Verdict
from alerts.returns.mails import Mail
from alerts.returns.verdicts import STATUS, of_failure
from alerts.returns.words import plain

#: It tells of every mail that it cannot read, with what it met there; here that is “not for us”, no fault.
logging.getLogger("flufl.bounce").disabled = True

_DAEMON = re.compile(
    r"mailer[ -]?daemon|mail[ -]?(?:delivery|er)|post_?master|mail administrator|deliver(?:y|er)|mdaemon",
    re.IGNORECASE,
)
#: What servers call their mail. An answer to an alert may be called so, too: “Re: Grain shipment returned”.
_SUBJECT = re.compile(
    r"undeliver|(?:un)?delivery|delivered|returned|failure|failed|bounce|mail (?:system )?(?:error|warning)"
    r"|not deliver|non remis|unzustellbar|rejected|\u30a8\u30e9\u30fc|loop alert|nicht zugestellt",
    re.IGNORECASE,
)
_ANSWER = re.compile(r"(?:re|aw|fwd?) ?:", re.IGNORECASE)
_FAILED = re.compile(
    r"(?:could|can|was|were|did|has|have|do) ?(?:not|n't|never)(?: be| been)? "
    r"(?:deliver|reach|sent|recei|collect)"
    r"|error (?:has occurred while attempting to )?deliver"
    r"|deli?e?very [^\n]{0,60}aborted|not deliver"
    r"|cannot (?:be )?(?:deliver|send)|unable to (?:deliver|send)|undeliver|had (?:\w+ ){0,3}errors"
    r"|delivery (?:\w+ ){0,6}(?:failed|error)|(?:was|been|is) (?:rejected|returned|refused|blocked)"
    r"|failed (?:permanently|to deliver)|permanent(?:ly)? (?:error|fail|fatal)|fatal errors"
    r"|returned to sender|(?:unknown|no such) (?:user|address|mailbox|recipient)|user unknown"
    r"|duplicated message-id|\u9001\u4fe1\u3067\u304d\u307e\u305b\u3093",
    re.IGNORECASE,
)
_DELAYED = re.compile(
    r"(?:has been|is being|been|was) delayed|still (?:being )?(?:try|retri|attempt)"
    r"|will (?:continue|keep) (?:to )?try|not yet been delivered|warning message only|will be retried"
    r"|do(?:es)? not need to re-?send|no action is required|delivery delay|this is (?:just |only )?a warning"
    r"|re-?tried for",
    re.IGNORECASE,
)


def read(mail: Mail, *, reply: bool) -> Receipt | None:
    """What a mail says as a report in words; None where it does not come from a mail system, or says nothing.

    `reply`: it calls itself one (RFC 3834). Then only a form that is known is believed, or a status.
    """
    called_so = _SUBJECT.search(mail.subject) is not None
    a_system = _from_a_mail_system(mail)
    if not (called_so or a_system):
        return None
    said = mail.said
    temporary, permanent = _known_forms(mail)
    if not (a_system or temporary or permanent) and _ANSWER.match(mail.subject):
        return None
    known = bool(temporary or permanent or mail.field("X-Failed-Recipients"))
    failed = known or _FAILED.search(said) is not None
    delayed = bool(temporary or _DELAYED.search(said) or "warning" in mail.subject.lower())
    status = STATUS.search(said)
    if not (failed or delayed) or (reply and not (known or status)):
        return None
    around = _paragraph(said, status) if status else said
    verdict = Verdict.DELAYED if delayed and not permanent else of_failure("", around, mail.text)
    return Receipt(verdict, status[0] if status else "", plain(_line_with_a_reason(said)))


def _from_a_mail_system(mail: Mail) -> bool:
    """Whether a server seems to be speaking: by its name, or an empty sender."""
    sender = mail.field("Return-Path")
    named = _DAEMON.search(mail.field("From")) or _DAEMON.search(sender)
    return bool(named or sender == "<>" or mail.field("X-Failed-Recipients"))


def _known_forms(mail: Mail) -> tuple[frozenset[bytes], frozenset[bytes]]:
    """The addresses that flufl.bounce finds: tried later, and failed."""
    try:
        return all_failures(mail.whole)
    except Exception:  # noqa: BLE001 - it was not written for mails that mean harm
        return frozenset(), frozenset()


def _paragraph(said: str, found: re.Match[str]) -> str:
    """What stands around something found, between two empty lines: the rest is what every report says."""
    start, end = said.rfind("\n\n", 0, found.start()), said.find("\n\n", found.end())
    return said[start + 1 : end if end >= 0 else len(said)]


def _line_with_a_reason(said: str) -> str:
    """The line with a status or a reply code in it, or the first that says that something failed."""
    lines = [line for line in said.splitlines() if line.strip()]
    for pattern in (STATUS, re.compile(r"\b[45]\d\d[ -]"), _FAILED):
        for line in lines:
            if pattern.search(line):
                return line
    return lines[0] if lines else ""
