"""A day of a national warning system, judged by a reading of its files that shares no code with the product.

naive     the files as whoever has never seen the product reads them: whose situation, which states, how bad
country   the states of Mexico and Austria, and what their weather services call them
story     which messages come when, twice or late, and who is subscribed to what
replay    publishes them, each until it is answered, while workers and whoever publishes are killed
verdict   compares what the mail server got with the naive reading

`python -m tests.national FOLDER --seed 7` lives through one; `make national` through three.
"""
