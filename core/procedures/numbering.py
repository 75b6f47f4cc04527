"""The number of a version, in the source that says it."""

import yaml


def with_version(source: str, number: int) -> str:
    """Return a source that says its version; one that says none stays as it is.

    Whoever publishes gives the number: what the author wrote is not asked.
    """
    root = yaml.compose(source, Loader=yaml.CSafeLoader)
    for key, value in root.value if root else ():
        if key.value == "version":
            begin, end = value.start_mark.index, value.end_mark.index
            return f"{source[:begin]}{number}{source[end:]}"
    return source
