"""The protocols' list, and the contract that keeps vendors apart."""

import tomllib
from pathlib import Path

from tracking import protocols
from tracking.protocols.registry import PROTOCOLS

ROOT = Path(__file__).parents[3]
CONTRACT = "No vendor's protocol knows another's"


def test_each_file_of_a_vendor_stands_in_the_contract_that_keeps_vendors_apart() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (contract,) = [each for each in settings["tool"]["importlinter"]["contracts"] if each["name"] == CONTRACT]
    vendors = {protocol.read.__module__.split(".")[2] for protocol in PROTOCOLS.values()} - {"own"}
    files = {path.stem for path in Path(*protocols.__path__).iterdir()}
    theirs = {name for name in files if any(name == vendor or name.startswith(f"{vendor}_") for vendor in vendors)}
    assert theirs, "needs a vendor"
    assert set(contract["modules"]) == {f"tracking.protocols.{name}" for name in theirs}


def test_no_two_protocols_have_an_address_in_common() -> None:
    paths = [route.path for protocol in PROTOCOLS.values() for route in protocol.routes]
    assert len(paths) == len(set(paths))
