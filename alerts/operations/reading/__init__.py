"""Updates as they are looked at: by operators, by whoever has a message, by everybody.

updates         found, seen whole, read revision by revision
whole_updates   what the link in a message opens
public_updates  what everybody may read
"""
