"""Shows how far a run is: bars on a terminal, a line a step elsewhere."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from core.kit.wording import both


class Steps:
    """The steps of a run and how long each took; `kept` ones were done before."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.kept: set[str] = set()
        self._console = Console(stderr=True, highlight=False, soft_wrap=True)

    @contextmanager
    def step(self, name: str) -> Iterator["Step"]:
        """Time what is done inside; tell its beginning or show a bar, and tell its end."""
        begun = time.monotonic()
        words = both(f"steps.{name}")
        if self._console.is_terminal:
            columns = (SpinnerColumn(), TextColumn(words), BarColumn(), TimeElapsedColumn())
            with Progress(*columns, console=self._console, transient=True) as bars:
                yield Step(bars)
        else:
            yield Step(None)
        self.seconds[name] = time.monotonic() - begun
        self._console.print(f"{words}: {self.seconds[name]:.1f} s")

    def resumed(self, name: str) -> None:
        """Tell that a step need not be done again."""
        self.kept.add(name)
        self._console.print(f"{both(f'steps.{name}')}: {both('steps.kept')}")


class Step:
    """A step that is being done."""

    def __init__(self, bars: Progress | None) -> None:
        self._bars = bars
        self._task = bars.add_task("", total=None) if bars else None

    def __call__(self, what: str, fraction: float) -> None:
        """Move the bar to a fraction of the whole; `what` is the engine's own word for it."""
        del what
        if self._bars and self._task is not None:
            self._bars.update(self._task, total=1.0, completed=fraction)
