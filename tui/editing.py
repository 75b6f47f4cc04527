"""Writing in the editor that the person is used to, while the app steps aside."""

import os
import shlex
import subprocess
import tempfile
from pathlib import Path

from textual.app import App, SuspendNotSupported


class NoEditor(Exception):  # noqa: N818 - named for the event
    """There is none to open here; `key` is how the catalogue words it."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key = f"editor.{key}"
        self.values = values


def edited(app: App[object], text: str, *, line: int = 1, name: str = "draft") -> str:
    """Open a text at a line in $VISUAL or $EDITOR, and return what it says afterwards.

    Raises NoEditor where there is none, or the terminal cannot be lent to it.
    """
    command = os.environ.get("VISUAL") or os.environ.get("EDITOR") or ""
    words = shlex.split(command)
    if not words:
        raise NoEditor("none")
    with tempfile.TemporaryDirectory(prefix="todoke-") as folder:
        path = Path(folder) / f"{name}.yaml"
        path.touch(mode=0o600)
        path.write_text(text, encoding="utf-8")
        at = [f"+{line}"] if line > 1 else []
        try:
            with app.suspend():
                # The person's own choice of a program, run as they would run it.
                done = subprocess.run([*words, *at, str(path)], check=False)
        except SuspendNotSupported:
            raise NoEditor("not_here") from None
        except OSError as error:
            raise NoEditor("broken", command=words[0], why=error.strerror) from None
        if done.returncode:
            raise NoEditor("broken", command=words[0], why=done.returncode)
        return path.read_text(encoding="utf-8")
