"""One run, or several: `python -m tests.torture --seed 1 --runs 20`. A line each; exit 1 if any broke.

With `--calm` the same faults are rarer and more is urgent, so that `urgent_s` rests on dozens of mails.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path

from tests.torture.run import CALM, STORM, torture


def main() -> int:
    words = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    words.add_argument("--seed", type=int, default=1, help="of the first run")
    words.add_argument("--runs", type=int, default=1)
    words.add_argument("--people", type=int, default=40)
    words.add_argument("--situations", type=int, help="8; calm: 14")
    words.add_argument("--chaos", type=float, help="seconds of it, at least: 45; calm: 120")
    words.add_argument("--urgent", type=float, help="part of the situations that is urgent: 0.6; calm: 0.9")
    words.add_argument("--calm", action="store_true", help="faults are rare, and more is urgent")
    words.add_argument("--keep", type=Path, help="a folder to leave logs in")
    asked = words.parse_args()
    situations, chaos_s, urgent, weather = (14, 120.0, 0.9, CALM) if asked.calm else (8, 45.0, 0.6, STORM)
    broken = 0
    for seed in range(asked.seed, asked.seed + asked.runs):
        with tempfile.TemporaryDirectory() as made:
            folder = asked.keep / str(seed) if asked.keep else Path(made) / "run"
            figures, kept = torture(
                seed,
                folder,
                asked.people,
                asked.situations or situations,
                asked.chaos or chaos_s,
                urgent if asked.urgent is None else asked.urgent,
                weather,
            )
        print(json.dumps(figures), flush=True)
        broken += not kept
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
