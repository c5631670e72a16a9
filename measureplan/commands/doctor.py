"""`measureplan doctor`: checks the installation and says what is wrong in words."""

import argparse
from importlib import import_module

from measureplan.commands.inside import add_data_dir, installation

MARKS = {True: "ok  ", False: "FAIL"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_data_dir(parser)


def run(options: argparse.Namespace) -> int:
    healthy = True
    with installation(options, migrated=False):
        # Models can be imported only now that Django is ready.
        examine = import_module("measureplan.doctor").examine
        for finding in examine():
            healthy = healthy and not finding.fault
            print(f"{MARKS[not finding.fault]} {finding.name:12} {finding.fault or finding.detail}".rstrip())
    return 0 if healthy else 1
