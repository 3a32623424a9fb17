"""The table of all steps: publish → match | open → render → fan out → send → receive; others beside.

Every step takes its work entry and leaves the next ones; it returns what it left, so that a doorbell can be
rung for it. Any step may run twice, late, or on two workers at once: the table says why that is harmless.
"""

from collections.abc import Callable, Mapping

from alerts.model import Step, Work
from alerts.services import Services
from alerts.walk.answer_mail import answer_mail
from alerts.walk.batch_sender import BatchSender
from alerts.walk.catch_up import catch_up
from alerts.walk.fan_out import fan_out
from alerts.walk.gather import gather
from alerts.walk.inquire import inquire
from alerts.walk.mail_link import mail_link
from alerts.walk.match import match
from alerts.walk.notify import notify
from alerts.walk.open_slot import open_early, open_slot
from alerts.walk.publish import publish
from alerts.walk.receive import receive
from alerts.walk.render import render
from alerts.walk.resume import resume
from alerts.walk.send import send
from alerts.walk.try_again import try_again
from alerts.walk.unmute import unmute

__all__ = [
    "STEPS",
    "answer_mail",
    "catch_up",
    "fan_out",
    "gather",
    "inquire",
    "mail_link",
    "match",
    "notify",
    "open_early",
    "open_slot",
    "publish",
    "receive",
    "render",
    "resume",
    "send",
    "step",
    "try_again",
    "unmute",
]

#: By the work each takes, and why it may run twice. Before them all is `publish`: the same content is the
#: same revision. After them all is `send`: only the holder of a batch's lease sends and records;
#: and `receive`, for what comes back: each part of it wins by rank.
STEPS: Mapping[Step, Callable[[Services, Work], list[Work]]] = {
    Step.MATCH: match,  # only what is still owed is exchanged for digests
    Step.OPEN: open_slot,  # the slot is pinned, and exchanged for digests once
    Step.CATCH_UP: catch_up,  # it is exchanged for a digest once
    Step.RESUME: resume,  # only the very pause that was meant is ended
    Step.TRY_AGAIN: try_again,  # only the very back-off that was meant is ended
    Step.UNMUTE: unmute,  # it is exchanged for a digest once
    Step.LINK: mail_link,  # one at a time, and what is sent again has the same Message-ID
    Step.ANSWER: answer_mail,  # likewise
    Step.GATHER: gather,  # nobody is added twice
    Step.RENDER: render,  # the same bytes, and only an open digest is frozen
    Step.FAN_OUT: fan_out,  # each call takes other people, until none are left
    Step.INQUIRE: inquire,  # it is exchanged for what its contacts are told once
    Step.NOTIFY: notify,  # it is exchanged for one message
}


def step(batch_sender: BatchSender, work: Work) -> list[Work]:
    """Do whatever a doorbell or the sweep says is owed; an entry nobody owes any more does nothing."""
    if work.step is Step.SEND:
        return send(batch_sender, work)
    return STEPS[work.step](batch_sender.services, work) if batch_sender.services.due.is_owed(work) else []
