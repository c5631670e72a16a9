"""`measureplan migrate`: brings the database to today's shape, as its owner."""

import argparse

from measureplan.commands.inside import add_data_dir, installation


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_data_dir(parser)


def run(options: argparse.Namespace) -> int:
    with installation(options):
        print("the database is in today's shape")
    return 0
