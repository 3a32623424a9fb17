"""What a sender is answered: what became of their mail, and how it was read. Once a mail, and paced."""

from alerts.ingest.mails.envelopes import MailHead
from alerts.ingest.mails.reading import MailContents
from alerts.model import MailAnswer, MailBecame, MailSender
from alerts.services import Services
from alerts.texts import head as beginning

#: Answers to one sender: this many at once, then one so often (a second).
AT_ONCE, PER_SECOND = 20, 1 / 120
SUBJECT_MAX, SENTENCE_MAX, NOTES_MAX = 120, 1_000, 20


def answer_to(
    services: Services,
    sender: MailSender,
    mail: MailHead,
    contents: MailContents | None,
    *,
    name: str,
    became: MailBecame,
    said: tuple[str, ...],
) -> MailAnswer | None:
    """The answer to a mail of this name, to its author, who is proved; None where they had their share."""
    if services.limits.permit(f"answers {sender.name}", 1, PER_SECOND, AT_ONCE):
        return None
    subject = contents.subject if contents else mail.one("subject")
    return MailAnswer(
        name,
        mail.author,
        beginning(subject, SUBJECT_MAX),
        mail.message_id,
        became,
        tuple(beginning(sentence, SENTENCE_MAX) for sentence in said if sentence),
        contents.notes[:NOTES_MAX] if contents else (),
        services.server.now_ms(),
    )
