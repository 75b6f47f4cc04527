"""What was answered, as staff read it."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core.applications import rows, saying
from core.applications.knowing import LANGUAGE, context_of
from core.applications.rules import State
from core.procedures import engine
from core.procedures.catalogue import Catalogue
from todoke.v1 import applications_pb2 as pb


def answers(
    session: Session, row: rows.Application, known: Catalogue, now: datetime
) -> Iterator[pb.FiledAnswer]:
    """Yield each answer in order, also those that are asked and missing."""
    procedure = saying.procedure_of(session, row, known)
    context = context_of(session, row, procedure, LANGUAGE, now)
    walked = engine.walk(procedure, row.answers, context, LANGUAGE, staff=True)
    lines = {line.step: line for line in engine.lines(walked, staff=True)}
    before = json.loads(row.before_json) if row.before_json else {}
    returned = row.returned_steps if row.state is State.RETURNED else before.get("steps", [])
    filed: dict[str, Any] = row.filed if row.state is State.RETURNED else before.get("answers", {})
    for step in walked.asked:
        if not step.block.is_answer:
            continue
        line = lines.get(step.key)
        yield pb.FiledAnswer(
            step=step.key,
            label=walked.see(step).say(step.label),
            value=line.value if line else "",
            attachment_ids=line.attachments if line else (),
            staff=step.staff,
            returned=step.key in returned,
            changed=bool(filed)
            and not step.staff
            and step.key in walked.answers
            and walked.answers[step.key] != filed.get(step.key),
            missing=line is None,
        )


def values(row: rows.Application) -> dict[str, str]:
    """Return what the calculations came to, by name."""
    found: dict[str, Any] = json.loads(row.values_json or "{}")
    return {name: str(value) for name, value in found.items()}
