"""`measureplan assets`: makes the chart library, compiles the catalogues and collects the static files."""

import argparse
import os

from measureplan import assets
from measureplan.commands.inside import add_data_dir
from measureplan.place import place


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_data_dir(parser)


def run(options: argparse.Namespace) -> int:
    where = place(options.data_dir)
    os.environ["MP_DATA_DIR"] = str(where.folder)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "measureplan.settings")
    print("built" if assets.prepare(where.folder / "static") else "nothing has changed")
    return 0
