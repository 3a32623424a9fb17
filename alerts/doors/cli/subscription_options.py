"""The options that say what somebody wants, shared by the commands that add and change subscriptions."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from alerts.operations import Requested, SubscriptionChange

#: Each is given as often as there are words.
_LISTS = ("regions", "tags", "all_tags", "none_tags")
_REGION = ("--region", "regions")
_REGION_HELP = "Code or name; again for more."
_OPTIONS = (
    click.option("--tag", "tags", multiple=True, help="One of these tags is enough."),
    click.option("--all-tag", "all_tags", multiple=True, help="Every one of these tags is needed."),
    click.option("--none-tag", "none_tags", multiple=True, help="None of these tags."),
    click.option("--severity", "min_severity", help="The least severity; minor unless given."),
    click.option("--cadence", help="immediate, hourly, daily 08:00 or weekly mon 08:00."),
    click.option("--quiet-hours", help="Wait in these hours, e.g. 22:00-07:00."),
    click.option(
        "--bypass", help="From this severity on it goes at once, whatever the cadence; no exercise does."
    ),
    click.option("--daily-cap", metavar="N", help="After N a day, fold what is not urgent."),
)
_QUIET_HELP = "Daily or weekly: say so when there is nothing new."
_NEW_TAG = click.option(
    "--new-tag", "new_tags", is_flag=True, help="Put tags that are not on the list there."
)
_WORDS = ("min_severity", "cadence", "quiet_hours", "bypass", "daily_cap")

Command = Callable[..., Any]


def subscription_options(name_option: str, *, required: bool = True) -> Callable[[Command], Command]:
    """Give a command the options of a new subscription, as one `Requested`. `name_option` names it, if any.

    Where none is `required`, it is None if nothing at all is said of one.
    """

    def decorator(command: Command) -> Command:
        @wraps(command)
        def with_subscription(*args: Any, **options: Any) -> Any:
            lists = {name: options.pop(name) for name in _LISTS}
            words: dict[str, Any] = {name: options.pop(name) or "" for name in _WORDS}
            quiet = "yes" if options.pop("all_quiet") else ""
            name = options.pop("subscription", "")
            said = required or any((*lists.values(), *words.values(), quiet, name))
            asked = Requested(**lists, **words, all_quiet=quiet, name=name) if said else None
            return command(*args, asked=asked, **options)

        called = click.option(name_option, "subscription", default="", help="What to call the subscription.")
        return _decorated(
            with_subscription,
            *((called,) if name_option else ()),
            click.option(*_REGION, multiple=True, required=required, help=_REGION_HELP),
            *_OPTIONS,
            click.option("--all-quiet", is_flag=True, help=_QUIET_HELP),
            _NEW_TAG,
        )

    return decorator


def change_options(command: Command) -> Command:
    """Give a command the options of a change to a subscription, as one `SubscriptionChange`.

    What is not given stays; a list that is given takes the place of the one there was, and an empty word
    takes away.
    """

    @wraps(command)
    def with_change(*args: Any, **options: Any) -> Any:
        lists = {name: options.pop(name) or None for name in _LISTS}
        words = {name: options.pop(name) for name in _WORDS}
        quiet = {None: None, True: "yes", False: "no"}[options.pop("all_quiet")]
        changes = SubscriptionChange(**lists, **words, all_quiet=quiet, name=options.pop("subscription"))
        return command(*args, changes=changes, **options)

    return _decorated(
        with_change,
        click.option("--rename", "subscription", help="What to call it from now on."),
        click.option(*_REGION, multiple=True, help=_REGION_HELP),
        *_OPTIONS,
        click.option("--all-quiet/--no-all-quiet", default=None, help=_QUIET_HELP),
        _NEW_TAG,
    )


def _decorated(command: Command, *options: Callable[[Command], Command]) -> Command:
    for option in reversed(options):
        command = option(command)
    return command
