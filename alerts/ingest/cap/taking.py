"""From which elements of a message each field of its update was taken."""

from collections.abc import Iterator, Sequence

from alerts.ingest.cap.areas import Sourced
from alerts.ingest.cap.messages import CapAlert, CapInfo
from alerts.ingest.cap.severities import by_weight
from alerts.ingest.field_words import FieldWords, words_of


def words_of_message(message: CapAlert, over: str) -> Iterator[FieldWords]:
    """What is said of the message as a whole."""
    yield words_of("kind", "alert/msgType", f"{message.type.capitalize()}: {over}")
    yield words_of("status", "alert/status", message.status.capitalize())
    yield words_of("note", "alert/note", message.note)
    if not any(info.sender_name for info in message.infos):
        yield words_of("source", "alert/sender", message.sender)
    yield words_of("published_at", "alert/sent", message.sent.isoformat())
    yield words_of("public", "alert/scope", message.scope.capitalize())


def words_of_infos(infos: Sequence[CapInfo], regions: Sequence[Sourced]) -> Iterator[FieldWords]:
    """What its blocks of one language say: of the worst of them, where they differ."""
    info = by_weight(infos)[0]
    yield words_of(
        "headline", "info/headline" if info.headline else "info/event", info.headline or info.event
    )
    yield words_of("key_points", "info/instruction", info.instruction)
    for name, text in (("description", info.description), ("instruction", info.instruction)):
        if text:
            yield words_of("body", f"info/{name}", text)
            break
    else:
        yield words_of("body", "info/area", ", ".join(area.description for area in info.areas))
    yield words_of("tags", "info/event, info/category", [info.event, *info.categories])
    degrees = {"severity": info.severity, "urgency": info.urgency, "certainty": info.certainty}
    for name, degree in degrees.items():
        if degree != "unknown":  # it may be that nothing is said of it
            yield words_of(name, f"info/{name}", degree.capitalize())
    if senders := [one.sender_name for one in infos if one.sender_name]:
        yield words_of("source", "info/senderName", senders[0])
    yield words_of("url", "info/web", info.web)
    yield words_of("expires_at", "info/expires", [one.expires.isoformat() for one in infos if one.expires])
    yield words_of("language", "info/language", info.language)
    for why in dict.fromkeys(region.why for region in regions):
        yield words_of("regions", "info/area", why)
    drawn = [shape for one in infos for area in one.areas for shape in (*area.polygons, *area.circles)]
    yield words_of("shapes", "info/area/polygon, info/area/circle", drawn[:1])
