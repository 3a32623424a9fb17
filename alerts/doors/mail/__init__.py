"""The mail door: what comes back, and updates, from the mail server beside it or a mailbox. It sends nothing.

listener  LMTP and SMTP: one session after the other, bounded; each mail is taken in before it is acknowledged
mailbox   IMAP: what waits is taken in and then moved, by one process at a time
"""
