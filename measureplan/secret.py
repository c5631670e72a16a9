"""The key that signs sessions and links, made once where none is given."""

import os
import secrets
from pathlib import Path


def kept_in(folder: Path) -> str:
    """Give the key kept in the folder; make it on first use, readable by its owner only."""
    file = folder / "secret_key"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        _write_once(file, secrets.token_urlsafe(64))
    return file.read_text().strip()


def _write_once(file: Path, key: str) -> None:
    # Two processes may start at once: each writes its own draft, and the link of one of them wins.
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as opened:
        opened.write(key)
    try:
        os.link(draft, file)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
