"""Pure rules: no clock, no I/O, no chance. Time and randomness are passed in."""
