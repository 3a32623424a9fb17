"""Email through one SMTP relay, as fast as it can take it, each person's verdict kept apart.

channel   `EMAIL`: all of it as a value      address   what can be written to, and whose it is
layout    a digest as one MIME message       headers   its header fields (pure)
blanks    what differs per person            shown     in the outbox and previews
replies   what an answer means (pure)        envelope  what may be written on the wire (pure)
route     URL -> a secured connection        wire      bytes out, replies in
permits   stop and pace                      dialogue  many transactions on one connection
evidence  whose fault it is (pure)           sender_faults  what is said about us (pure)
sender    `SmtpSender`: connections kept     return_path  where bounces come back to
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
