"""Which two headlines are one story, mended or moved about, and which are two."""

import pytest

from alerts.rules.same_story import same_story

SAME = [
    ("Talks go on in Istambul", "Talks go on in Istanbul", "a letter mended"),
    ("Evacutaion ordered for Kherson", "Evacuation ordered for Kherson", "two letters changed places"),
    ("Evacuation ordered for Kherson", "EVACUATION ORDERED FOR KHERSON!", "case and punctuation"),
    ("Evacuation ordered in Kherson", "Evacuation ordered for the Kherson", "small words"),
    ("Evacuation ordered for Kherson", "Evacuation ordered for Kherson city", "a word more"),
    ("Sao Paulo airport closed", "São Paulo airport closed", "an accent mended"),
    ("Magnitude 6.1 eartquake in Hatay", "Magnitude 6.1 earthquake in Hatay", "a typo beside a number"),
    ("Наводнение в Херсоне", "Наводнение в Херсонe", "a Latin letter among Cyrillic ones"),
    ("洪水警报", "洪水警报", "a script without spaces"),
]
OTHER = [
    ("Magnitude 6.1 earthquake in Hatay", "Magnitude 5.2 earthquake in Hatay", "another number"),
    ("Earthquake in Hatay", "Earthquake in Adana", "another place"),
    ("Curfew in Mali", "Curfew in Bali", "a short word that differs is another word"),
    ("Protests in Iran", "Protests in Iraq", "a name that differs in a letter"),
    ("Border is open", "Border is not open", "the contrary"),
    ("Evacuation ordered for Kherson", "Evacuation lifted for Kherson", "a word replaced"),
    ("Russia attacks Ukraine", "Ukraine attacks Russia", "who does what to whom"),
    ("Ceasefire in Gaza", "Ceasefire in Gaza holds", "a word more of three"),
    ("Flood", "Flood in the north of the country after days of rain", "a headline that says much more"),
    ("Level 2 advice for Kenya", "Level 3 advice for Kenya", "the level"),
    ("2人死亡", "3人死亡", "a number inside a word"),
    ("…", "!", "nothing to compare"),
]


@pytest.mark.parametrize(("one", "other", "why"), SAME, ids=lambda v: v[:30])
def test_one_story_is_known_again(one: str, other: str, why: str) -> None:
    assert same_story(one, other), why
    assert same_story(other, one), why


@pytest.mark.parametrize(("one", "other", "why"), OTHER, ids=lambda v: v[:30])
def test_two_stories_are_two(one: str, other: str, why: str) -> None:
    assert not same_story(one, other), why
    assert not same_story(other, one), why
