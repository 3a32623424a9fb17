"""What differs between two Slack channels that get the same digest: the values of the blanks."""

from alerts.channels.contract import Personal
from alerts.rendering import shown_reason
from alerts.settings import Settings


def blanks(_settings: Settings, who: Personal) -> dict[str, str]:
    """Give the blanks of one Slack channel, and where its earlier post stands, for the sender to revise."""
    found = {
        "reason": shown_reason(f"{who.reason} {who.next_slot}".strip()),
        "page": who.links.reading(who.digest.id, who.batch, who.sid),
    }
    return found | ({"post_channel": who.post.channel, "thread_ts": who.post.ts} if who.post else {})
