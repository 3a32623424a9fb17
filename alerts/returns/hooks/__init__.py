"""What mail providers post about the mails they were given: bytes in, receipts out. Pure and bounded.

ses, sendgrid, mailgun, postmark   a provider each: its events, and what each of them says
any_provider                       a file of one of them, whichever
payloads                           JSON that others have written, opened strictly, read leniently
receipts                           one event as a receipt
"""

from alerts.returns.hooks import mailgun, postmark, sendgrid, ses
from alerts.returns.hooks.any_provider import read_any

__all__ = ["mailgun", "postmark", "read_any", "sendgrid", "ses"]
