"""The protocols' list, and the contract that keeps vendors apart."""

import tomllib
from pathlib import Path

from tracking.protocols.registry import PROTOCOLS

ROOT = Path(__file__).parents[3]
CONTRACT = "No vendor's protocol knows another's"


def test_each_vendor_stands_in_the_contract_that_keeps_vendors_apart() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (contract,) = [each for each in settings["tool"]["importlinter"]["contracts"] if each["name"] == CONTRACT]
    vendors = {protocol.read.__module__.split(".")[2] for protocol in PROTOCOLS.values()} - {"own"}
    assert set(contract["modules"]) == {f"tracking.protocols.{vendor}" for vendor in vendors}


def test_no_two_protocols_have_an_address_in_common() -> None:
    paths = [route.path for protocol in PROTOCOLS.values() for route in protocol.routes]
    assert len(paths) == len(set(paths))
