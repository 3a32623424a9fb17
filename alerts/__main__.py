"""`python -m alerts` is `alerts`."""

from alerts.cli import main

main()
