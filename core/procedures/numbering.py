"""The number of a version, in the source that says it."""

from core.procedures import yaml_places


def with_version(source: str, number: int) -> str:
    """Return a source that says its version; one that says none stays as it is. Raises NotYaml.

    Whoever publishes gives the number: what the author wrote is not asked.
    """
    read = yaml_places.read(source)
    if not isinstance(read.value, dict) or type(read.value.get("version")) is not int:
        return source
    place = read.place(("version",))
    lines = source.removeprefix("\ufeff").split("\n")
    line = lines[place.line - 1]
    begin = place.column - 1
    end = begin + len(line[begin:]) - len(line[begin:].lstrip("+_0123456789xob"))
    lines[place.line - 1] = f"{line[:begin]}{number}{line[end:]}"
    return "\n".join(lines)
