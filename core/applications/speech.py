"""What an application's procedure says, in the resident's language, as the contract names it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from core.applications import mending, redeeming, slots
from core.applications.knowing import LANGUAGE
from core.applications.rows import Application
from core.applications.rules import WITH_THE_RESIDENT
from core.eligibility import rows as eligibility
from core.procedures import engine
from core.procedures.blocks.block import Wrong
from core.procedures.definition import Context, Procedure
from core.procedures.fields import problem_fields, prompt_fields, review_fields


def turn(
    application: Application,
    procedure: Procedure,
    context: Context,
    language: str,
    *,
    on_behalf_of: str = "",
    problems: Sequence[Wrong] = (),
    at: str | None = None,
) -> dict[str, Any]:
    """Return {"prompt": …}, {"review": …} or {"closing": …} with the contract's names.

    `on_behalf_of` is whose matter it is, where a proxy reads it; `problems` are why an answer to
    the step `at`, or to the review where it is empty, was not taken.
    """
    language = language or LANGUAGE
    shared = {
        "application_id": application.id,
        "language": language,
        "on_behalf_of": on_behalf_of,
    }
    answers = application.answers
    if at is None:
        at = _next(application, procedure, context)
    said = engine.turn(procedure, answers, context, language, at=at)
    told = {
        "returned_with": application.returned_with,
        "problems": [problem_fields(wrong) for wrong in problems],
    }
    match said:
        case engine.Prompt():
            return {"prompt": {**_prompt(application, procedure, said), **shared, **told}}
        case engine.Review() if application.state in WITH_THE_RESIDENT:
            return {"review": {**_review(application, said), **shared, **told}}
        case engine.Review():
            text = engine.said_at_end(procedure, answers, context, language)
            return {"closing": {**_end(application, text), **shared}}
        case engine.Closing():
            choices = [{"value": one.value, "label": one.label} for one in said.choices]
            closing = _end(application, said.text)
            return {"closing": {**closing, **shared, "choices": choices, "step": said.step}}


def _next(application: Application, procedure: Procedure, context: Context) -> str:
    """Return the step that is asked next; empty where all is answered as it may be."""
    at = application.reopened_step or mending.next_step(application, procedure, context)
    if at or application.state not in WITH_THE_RESIDENT:
        return at
    return slots.full_step(application, procedure, context) or redeeming.refused_step(
        application, procedure, context
    )


def _prompt(application: Application, procedure: Procedure, said: engine.Prompt) -> dict[str, Any]:
    if said.current is None:
        said = replace(said, current=mending.before(application, said.step))
    return prompt_fields(said, procedure.step(said.step).block.name)


def _review(application: Application, said: engine.Review) -> dict[str, Any]:
    fields = review_fields(said)
    if application.returned_steps:
        for line in fields["lines"]:
            line["changeable"] = line["step"] in application.returned_steps
    return fields


def _end(application: Application, text: str) -> dict[str, Any]:
    return {"text": text, "state": f"APPLICATION_STATE_{application.state.name}"}


def pushed(said: dict[str, Any]) -> dict[str, Any]:
    """Return a turn as it is put into the outbox: without an answer that must not be in a chat."""
    if said.get("prompt", {}).get("sensitive"):
        return {"prompt": {name: one for name, one in said["prompt"].items() if name != "current"}}
    return said


def notice(
    kind: str,
    application: Application,
    *,
    title: str,
    reference: str,
    masked_account: str,
    language: str,
    reason: str = "",
    on_behalf_of: str = "",
) -> dict[str, Any]:
    """Return {"notice": …} of a decision, with the contract's names."""
    decided = application.decide_time
    return {
        "notice": {
            "kind": f"NOTICE_KIND_{kind}",
            "program_title": title,
            "amount": application.amount,
            "masked_account": masked_account,
            "reason": reason,
            "reference": reference,
            "language": language or LANGUAGE,
            "time": decided.isoformat() if decided else None,
            "on_behalf_of": on_behalf_of,
        }
    }


def receipt_number(application: Application) -> str:
    """Return the number that its resident is told once it is filed; empty before that.

    In groups, as it is read out on the phone.
    """
    if application.submit_time is None:
        return ""
    end = application.id[-12:].upper()
    return "-".join((end[:4], end[4:8], end[8:]))


def number_of(application: Application, program: eligibility.Program | None) -> str:
    """Return what an application is called in the list of its program."""
    what = program.code if program else application.procedure_key
    return f"{what}-{application.id[-12:]}".upper()
