"""What a message is about, in the words of the shipped list of tags: by its event, else by its category."""

import re
from collections.abc import Sequence

from alerts.ingest.cap.messages import CapInfo

#: By words within `event`: English, and what the corpus' own languages call the commonest.
_BY_EVENT: Sequence[tuple[str, str]] = (
    ("avalanche", r"avalanche|lawine"),
    ("cyclone", r"hurricane|typhoon|cyclone|tropical (?:storm|depression)|cicl[óo]n|颱風|台风"),
    ("earthquake", r"earthquake|seism|sismo|erdbeben"),
    ("flood", r"flood|storm surge|hochwasser|inundaci|洪|水庫洩洪"),
    ("heat", r"heat|hitze|calor|canicule"),
    ("landslide", r"landslide|debris flow|mudslide"),
    ("storm", r"storm|tornado|wind|gale|hail|blizzard|snow|squall|small craft|monsoon|gewitter|sturm|orages?"
              r"|neige|vindur|ветер|季候風|monç"),
    ("tsunami", r"tsunami"),
    ("volcano", r"volcan|ash ?fall"),
    ("wildfire", r"bush ?fire|wild ?fire|grass ?fire|forest fire|red flag|waldbrand|incendio forestal"),
    ("weather", r"weather|rain|frost|fog|ice\b|freez|fröst|cold|lightning|ebel\b"),
    ("kidnapping", r"abduction|amber|abducci"),
    ("evacuation", r"evacuat"),
    ("curfew", r"curfew"),
    ("terrorism", r"terroris|homeland security"),
    ("unrest", r"civil (?:unrest|danger)|riot"),
    ("accident", r"hazardous materials|chemical|nuclear power|radiological|structure fire|mva\b"),
    ("emergency", r"civil emergency|state of emergency|law enforcement"),
    ("health", r"health"),
    ("epidemic", r"epidemic|pandemic|outbreak"),
    ("power", r"power outage|blackout"),
    ("communications", r"telephone outage|911"),
    ("water", r"drinking water|boil water"),
)  # fmt: skip
_EVENTS = tuple((tag, re.compile(words, re.IGNORECASE)) for tag, words in _BY_EVENT)
#: Where the event says nothing: what all of a category have in common. Geo, Safety, Security, Rescue, CBRNE
#: and Other have nothing that a tag would say.
_BY_CATEGORY = {
    "met": "weather",
    "fire": "wildfire",
    "health": "health",
    "env": "environment",
    "infra": "infrastructure",
}


def tags_of(infos: Sequence[CapInfo]) -> tuple[str, ...]:
    """The tags of a message; none where nothing tells."""
    events = [info.event[:200] for info in infos]
    found = {tag for tag, words in _EVENTS if any(words.search(event) for event in events)}
    if not found:
        categories = {category.lower() for info in infos for category in info.categories}
        found = {_BY_CATEGORY[category] for category in categories if category in _BY_CATEGORY}
    return tuple(sorted(found))
