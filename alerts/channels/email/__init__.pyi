from . import blanks, shown, spelling
from .channel import EMAIL
from .layout import Emails
from .return_path import return_path
from .sender import SmtpSender

__all__ = ["EMAIL", "Emails", "SmtpSender", "blanks", "return_path", "shown", "spelling"]
