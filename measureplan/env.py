"""Typed reads of environment variables; a bad value stops the start with its name."""

import os
from pathlib import Path


class BadSetting(ValueError):
    """An environment variable that can't be used; the message names it, its value and the mend."""


def text(name: str, default: str = "") -> str:
    """Give the variable's text, without surrounding blanks."""
    return os.environ.get(name, default).strip()


def integer(name: str, default: int, *, least: int = 0) -> int:
    """Give the variable as a whole number of at least `least`."""
    raw = text(name)
    if not raw:
        return default
    try:
        value = int(raw)
    except ValueError:
        raise BadSetting(f'{name}="{raw}" is not a whole number; set one of {least} or more') from None
    if value < least:
        raise BadSetting(f'{name}="{raw}" is too small; set {least} or more')
    return value


def flag(name: str, *, default: bool) -> bool:
    """Give the variable as yes or no."""
    raw = text(name).lower()
    if not raw:
        return default
    if raw in {"1", "true", "yes", "on"}:
        return True
    if raw in {"0", "false", "no", "off"}:
        return False
    raise BadSetting(f'{name}="{raw}" is neither yes nor no; set 1 or 0')


def choice(name: str, among: tuple[str, ...], default: str) -> str:
    """Give the variable as one of some words."""
    raw = text(name, default) or default
    if raw not in among:
        raise BadSetting(f'{name}="{raw}" is unknown; set {" or ".join(among)}')
    return raw


def names(name: str, default: tuple[str, ...] = ()) -> list[str]:
    """Give the variable's comma-separated parts."""
    parts = [part.strip() for part in text(name).split(",")]
    return [part for part in parts if part] or list(default)


def path(name: str, default: Path) -> Path:
    """Give the variable as an absolute path."""
    raw = text(name)
    return (Path(raw).expanduser() if raw else default).resolve()
