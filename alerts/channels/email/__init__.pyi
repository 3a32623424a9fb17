from . import blanks, shown, spelling
from .carried import carried_fields
from .channel import EMAIL
from .layout import Emails
from .mail_answers import MailAnswers
from .one_time import OneTimeMails
from .return_path import return_path
from .sender import SmtpSender

__all__ = [
    "EMAIL",
    "Emails",
    "MailAnswers",
    "OneTimeMails",
    "SmtpSender",
    "blanks",
    "carried_fields",
    "return_path",
    "shown",
    "spelling",
]
