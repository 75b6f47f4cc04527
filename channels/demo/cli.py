"""`todoke demo`: a small city on this machine, guided by the terminal UI or played by itself."""

import asyncio
import json
import signal
import sys
from collections.abc import Coroutine
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import click
from rich.console import Console

from channels.demo.wording import LANGUAGES, Words

# The rest is imported when it is run: `todoke --help` must not wait for it.

DEADLINE_SECONDS = 900.0
Result = TypeVar("Result")


@click.command()
@click.option("--headless", is_flag=True, help="Scripted people do it all; exit 0 if all holds.")
@click.option("--households", default=1000, show_default=True, type=click.IntRange(20, 50_000))
@click.option("--registered", default=300, show_default=True, type=click.IntRange(1, 50_000))
@click.option("--seed", default=1, show_default=True, help="The same seed, the same city.")
@click.option("--database", default="", help="URL of an empty database; default: SQLite.")
@click.option(
    "--folder",
    "root",
    type=click.Path(file_okay=False, path_type=Path),
    help="Empty folder for everything; default: a new one in var/demo.",
)
@click.option("--keep", is_flag=True, help="Keep the city, its keys and databases afterwards.")
@click.option(
    "--language",
    envvar="TODOKE_LANGUAGE",
    type=click.Choice(LANGUAGES),
    default="ja",
    show_default=True,
)
@click.option("--deadline", default=DEADLINE_SECONDS, show_default=True, help="Seconds at most.")
def demo(
    *,
    headless: bool,
    households: int,
    registered: int,
    seed: int,
    database: str,
    root: Path | None,
    keep: bool,
    language: str,
    deadline: float,
) -> None:
    """Start a small city: LINE simulator, adapter, core, residents; then be its staff."""
    from channels.demo import headless as played  # noqa: PLC0415 - see above.
    from channels.demo import interactive  # noqa: PLC0415 - see above.
    from channels.demo.folder import Folder, FolderNotEmpty  # noqa: PLC0415 - see above.
    from channels.demo.stage import Wish  # noqa: PLC0415 - see above.

    words = Words(language)
    if not headless and not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise click.UsageError(words("problems", "no_terminal"))
    if registered > households:
        raise click.UsageError(words("problems", "too_few_households"))
    try:
        folder = Folder.make(root, datetime.now(UTC))
    except FolderNotEmpty as full:
        raise click.UsageError(words("problems", "not_empty", path=full)) from full
    console = Console(highlight=False)
    console.print(words("result", "folder", path=folder.root), soft_wrap=True)
    wish = Wish(households, registered, seed, database)
    if headless:
        all_hold = _run(played.run(folder, wish, words, console, deadline=deadline), words, folder)
    else:
        _run(interactive.run(folder, wish, words, console, language), words, folder)
        all_hold = True
    if all_hold and not keep:
        folder.clear()
    if not all_hold:
        raise click.exceptions.Exit(1)


def _run(work: Coroutine[Any, Any, Result], words: Words, folder: Any) -> Result:
    """Run to the end, or until told to stop; every part is stopped in either case."""
    from channels.demo.commands import CommandFailed  # noqa: PLC0415 - see above.
    from channels.demo.phone import PhoneRefused  # noqa: PLC0415 - see above.
    from channels.demo.processes import PartBroken  # noqa: PLC0415 - see above.
    from todoke.client import CoreError  # noqa: PLC0415 - see above.

    async def until_told() -> Result:
        task = asyncio.ensure_future(work)
        # A terminal that is closed hangs up.
        for number in (signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, task.cancel)
        return await task

    problem = ""
    try:
        return asyncio.run(until_told())
    except* (CommandFailed, PhoneRefused, PartBroken, CoreError) as group:
        problem = _first(group)
    except* TimeoutError:
        step = words("steps", json.loads(folder.progress.read_text(encoding="utf-8"))["step"])
        problem = words("problems", "deadline", step=step)
    except* (asyncio.CancelledError, KeyboardInterrupt):
        problem = words("problems", "stopped")
    raise click.ClickException(f"{problem}\n{words('problems', 'logs', path=folder.logs)}")


def _first(group: BaseExceptionGroup[Any]) -> str:
    first: Any = group
    while isinstance(first, BaseExceptionGroup):
        first = first.exceptions[0]
    return str(first)
