"""`python -m bench [NAME] [--quick]`: measure everything or one; `--quick` is small and writes nothing."""

import argparse
import json
import subprocess
import sys
import time

from bench import (
    api,
    cost,
    matching,
    own_pages,
    preview,
    receipts,
    report,
    slack,
    syncing,
    throughput,
    urgent,
    wan,
)

BENCHES = {
    "throughput": throughput.run,
    "wan": wan.run,
    "urgent": urgent.run,
    "cost": cost.run,
    "slack": slack.run,
    "matching": matching.run,
    "api": api.run,
    "receipts": receipts.run,
    "syncing": syncing.run,
    "preview": preview.run,
    "pages": own_pages.run,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("name", nargs="?", choices=BENCHES)
    parser.add_argument("--quick", action="store_true", help="small sizes, nothing is written")
    parser.add_argument("--bare", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.bare:
        print(json.dumps(BENCHES[chosen.name](chosen.quick)))
        return 0
    found: dict[str, float] = {}
    names = [chosen.name] if chosen.name else list(BENCHES)
    for name in names:
        found |= _measured(name, chosen.quick)
    print("\n".join([report.machine(), "", *report.table(found), "", *report.others(found)]))
    if not chosen.quick:
        report.write(found, names)
    return 0


def _measured(name: str, quick: bool) -> dict[str, float]:
    """One benchmark in a process of its own: settings and connections of one must not reach the next."""
    print(f"{name} …", file=sys.stderr, end=" ", flush=True)
    began = time.monotonic()
    command = [sys.executable, "-m", "bench", name, "--bare", *(["--quick"] if quick else [])]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    print(f"{time.monotonic() - began:.0f} s", file=sys.stderr)
    return dict(json.loads(done.stdout))


if __name__ == "__main__":
    raise SystemExit(main())
