"""A hurricane season of Mexico's weather service, or the days of it that are asked for, or any stream of CAP.

`python -m tests.national --seed 1 --runs 3`. A line of figures for each; exit 1 if a promise was broken.
"""

import argparse
import json
import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from tests.national.country import AUSTRIA, MEXICO
from tests.national.naive import read
from tests.national.replay import replay
from tests.torture.run import Weather

SEASON = Path(__file__).parents[3] / "shared/corpora/feeds/mx_smn_2014_embedded_cap_open.atom"
#: Something is killed every 5 to 30 seconds: several times between two bulletins of one storm.
WEATHER = Weather({"kill": 4, "kill all": 2, "stop": 1, "doorbells": 1}, (5, 30), 0)


def main() -> int:
    words = argparse.ArgumentParser(prog="python -m tests.national", description=__doc__)
    words.add_argument("stream", type=Path, nargs="?", default=SEASON, help="a feed, or a folder of .cap")
    words.add_argument("--country", choices=["mexico", "austria"], default="mexico")
    words.add_argument(
        "--from", dest="begin", type=datetime.fromisoformat, help="such as 2014-09-16T00:00-05:00"
    )
    words.add_argument("--days", type=float, default=1.0, help="with --from: how many")
    words.add_argument("--seed", type=int, default=1, help="of the first run")
    words.add_argument("--runs", type=int, default=1)
    words.add_argument("--people", type=int, default=60)
    words.add_argument("--speed", type=float, default=100.0)
    words.add_argument("--pause-max", type=float, default=2.0, help="seconds between two bulletins, at most")
    words.add_argument("--keep", type=Path, help="a folder to leave logs in")
    asked = words.parse_args()
    messages = read(asked.stream, {"mexico": MEXICO, "austria": AUSTRIA}[asked.country])
    if asked.begin:
        end = asked.begin + timedelta(days=asked.days)
        messages = [message for message in messages if asked.begin <= message.sent < end]
    broken = 0
    for seed in range(asked.seed, asked.seed + asked.runs):
        with tempfile.TemporaryDirectory() as made:
            figures, kept = replay(
                messages,
                seed,
                (asked.keep or Path(made)) / str(seed),
                people=asked.people,
                speed=asked.speed,
                pause_max_s=asked.pause_max,
                weather=WEATHER,
                digests=True,
            )
        print(json.dumps(figures, ensure_ascii=False), flush=True)
        broken += not kept
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
