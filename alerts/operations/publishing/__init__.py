"""Updates on their way in and out again: read, previewed, published, held, released, ended. Before the walk.

readings              files become readings, each with its name
preparing             a reading and what its publisher adds become a draft
publishing            complete, plan, confirm, tags, hold, publish: the order of it
plans                 what a preview was of: that is published, or nothing
previewing            who would get a draft, when and why
foreseen              what that preview says, in numbers and by name
sampling              a message as one of its readers would see it
preview_sending       one update to one address, marked as a preview
reach                 how many people a revision is for
expiry                what is over before anybody could be told is not published
recent_stories        what reads like an update of late and has no id
situations            messages become revisions of what they are about, in any order
dropped_files         a file of a hot folder, published with nobody to ask
previously_delivered  to whom a correction or an end goes
releasing             what is held goes out now
undoing               a held revision is taken back
ending                closed because it is over, retracted because it was wrong
withdrawing           undone if held, else closed: for programs
"""
