"""A digest becomes a message: composed once, worded, laid out as email or Slack posts. Sends nothing.

`composing` decides what is shown (`folding` what is not), `wording` how it is said; `email` and `slack`
lay it out, `markdown` feeds both; `environment` holds the templates, `personal` what differs per person.
"""

from alerts.rendering.environment import shipped_templates
from alerts.rendering.gallery import GalleryItem, gallery, shown_email, shown_slack
from alerts.rendering.pages import Page, Pages
from alerts.rendering.personal import email_blanks, slack_blanks
from alerts.rendering.renderer import Renderer

__all__ = [
    "GalleryItem",
    "Page",
    "Pages",
    "Renderer",
    "email_blanks",
    "gallery",
    "shipped_templates",
    "shown_email",
    "shown_slack",
    "slack_blanks",
]
