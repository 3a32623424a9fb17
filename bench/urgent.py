"""How long an urgent update takes to reach 100 people while 200,000 routine deliveries wait."""

import time

from alerts.model import Severity
from bench.scene import Scene, draft, people, running, scene, sink

BACKLOG, QUICK_BACKLOG = 200_000, 20_000
PEOPLE = 100
PUBLISHES, QUICK_PUBLISHES = 40, 6
#: More than is sent between two publishes: the backlog is never short.
RESERVE = 20_000
#: Seconds between two publishes, so that each meets the workers in another moment of their work.
PAUSE_S = 0.37


def run(quick: bool) -> dict[str, float]:
    backlog = QUICK_BACKLOG if quick else BACKLOG
    publishes = QUICK_PUBLISHES if quick else PUBLISHES
    command, port = sink()
    with scene(smtp_url=f"smtp://127.0.0.1:{port}") as stage, running(command, port):
        stage.subscribe(people(backlog, "DE"))
        stage.subscribe(people(PEOPLE, "UA", first=backlog))
        with stage.workers():
            routine = 0
            took = []
            for number in range(publishes):
                while routine * backlog - _sent(stage, routine) < backlog + RESERVE:
                    routine += 1
                    stage.publish(draft(f"routine-{routine}", "DE"))
                time.sleep(PAUSE_S)
                took.append(_urgent(stage, f"urgent-{number}"))
                waiting = routine * backlog - _sent(stage, routine)
                if waiting < backlog:
                    raise AssertionError(f"only {waiting} routine deliveries were still waiting")
    took.sort()
    return {
        "urgent.p50_s": took[len(took) // 2],
        "urgent.p99_s": took[min(len(took) - 1, int(len(took) * 0.99))],
        "urgent.publishes": len(took),
        "urgent.backlog": backlog,
    }


def _sent(stage: Scene, routine: int) -> int:
    return sum(
        sum(n for s, n in stage.counts(f"routine-{r}").items() if not s.owed) for r in range(1, routine + 1)
    )


def _urgent(stage: Scene, update: str) -> float:
    """Seconds from publishing to the last of the 100 being recorded as sent."""
    began = time.monotonic()
    stage.publish(draft(update, "UA", Severity.EXTREME))
    return stage.until_sent(update, PEOPLE, every_s=0.005) - began
