"""THE WALK: publish → match | open slot → render → fan out → send; catch up, resume and gather beside.

`steps` is the table of all steps, each in the file of its name. `recipients` says who gets what, `overtaking`
what a newer revision does to an older one, `exchange` how a step becomes digests. `batch_sender` is the loop
of sending: `eligibility` before a try, `blanks` in it, `outcomes` and `consequences` after it; `poison` and
`doubts` for what a dead worker left, `earlier_posts` for where a post stands that is to be edited.
"""
