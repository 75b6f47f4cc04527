"""Reads procedures from YAML into the contract's message, which checks them, and for the engine."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import yaml
from google.protobuf.json_format import ParseDict, ParseError
from protovalidate import ValidationError, validate

from core.errors import BadRequest
from core.procedures import rules
from todoke.v1 import procedures_pb2 as pb

TEXTS = {"title", "text", "label", "submit", "hand_over"}
"""Keys whose value is a text by language."""


class ProcedureInvalid(BadRequest):
    reason = "PROCEDURE_INVALID"


def parse(text: str, name: str) -> pb.Procedure:
    """Return the message of a YAML definition.

    Raises ProcedureInvalid with the file's name and what is wrong where.
    """
    try:
        message = ParseDict(_wrapped(yaml.safe_load(text)), pb.Procedure())
        validate(message)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"line {mark.line + 1}, column {mark.column + 1}" if mark else "somewhere"
        raise _invalid(name, f"{place}: not YAML") from None
    except (ParseError, ValidationError) as error:
        raise _invalid(name, str(error)) from None
    flaws = rules.flaws(for_engine(message))
    if flaws:
        raise _invalid(name, "; ".join(flaws))
    return message


@cache
def shipped() -> Mapping[str, pb.Procedure]:
    """Return the procedures that ship with the core, by key; nobody changes them."""
    folder = files("core.procedures") / "library"
    found = [
        parse(file.read_text(encoding="utf-8"), file.name)
        for file in folder.iterdir()
        if file.name.endswith(".yaml")
    ]
    return MappingProxyType({procedure.key: procedure for procedure in found})


def for_engine(message: pb.Procedure) -> rules.Procedure:
    return rules.Procedure(
        key=message.key,
        version=message.version,
        title=dict(message.title.by_language),
        steps=tuple(_step(step) for step in message.steps),
    )


def _step(step: pb.Step) -> rules.Step:
    held = step.confirm_held
    return rules.Step(
        key=step.key,
        text=dict(held.text.by_language),
        facts=tuple(rules.HeldFact(fact.name, dict(fact.label.by_language)) for fact in held.facts),
        options=tuple(_option(option) for option in held.options),
    )


def _option(option: pb.Option) -> rules.Option:
    following: rules.GoTo | rules.End
    match option.WhichOneof("next"):
        case "submit":
            following = rules.End(rules.Outcome.SUBMIT, dict(option.submit.by_language))
        case "hand_over":
            following = rules.End(rules.Outcome.HAND_OVER, dict(option.hand_over.by_language))
        case _:
            following = rules.GoTo(option.step)
    return rules.Option(option.value, dict(option.label.by_language), following)


def _wrapped(value: Any, key: str = "") -> Any:
    """Return the YAML's value with each text as the message has it."""
    if key in TEXTS:
        return {"by_language": value}
    if isinstance(value, dict):
        return {name: _wrapped(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [_wrapped(inner) for inner in value]
    return value


def _invalid(name: str, problem: str) -> ProcedureInvalid:
    return ProcedureInvalid(f"{name}: {problem}", path=name, problem=problem)
