"""Which procedures a file on one's own machine can use: those beside it, and those that ship."""

from pathlib import Path

from core.procedures import yaml_places
from core.procedures.loading import shipped
from core.procedures.nesting import Resolve


def resolve_beside(source: Path) -> Resolve:
    """Return what finds KEY.yaml of a version beside a file, or else what ships."""

    def resolve(key: str, version: int) -> str | None:
        beside = source.parent / f"{key}.yaml"
        if beside.is_file():
            text = beside.read_text(encoding="utf-8")
            if _version(text) == version:
                return text
        ships = shipped().get(key)
        if ships is not None and ships.procedure.version == version:
            return ships.source
        return None

    return resolve


def _version(text: str) -> int:
    try:
        tree = yaml_places.read(text).value
    except yaml_places.NotYaml:
        return 0
    version = tree.get("version", 1) if isinstance(tree, dict) else 0
    return version if type(version) is int else 0
