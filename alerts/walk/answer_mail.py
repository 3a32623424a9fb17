"""Answer a mail by which somebody sent an update: what became of it, and how it was read."""

from alerts import channels
from alerts.model import MailAnswer, Outcome, Recipient, Work
from alerts.services import Services
from alerts.walk.single_mail import mail_one


def answer_mail(services: Services, work: Work) -> list[Work]:
    """Send the answer. Twice: only one at a time tries, and what is sent again has the same `Message-ID`.

    Nothing goes to an address that is suppressed. An answer whose day is over is not sent any more.
    """
    answer = services.mail_senders.answer(work.key)
    if answer is None or _is_suppressed(services, answer):
        services.due.done(work)
        return []
    mail_one(
        services,
        work,
        services.mail_senders,
        asked_ms=answer.asked_ms,
        what="an answer to a mail",
        send=lambda: _sent(services, answer),
    )
    return []


def _is_suppressed(services: Services, answer: MailAnswer) -> bool:
    channel = channels.answering(answer.address)
    return answer.address in services.suppressions.find(channel, [answer.address])


def _sent(services: Services, answer: MailAnswer) -> Outcome | None:
    """What the relay said; None if nothing was tried. Raises BadInput for a template that fails."""
    message = services.renderer.answer(answer)
    # Its return path is of no delivery: a bounce of it proves nothing, and nobody is suppressed by it.
    recipient = Recipient(0, answer.address, {"delivery": answer.id})
    outcomes = services.senders[message.channel].send(message, [recipient], services.stopping.is_set)
    return next((outcome for _, outcome in outcomes), None)
