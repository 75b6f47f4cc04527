"""Looking at a source before it is kept: what is wrong with it, and what it would ask."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

from google.protobuf.json_format import ParseDict
from sqlalchemy.orm import Session

from core.db import Database
from core.japan import today
from core.procedures import engine
from core.procedures.assuming import AssumedWrong, of_strings
from core.procedures.authoring_convert import problems_to_pb, values_to_pb
from core.procedures.blocks.block import Input
from core.procedures.catalogue import Catalogue
from core.procedures.converting import given
from core.procedures.definition import AnswerNotOffered, Procedure
from core.procedures.fields import prompt_fields, review_fields
from core.procedures.linting import lint
from core.procedures.loading import ProcedureInvalid, compiled
from core.procedures.nesting import Resolve
from core.procedures.previewing import AnswerInvalid, preview
from core.procedures.recordings import Given, recorded_as_yaml
from core.procedures.using import Use, all_used, resolving, uses
from core.wire.door import Call
from todoke.v1 import procedures_pb2 as pb

KINDS = {Input.AGREE: "agreed", Input.SIGNATURE: "files"}
"""What is answered to an input, where it is not called as the input is."""


class Checking:
    """The part of ProcedureService that keeps nothing; it works beside the loop."""

    db: Database
    _procedures: Catalogue

    async def LintProcedure(
        self, request: pb.LintProcedureRequest, call: Call
    ) -> pb.LintProcedureResponse:
        resolve = await self._used(request.source, call)
        linted = await asyncio.to_thread(lint, request.source, "", resolve)
        return pb.LintProcedureResponse(
            problems=problems_to_pb(linted.problems),
            replayed=linted.replayed,
            steps=len(linted.procedure.steps) if linted.procedure else 0,
        )

    async def PreviewProcedure(
        self, request: pb.PreviewProcedureRequest, call: Call
    ) -> pb.PreviewProcedureResponse:
        resolve = await self._used(request.source, call)
        return await asyncio.to_thread(_previewed, request, call.now, resolve)

    async def _used(self, source: str, call: Call) -> Resolve | None:
        """Read what a source uses before it is looked at, which takes longer than a read may."""
        if not uses(source):
            return None

        def found(session: Session) -> dict[Use, str]:
            resolve = self._procedures.resolver(session, call.caller.municipality)
            return all_used(source, resolve)

        return resolving(await self.db.read(found))


def _previewed(
    request: pb.PreviewProcedureRequest, now: datetime, resolve: Resolve | None
) -> pb.PreviewProcedureResponse:
    procedure = compiled(request.source, "source", resolve)
    try:
        assumed = of_strings(request.context, today(now))
        answers = _given(procedure, request.answers)
        previewed = preview(procedure, answers, assumed, request.language)
        recorded = recorded_as_yaml(procedure, answers, assumed, name="preview")
    except AssumedWrong as wrong:
        raise ProcedureInvalid(
            str(wrong), field="context", path=f"context.{wrong.name}", problem=wrong.problem
        ) from None
    said = previewed.turn
    answer = pb.PreviewProcedureResponse(values=values_to_pb(previewed.values), recorded=recorded)
    if isinstance(said, engine.Prompt):
        fields = prompt_fields(said, procedure.step(said.step).block.name)
        ParseDict(fields | {"language": request.language}, answer.prompt)
    elif isinstance(said, engine.Review):
        ParseDict(review_fields(said) | {"language": request.language}, answer.review)
    else:
        answer.closing = said.text
    return answer


def _given(procedure: Procedure, answers: Sequence[pb.GivenAnswer]) -> list[Given]:
    """Return answers by their plain values; raise AnswerInvalid where one is of another kind."""
    found = []
    for number, one in enumerate(answers):
        kind, value = given(one.answer)
        wanted = _kind(procedure, one.step, number)
        if kind not in {wanted, "skipped"}:
            raise AnswerInvalid(
                f"{one.step} wants {wanted}, not {kind}",
                field=f"answers[{number}]",
                step=one.step,
                problem="of_another_kind",
            )
        found.append(Given(one.step, value))
    return found


def _kind(procedure: Procedure, step: str, number: int) -> str:
    try:
        wanted = procedure.step(step).block.input
    except AnswerNotOffered as refusal:
        raise AnswerInvalid(
            str(refusal), field=f"answers[{number}]", step=step, problem="not_asked"
        ) from None
    return KINDS.get(wanted, str(wanted))
