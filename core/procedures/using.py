"""Which procedures a source puts into itself."""

from core.procedures import yaml_places
from core.procedures.nesting import Resolve

Use = tuple[str, int]
"""A procedure's key and version."""


def uses(source: str) -> list[Use]:
    """Return the procedures that a source puts into itself; none where it cannot be read."""
    if "procedure:" not in source:
        return []
    try:
        tree = yaml_places.read(source).value
    except yaml_places.NotYaml:
        return []
    steps = tree.get("steps") if isinstance(tree, dict) else None
    found: list[Use] = []
    for step in steps if isinstance(steps, list) else []:
        settings = step.get("procedure") if isinstance(step, dict) else None
        if isinstance(settings, dict):
            use = settings.get("use"), settings.get("version")
            if isinstance(use[0], str) and type(use[1]) is int:
                found.append((use[0], use[1]))
    return found


def all_used(source: str, resolve: Resolve) -> dict[Use, str]:
    """Return the sources of all that a source uses, also through others."""
    found: dict[Use, str] = {}
    waiting = uses(source)
    while waiting:
        use = waiting.pop()
        text = None if use in found else resolve(*use)
        if text is not None:
            found[use] = text
            waiting += uses(text)
    return found


def resolving(sources: dict[Use, str]) -> Resolve:
    """Return what resolves to these sources."""
    return lambda key, version: sources.get((key, version))
