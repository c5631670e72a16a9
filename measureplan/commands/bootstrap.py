"""`measureplan bootstrap`: a workspace with owner, source, write key and API token, for scripts."""

import argparse
import json
from importlib import import_module

from django.utils import timezone
from django.utils.text import slugify

from measureplan.bad_input import BadInput
from measureplan.commands.inside import add_data_dir, installation

MOST_TRIES = 1_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--workspace", metavar="SLUG", help="its address; default: workspace, or the first free of workspace-2, -3 …"
    )
    parser.add_argument(
        "--email", default="owner@example.com", help="the address of its owner; default owner@example.com"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    add_data_dir(parser)


def run(options: argparse.Namespace) -> int:
    if options.workspace and options.workspace != slugify(options.workspace):
        raise BadInput(
            f'--workspace "{options.workspace}" is not an address; use {slugify(options.workspace) or "shop"}'
        )
    with installation(options) as where:
        process = import_module("measureplan.bootstrap")
        try:
            made = process.bootstrap(
                slug=options.workspace or process.free_slug(most=MOST_TRIES),
                email=options.email,
                base_url=where.base_url(),
                now=timezone.now(),
            )
        except process.Taken as refusal:
            raise BadInput(str(refusal)) from refusal
    if options.json:
        print(json.dumps(made.as_dict()))
    else:
        for name, value in made.as_dict().items():
            print(f"{name:15} {value or 'as before'}")
    return 0
