"""What a worker of the web server has done before it takes the first request."""

import subprocess
import sys

TOLD = "import sys, measureplan.wsgi; print(*sorted(sys.modules))"


def test_the_first_visitor_waits_for_no_import() -> None:
    done = subprocess.run([sys.executable, "-c", TOLD], capture_output=True, text=True, check=True, timeout=600)
    assert {"measureplan.urls", "goals.views.plans", "reports.views.overview"} <= set(done.stdout.split())
