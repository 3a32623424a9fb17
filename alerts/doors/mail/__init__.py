"""The mail door: mails that come back, from the mail server beside it or out of a mailbox. It sends nothing.

listener  LMTP and SMTP: one session after the other, bounded; each mail is taken in before it is acknowledged
mailbox   IMAP: what waits is taken in and then moved, by one process at a time
"""
