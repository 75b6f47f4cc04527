"""The kit stands alone: no gRPC, no database, no network, and a run that is killed goes on."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from core.kit.wording import LANGUAGES, knows, say
from core.matching import Class, Rule
from core.rosters.rows import Reason
from tests.core.kit.files import (
    REGISTRATIONS,
    ROSTER,
    ROSTER_HANAKO,
    ROSTER_TARO,
    TARO,
    lines,
    rows,
    write,
)

ROOT = Path(__file__).parents[3]
STRANGERS = {"grpc", "google", "todoke.v1", "sqlalchemy", "alembic", "psycopg", "sqlite3", "httpx"}
CLIENTS = {"ssl", "http.client", "urllib.request", "asyncio", "aiohttp", "requests", "socketserver"}
# Python reads it before anything else: a machine that has no network to give.
NO_SOCKETS = """
import socket

def refused(*args, **kwargs):
    raise RuntimeError("the kit opened a socket")

socket.socket.__init__ = refused
"""


def test_the_kit_imports_neither_grpc_nor_a_database_nor_a_client() -> None:
    code = "import sys, todoke.command, core.kit.cli, core.kit.seal; print(*sys.modules)"

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )

    loaded = set(done.stdout.split())
    assert "core.kit.packing" in loaded
    assert not loaded & (STRANGERS | CLIENTS)
    assert not [name for name in loaded if name.split(".")[0] in STRANGERS]


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_that_a_report_can_say_has_words(language: str) -> None:
    keys = [
        *(f"classes.{one}" for one in Class),
        *(f"rules.{one}" for one in Rule),
        *(f"refused.{one}" for one in Reason),
    ]

    assert not [key for key in keys if not knows(key)]
    assert all(say(language, key) for key in keys)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_kit_installs_and_works_on_a_machine_without_network(tmp_path: Path) -> None:
    kit, environment = tmp_path / "kit", tmp_path / "environment"
    subprocess.run([sys.executable, ROOT / "kit" / "build.py", kit], check=True, cwd=ROOT)
    (tmp_path / "sitecustomize.py").write_text(NO_SOCKETS)
    alone = ["unshare", "--map-root-user", "--net"]
    if not shutil.which("unshare") or subprocess.run([*alone, "true"], check=False).returncode:
        alone = []
    offline = {"PATH": os.environ["PATH"], "PYTHON": sys.executable}

    subprocess.run([*alone, kit / "install.sh", environment], check=True, env=offline)

    listed = subprocess.run(
        [environment / "bin" / "python", "-m", "pip", "list"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.lower()
    assert "polars" in listed
    assert not [name for name in ("grpcio", "protobuf", "sqlalchemy") if name in listed]
    write(tmp_path / "R.csv", lines(REGISTRATIONS, TARO))
    write(tmp_path / "L.csv", lines(ROSTER, ROSTER_TARO), "cp932")
    for args in (
        ["--help"],
        ["match", "--registrations", "R.csv", "--roster", "L.csv", "--out", "links.csv"],
        ["seal", "key", "new", "--out", "city.key"],
    ):
        subprocess.run(
            [*alone, environment / "bin" / "todoke", *args],
            check=True,
            cwd=tmp_path,
            env={**offline, "PYTHONPATH": str(tmp_path)},
        )
    assert rows(tmp_path / "links.csv")[1][:3] == ["r-1", "00011", "accept"]
    assert (tmp_path / "city.key").exists()


@pytest.mark.slow
@pytest.mark.parametrize("step", ["registrations", "roster", "matching"])
def test_a_run_that_is_killed_goes_on_where_it_was(tmp_path: Path, step: str) -> None:
    write(tmp_path / "R.csv", lines(REGISTRATIONS, TARO))
    write(tmp_path / "L.csv", lines(ROSTER, ROSTER_TARO, ROSTER_HANAKO))
    command = [Path(sys.executable).with_name("todoke"), "match", "--work", "work"]
    command += ["--registrations", "R.csv", "--roster", "L.csv", "--out", "links.csv"]

    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True) as run:
        assert run.stderr
        for line in run.stderr:
            if step in line:
                run.send_signal(signal.SIGKILL)
                break
    again = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True)

    kept = again.stderr.count("kept from before")
    assert kept >= ["registrations", "roster", "matching"].index(step) + 1
    assert [row[:3] for row in rows(tmp_path / "links.csv")[1:]] == [["r-1", "00011", "accept"]]
    assert not list(tmp_path.rglob("*.part"))
