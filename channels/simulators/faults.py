"""Switches that make a simulator misbehave on purpose: how often, how many times, by dice."""

import random
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Fault:
    """A switch that is on.

    `probability` is per request or event, `count` how many times it may still strike (`None`:
    for ever), `seconds` how long the faults that wait hold back.
    """

    probability: float = 1.0
    count: int | None = None
    seconds: float = 1.0

    @staticmethod
    def read(words: str, names: Collection[str]) -> tuple[str, "Fault"]:
        """Read `NAME=PROBABILITY[:SECONDS]`; raises ValueError with what is wrong in it."""
        name, _, numbers = words.partition("=")
        probability, _, seconds = numbers.partition(":")
        fields = {"probability": probability or "1", **({"seconds": seconds} if seconds else {})}
        return Fault.named(name, fields, names)

    @staticmethod
    def named(name: str, fields: dict[str, Any], names: Collection[str]) -> tuple[str, "Fault"]:
        """Check a fault that came from outside; raises ValueError with what is wrong in it."""
        if name not in names:
            raise ValueError(f"no fault is called {name!r}; there are {', '.join(names)}")
        if unknown := fields.keys() - {"probability", "count", "seconds"}:
            raise ValueError(f"{name} has no {min(unknown)}; give probability, count, seconds")
        count = fields.get("count")
        fault = Fault(
            probability=float(fields.get("probability", 1)),
            count=None if count is None else int(count),
            seconds=float(fields.get("seconds", 1)),
        )
        if not 0 <= fault.probability <= 1:
            raise ValueError(f"{name}: the probability {fault.probability} is not within 0 and 1")
        return name, fault


class Faults:
    """The switches of a running simulator; `names` are all it has."""

    def __init__(self, on: dict[str, Fault], *, names: Collection[str], seed: int) -> None:
        self._on = dict(on)
        # One die a fault, so that switching one on does not change when another strikes.
        self._dice = {name: random.Random(f"{seed}:{name}") for name in names}  # noqa: S311 - not a secret.

    def on(self) -> dict[str, Fault]:
        return dict(self._on)

    def set(self, on: dict[str, Fault]) -> None:
        """Replace all switches; a fault not named is off."""
        self._on = dict(on)

    def strike(self, name: str) -> Fault | None:
        """Throw the die of a fault; the fault if it strikes now."""
        fault = self._on.get(name)
        if fault is None or self._dice[name].random() >= fault.probability:
            return None
        if fault.count is not None:
            if fault.count <= 0:
                return None
            self._on[name] = replace(fault, count=fault.count - 1)
        return fault
