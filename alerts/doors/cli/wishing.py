"""The options that say what somebody wants, shared by the commands that add subscriptions."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from alerts.operations.wishes import Requested

_OPTIONS = (
    click.option("--region", "regions", multiple=True, required=True, help="Code or name; again for more."),
    click.option("--tag", "tags", multiple=True, help="One of these tags is enough."),
    click.option("--all-tag", "all_tags", multiple=True, help="Every one of these tags is needed."),
    click.option("--none-tag", "none_tags", multiple=True, help="None of these tags."),
    click.option("--severity", default="", help="The least severity; minor unless given."),
    click.option("--cadence", default="", help="immediate, hourly, daily 08:00 or weekly mon 08:00."),
    click.option("--quiet-hours", default="", help="Wait in these hours, e.g. 22:00-07:00."),
    click.option("--bypass", default="", help="From this severity on it goes at once, whatever the cadence."),
    click.option("--daily-cap", default="", metavar="N", help="After N a day, fold what is not urgent."),
    click.option("--all-quiet", is_flag=True, help="Daily or weekly: say so when there is nothing new."),
    click.option("--new-tag", "new_tags", is_flag=True, help="Put tags that are not on the list there."),
)


def wish(name_option: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a command the options of a wish; it gets them as one `Requested`. `name_option` names it."""

    def wishing(command: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(command)
        def with_wish(*args: Any, **options: Any) -> Any:
            names = (
                *("regions", "tags", "all_tags", "none_tags"),
                *("cadence", "quiet_hours", "bypass", "daily_cap"),
            )
            given = {name: options.pop(name) for name in names}
            given["all_quiet"] = "yes" if options.pop("all_quiet") else ""
            title, least = options.pop("subscription"), options.pop("severity")
            return command(*args, wish=Requested(**given, min_severity=least, name=title), **options)

        named = click.option(name_option, "subscription", default="", help="What to call the subscription.")
        decorated: Callable[..., Any] = with_wish
        for option in (named, *reversed(_OPTIONS)):
            decorated = option(decorated)
        return decorated

    return wishing
