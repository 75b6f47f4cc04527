"""Checks of request bodies, plain dictionaries; every fault found is named, not only the first."""

import math
from collections.abc import Callable, Iterable
from typing import Any

from channels.simulators.line.answers import Detail
from channels.simulators.line.counting import utf16_units


class Checks:
    """Collects what is wrong in one request body, of no more than `size` bytes."""

    def __init__(self, size: float = math.inf) -> None:
        self.size = size
        self.found: list[Detail] = []

    def blame(self, property: str, message: str) -> None:
        self.found.append(Detail(message, property))

    def text(
        self,
        thing: dict[str, Any],
        name: str,
        path: str,
        limit: int,
        *,
        count: Callable[[str], int] = utf16_units,
        required: bool = True,
    ) -> None:
        """Want a string of at most `limit` characters by `count`; empty counts as missing."""
        value = thing.get(name)
        here = f"{path}.{name}" if path else name
        if value is None or value == "":
            if required or value == "":
                self.blame(here, "May not be empty")
        elif not isinstance(value, str):
            self.blame(here, "Must be a string")
        # No character is more than two units or less than a unit: most texts need no counting.
        elif len(value) * 2 > limit and count(value) > limit:
            self.blame(here, f"Length must be between 0 and {limit}")

    def choice(self, value: object, path: str, allowed: Iterable[str]) -> bool:
        """Want one of the words allowed; false once blamed."""
        words = list(allowed)
        if value in words:
            return True
        self.blame(path, f"Must be one of the following values: [{', '.join(words)}]")
        return False

    def sized_list(self, value: object, path: str, least: int, most: int) -> list[Any]:
        """Want a list of `least` to `most` things; empty once blamed."""
        if value is None:
            self.blame(path, "May not be empty")
        elif not isinstance(value, list):
            self.blame(path, "Must be an array")
        elif not least <= len(value) <= most:
            self.blame(path, f"Size must be between {least} and {most}")
        else:
            return value
        return []

    def thing(self, value: object, path: str) -> dict[str, Any] | None:
        """Want an object; return it, or `None` once blamed."""
        if isinstance(value, dict):
            return value
        self.blame(path, "May not be empty" if value is None else "Must be an object")
        return None
