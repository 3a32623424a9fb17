"""Whether a provider has posted what claims to be from it: asked of the octets, before what they say is read.

sns        Amazon SNS: a signature by a certificate of Amazon's, and the topic
sendgrid   a signature (ECDSA) of the time and the octets
mailgun    a code (HMAC) of the time and a token, not of the octets: so a token is good for one event alone
postmark   a secret that Postmark was given
ages       how old what was posted may be

All of them raise `NotProved`. Pure: certificates are handed in, and so is the time.
"""

from alerts.returns.proofs import mailgun, postmark, sendgrid, sns
from alerts.returns.proofs.not_proved import NotProved

__all__ = ["NotProved", "mailgun", "postmark", "sendgrid", "sns"]
