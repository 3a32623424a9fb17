"""What the fields of an update, and the words in them, are called elsewhere."""

from alerts.model import Certainty, Severity, Status, Urgency

#: What others call a field.
FIELDS = {
    **dict.fromkeys(("title", "subject", "name"), "headline"),
    **dict.fromkeys(("text", "summary", "description", "content", "details", "message"), "body"),
    **dict.fromkeys(("region", "country", "countries", "location", "place", "area", "areas"), "regions"),
    **dict.fromkeys(("tag", "label", "labels", "category", "categories", "keywords", "topics"), "tags"),
    **dict.fromkeys(("level", "alert_level", "risk_level", "impact"), "severity"),
    **dict.fromkeys(
        ("date", "created", "created_at", "updated_at", "lastmodified", "issued"), "published_at"
    ),
    **dict.fromkeys(("timestamp", "pubdate"), "published_at"),
    **dict.fromkeys(("expires", "until", "valid_until", "ends"), "expires_at"),
    **dict.fromkeys(("link", "permalink", "href"), "url"),
    **dict.fromkeys(("by", "byline", "creator"), "author"),
    **dict.fromkeys(("slug", "key"), "id"),
    **dict.fromkeys(("lang", "locale"), "language"),
}
#: What others say for a word of ours. It is asked about, never taken: their scales are not ours.
WORDS: dict[str, str] = {
    **dict.fromkeys(("low", "green", "info", "information"), Severity.MINOR),
    **dict.fromkeys(("medium", "yellow", "amber"), Severity.MODERATE),
    **dict.fromkeys(("high", "orange", "serious", "major"), Severity.SEVERE),
    **dict.fromkeys(("critical", "red", "very high"), Severity.EXTREME),
    **dict.fromkeys(("now", "urgent"), Urgency.IMMEDIATE),
    "soon": Urgency.EXPECTED,
    "confirmed": Certainty.OBSERVED,
    **dict.fromkeys(("unconfirmed", "rumour"), Certainty.POSSIBLE),
    "real": Status.ACTUAL,
    "drill": Status.EXERCISE,
}
