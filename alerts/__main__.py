"""`python -m alerts` is `alerts`."""

from alerts.doors.cli import main

main()
