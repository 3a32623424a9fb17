from . import blanks, shown
from .channel import WEBHOOK
from .layout import Payloads
from .sender import WebhookSender

__all__ = ["WEBHOOK", "Payloads", "WebhookSender", "blanks", "shown"]
