"""How often a property is tried: a few times by default, hundreds of times in the slow lane.

Both lanes draw the same each time, so that a change fails by what it changed and by no chance;
`make explore` draws others each time, to find what no one thought of. What it finds becomes an
`@example` of its property.
"""

from typing import Any

from hypothesis import HealthCheck, settings

MANY = "many"
"""The profile of `make slow`."""

FEW = "few"
"""The profile of `make test`."""

EXPLORE = "explore"
"""The profile of `make explore`: as many as in the slow lane, others each time."""

# However slow the machine is, a property that holds does not fail.
PATIENT = (HealthCheck.too_slow,)


def register() -> None:
    """Lay down the profiles, and take the few where the command line names none."""
    settings.register_profile(
        FEW, max_examples=30, derandomize=True, deadline=None, suppress_health_check=PATIENT
    )
    for name, is_same in ((MANY, True), (EXPLORE, False)):
        settings.register_profile(
            name,
            max_examples=200,
            derandomize=is_same,
            deadline=None,
            suppress_health_check=PATIENT,
        )
    settings.load_profile(FEW)


def examples(number: int, *also: HealthCheck, **more: Any) -> settings:
    """Try a property a third so many times, and six times as many in the slow lane.

    `also` are the checks of Hypothesis that do not fit how the property is tried.
    """
    is_many = settings.get_current_profile_name() != FEW
    times = number * 6 if is_many else max(5, number // 3)
    return settings(
        max_examples=times, deadline=None, suppress_health_check=(*PATIENT, *also), **more
    )
