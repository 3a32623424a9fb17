"""One run, or several: `python -m tests.torture --seed 1 --runs 20`. A line each; exit 1 if any broke."""

import argparse
import json
import sys
import tempfile
from pathlib import Path

from tests.torture.run import torture


def main() -> int:
    words = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    words.add_argument("--seed", type=int, default=1, help="of the first run")
    words.add_argument("--runs", type=int, default=1)
    words.add_argument("--people", type=int, default=40)
    words.add_argument("--situations", type=int, default=8)
    words.add_argument("--chaos", type=float, default=45, help="seconds of it, at least")
    words.add_argument("--urgent", type=float, default=0.6, help="part of the situations that is urgent")
    words.add_argument("--keep", type=Path, help="a folder to leave logs in")
    asked = words.parse_args()
    broken = 0
    for seed in range(asked.seed, asked.seed + asked.runs):
        with tempfile.TemporaryDirectory() as made:
            folder = asked.keep / str(seed) if asked.keep else Path(made) / "run"
            figures, kept = torture(
                seed, folder, asked.people, asked.situations, asked.chaos, urgent_share=asked.urgent
            )
        print(json.dumps(figures), flush=True)
        broken += not kept
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
