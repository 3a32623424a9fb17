"""Every reader is given octets that nobody has thought of, each in a process of its own.

`python -m tests.fuzz.readers --seconds 300` says how many inputs each was given. Exit 1 if one of them raised
what is no BadInput, hung, or took 2 GB: its trace is printed, and the file that did it stays in this folder.
"""

import argparse
import re
import subprocess
import sys

READERS = ("cap", "feed", "json", "markdown", "text", "html", "word", "pdf", "mail", "returns", "hooks")
_TRIED = re.compile(r"stat::number_of_executed_units: +(\d+)")


def main() -> int:
    words = argparse.ArgumentParser(prog="python -m tests.fuzz.readers", description=__doc__)
    words.add_argument("--seconds", type=int, default=60, help="for each reader")
    words.add_argument(
        "readers", nargs="*", metavar="READER", help=f"of {', '.join(READERS)}; all, if none is named"
    )
    asked = words.parse_args()
    found = [reader for reader in asked.readers or READERS if not is_sound(reader, asked.seconds)]
    return 1 if found else 0


def is_sound(reader: str, seconds: int) -> bool:
    """Whether nothing was found in these seconds."""
    command = [sys.executable, "-m", "tests.fuzz.reading", reader, f"-max_total_time={seconds}"]
    done = subprocess.run(command, stderr=subprocess.PIPE, text=True, errors="replace", check=False)
    tried = _TRIED.search(done.stderr)
    print(f"{reader}: {int(tried[1]) if tried else 0:,} inputs, exit {done.returncode}", flush=True)
    if done.returncode:
        print(done.stderr[-4_000:], flush=True)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
