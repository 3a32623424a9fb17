"""Which refusals are about us: relaying, login, sender, quota, reputation. Pure.

Where the code does not say it (5.7.1 is said of everything), the words do: those of Postfix, Exim, Exchange,
qmail and the large providers. What one mailbox or group chooses for itself is not about us.
"""

import re

#: Enhanced codes, less their class, that are about us wherever they are said: our address (Postfix says 1.7
#: and 1.8 at RCPT), our login, what proves our domain, how much we may send, our host. 7.54 up: Microsoft's.
_CODES = (
    {"1.7", "1.8", "1.90", "4.5", "7.3", "7.8", "7.9", "7.11", "7.14"}
    | {f"7.{n}" for n in (*range(20, 28), 40, 54, 57, 60, 64, 501, 502, 503, 508, 509, 511, 515)}
    | {f"7.{n}" for n in (*range(606, 650), *range(700, 751))}
)

#: Enhanced codes by which a mailbox or a group chooses who may write to it, or is not there.
_CODES_OF_ONE = {"2.3", "3.4", "4.1", "6.7", "7.507", *(f"7.{n}" for n in range(100, 200))}

_WORDS_OF_ONE = re.compile(
    r"blocked by (the )?(recipient|user)|(recipient|mailbox|user|member|group) (has|does not|only|will not) "
    r"|mailbox.{0,40}(full|quota|restrict)|over ?quota|disk quota|message size|too (big|large)",
    re.IGNORECASE,
)

#: What they say of relaying, login, sender, quota and reputation, in this order.
_PHRASES = (
    r"relay(ing)?( access| to \S+)?( is)?( not)? (denied|permitted|allowed|prohibited|re(jec|fus)\w+)",
    r"(unable|permitted|allowed|authenticated|refus\w+) to relay|not relay|forwarding denied|rcpthosts",
    r"authentication (is )?(required|needed|failed)|not (been )?authenticated|starttls|log ?in first",
    r"(must|need to|have to|please) (first )?(authenticate|log ?in|sign in|check (your )?mail)",
    r"(sender|from|envelope|return)[- ]?(mail )?address|send ?as(denied|\b)",
    r"(not |un)(owned|verified|authori[sz]ed)",
    r"sender (was |is |has been )?(rejected|denied|blocked|banned|not|verif\w+|domain)",
    r"not (allowed|permitted) to send|\b(spf|dkim|dmarc)\b|unauthenticated",
    r"(daily|hourly|monthly|sending|submission|outgoing|outbound|account|plan|messages?)\b"
    r".{0,40}\b(quota|limits?|credits)\b",
    r"(quota|limits?)\b.{0,40}\b(hour|day|today|month|sender)|(maximum|insufficient|out of) credits",
    r"too many (messages|e-?mails)|exceeded .{0,40}(messages|e-?mails|failures) (per|in|sent)",
    r"\byour ((ip|e?-?mail|sending|smtp) )?(account|domain|ip|server|network|host|tenant)\b",
    r"client host|bl(o|a)ck ?list|spamhaus|\b(dns|r)bl\b|blocked using|bann?ed|reputation",
    r"reverse dns|\bptr\b|\bip\b.{0,40}(block|list|reject|denied|not allowed)",
)
_WORDS = re.compile("|".join(_PHRASES), re.IGNORECASE)


def about_sender(scope: str, text: str) -> bool:
    """Say whether a permanent refusal is about us. `scope`: its enhanced code less the class, or nothing."""
    if scope in _CODES:
        return True
    text = " ".join(text.split())
    if scope in _CODES_OF_ONE or _WORDS_OF_ONE.search(text):
        return False
    return _WORDS.search(text) is not None
