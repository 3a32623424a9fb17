"""Email through one SMTP relay, as fast as it can take it, each person's verdict kept apart.

replies   what an answer means (pure)        envelope  what may be written on the wire (pure)
route     URL -> a secured connection        wire      bytes out, replies in
leave     stop and pace                      dialogue  many transactions on one connection
evidence  whose fault it is (pure)           sender_faults  what is said about us (pure)
sender    `SmtpSender`: connections kept, broken ones replaced
"""

from alerts.channels.email.sender import SmtpSender

__all__ = ["SmtpSender"]
