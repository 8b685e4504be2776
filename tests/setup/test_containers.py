"""What `compose.yaml` promises to the processes that it runs."""

from __future__ import annotations

import re
import subprocess
import sys

from config.bootstrap import ROOT

GRACEFUL = "import runpy; print(runpy.run_path('config/gunicorn.py')['graceful_timeout'])"


def test_a_stopped_server_has_the_time_to_finish_its_requests() -> None:
    command = [sys.executable, "-c", GRACEFUL]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    found = re.search(
        r"^x-app:.*?^  stop_grace_period: (\d+)s$", compose(), re.DOTALL | re.MULTILINE
    )
    assert found is not None
    assert int(found.group(1)) > int(done.stdout)


def compose() -> str:
    return (ROOT / "compose.yaml").read_text()
