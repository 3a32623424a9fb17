"""The doors, thin and equal: they read what is asked, call one operation, and print what came of it."""
