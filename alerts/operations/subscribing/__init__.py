"""Subscribers and what they subscribe to, one at a time, as operators manage them.

subscribers           added, changed, paused, resumed, removed
subscriptions         what one subscriber gets, by name
requested             subscriptions as people write them, looked up
altering              one change: read, altered, written, audited, begun again if beaten
addresses             one spelling per destination
subscriber_details    a subscriber as every door shows one
searching             found by address, name, region, tag and state, a page at a time
subscription_preview  what subscriptions would have brought in the last days
muting                one situation muted for one person, and heard of again
suppressing           standing reasons not to send to an address
unsubscribing         the end of all that an address gets, by its own link
merging               two subscribers who are one person become one
erasing               all that is kept of somebody goes, but for a hash
"""
