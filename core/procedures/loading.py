"""The procedures that ship with the core."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from core.errors import BadRequest
from core.procedures import yaml_places
from core.procedures.definition import Procedure
from core.procedures.nesting import Resolve
from core.procedures.source import Problem, Severity, parse
from core.procedures.using import resolving


class ProcedureInvalid(BadRequest):
    reason = "PROCEDURE_INVALID"


@dataclass(frozen=True, slots=True)
class Shipped:
    """A procedure that ships: as it is written, and compiled."""

    source: str
    procedure: Procedure


def compiled(source: str, name: str, resolve: Resolve | None = None) -> Procedure:
    """Return the procedure of a source; raise ProcedureInvalid with its first fault."""
    parsed = parse(source, resolve)
    if parsed.procedure is None:
        fault = next(one for one in parsed.problems if one.severity is Severity.ERROR)
        raise refused(fault, name)
    return parsed.procedure


def refused(fault: Problem, name: str) -> ProcedureInvalid:
    """Return the refusal of a source for one of its faults."""
    return ProcedureInvalid(
        f"{name}: {told(fault)}", path=fault.path or name, problem=fault.problem
    )


def told(fault: Problem) -> str:
    """Say a fault in one line, as compilers do."""
    path = f"{fault.path}: " if fault.path else ""
    return f"line {fault.line}, column {fault.column}: {path}{fault.problem}"


@cache
def shipped() -> Mapping[str, Shipped]:
    """Return the procedures that ship with the core, by key; nobody changes them."""
    folder = files("core.procedures") / "library"
    sources = {
        file.name: file.read_text(encoding="utf-8")
        for file in sorted(folder.iterdir(), key=lambda one: one.name)
        if file.name.endswith(".yaml")
    }
    resolve = resolving({_key_and_version(source): source for source in sources.values()})
    found: dict[str, Shipped] = {}
    for name, source in sources.items():
        procedure = compiled(source, name, resolve)
        found[procedure.key] = Shipped(source, procedure)
    return MappingProxyType(found)


def _key_and_version(source: str) -> tuple[str, int]:
    tree = yaml_places.read(source).value
    return tree["key"], tree.get("version", 1)
