from .adding import SenderAdded, SenderAsked, add_sender
from .listing import SenderSummary, list_senders, show_sender
from .steering import change_sender_secret, pause_sender, remove_sender, resume_sender
from .taking import TakenMail, take_mail

__all__ = [
    "SenderAdded",
    "SenderAsked",
    "SenderSummary",
    "TakenMail",
    "add_sender",
    "change_sender_secret",
    "list_senders",
    "pause_sender",
    "remove_sender",
    "resume_sender",
    "show_sender",
    "take_mail",
]
