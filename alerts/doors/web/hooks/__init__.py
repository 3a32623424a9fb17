"""`/hooks/…`: what mail providers post about the mails they were given. Each is off until its setting is set.

ses, sendgrid, mailgun, postmark   a provider each, thin: `operations.hooks` proves, reads and takes in
posting                            the body of a post, bounded; the answer to it
"""

from fastapi import APIRouter

from alerts.doors.web.hooks import mailgun, postmark, sendgrid, ses

router = APIRouter(prefix="/hooks")
for provider in (ses, sendgrid, mailgun, postmark):
    router.include_router(provider.router)
