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

TRIED = {FEW: (30, 1 / 3), MANY: (200, 6), EXPLORE: (200, 6)}
"""By profile: how often a property is tried, and how often for each that it names itself."""

# However slow the machine is, a property that holds does not fail.
PATIENT = (HealthCheck.too_slow,)


def register() -> None:
    """Lay down the profiles, and take the few where the command line names none."""
    for name, (times, _) in TRIED.items():
        settings.register_profile(
            name,
            max_examples=times,
            derandomize=name != EXPLORE,
            deadline=None,
            suppress_health_check=PATIENT,
        )
    settings.load_profile(FEW)


def examples(number: int, *also: HealthCheck, **more: Any) -> settings:
    """Try a property a third so many times, and six times as many in the slow lane.

    `also` are the checks of Hypothesis that do not fit how the property is tried.
    """
    _, share = TRIED[settings.get_current_profile_name()]
    times = max(5, int(number * share))
    return settings(
        max_examples=times, deadline=None, suppress_health_check=(*PATIENT, *also), **more
    )
