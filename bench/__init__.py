"""How fast, how cheap, how flat: every figure this project claims, measured again by `make bench`."""
