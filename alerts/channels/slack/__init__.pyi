from . import blanks, shown
from .channel import SLACK
from .layout import Posts
from .sender import SlackSender

__all__ = ["SLACK", "Posts", "SlackSender", "blanks", "shown"]
