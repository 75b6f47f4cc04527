"""Chance that repeats itself: a seed's people must be the same on every machine."""

from random import Random


def source(seed: int, part: str) -> Random:
    """Return a source of its own for each part, so that a change to one leaves the others be."""
    return Random(f"{seed}:{part}")  # noqa: S311 - repeats by design; nothing secret is drawn
