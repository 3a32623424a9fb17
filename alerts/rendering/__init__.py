"""What all media share: a digest composed once and worded, Markdown, templates, the gallery. Sends nothing.

`composing` decides what is shown (`folding` what is not), `wording` how it is said, `markdown` feeds every
layout; `environment` holds the templates, `marks` the places of what differs per person. How a channel lays a
digest out is in its own folder (`alerts.channels`).
"""

from alerts.rendering.environment import shipped_templates
from alerts.rendering.gallery import GalleryItem, gallery
from alerts.rendering.page import Page
from alerts.rendering.pages import Pages
from alerts.rendering.people_pages import PeoplePages
from alerts.rendering.reasons import shown_reason
from alerts.rendering.reference import (
    ApiReference,
    DescribedAnswer,
    DescribedBody,
    DescribedField,
    DescribedOperation,
    DescribedShape,
)
from alerts.rendering.stories import StoryView

__all__ = [
    "ApiReference",
    "DescribedAnswer",
    "DescribedBody",
    "DescribedField",
    "DescribedOperation",
    "DescribedShape",
    "GalleryItem",
    "Page",
    "Pages",
    "PeoplePages",
    "StoryView",
    "gallery",
    "shipped_templates",
    "shown_reason",
]
