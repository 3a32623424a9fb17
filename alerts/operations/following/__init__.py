"""What became of an update and of each delivery: counted, explained, traced, tried again.

progress           how far the deliveries of an update are, counted
update_status      what became of one update, and what is still owed
deliveries         everybody by name, with what became of theirs
latest_deliveries  the one delivery that counts for each person
pending            what is owed, to whom, since when, and what it waits for
waiting            what waits for the next slot of a clock
explaining         why one person gets an update, later, or not
explaining_many    the same of everybody, or of each on a list
tracing            everything that one person was sent, is owed, or was not sent
following          what happens here, followed from outside
retrying           what failed is owed again
resending          one person gets one update once more
"""
