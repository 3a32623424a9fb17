"""What a status (RFC 3463) and a server's words say: about the address, or about us.

Words are asked before the status: many servers give one status for everything, and 5.1.1 for what they block.
"""

import re

from alerts.model import Verdict

#: X.Y.Z as RFC 3463 writes it, in a field or among words.
STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])", re.ASCII)

#: No such mailbox or domain, moved, no mail accepted there (RFC 3463, RFC 7505).
_GONE = {"1.1", "1.2", "1.3", "1.6", "1.10"}
#: 7.x is security and policy, 6.x the content, 5.x our dialogue; 2.3 and 3.4 too big; 1.7 and 1.8 our sender.
_ABOUT_US = re.compile(r"[567]\.\d+|2\.3|3\.4|1\.[78]")

# Written in small letters, and asked of words made so: ignoring case takes three times as long.
_BLOCKED_WORDS = re.compile(
    r"\bspam|blacklist|black list|block(?:ed|ing| ?list)|blocklist|\brbl\b|dnsbl|denylist|spamhaus|barracuda"
    r"|reputation|poor (?:sender|ip)|polic(?:y|ies)|content|virus|malware|infected|\bspf\b|dkim|dmarc"
    r"|authenticat|unauthenticated|unauthorized|not authorized|reverse dns|\bptr\b|\brdns\b"
    r"|rela(?:y|ying) (?:access )?(?:denied|not|prohibited)|(?:not|unable|denied) (?:permitted )?to relay"
    r"|no relay|(?:message|mail|data|body|size)[^\n]{0,60}(?:too (?:big|large)|exceed)|exceeds[^\n]{0,40}size"
    r"|size limit|not? (?:rfc|compliant)|rfc ?[25]\d\d\d|mime|rate limit"
    r"|too many (?:connections|sessions|recipients|messages)"
    r"|(?:access|permission|service) (?:is )?(?:denied|refused|prohibited)"
    r"|sender (?:address )?(?:rejected|denied)"
    r"|(?:don't|do not|does not|doesn't|cannot) (?:have|accept)[^\n]{0,40}(?:permission|mail from)"
    r"|not accepting mail (?:from|with)|recipient preferences|refused by|rejected by|bad sender|too fast"
    r"|throttl"
)
#: There is no such place: whoever asks finds that out by themselves, without the server's leave.
_NOWHERE_WORDS = re.compile(
    r"(?<!sender )(?:host|domain)(?: name)?[^\n]{0,60}?"
    r"(?:unknown|not found|not exist|doesn't exist|not reachable|no such)"
    r"|(?:host|name)(?:name)? (?:or domain name )?(?:lookup|not found)"
    r"|all relevant mx records point to non-existent|unrouteable (?:mail )?(?:address|domain)"
    r"|(?:unknown|no such) (?:host|domain)|couldn't find any host|no mx|null mx|nullmx"
    r"|(?:doesn't|does not) (?:receive|accept) (?:any )?(?:e-?)?mail"
)
#: There is nobody of that name in the place.
_NOBODY_WORDS = re.compile(
    r"(?:user|recipient|mailbox|address|account|person|mail ?drop|e-?mail)(?: (?:name|address))?[^\n]{0,60}?"
    r"(?:(?:is |was )?(?:unknown|not (?:found|known|valid|exist)|invalid|no longer (?:valid|exists?))"
    r"|(?:does|do|did) ?(?:not|n't) (?:exist|match)|doesn't exist|cannot be found|could(?:n't| not) be found)"
    r"|(?:unknown|invalid|no such|no valid|nonexistent|non-existent|bad destination) (?:local |virtual |mail "
    r"|e-?mail |destination )?(?:user|recipient|mailbox|address|account|person)"
    r"|(?:does not|doesn't) have an? [^\n]{0,40}account|no mailbox|not our customer|no account"
    r"|not a (?:known|valid) (?:user|recipient|mailbox)|not listed in|has moved"
    r"|no longer (?:here|on|with|employed)"
)
_SOFT_WORDS = re.compile(
    r"quota|mailbox[^\n]{0,20} (?:is )?full|full mailbox|(?:over|exceed)[^\n]{0,20}(?:quota|storage|disk)"
    r"|(?:insufficient|not enough|out of) (?:disk |system )?(?:space|storage)"
    r"|(?:account|mailbox|user)[^\n]{0,30}(?:disabled|suspended|inactive|locked|expired|not active)"
    r"|temporar|try again|timed? ?out|time ?limit|unable to (?:connect|reach)"
    r"|connection (?:refused|timed|lost)|retry|not been collected|queue too long"
)
#: What was refused is a message: filters say “user unknown” then, who would have known at RCPT.
_AFTER_DATA = re.compile(r"end\s+of\s+data\s+command|>>> data\s+<<< [^\n]{0,80}(?:unknown|no such)")


def of_failure(status: str, words: str, said: str = "") -> Verdict:
    """What a failed delivery says: the address is gone, may work again, or we are not wanted as we are.

    `words`: what the server said; `said`: all that the report says besides. An address is gone only where a
    status says so, or its domain cannot be found: some filters call whomever they guard unknown.
    """
    return _said(status, words, said) or Verdict.SOFT


def of_bounce(status: str, words: str, *, permanent: bool) -> Verdict:
    """What a provider says that counted the bounce itself: its word decides where the server's does not."""
    return _said(status, words, "") or (Verdict.HARD if permanent else Verdict.SOFT)


def _said(status: str, words: str, said: str) -> Verdict | None:
    """What status and words say; None where they say no more than that it failed."""
    words = words.lower()
    found = STATUS.search(words) or STATUS.search(status)
    scope = f"{found[2]}.{found[3]}" if found else ""
    passing = "4" in (status[:1], found[1] if found else "")
    if _NOWHERE_WORDS.search(words):
        return Verdict.SOFT if passing else Verdict.HARD
    if scope == "2.2" or _SOFT_WORDS.search(words):  # full (RFC 3463)
        return Verdict.SOFT
    if scope != "1.10" and _BLOCKED_WORDS.search(words):
        return Verdict.BLOCKED
    if scope in _GONE or _NOBODY_WORDS.search(words):
        unsure = passing or _AFTER_DATA.search(f"{words}\n{said.lower()}") is not None
        return Verdict.SOFT if unsure else Verdict.HARD if found else None
    if _ABOUT_US.fullmatch(scope):
        return Verdict.BLOCKED
    return Verdict.SOFT if passing else None


#: From the mildest to the gravest, by what follows of it.
_MILDEST = tuple(Verdict)


def mildest(verdicts: list[Verdict]) -> Verdict:
    """What a report about several people says about the one address they were reached by: it reached some."""
    return min(verdicts, key=_MILDEST.index)
