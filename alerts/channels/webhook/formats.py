"""The formats a receiver may take, and what each has room for."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult


@dataclass(frozen=True, slots=True)
class PayloadFormat:
    """One shape of JSON. Its template is `webhook/{name}.json.j2`."""

    name: str
    octets_max: int  #: of the whole JSON; what is beyond is folded
    text_max: int = 0  #: characters of the text that `webhook/chat.txt.j2` makes of it; 0: it has none

    def holds(self, document: bytes, text: str) -> bool:
        """Whether its receiver takes as much."""
        return len(document) <= self.octets_max and (not self.text_max or len(text) <= self.text_max)


FORMATS: Mapping[str, PayloadFormat] = {
    made.name: made
    for made in (
        #: Ours, documented in docs/webhooks.md. Far below what web servers take by default (1 MB).
        PayloadFormat("plain", 200_000),
        #: 28 KB (learn.microsoft.com, “Limits and specifications for Microsoft Teams”); some is for blanks.
        PayloadFormat("teams", 24_000),
        #: A description of 4,096 characters, all of an embed 6,000 (discord.com/developers, “Embed limits”).
        PayloadFormat("discord", 100_000, 3_900),
        #: 16,383 characters of a post (docs.mattermost.com, “Incoming webhooks”).
        PayloadFormat("mattermost", 100_000, 14_000),
    )
}

_TEAMS = (".webhook.office.com", ".logic.azure.com", ".api.powerplatform.com")
_DISCORD = ("discord.com", "ptb.discord.com", "canary.discord.com", "discordapp.com")


def usual_format(url: SplitResult) -> str:
    """What is taken there, as far as a URL tells; else it is our own."""
    host = url.hostname or ""
    if host.endswith(_TEAMS):
        return "teams"
    return "discord" if host in _DISCORD and url.path.startswith("/api/webhooks/") else "plain"
