"""Places that are typed into a form: looked up, taken where they are certain, offered where they are not."""

from dataclasses import replace

from alerts.operations.people.choosing_places import FoundPlaces, find_places, open_words
from alerts.operations.people.subscription_form import PLACES_MOST, SubscriptionForm
from alerts.regions import PlaceFinder

#: Places that are looked up at a time. One that nobody knows takes some milliseconds.
FOUND_AT_ONCE = 20


def looked_up(finder: PlaceFinder, form: SubscriptionForm) -> tuple[SubscriptionForm, FoundPlaces]:
    """With what is certain among the chosen. What is not stays typed, and so does what is too much."""
    words, rest = form.typed_places[:FOUND_AT_ONCE], form.typed_places[FOUND_AT_ONCE:]
    found = find_places(finder, words)
    return replace(form.beside(*found.certain), q="; ".join((*found.left, *rest))), found


def suggested(finder: PlaceFinder, form: SubscriptionForm) -> FoundPlaces:
    """What the last word may mean, which is still being typed: nothing of it is taken yet."""
    found = find_places(finder, form.typed_places[-1:])
    return replace(found, certain=(), likely=(*found.certain, *found.likely))


def settled(finder: PlaceFinder, form: SubscriptionForm) -> SubscriptionForm:
    """Without the words that were typed to find what is chosen by now."""
    words = form.typed_places
    if len(words) > PLACES_MOST:  # too many to be looked up
        return form
    return replace(form, q="; ".join(open_words(finder, words, set(form.region))))
