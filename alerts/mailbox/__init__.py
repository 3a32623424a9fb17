"""A mailbox on a server, read over IMAP: mails out, and moved once they are taken. Nothing is deleted.

address     ALERTS_BOUNCES_URL, read
connection  logged in: the mails that wait, some at a time; where they are moved to; word of new ones
faults      whatever goes wrong with it, in a sentence with a hint
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
