"""Every page that somebody may open, in every language: none of our English is left."""

import re

import pytest

from alerts.locales import CATALOGS, locale_for
from alerts.operations.checks.checking_people import pages_of_people
from alerts.operations.checks.checking_templates import READERS_PAGES
from alerts.rendering import Pages

#: What our fixed texts are made of in English.
_ENGLISH = re.compile(r"\b(and|you|your|the|this|with|from|nothing|emails?|alerts?|link|get|again)\b", re.I)
#: What is not read, or is in another language and says so.
_UNREAD = re.compile(
    r'<(style|script|code|pre)\b.*?</\1>|<(\w+)[^>]* lang="en".*?</\2>|<[^>]*>|\S+@\S+', re.S
)


@pytest.mark.parametrize("language", CATALOGS)
def test_no_english_is_left_on_a_page(language: str) -> None:
    """A page had its title, its buttons or its help in English, between sentences in Ukrainian."""
    pages = Pages(None, "Desk <desk@example.org>").spoken(locale_for(language))
    drawn = [draw(pages) for draw in (*READERS_PAGES, *pages_of_people())]
    assert len(drawn) > 30
    for page in drawn:
        assert page.language == language
        assert f'<html lang="{language}"' in page.html
        assert ('<html lang="ar" dir="rtl">' in page.html) == (language == "ar")
        left = _ENGLISH.search(_UNREAD.sub(" ", page.html))
        assert left is None, (left, page.html)
