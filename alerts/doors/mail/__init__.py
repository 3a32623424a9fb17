"""The mail door: mails that come back, from the mail server beside it, by LMTP or SMTP. It sends nothing.

listener  one session after the other, bounded; each mail is taken in before it is acknowledged
"""
