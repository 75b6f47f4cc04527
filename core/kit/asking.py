"""What the kit's commands have in common: their options, and how a refusal is told."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from core.errors import Refusal
from core.kit.wording import both, knows

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
NEW_FILE = click.Path(dir_okay=False, path_type=Path)
FOLDER = click.Path(file_okay=False, path_type=Path)
KEYS = click.option(
    "--key",
    "keys",
    type=FILE,
    multiple=True,
    help="市の鍵、何度でも / A key of the city; may be given again.",
)


@contextmanager
def refusals_in_words() -> Iterator[None]:
    """End the command with what was refused, in the words of staff."""
    try:
        yield
    except Refusal as refusal:
        key = f"reasons.{refusal.reason}"
        words = f"{both(key)}\n" if knows(key) else ""
        raise click.ClickException(f"{words}{refusal}") from refusal
