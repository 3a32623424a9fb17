"""Files of office programs and browsers → lines of text, each read in a process of its own, within bounds.

content          what was read: lines, and what was left out
bounded          starts the process, waits for it, and ends it
reading_process  that process: bounds itself, then reads one file
word, pdf, web   a kind of file each
"""
