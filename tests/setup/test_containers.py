"""What `compose.yaml` gives its processes."""

from __future__ import annotations

import re
import subprocess
import sys

from config.bootstrap import ROOT

GRACEFUL = "import runpy; print(runpy.run_path('config/gunicorn.py')['graceful_timeout'])"


def test_grace_period_covers_a_graceful_stop() -> None:
    command = [sys.executable, "-c", GRACEFUL]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    grace_period = re.search(
        r"^x-app:.*?^  stop_grace_period: (\d+)s$", compose(), re.DOTALL | re.MULTILINE
    )
    assert grace_period is not None
    assert int(grace_period.group(1)) > int(done.stdout)


def test_all_containers_share_one_valkey() -> None:
    app = re.search(r"^x-app:.*?^services:", compose(), re.DOTALL | re.MULTILINE)
    assert app is not None
    assert "REDIS_URL: redis://valkey:6379/0" in app.group()
    assert re.search(r"^  valkey:\n    image: valkey/valkey:", compose(), re.MULTILINE)
    assert "valkey: {condition: service_healthy}" in compose()


def compose() -> str:
    return (ROOT / "compose.yaml").read_text()
