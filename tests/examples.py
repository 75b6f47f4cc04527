"""How often a property is tried: a few times by default, many times in the slow lane."""

from typing import Any

from hypothesis import settings

MANY = "many"
"""The profile of `make slow`."""


def examples(number: int, **more: Any) -> settings:
    """Try a property so many times; ten times as many in the slow lane."""
    times = 10 if settings.get_current_profile_name() == MANY else 1
    return settings(max_examples=number * times, deadline=None, **more)
