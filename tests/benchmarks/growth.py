"""Compare the cost of calls on a small and a large database: `python -m tests.benchmarks.growth SMALL LARGE`.

Both are URLs of databases filled by `tests.benchmarks.load`. Print the CPU time of a request in each.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys

BENCH = [sys.executable, "-W", "ignore", "-m", "tests.benchmarks.bench", "--alone"]


def costs(url: str, seconds: str) -> dict[str, float]:
    """Return the CPU time of a request in ms, by call."""
    command, environment = [*BENCH, "--seconds", seconds], os.environ | {"DATABASE_URL": url}
    run = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    lines = [[cell.strip() for cell in line.split("|")] for line in run.stdout.splitlines()[2:]]
    return {cells[1]: float(cells[5]) for cells in lines}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("small")
    parser.add_argument("large")
    parser.add_argument("--seconds", default="2", help="of each round")
    asked = parser.parse_args()
    small, large = costs(asked.small, asked.seconds), costs(asked.large, asked.seconds)
    sys.stdout.write("| call | small, CPU ms | large, CPU ms | ratio |\n|---|---|---|---|\n")
    for name in [name for name in small if name in large]:  # offsets differ
        ratio = large[name] / small[name]
        sys.stdout.write(f"| {name} | {small[name]:.2f} | {large[name]:.2f} | {ratio:.2f} |\n")


if __name__ == "__main__":
    main()
