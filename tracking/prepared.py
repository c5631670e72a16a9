"""Statements that are parsed and planned once a connection, and take their values as bytes.

Django's cursor writes the values into the statement's text, which the server then reads and plans anew each time. At
the door that is half of what an event costs the database, and of a batch's bytes it makes text twice as long.
"""

from weakref import WeakKeyDictionary

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from psycopg.pq import ConnStatus, ExecStatus, TransactionStatus

Value = int | str | bytes | None

_known: WeakKeyDictionary[psycopg.Connection, set[bytes]] = WeakKeyDictionary()


class Prepared:
    """One statement with parameters $1, $2 and so on, each cast to its type: `$1::bigint`.

    It is given to the driver's lower half, which starts no transaction: outside of one it is its own.
    """

    def __init__(self, name: str, sql: str) -> None:
        self.name = name.encode()
        self.sql = sql.encode()

    def row(self, *values: Value) -> tuple[bytes | None, ...]:
        """Execute it and give its one row as the server's bytes: numbers big-endian, bytea as it is.

        values  int and str as their text, bytes as bytea
        raises  django.db.Error as Django's cursor does
        """
        link = connections[DEFAULT_DB_ALIAS]
        link.ensure_connection()
        with link.wrap_database_errors:
            return self._row(link.connection, values)

    def _row(self, link: psycopg.Connection, values: tuple[Value, ...]) -> tuple[bytes | None, ...]:
        pgconn = link.pgconn
        if not link.autocommit and pgconn.transaction_status == TransactionStatus.IDLE:
            raise RuntimeError("the transaction has not begun: enter the workspace first")
        known = _known.setdefault(link, set())
        if self.name not in known:
            _checked(link, pgconn.prepare(self.name, self.sql), ExecStatus.COMMAND_OK)
            known.add(self.name)
        given = [value if isinstance(value, bytes) else _text(value) for value in values]
        formats = [1 if isinstance(value, bytes) else 0 for value in values]
        result = pgconn.exec_prepared(self.name, given, formats, 1)  # type: ignore[arg-type]  # its stubs forget NULL
        _checked(link, result, ExecStatus.TUPLES_OK)
        return tuple(result.get_value(0, column) for column in range(result.nfields))


def _text(value: int | str | None) -> bytes | None:
    return None if value is None else str(value).encode()


def _checked(link: psycopg.Connection, result: psycopg.pq.abc.PGresult, wanted: ExecStatus) -> None:
    if result.status == wanted:
        return
    if link.pgconn.status == ConnStatus.BAD:
        raise psycopg.OperationalError(link.pgconn.get_error_message())
    raise psycopg.errors.error_from_result(result)
