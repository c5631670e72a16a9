"""The `measureplan` command: its subcommands, each in a module that is imported only when asked for."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import NoReturn, Protocol, cast

from measureplan.bad_input import BadInput

BAD_INPUT = 2  # the exit code of argparse for wrong arguments; wrong files get the same


class Subcommand(Protocol):
    """What the module of a subcommand offers."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the arguments."""

    def run(self, options: argparse.Namespace) -> int:
        """Do it; give the exit code; raise BadInput for what the person can put right."""


@dataclass(frozen=True, slots=True)
class Command:
    """Register one subcommand.

    module       imported when the command is asked for, and not before
    """

    name: str
    module: str
    help: str

    @property
    def sentence(self) -> str:
        return f"{self.help[0].upper()}{self.help[1:]}."


COMMANDS = (
    Command("up", "measureplan.commands.up", "start database, web, workers and beat"),
    Command("demo", "measureplan.commands.demo", "start it all with a made-up shop to look at"),
    Command("attribute", "measureplan.attribute", "credit channels with the conversions in a file of events"),
    Command("import", "measureplan.commands.import_file", "import a file of events or a web server's log"),
    Command("person", "measureplan.commands.person", "show, export or erase what is stored of one person"),
    Command("bootstrap", "measureplan.commands.bootstrap", "make a workspace, its keys and a token, for scripts"),
    Command("fill-demo", "measureplan.commands.fill_demo", "fill the demo workspace; `demo` calls it"),
    Command("migrate", "measureplan.commands.migrate", "bring the database to today's shape"),
    Command(
        "assets", "measureplan.commands.assets", "make what is not committed: chart library, translations, static files"
    ),
    Command("doctor", "measureplan.commands.doctor", "check the installation and say what is wrong"),
)


class OneLineParser(argparse.ArgumentParser):
    """Says in one line what was wrong with the arguments."""

    def error(self, message: str) -> NoReturn:
        self.exit(BAD_INPUT, f"{self.prog}: {message} ({self.prog} --help lists what there is)\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; give the exit code."""
    arguments = sys.argv[1:] if argv is None else list(argv)
    chosen = next((command for command in COMMANDS if arguments[:1] == [command.name]), None)
    parser = OneLineParser(prog="measureplan", description="Write a measurement plan, and see whether it comes true.")
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for command in COMMANDS:
        subparser = subparsers.add_parser(command.name, help=command.help, description=command.sentence)
        if command is chosen:
            subcommand = cast("Subcommand", import_module(command.module))
            subcommand.add_arguments(subparser)
    options = parser.parse_args(arguments)
    try:
        return subcommand.run(options)
    except BadInput as refusal:
        print(f"measureplan {options.command}: {refusal}", file=sys.stderr)
        return BAD_INPUT


if __name__ == "__main__":
    sys.exit(main())
