"""Subscribers as tables: imported, exported, kept the same as another system's list.

lines         the bytes of a table, by lines, in bounded memory
tables        CSV and JSON lines, row by row
columns       the columns as others name them
rows          what a row of subscriptions holds
asked         what a file asks for one person
asked_people  whom a file names, laid down until it is written
person_codes  a number for every person, in bounded memory
importing     a file adds and changes whom it names, and nobody else
imported      what is said of an import
rejects       the lines that were left out, to correct and feed again
syncing       a file as the whole list: who leaves, and the way back
exporting     everybody as rows that `importing` reads back
"""
