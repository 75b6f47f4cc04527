"""Between the contract's messages and the engine's values."""

from typing import Any

from google.protobuf.json_format import MessageToDict

from core.procedures.blocks.choice import ChoiceBlock
from core.procedures.blocks.choices import ChoicesBlock
from core.procedures.definition import Audience, Procedure, Step
from core.procedures.offers import needs_program
from core.procedures.texts import Text
from todoke.v1 import procedures_pb2 as pb

AUDIENCES = {
    Audience.REGISTERED: pb.PROCEDURE_AUDIENCE_REGISTERED,
    Audience.ANYBODY: pb.PROCEDURE_AUDIENCE_ANYBODY,
    Audience.STAFF: pb.PROCEDURE_AUDIENCE_STAFF,
}
PLAIN = {"choice", "text", "number", "date", "date_time", "agreed", "read"}
"""Kinds of the contract's Answer that are one value and no message."""


def given(answer: pb.Answer) -> tuple[str, Any]:
    """Return an answer's kind and plain value; that of a step that is left out is None."""
    kind = answer.WhichOneof("kind") or ""
    if kind == "skipped":
        return kind, None
    value = getattr(answer, kind)
    if kind in PLAIN:
        return kind, value
    if kind == "choices":
        return kind, list(value.values)
    if kind == "files":
        return kind, list(value.attachment_ids)
    return kind, MessageToDict(
        value, preserving_proto_field_name=True, always_print_fields_with_no_presence=True
    )


def text_to_pb(text: Text | None) -> pb.Text | None:
    return pb.Text(by_language=dict(text)) if text else None


def to_pb(procedure: Procedure) -> pb.Procedure:
    return pb.Procedure(
        key=procedure.key,
        version=procedure.version,
        title=text_to_pb(procedure.title),
        about=text_to_pb(procedure.about),
        audience=AUDIENCES[procedure.audience],
        decided=procedure.decided,
        once=procedure.once,
        languages=procedure.languages,
        checklist=[
            pb.CheckItem(key=item.key, text=text_to_pb(item.text)) for item in procedure.checklist
        ],
        pays=any(step.block.name == "account" for step in procedure.steps),
        needs_program=needs_program(procedure),
        steps=[
            pb.Step(
                key=step.key,
                block=step.block.name,
                text=text_to_pb(step.text),
                when=step.when.source if step.when else "",
                optional=step.optional,
                sensitive=step.sensitive or step.block.is_sensitive,
                staff=step.staff,
                for_segments=step.for_segments,
                choices=_choices(step),
            )
            for step in procedure.steps
        ],
    )


def _choices(step: Step) -> list[pb.StepChoice]:
    """Return what may be chosen at a step that is marked for segments."""
    if not step.for_segments or not isinstance(step.block, ChoiceBlock | ChoicesBlock):
        return []
    return [
        pb.StepChoice(value=one.value, label=text_to_pb(one.label)) for one in step.block.options
    ]
