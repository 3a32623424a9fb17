"""THE WALK: publish → match | open → render → fan out → send → settle. `steps` is the table of all steps."""
