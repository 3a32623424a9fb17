from .changes import differences
from .composing import Place, PublicPage
from .environment import Templates, shipped_templates
from .gallery import GalleryItem, gallery
from .organisation import Organisation, logo_url, organisation
from .page import Page
from .pages import Pages
from .people_pages import PeoplePages
from .reasons import shown_reason
from .reference import (
    ApiReference,
    DescribedAnswer,
    DescribedBody,
    DescribedField,
    DescribedOperation,
    DescribedShape,
)
from .stories import StoryView

__all__ = [
    "ApiReference",
    "DescribedAnswer",
    "DescribedBody",
    "DescribedField",
    "DescribedOperation",
    "DescribedShape",
    "GalleryItem",
    "Organisation",
    "Page",
    "Pages",
    "PeoplePages",
    "Place",
    "PublicPage",
    "StoryView",
    "Templates",
    "differences",
    "gallery",
    "logo_url",
    "organisation",
    "shipped_templates",
    "shown_reason",
]
