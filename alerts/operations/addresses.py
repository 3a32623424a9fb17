"""Addresses as they are stored and looked up: one spelling per destination. Asks no network."""

import re

from email_validator import EmailNotValidError, validate_email

from alerts.errors import BadInput
from alerts.model import Channel

#: Octets of an address between its brackets (RFC 5321 §4.5.3.1.3 less the brackets).
_EMAIL_MAX = 254

#: Letters in full width, as keyboards of East Asia write them, → the same letters.
_NARROW = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}

#: Team (T…) or organisation (E…), then channel (C…), private group (G…) or direct messages (D…):
#: https://docs.slack.dev/reference/objects/conversation-object
_SLACK = re.compile(r"[TE][A-Z0-9]{1,20}/[CGD][A-Z0-9]{1,20}")


def destination(text: str, channel: Channel | None = None) -> tuple[Channel, str]:
    """Tell the channel and the one spelling of an address. Raises BadInput.

    Without `channel` the address itself tells: `name@domain` or `TEAM/CHANNEL`. A domain is lower-case and in
    its ASCII form (IDNA); the part before the @ keeps its case, for it may matter to the receiving server.
    Whose an address is, however it is spelt, its `identity` tells.
    """
    typed = text.translate(_NARROW).strip()
    if channel is None:
        channel = _channel_of(typed)
    return channel, _email(typed) if channel is Channel.EMAIL else _slack(typed)


def _channel_of(typed: str) -> Channel:
    if "@" in typed:
        return Channel.EMAIL
    if "/" in typed:
        return Channel.SLACK
    raise BadInput(
        f"“{typed[:80]}” is no address.",
        "Write an email address, or TEAM/CHANNEL such as T024BE7LD/C061EG9SL.",
    )


def _slack(typed: str) -> str:
    if not _SLACK.fullmatch(typed.upper()):
        raise BadInput(
            f"“{typed[:80]}” is no Slack channel.",
            "Write the ids of team and channel, such as T024BE7LD/C061EG9SL; the channel's link has both.",
        )
    return typed.upper()


def _email(typed: str) -> str:
    if len(typed) > _EMAIL_MAX:
        raise BadInput(f"“{typed[:80]}…” is too long for an email address.", "At most 254 characters fit.")
    try:
        # A mail header carries only ASCII unless every server on the way knows SMTPUTF8. `.test` is let
        # through: it can reach nobody (RFC 6761), and is what tests are written with.
        valid = validate_email(typed, check_deliverability=False, allow_smtputf8=False, test_environment=True)
    except EmailNotValidError as fault:
        raise BadInput(f"“{typed[:80]}” is no email address that can be used.", str(fault)) from None
    written = valid.ascii_email
    if written is None or len(written) > _EMAIL_MAX:
        raise BadInput(f"“{typed[:80]}…” is too long for an email address.", "At most 254 characters fit.")
    return written
