"""Complaints: feedback reports (RFC 5965), and those of providers that are older than the standard."""

import re

from alerts.model import Receipt, Verdict
from alerts.returns.mails import Mail, decoded
from alerts.returns.words import plain

_TYPE = re.compile(r"^Feedback-Type[ \t]*:[ \t]*([\w-]{1,40})", re.IGNORECASE | re.MULTILINE)
_AGENT = re.compile(r"^User-Agent[ \t]*:[ \t]*([^\r\n]{1,200})", re.IGNORECASE | re.MULTILINE)
#: Hotmail's (JMRP) and AOL's of old: no report, but the mail complained about under a subject of this form.
_OLD = re.compile(r"\s*(?:complaint about (?:message|e?mail) from|email feedback report for)", re.IGNORECASE)


def read(mail: Mail) -> Receipt | None:
    """What a mail says as a complaint; None for one that is none. Praise (RFC 6430 `not-spam`) is none."""
    for part in mail.of_type("message/feedback-report"):
        return _of_type(decoded(part))
    if _OLD.match(mail.subject) and any(mail.of_type("message/rfc822")):
        return Receipt(Verdict.COMPLAINED, words=plain(mail.subject))
    return None


def _of_type(report: str) -> Receipt | None:
    report = report[:4_000]
    kind, agent = _TYPE.search(report), _AGENT.search(report)
    name = kind[1].lower() if kind else "abuse"
    if name == "not-spam":
        return None
    # RFC 6591: a signature of ours did not verify. The reader did not complain.
    verdict = Verdict.BLOCKED if name.startswith("auth-failure") else Verdict.COMPLAINED
    return Receipt(verdict, words=plain(f"{name}, by {agent[1]}" if agent else name))
