"""Measure what counting a request for its key's limit costs: `python -m tests.benchmarks.limits`.

Without Redis. Several processes count for one key at once; their counts must add up.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from stores.counters import append  # noqa: E402

REQUESTS, PROCESSES = 20_000, 3


def count(folder: str) -> tuple[float, float, int]:
    """Count requests. Return milliseconds of CPU and of time a request, and the greatest count."""
    greatest = 0
    cpu, began = time.process_time(), time.perf_counter()
    for _ in range(REQUESTS):
        greatest = append(Path(folder), "60-1", "key", REQUESTS * PROCESSES)
    took, cpu = time.perf_counter() - began, time.process_time() - cpu
    return 1000 * cpu / REQUESTS, 1000 * took / REQUESTS, greatest


def main() -> None:
    with TemporaryDirectory() as folder, multiprocessing.Pool(PROCESSES) as pool:
        folders = [f"{folder}/counters"] * PROCESSES
        cpus, times, counts = zip(*pool.map(count, folders, chunksize=1), strict=True)
    if max(counts) != REQUESTS * PROCESSES:
        raise SystemExit(f"{max(counts)} of {REQUESTS * PROCESSES} requests were counted.")
    sys.stdout.write(f"CPU {max(cpus):.4f} ms, time {max(times):.4f} ms a request, all counted\n")


if __name__ == "__main__":
    main()
