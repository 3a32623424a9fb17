"""Webhooks: each digest as JSON to an https URL, signed so that its receiver knows whose it is.

channel   `WEBHOOK`: all of it as a value    address   an https URL, and the format it takes
formats   plain, Teams, Discord, Mattermost  layout    a digest in all of them, a line each
signing   as Standard Webhooks say (pure)    answers   what a status means (pure)
sender    `WebhookSender`: several at a time turns     whose turn it is (pure)
hosts     how the hosts have fared of late   blanks    what differs per receiver
shown     in the outbox and previews
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
