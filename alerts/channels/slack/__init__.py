"""Slack: one post per channel and digest, never two. Refuses to retry by itself and to guess.

channel   `SLACK`: all of it as a value      address   TEAM/CHANNEL
layout    a digest as posts                  blocks    what a post holds (pure)
blanks    what differs per channel           shown     in the outbox and previews
sender    `SlackSender`: several at a time   delivery  one delivery, and its thread
history   was it posted already?             answers   what an answer means (pure)
api       the calls                          transport bytes out, answers in
fallback  plain text where blocks fail
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
