"""`measureplan demo`: the same as `up`, with a made-up shop in it."""

import argparse

from measureplan.commands import up

DEFAULT_FOLDER = "demo"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    up.add_arguments(parser, folder=DEFAULT_FOLDER)


def run(options: argparse.Namespace) -> int:
    return up.start(options, folder=DEFAULT_FOLDER, filled=True)
