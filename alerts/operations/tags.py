"""The tag list: looked up, and added to. What is not on it is refused in updates and subscriptions alike."""

from collections.abc import Iterable
from dataclasses import dataclass

from alerts.operations.acting import Actor, Permission, record
from alerts.services import Services


@dataclass(frozen=True, slots=True)
class TagAdded:
    """A tag that was to be put on the list; `added` is false where it was there already, with its meaning."""

    tag: str
    added: bool
    meaning: str


def list_tags(services: Services, actor: Actor) -> dict[str, str]:
    """Every tag with what it means, in alphabetical order."""
    actor.require(Permission.READ)
    return services.tags.all()


def add_tags(services: Services, actor: Actor, tags: Iterable[str], meaning: str = "") -> list[TagAdded]:
    """Put tags on the list, all with the same meaning. Raises BadInput for what is no slug, adding none."""
    actor.require(Permission.MANAGE)
    wanted = list(tags)
    added = services.tags.add(wanted, meaning)
    for tag in added:
        record(services, actor, "tag.add", tag, after={"meaning": meaning} if meaning else {})
    meanings = services.tags.all()
    return [TagAdded(tag, tag in added, meanings[tag]) for tag in wanted]


def admit_tags(services: Services, actor: Actor, tags: Iterable[str]) -> None:
    """Put those of the tags on the list that are not there: what `--new-tag` asks for, at every door.

    Only then is the right to add tags needed. Raises Forbidden, BadInput.
    """
    known = services.tags.all()
    if new := sorted({tag for tag in tags if tag not in known}):
        add_tags(services, actor, new)
