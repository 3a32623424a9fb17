"""What waits in the mailbox of what comes back, taken in; each mail is moved once it is, and never before."""

from collections.abc import Iterator

from alerts.errors import AlertsError, BadInput
from alerts.ingest.mails.envelopes import secrets_in
from alerts.mailbox import Mailbox, MailboxAddress, WaitingMail
from alerts.model import MailBecame, Unasked
from alerts.operations.acting import Actor, Permission
from alerts.operations.returned.receiving import UNPROVEN, take_in
from alerts.returns import OCTETS_MAX, READ_MAX
from alerts.services import Services
from alerts.settings import Problem, Settings

#: What somebody may want to look at: no machine said it about a delivery of ours, or it was not taken.
_TO_LOOK_AT = {UNPROVEN, Unasked.ORDINARY.value, Unasked.UNREADABLE.value, MailBecame.REFUSED.value}


def bounces_mailbox(settings: Settings) -> MailboxAddress | None:
    """The mailbox that what comes back is read from; None where there is none. Raises BadInput."""
    if settings.bounces_url is None:
        return None
    return MailboxAddress.parse(settings.bounces_url.get_secret_value())


def collect(services: Services, actor: Actor, box: Mailbox) -> Iterator[int]:
    """Take in what waits in a mailbox, and move it; how many mails each batch had, as they are asked for.

    Cut short wherever, nothing is lost: what was taken in and not moved is taken in again, which changes
    nothing more. Of each mail as much is fetched as is read; nothing of one that is longer than any report.

    Raises Forbidden; and MailboxFault, Unreachable and Refused while it is taken in.
    """
    actor.require(Permission.MANAGE)
    return _collected(services, actor, box)


def _collected(services: Services, actor: Actor, box: Mailbox) -> Iterator[int]:
    for mails in box.batches(READ_MAX):
        looked_at = (_as_far_as_read(box, mail) for mail in mails if mail.size <= OCTETS_MAX)
        short = [mail for mail in looked_at if mail is not None]
        long = [mail for mail in mails if mail.size > OCTETS_MAX]
        came = take_in(services, actor, ((mail.octets, ()) for mail in short))
        read_as = [(mail, one.read_as) for mail, one in zip(short, came, strict=True)]
        if long:
            services.receipts.count({Unasked.UNREADABLE: len(long)})
        to_look_at = [*long, *(mail for mail, kind in read_as if kind in _TO_LOOK_AT)]
        box.move([mail for mail, kind in read_as if kind not in _TO_LOOK_AT], box.taken_in)
        box.move(to_look_at, box.not_understood)
        yield len(mails)


def _as_far_as_read(box: Mailbox, mail: WaitingMail) -> WaitingMail | None:
    """A mail as far as it is looked at: of one for publication, all of it. None if it is gone."""
    return box.whole(mail) if mail.size > len(mail.octets) and secrets_in(mail.octets, ()) else mail


def check_mailbox(settings: Settings) -> list[Problem]:
    """What keeps the mailbox from being read, as far as that shows without taking anything out of it."""
    try:
        address = bounces_mailbox(settings)
        if address is not None:
            with Mailbox.open(address):
                pass
    except BadInput as fault:
        return [Problem("mailbox.url", "error", fault.sentence, fault.hint)]
    except AlertsError as fault:
        return [Problem("mailbox", "error", fault.sentence, fault.hint)]
    return []
