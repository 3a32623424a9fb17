"""What comes back, read: bytes in, a `Receipt` or “not for us” out. Pure, bounded, and never an exception.

reading          the one way in: which kind of report a mail is, asked in order of how sure each kind is
mails            a mail opened within bounds: its fields, its parts, the text that people are to read
parts            the mail taken apart, and what it returns left as it came
delivery_status  delivery reports: RFC 3464 in RFC 6522
leaving          people who ask for nothing more, by mail
complaints       feedback reports: RFC 5965, and those that are older
prose            reports in words alone, as old servers write them; addresses by flufl.bounce
auto_replies     RFC 3834: away, on leave, thank you for your mail
verdicts         what a status and a server's words say about an address, or about us
hooks            what mail providers post, by provider
proofs           whether it was they who posted it
files            a file of either kind
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
