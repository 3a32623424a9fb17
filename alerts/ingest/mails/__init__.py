"""A mail of a desk: its words, its attachments, who it is from. Bytes in, values out; nobody is believed.

structure       a mail taken apart within bounds: fields, and parts in the order of reading
letters         the octets of a part as text, whatever its charset claims to be
subjects        the subject as a headline, without “Re:” and its like
words           what a person wrote, without what they quote, sign, forward and close with
forwarding      where a forwarded mail begins, and where what is answered does
attachments     what counts as one, and what is left out
reading         all of it: what the mail says, and a note of whatever was left out
slimming        the mail without the octets that nobody reads
envelopes       whom it is for, who says that they wrote it, which mail it is
authenticating  whether the own relay bears that out (RFC 8601)
"""
