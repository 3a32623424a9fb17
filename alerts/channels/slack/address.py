"""Slack's addresses: a conversation of a workspace, by the ids that Slack gives them."""

import re

from alerts.channels.contract import AddressForm
from alerts.errors import BadInput
from alerts.model import Channel

NAME = Channel("slack")

#: Team (T…) or organisation (E…), then channel (C…), private group (G…) or direct messages (D…):
#: https://docs.slack.dev/reference/objects/conversation-object
_ADDRESS = re.compile(r"[TE][A-Z0-9]{1,20}/[CGD][A-Z0-9]{1,20}")


def parse(typed: str) -> str:
    """The one spelling of an address: in capitals."""
    if not _ADDRESS.fullmatch(typed.upper()):
        raise BadInput(
            f"“{typed[:80]}” is no Slack channel.",
            "Write the ids of team and channel, such as T024BE7LD/C061EG9SL; the channel's link has both.",
        )
    return typed.upper()


def identity(address: str) -> str:
    """An address itself: ids are written in one way only."""
    return address


FORM = AddressForm(
    shape="TEAM/CHANNEL such as T024BE7LD/C061EG9SL",
    claims=lambda typed: "/" in typed,  # a channel's link too: the hint helps with that
    parse=parse,
    identity=identity,
    masked=str,
    columns=(),
    domain=lambda address: address.partition("/")[0],
)
