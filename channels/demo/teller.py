"""Tells how far the demonstration is: bars for people, a file for whoever watches from outside."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from channels.demo.folder import write_json
from channels.demo.wording import Words


@dataclass(frozen=True, slots=True)
class Told:
    """A step that is over: what it counted, and how long it took in seconds."""

    name: str
    count: int | None
    seconds: float


class Step:
    """A step under way."""

    def __init__(self, teller: "Teller", name: str, total: int | None) -> None:
        self.count = 0
        self.name = name
        self.total = total
        self._teller = teller

    def advance(self, number: int = 1) -> None:
        self.reach(self.count + number)

    def reach(self, count: int) -> None:
        self.count = count
        self._teller.moved(self)


class Teller:
    """Tells steps, one after the other; `record` is replaced with every move."""

    def __init__(self, console: Console, words: Words, record: Path) -> None:
        self.told: list[Told] = []
        self._console = console
        self._words = words
        self._record = record
        self._bars = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
            # A file or a pipe gets a line a step instead.
            disable=not console.is_terminal,
        )
        self._bar = self._bars.add_task("", total=None, visible=False)

    @contextmanager
    def telling(self) -> Iterator[None]:
        with self._bars:
            yield

    @contextmanager
    def step(self, name: str, total: int | None = None) -> Iterator[Step]:
        """Tell a step; what is counted within is its count, of `total` where that is known."""
        step = Step(self, name, total)
        said = self._words("steps", name)
        self._bar = self._bars.add_task(said, total=1 if total is None else total)
        began = time.monotonic()
        self.moved(step)
        yield step
        if total is None:
            self._bars.update(self._bar, completed=1)
        seconds = time.monotonic() - began
        counted = None if total is None and not step.count else step.count
        self.told.append(Told(name, counted, seconds))
        if not self._console.is_terminal:
            self._console.print(f"{said}  {'' if counted is None else counted}  {seconds:.2f} s")

    def moved(self, step: Step) -> None:
        if step.total is not None:
            self._bars.update(self._bar, completed=step.count)
        done = [one.name for one in self.told]
        write_json(
            self._record,
            {"step": step.name, "count": step.count, "total": step.total, "done": done},
        )
