"""`python -m tests.fuzz [--seconds N] [--seed N]`: both. Exit 1 if either found something."""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.fuzz import client, requests, stage


def main() -> int:
    words = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    words.add_argument("--seconds", type=int, default=240, help="how long requests are thought of, about")
    words.add_argument("--seed", type=int, default=1)
    asked = words.parse_args()
    with tempfile.TemporaryDirectory(prefix="alerts-fuzz-") as made, stage.door(Path(made)) as running:
        told = client.tells_the_whole_story(running, Path(made))
        sound = requests.find_nothing(running, asked.seconds, asked.seed)
    return 0 if told and sound else 1


if __name__ == "__main__":
    sys.exit(main())
