"""What one delivery costs, from a thousand to a million in one digest: CPU, Redis, workers' memory."""

import time

from bench.scene import Scene, draft, people, running, scene, sink, until

#: How many people, and the region they are asked to live in. None of these overlap.
SIZES = {1_000: "UA", 10_000: "DE", 100_000: "KE", 1_000_000: "BR"}
QUICK = (1_000, 10_000)
WARM, WARM_PEOPLE = "JP", 300


def run(quick: bool) -> dict[str, float]:
    sizes = QUICK if quick else tuple(SIZES)
    command, port = sink()
    found: dict[str, float] = {}
    with scene(smtp_url=f"smtp://127.0.0.1:{port}") as stage, running(command, port):
        stage.subscribe(people(WARM_PEOPLE, WARM))
        first = WARM_PEOPLE
        for size in sizes:
            stage.subscribe(people(size, SIZES[size], first))
            first += size
        for size in sizes:
            found |= _one_digest(stage, size)
    found["ledger.bytes_per_delivery"] = found[f"ledger.bytes_all_told_{sizes[-1]}"]
    if not quick:
        found["memory.worker_mb_1m"] = found["memory.worker_mb_1000000"]
    return found


def _one_digest(stage: Scene, size: int) -> dict[str, float]:
    with stage.workers() as workers:
        stage.publish(draft(f"warm-{size}", WARM))  # connections, scripts and templates are there from now on
        stage.until_sent(f"warm-{size}", WARM_PEOPLE)
        _settled(stage, f"warm-{size}")
        before, at_rest = stage.memory(), workers.usage()
        began = time.monotonic()
        stage.publish(draft(f"to-{size}", SIZES[size]))
        took = stage.until_sent(f"to-{size}", size, every_s=0.1) - began
        used = workers.usage()
        _settled(stage, f"to-{size}")
        kept = stage.memory() - before
    return {
        f"cost.emails_per_s_{size}": size / took,
        f"cost.cpu_us_per_email_{size}": (used.cpu_s - at_rest.cpu_s) / size * 1e6,
        f"ledger.bytes_per_delivery_{size}": _ledger(stage, f"to-{size}") / size,
        f"ledger.bytes_all_told_{size}": kept / size,
        f"memory.worker_mb_{size}": used.peak_mb,
        f"memory.worker_mb_{size}_at_rest": at_rest.peak_mb,
    }


def _settled(stage: Scene, update: str) -> None:
    """Wait for the last batch to be given back, and for the servers to put away what they worked with."""
    [digest] = stage.services.updates.digests(update)
    until(lambda: stage.services.digests.progress([digest])[digest].state == "done", "a batch is not settled")
    time.sleep(1)


def _ledger(stage: Scene, update: str) -> int:
    """Bytes of a digest with its message and all its batches, as the server counts them key by key."""
    digests = stage.services.digests
    [name] = stage.services.updates.digests(update)
    key = f"{stage.services.settings.key_prefix}digest:{name}"
    batches = range(1, digests.progress([name])[name].batches + 1)
    with stage.services.server.client.pipeline(transaction=False) as pipe:
        for part in (key, f"{key}:message", f"{key}:audiences", *(f"{key}:batch:{k}" for k in batches)):
            pipe.memory_usage(part)
        return sum(size or 0 for size in pipe.execute())
