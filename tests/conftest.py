"""What all tests share: an empty database of each kind, and a town over it."""

import gc
import os
import shutil
from collections.abc import AsyncIterator, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import structlog
from playwright.async_api import Browser

from core import migrations
from tests import browser, examples, postgres, town
from tests.cards import Cards

# As the core's own log: without the values of variables, whose rows may be gone from their session.
structlog.configure(
    processors=[
        structlog.processors.add_log_level,
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback),
    ]
)

ENGINES = ("sqlite", "postgresql")

examples.register()

# Collecting makes much and drops little: to look for garbage meanwhile takes a fifth of the time.
gc.disable()

LONGEST_FIRST = ("tests/story/", "tests/tui/")
"""Folders whose tests take longest: begun first, no worker is left alone with the last of them."""


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, Any, Any]:
    """Have what is imported looked through for garbage no more, and less often what is made."""
    result = yield
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    gc.enable()
    return result


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put the longest first, and the second database into the slow lane."""
    for item in items:
        if _engine(item) == ENGINES[1]:
            item.add_marker(pytest.mark.slow)
        if hasattr(config, "workerinput"):
            _keep_together(item)
    items.sort(key=_begins_late)


def _begins_late(item: pytest.Item) -> bool:
    # Those with a browser are all of one worker's.
    return not (item.nodeid.startswith(LONGEST_FIRST) or item.get_closest_marker("xdist_group"))


def _keep_together(item: pytest.Item) -> None:
    """Name the group of a test in its id, where pytest-xdist reads it.

    pytest-xdist 3.8 writes it where pytest 9.2 no longer looks: each worker then starts a browser.
    """
    if mark := item.get_closest_marker("xdist_group"):
        item._id = type(item._id).parse(f"{item.nodeid}@{mark.args[0]}")


def _engine(item: pytest.Item) -> str:
    callspec = getattr(item, "callspec", None)
    return callspec.params.get("database", "") if callspec else ""


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    """A PostgreSQL server with a migrated, empty database as the template `todoke`."""
    server = postgres.start()
    server.execute("CREATE DATABASE todoke")
    migrations.upgrade(server.url("todoke"))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file."""
    file = tmp_path_factory.mktemp("template") / "todoke.db"
    migrations.upgrade(f"sqlite:///{file}")
    return file


@pytest.fixture(params=ENGINES)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a migrated, empty database, of each kind in turn: PostgreSQL in the slow lane."""
    yield from _database(request, request.param, tmp_path)


@pytest.fixture
def sqlite_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The same on SQLite only, where the kind of database makes no difference."""
    yield from _database(request, "sqlite", tmp_path)


@pytest.fixture
async def a_town(database: str, tmp_path: Path, cards: Cards) -> AsyncIterator[town.Town]:
    """A town over each kind of database in turn, that believes the `cards`."""
    built = await town.build(database, tmp_path, **cards.settings)
    yield built
    await built.close()


def _database(request: pytest.FixtureRequest, kind: str, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        file = folder / "todoke.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), file)
        yield f"sqlite:///{file}"
        return
    server = request.getfixturevalue("postgres_server")
    url = server.lend("todoke")
    yield url
    server.take_back(url)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """A browser for all who need one."""
    async with browser.started() as running:
        yield running


@pytest.fixture(autouse=True, scope="session")
def no_settings_from_outside() -> None:
    """Tests say what they mean; nothing of the environment leaks in."""
    for name in [name for name in os.environ if name.startswith("TODOKE_")]:
        if name != "TODOKE_NOTHING_SKIPS":
            del os.environ[name]


@pytest.fixture(scope="session")
def cards(tmp_path_factory: pytest.TempPathFactory) -> Cards:
    """An authority whose cards every town believes."""
    return Cards(tmp_path_factory.mktemp("cards"))


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Fail where a test was skipped and nothing may be, as in CI."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    strict = os.environ.get("TODOKE_NOTHING_SKIPS") == "1"
    if strict and reporter and reporter.stats.get("skipped") and exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
