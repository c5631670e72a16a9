"""`measureplan person`: what is stored of one person: shown, handed over as a file, or erased."""

import argparse
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils import timezone

from measureplan.bad_input import BadInput
from measureplan.commands.inside import add_data_dir, installation

if TYPE_CHECKING:
    from measureplan.persons import Asked
    from tracking.rights.finding import Found
    from tracking.rights.subject import Subject

KINDS = ("user", "visitor", "transaction")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("act", choices=("find", "export", "erase"), help="erase removes for good what find shows")
    parser.add_argument("--workspace", required=True, metavar="SLUG", help="the workspace's address")
    named = parser.add_mutually_exclusive_group(required=True)
    for kind in KINDS:
        named.add_argument(f"--{kind}", metavar="ID", help=f"the person by a {kind} id; - reads it from standard input")
    parser.add_argument("--to", type=Path, metavar="FILE", help="where the zip of an export goes; default person.zip")
    parser.add_argument("--yes", action="store_true", help="erase without asking")
    add_data_dir(parser)


def run(options: argparse.Namespace) -> int:
    with installation(options):
        process = import_module("measureplan.persons")
        try:
            return _act(options)
        except process.Refused as refusal:
            raise BadInput(str(refusal)) from refusal
        except FileExistsError as fault:
            raise BadInput(f'"{fault.filename}" is there already; name another file by --to') from fault


def _act(options: argparse.Namespace) -> int:
    persons = import_module("measureplan.persons")
    asked = _asked(options)
    subject, found = persons.find(asked)
    print("\n".join(_lines(subject, found)))
    if options.act == "export":
        to = options.to or Path("person.zip")
        persons.export(asked, to, now=timezone.now())
        print(f"written to {to}")
    elif options.act == "erase":
        if not options.yes and input('Erase this for good? Type "yes": ').strip() != "yes":
            raise BadInput("nothing was erased")
        row = persons.erase(asked)
        print(f"{row}: done; " + ", ".join(f"{count} {name}" for name, count in row.removed.items()))
    return 0


def _asked(options: argparse.Namespace) -> "Asked":
    kind = next(kind for kind in KINDS if getattr(options, kind) is not None)
    name = getattr(options, kind)
    if name == "-":  # an argument can be read by everybody on the machine, and stays in the shell's history
        name = sys.stdin.readline().rstrip("\n")
    asked: Asked = import_module("measureplan.persons").Asked(workspace=options.workspace, named_by=kind, name=name)
    return asked


def _lines(subject: "Subject", found: "Found") -> list[str]:
    orders = [order.transaction_id for order in subject.orders]
    ids = {
        "user ids": subject.users,
        "visitor ids": subject.visitors,
        "transaction ids": orders,
        "shared devices, of which only what was done signed in is meant": subject.shared,
    }
    events = [f"{found.events} events" + (f" from {found.first} to {found.last}" if found.events else "")]
    return events + [f"{name}: {', '.join(each)}" for name, each in ids.items() if each]
