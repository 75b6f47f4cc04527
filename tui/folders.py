"""What lies in a folder of this machine, to choose a file from: the newest first, as scans come."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tui.files import FileTrouble, written_path
from tui.formats import TOKYO

MOST = 100
"""More is not listed: a letter more narrows it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file, or a folder to go into."""

    path: Path
    is_folder: bool
    size: int = 0
    changed: datetime | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """What fits what was written: files before folders, and how many more there are."""

    entries: Sequence[Entry]
    more: int = 0


def looked_into(written: str, folder: Path) -> tuple[Path, str]:
    """Return the folder that is looked into, and what names in it must contain."""
    if not written:
        return folder, ""
    path = folder / written_path(written)
    return (path, "") if written.endswith("/") else (path.parent, path.name)


def listing(written: str, folder: Path, endings: Sequence[str]) -> Listing:
    """List what is meant by what was written, from `folder` on; raise FileTrouble."""
    where, part = looked_into(written, folder)
    wanted = _folded(part)
    try:
        found = [
            entry
            for path in where.iterdir()
            if not path.name.startswith(".") and wanted in _folded(path.name)
            if (entry := _entry(path, endings)) is not None
        ]
    except FileNotFoundError:
        raise FileTrouble("no_folder", path=where) from None
    except OSError as error:
        raise FileTrouble("unreadable", path=where, why=error.strerror) from None
    found.sort(key=lambda one: _place(one, wanted))
    if not part and where.parent != where:
        found.append(Entry(where.parent, is_folder=True))
    return Listing(found[:MOST], max(0, len(found) - MOST))


def shown(path: Path) -> str:
    """Write a path from the home folder on, where it lies there."""
    home = Path.home()
    return (
        f"~/{path.relative_to(home)}" if path.is_relative_to(home) and path != home else str(path)
    )


def _entry(path: Path, endings: Sequence[str]) -> Entry | None:
    """Return a folder, or a file of one of the endings; None for anything else."""
    try:
        if path.is_dir():
            return Entry(path, is_folder=True)
        if path.suffix.lower() not in endings or not path.is_file():
            return None
        stat = path.stat()
    except OSError:
        return None  # It went away meanwhile, or nobody may look at it.
    changed = datetime.fromtimestamp(stat.st_mtime, TOKYO)
    return Entry(path, is_folder=False, size=stat.st_size, changed=changed)


def _place(entry: Entry, wanted: str) -> tuple[bool, bool, bool, float, str]:
    """Put what is named so first, then what begins so; the newest, and folders by name."""
    name = _folded(entry.path.name)
    newest = -entry.changed.timestamp() if entry.changed else 0.0
    return (entry.is_folder, name != wanted, not name.startswith(wanted), newest, name)


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()
