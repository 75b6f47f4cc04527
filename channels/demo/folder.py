"""The folder of one demonstration: where everything it makes is found."""

import json
import os
import secrets
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

HOME = Path("var/demo")


class FolderNotEmpty(Exception):  # noqa: N818 - named for the event, not as an error.
    """The folder holds something already, which a demonstration must not touch."""


@dataclass(frozen=True, slots=True)
class Folder:
    """Paths below `root`, which is absolute."""

    root: Path

    @classmethod
    def make(cls, root: Path | None, now: datetime) -> "Folder":
        """Make the folder, or a new one below `var/demo`. Raises FolderNotEmpty."""
        chosen = root or HOME / f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
        chosen.mkdir(parents=True, exist_ok=True)
        if any(chosen.iterdir()):
            raise FolderNotEmpty(str(chosen))
        folder = cls(chosen.resolve())
        for part in (folder.secrets, folder.logs, folder.transfer):
            part.mkdir()
        folder.secrets.chmod(0o700)
        return folder

    @property
    def city(self) -> Path:
        return self.root / "city"

    @property
    def secrets(self) -> Path:
        return self.root / "secrets"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def transfer(self) -> Path:
        return self.root / "transfer"

    @property
    def database(self) -> Path:
        return self.root / "todoke.db"

    @property
    def simulator_state(self) -> Path:
        return self.root / "line.db"

    @property
    def auth_app(self) -> Path:
        return self.root / "auth-app"

    @property
    def cookies(self) -> Path:
        """Where the simulator keeps its phones' cookies: beside its state."""
        return self.root / "line.db-cookies"

    @property
    def processes(self) -> Path:
        return self.root / "processes.json"

    @property
    def progress(self) -> Path:
        return self.root / "progress.json"

    def secret(self, name: str, value: str) -> Path:
        """Keep a secret alone in a file, for its owner only."""
        path = self.secrets / name
        path.touch(mode=0o600)
        path.write_text(value, encoding="utf-8")
        return path

    def clear(self) -> None:
        """Delete people, keys and databases; logs and bank files stay."""
        for part in (self.city, self.secrets, self.auth_app, self.cookies):
            shutil.rmtree(part, ignore_errors=True)
        for file in self.root.glob("*.db*"):
            file.unlink()


def write_json(path: Path, value: Any) -> None:
    """Replace the file in one step, so that a reader sees the old one or the new one."""
    fresh = path.with_suffix(f".{os.getpid()}.new")
    fresh.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    fresh.replace(path)
