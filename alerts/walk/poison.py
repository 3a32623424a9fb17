"""Batches that workers die of: tried in ever smaller parts, until whoever it is is alone and given up."""

from random import Random

from alerts.model import State
from alerts.rules import retries
from alerts.services import Services
from alerts.store import Claim, Delivery


def given_up(services: Services, claim: Claim) -> tuple[Delivery, str] | None:
    """How what a batch owes ends if its holders keep dying of it; operators are notified before and then."""
    hopeless = retries.hopeless(len(claim.owed), claim.deaths, claim.offset_s)
    if hopeless or claim.deaths == retries.DEATHS_TOLD:
        what = "batch given up" if hopeless else "batch keeps breaking workers"
        services.notices.notify(what, batch=claim.work.key, deaths=claim.deaths)
    why = f"given up: {claim.deaths} workers in a row broke down over it"
    return (Delivery(State.FAILED, 0, claim.offset_s), why) if hopeless else None


def taken_now(claim: Claim, jitter: Random) -> dict[int, int]:
    """Whose turn it is, and the how-manieth try it will be for each; fewer at once after each death."""
    age_s = claim.offset_s
    turn = [(sid, record.attempt + 1) for sid, record in claim.owed if record.offset_s <= age_s]
    at_once = retries.part(len(turn), claim.deaths)
    return dict(turn if at_once >= len(turn) else jitter.sample(turn, at_once))
