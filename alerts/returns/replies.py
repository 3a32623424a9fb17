"""What a person answers to an alert: their words, less those of the alert."""

import re

from alerts.returns.mails import Mail

#: Characters of a reply that are kept, where it is.
REPLY_MAX = 2_000
#: How mail programs begin what they quote below an answer.
_QUOTED = re.compile(
    r"^(?:[ \t]*>|On [^\n]{1,300} wrote:[ \t]*$|-{2,}[ \t]*Original Message[ \t]*-{2,}|From: [^\n]*@)",
    re.IGNORECASE | re.MULTILINE,
)


def read(mail: Mail) -> str | None:
    """What somebody answers; None for what no person wrote, such as a notice that a mail was read."""
    if mail.root.get_content_type() == "multipart/report" or mail.field("Precedence").lower() == "bulk":
        return None
    quoted = _QUOTED.search(mail.text)
    return (mail.text[: quoted.start()] if quoted else mail.text).strip()[:REPLY_MAX]
