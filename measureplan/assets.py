"""Makes what is not committed: vendor/vega.js, compiled catalogues, collected static files. No Node, no network.

The chart library is the one that vl-convert carries.
"""

import hashlib
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import Final

import vl_convert

from measureplan import catalogues

ROOT: Final = Path(__file__).resolve().parent.parent
STATIC: Final = ROOT / "static"
VENDOR: Final = STATIC / "vendor"  # generated, so never committed

# An ES module with one name. vega-embed brings vega, vega-lite and the interpreter that `ast: true` turns on;
# nobody else needs those.
SNIPPET: Final = "export { vegaEmbed };"


def build(target: Path = VENDOR) -> bool:
    """Write `target`/vega.js unless it is there in this version; say whether it was written."""
    if is_built(target):
        return False
    target.mkdir(parents=True, exist_ok=True)
    # The stamp comes last: a build that was cut off is done again.
    _stamp(target).unlink(missing_ok=True)
    (target / "vega.js").write_text(vl_convert.javascript_bundle(SNIPPET), encoding="utf-8")
    _stamp(target).write_text(_version(), encoding="utf-8")
    return True


def is_built(target: Path = VENDOR) -> bool:
    """Say whether the library is there, in the version that this installation would make."""
    stamp = _stamp(target)
    return (target / "vega.js").exists() and stamp.exists() and stamp.read_text(encoding="utf-8") == _version()


def prepare(collected: Path) -> bool:
    """Build the library, compile the catalogues, collect all static files into `collected`; say if anything was done.

    collected   STATIC_ROOT

    A second start finds nothing changed and takes milliseconds.
    """
    built = build() | bool(catalogues.compile_changed())
    stamp = collected / "collected.version"
    state = _state_of_sources()
    if stamp.exists() and stamp.read_text(encoding="utf-8") == state:
        return built
    command = [sys.executable, "-m", "django", "collectstatic", "--noinput", "--verbosity", "0"]
    # The caller has named the settings and the data folder in the environment.
    subprocess.run(command, cwd=ROOT, check=True)
    stamp.write_text(state, encoding="utf-8")
    return True


def _version() -> str:
    return f"{metadata.version('vl-convert-python')} {SNIPPET}"


def _stamp(target: Path) -> Path:
    return target / "vega.version"


def _state_of_sources() -> str:
    """Give a digest of what is collected: our own files, and the versions of the packages that bring theirs."""
    digest = hashlib.sha256()
    for path in [*sorted(STATIC.rglob("*")), *sorted((ROOT / "requirements").glob("*.txt"))]:
        facts = path.stat()
        digest.update(f"{path.relative_to(ROOT)} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()
