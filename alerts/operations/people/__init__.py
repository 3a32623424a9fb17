"""What people do for themselves, by a link that is theirs alone.

joining            asked for on a page, confirmed by whoever reads the mail
inviting           asked whether they want alerts; none before they confirm
invitations        who has not answered yet
opting_out         not to be invited again, or mailed what others ask for
coming_in          to the own page, by a link mailed to the address alone
own_page           what a person sees and changes there
undoing            their last change there taken back, whatever it was
own_subscription   one subscription, as its holder changes it there
subscription_form  what is typed in its form, as a query that any link can carry
choosing_places    what its form offers: places, tags, time zones
looking_back       what became of theirs: sent, to come, not for them
person_data        all that is kept of one person, for them to read
leaving            one subscription ended by the link in an email, and back
"""
