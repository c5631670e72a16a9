"""Makes vendor/vega.js from the library that vl-convert carries: no Node, no network, never committed."""

from pathlib import Path
from typing import Final

import vl_convert

# An ES module with one name. vega-embed brings vega, vega-lite and the interpreter that `ast: true` turns on;
# nobody else needs those.
SNIPPET: Final = "export { vegaEmbed };"


def build(target: Path) -> bool:
    """Write `target`/vega.js unless it is there in this version; say whether it was written.

    target   static/vendor: the folder is made where it is missing
    """
    library = target / "vega.js"
    stamp = target / "vega.version"
    version = f"{vl_convert.__version__} {SNIPPET}"
    if library.exists() and stamp.exists() and stamp.read_text(encoding="utf-8") == version:
        return False
    target.mkdir(parents=True, exist_ok=True)
    # The stamp comes last: a build that was cut off is done again.
    stamp.unlink(missing_ok=True)
    library.write_text(vl_convert.javascript_bundle(SNIPPET), encoding="utf-8")
    stamp.write_text(version, encoding="utf-8")
    return True
