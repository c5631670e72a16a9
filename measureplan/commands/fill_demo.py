"""`measureplan fill-demo`: fills the demo workspace; `measureplan demo` runs it in a process of its own."""

import argparse
from importlib import import_module

from django.utils import timezone

from measureplan.commands.inside import add_data_dir, installation


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_data_dir(parser)


def run(options: argparse.Namespace) -> int:
    with installation(options, migrated=False) as where:
        filling = import_module("measureplan.demo_filling")
        found = filling.fill_demo(where.folder, now=timezone.now(), say=lambda line: print(line, flush=True))
        print(f"sign in as {found.email} with the password {found.password}", flush=True)
    return 0
