"""How often a property is tried: a few times by default, hundreds of times in the slow lane."""

from typing import Any

from hypothesis import HealthCheck, settings

MANY = "many"
"""The profile of `make slow`."""

FEW = "few"
"""The profile of `make test`: the same few each time; the slow lane draws others each time."""

# However slow the machine is, a property that holds does not fail.
PATIENT = (HealthCheck.too_slow,)


def register() -> None:
    """Lay down both profiles, and take the few where the command line names none."""
    settings.register_profile(
        FEW, max_examples=30, derandomize=True, deadline=None, suppress_health_check=PATIENT
    )
    settings.register_profile(MANY, max_examples=200, deadline=None, suppress_health_check=PATIENT)
    settings.load_profile(FEW)


def examples(number: int, *also: HealthCheck, **more: Any) -> settings:
    """Try a property a third so many times, and six times as many in the slow lane.

    `also` are the checks of Hypothesis that do not fit how the property is tried.
    """
    is_many = settings.get_current_profile_name() == MANY
    times = number * 6 if is_many else max(5, number // 3)
    return settings(
        max_examples=times, deadline=None, suppress_health_check=(*PATIENT, *also), **more
    )
