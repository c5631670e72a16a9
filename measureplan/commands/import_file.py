"""`measureplan import`: a file of events or a web server's log into a workspace, dry run first."""

import argparse
import json
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils import timezone

from measureplan.bad_input import BadInput
from measureplan.commands.inside import add_data_dir, installation

if TYPE_CHECKING:
    from measureplan.importing import Asked, Imported

FORMATS = ("access-log", "ad-report", "conversions", "csv", "ga4", "matomo", "ndjson", "parquet")
HAS_ERRORS = 1  # the exit code where rows with errors keep the file out


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", type=Path, help="CSV, NDJSON, Parquet or an access log, plain or gzip")
    parser.add_argument("--workspace", required=True, metavar="SLUG", help="the workspace's address")
    parser.add_argument("--source", required=True, metavar="NAME", help="whose events they are; made if there is none")
    parser.add_argument("--format", choices=FORMATS, help="default: told by the file's beginning")
    parser.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="FIELD=COLUMN",
        help="the column of a field, or FIELD==TEXT for a constant; may be repeated; the rest is guessed",
    )
    parser.add_argument(
        "--id-from",
        action="append",
        default=[],
        metavar="COLUMN",
        help="a column that tells events apart where they have no id; may be repeated; default: the whole row",
    )
    parser.add_argument(
        "--time-zone", default="UTC", metavar="ZONE", help="the zone of times that name none; default UTC"
    )
    parser.add_argument(
        "--time-format",
        metavar="PATTERN",
        help="how times are written, such as %%d.%%m.%%Y; default: ISO 8601 or epoch",
    )
    parser.add_argument(
        "--decimal", choices=("point", "comma"), help="what stands before decimals; default: told by the first rows"
    )
    parser.add_argument("--encoding", help="such as utf-8 or cp1252; default: told by the file's beginning")
    parser.add_argument(
        "--delimiter", metavar="SIGN", help="such as a semicolon; default: told by the file's beginning"
    )
    parser.add_argument(
        "--host", action="append", default=[], help="a host name of the site's own, for a log; may be repeated"
    )
    parser.add_argument(
        "--part", action="store_true", help="of a GA4 export in several files: nothing goes that this one lacks"
    )
    parser.add_argument("--currency", metavar="CODE", help="of an ad account whose cost report names none")
    parser.add_argument("--good-rows-only", action="store_true", help="rows with errors do not keep the others out")
    parser.add_argument("--apply", action="store_true", help="store the events; without it this is a dry run")
    parser.add_argument("--json", action="store_true", help="print JSON")
    add_data_dir(parser)


def run(options: argparse.Namespace) -> int:
    if not options.file.is_file():
        raise BadInput(f'"{options.file}" is no file; name one')
    with installation(options):
        process = import_module("measureplan.importing")
        try:
            done: Imported = process.import_file(asked(options), now=timezone.now())
        except process.Refused as refusal:
            raise BadInput(str(refusal)) from refusal
        lines = import_module("measureplan.import_show").lines(done)
    print(json.dumps(done.as_dict()) if options.json else "\n".join(lines))
    if done.keeps_out:
        print(f"measureplan import: {done.keeps_out}", file=sys.stderr)
        return HAS_ERRORS
    return 0


def asked(options: argparse.Namespace) -> "Asked":
    """Put the arguments into the importer's words; Django must be ready."""
    # Django's models can be imported only now that it is ready.
    process = import_module("measureplan.importing")
    asked: Asked = process.Asked(
        path=options.file,
        workspace=options.workspace,
        source=options.source,
        format_name=options.format,
        wish=process.wish(
            mapped=options.map,
            id_from=tuple(options.id_from),
            time_zone=options.time_zone,
            time_format=options.time_format,
            has_decimal_comma=None if options.decimal is None else options.decimal == "comma",
            encoding=options.encoding,
            delimiter=options.delimiter,
            is_part=options.part,
            currency=options.currency,
        ),
        hosts=tuple(options.host),
        good_rows_only=options.good_rows_only,
        applies=options.apply,
    )
    return asked
