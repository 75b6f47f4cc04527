"""Keeps what a run has finished in a folder, so that a run broken off need not begin anew.

A stage's key is made of all it depends on: after any change of an input it is done again.
"""

import hashlib
import json
import shutil
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import polars as pl

from core.kit.columns import Side
from core.kit.progress import Step, Steps

_PRIVATE = 0o700


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file as it is, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Stages:
    """The finished stages of a folder, which only its owner can read."""

    def __init__(self, folder: Path, steps: Steps) -> None:
        self.folder = folder
        self._steps = steps
        folder.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)

    def side(self, name: str, inputs: str, make: Callable[[], Side]) -> Side:
        """Return a side as it was read before, or read it now."""
        folder = self._place(name, inputs)
        if folder.exists():
            self._steps.resumed(name)
        else:
            with self._steps.step(name):
                side = make()
                part = self._part(folder)
                side.rows.write_ipc(part / "rows.arrow")
                side.refused.write_ipc(part / "refused.arrow")
                (part / "count.json").write_text(json.dumps(side.count))
                part.rename(folder)
                return side
        return Side(
            pl.read_ipc(folder / "rows.arrow"),
            pl.read_ipc(folder / "refused.arrow"),
            json.loads((folder / "count.json").read_text()),
        )

    def frames(
        self, name: str, inputs: str, make: Callable[[Step], tuple[pl.DataFrame, pl.DataFrame]]
    ) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Return two frames as they were made before, or make them now."""
        folder = self._place(name, inputs)
        if folder.exists():
            self._steps.resumed(name)
            return pl.read_ipc(folder / "rows.arrow"), pl.read_ipc(folder / "others.arrow")
        with self._steps.step(name) as step:
            rows, others = make(step)
            part = self._part(folder)
            rows.write_ipc(part / "rows.arrow")
            others.write_ipc(part / "others.arrow")
            part.rename(folder)
        return rows, others

    def clear(self) -> None:
        """Delete all that was kept."""
        shutil.rmtree(self.folder)

    def _place(self, name: str, inputs: str) -> Path:
        key = hashlib.sha256(f"{version('todoke')} {name} {inputs}".encode()).hexdigest()
        return self.folder / f"{name}-{key[:32]}"

    @staticmethod
    def _part(folder: Path) -> Path:
        part = folder.with_name(folder.name + ".part")
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(mode=_PRIVATE)
        return part
