"""What an outcome means beside its delivery: for the address, for later posts, for operators."""

from alerts.model import Digest, Failed, Sent, Unsure
from alerts.rules import retries
from alerts.services import Services
from alerts.store import LedgerLine


def accepted(services: Services, digest: Digest, sid: int, outcome: Sent) -> None:
    """Note what the provider did not take as it was, and where its post can be edited later."""
    if outcome.flaw and services.digests.flawed(digest.id, outcome.flaw):
        services.notices.notify(
            "not shown as it was", channel=digest.channel, digest=digest.id, why=outcome.flaw
        )
    if outcome.post and digest.alone and not (digest.clock or digest.of_outage):
        services.posts.keep([e.update for e in digest.entries], sid, outcome.post)


def refused(services: Services, digest: Digest, sid: int, address: str, outcome: Failed) -> None:
    """Send nothing to this address again, if that is what the provider says."""
    if outcome.suppress and services.suppressions.add(digest.channel, address, outcome.why, digest.channel):
        services.notices.notify("suppressed", channel=digest.channel, sid=sid, why=outcome.why)


def left_in_doubt(services: Services, digest: Digest, outcome: Unsure, line: LedgerLine) -> None:
    """Remember how far the provider was asked; notify operators of a doubt that lasts, or ends as one."""
    sid, record = line.sid, line.record
    services.doubts.remember(digest.id, {sid: outcome.reached})
    lasting = record.attempt == retries.DOUBT_TOLD and not retries.untried(outcome)
    if lasting or not record.state.owed:
        what = "in doubt" if record.state.owed else "given up in doubt"
        services.notices.notify(what, channel=digest.channel, sid=sid, digest=digest.id, why=line.note)
