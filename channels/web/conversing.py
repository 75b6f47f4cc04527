"""A procedure, one question a page: each has its address, so going back and reloading are safe.

A page is shown by GET, an answer comes by POST and leads on; what is sent again changes nothing.
"""

from collections.abc import Iterable
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from channels import wording
from channels.pages import Problems, leads_to
from channels.web import answers, compound, filled, forms, speaking, suggesting, uploads
from channels.web.conversation import (
    application,
    contact_of,
    in_time,
    is_handed,
    path_of,
    speaker,
    standing,
)
from channels.web.fitting import ERAS, Unfit
from channels.web.forms import Form
from channels.web.pages import language, page, say, web
from channels.web.suggesting import Found
from todoke.client import CoreError
from todoke.v1 import applications_pb2 as pb
from todoke.v1 import procedures_pb2 as pb2
from todoke.v1.procedures_pb2 import Answer, AnswerProblem, Prompt

STALE = {"ANSWER_NOT_OFFERED", "WRONG_STATE", "ANSWERS_MISSING"}
"""What is refused where a page is shown that is not the one that stands."""

KEYS = {
    pb2.TEXT_KIND_EMAIL: ("email", "email", "email"),
    pb2.TEXT_KIND_PHONE: ("tel", "tel", "tel"),
    pb2.TEXT_KIND_POSTAL_CODE: ("text", "numeric", "postal-code"),
}
"""By the kind of a text: the field's type, the keys that a phone shows, what browsers fill in."""

OWN = "wrong."
"""How problems begin that this channel finds itself."""

FIELDS = {"passbook_attachment_id": "passbook"}
"""The ids of fields that are named otherwise in the contract."""


@in_time
async def show(request: Request) -> Response:
    """Lead to what stands now."""
    return leads_to(path_of(await standing(request), application(request)))


@in_time
async def step(request: Request) -> Response:
    """Show a question; an earlier one is gone back to, with the answer that stands."""
    prompt = await _gone_to(request)
    if prompt is None:
        return leads_to(f"/a/{application(request)}")
    form = filled.from_answer(prompt.current)
    kept = request.query_params.getlist("file")
    if kept:
        form["attachment"] = kept
    return await ask(request, prompt, form)


async def answered(request: Request) -> Prompt | None:
    """Return the question that a form answers; None where another stands.

    It stood when its page was shown. Where it does not any more, the form was sent twice, or
    another page of the person has moved on: going back would undo what its first sending did.
    """
    turn = await standing(request)
    return turn.prompt if turn.prompt.step == request.path_params["step"] else None


async def _gone_to(request: Request) -> Prompt | None:
    """Return the page's question, gone back to if it was answered; None where it is not asked."""
    wanted = request.path_params["step"]
    turn = await standing(request)
    if turn.prompt.step == wanted:
        return turn.prompt
    if turn.WhichOneof("kind") == "closing":
        return None
    asked = pb.ReopenAnswerRequest(
        speaker=speaker(request),
        application_id=application(request),
        step=wanted,
        request_id=forms.new_id(),
    )
    try:
        made = await speaking.ask(request, web(request).core.applications.ReopenAnswer, asked)
    except CoreError as error:
        if error.reason not in {*STALE, "FIELD_INVALID"}:
            raise
        return None
    return made.turn.prompt if made.turn.prompt.step == wanted else None


async def ask(
    request: Request,
    prompt: Prompt,
    form: Form,
    wrong: Iterable[AnswerProblem] = (),
    found: Found | None = None,
) -> Response:
    """Draw a question, filled in as the form is.

    What is wrong is said twice: above, with the name of its field, and beside the field without.
    """
    told = list(wrong)
    kind = answers.kind_of(prompt)
    if kind == "account":
        await suggesting.name(request, form)
    rows = max(compound.rows_of(form), prompt.input.members.least, 1) if kind == "members" else 0
    multipart = kind in {"files", "signature"} or prompt.input.account.passbook
    return page(
        request,
        "step.html",
        problems=_worded(request, told, is_beside=False),
        beside=_worded(request, told, is_beside=True),
        prompt=prompt,
        heading=_heading(prompt, kind),
        kind=kind,
        multipart=multipart,
        action=f"/a/{application(request)}/{prompt.step}{'/files' if multipart else ''}",
        usual_bytes=uploads.USUAL_BYTES,
        eras=ERAS,
        account_types=compound.ACCOUNT_TYPES,
        keys=KEYS,
        form=form,
        found=found or {},
        rows=rows,
        application=application(request),
        handed=is_handed(request),
    )


def _heading(prompt: Prompt, kind: str) -> list[tuple[str, str]]:
    """Part a question into its heading and what is told below, each with its readings.

    What is only read has the procedure's title over it.
    """
    if kind in {"read", "agree"}:
        return [(prompt.title, ""), (prompt.text, prompt.ruby)]
    head, _, more = prompt.text.partition("\n")
    ruby_head, _, ruby_more = prompt.ruby.partition("\n")
    return [(head, ruby_head), (more.strip(), ruby_more.strip())]


@in_time
async def answer(request: Request) -> Response:
    """Take an answer, or do what the page's other buttons say."""
    form = await forms.read(request)
    prompt = await answered(request)
    if prompt is None:
        return leads_to(f"/a/{application(request)}")
    return await take(request, prompt, form)


async def take(request: Request, prompt: Prompt, form: Form) -> Response:
    """Answer a question by a form that was filled in."""
    if look := form.one("look"):
        return await ask(request, prompt, form, (), await _look(request, form, look))
    if _changes_rows(form):
        return await ask(request, prompt, form)
    if form.one("add"):
        # By its address, so that reloading uploads nothing again.
        files = urlencode([("file", id) for id in compound.ids_of(form)])
        return leads_to(f"/a/{application(request)}/{prompt.step}?{files}")
    found = {}
    if answers.kind_of(prompt) == "account" and not form.one("skip"):
        found = await suggesting.settle(request, form)
    try:
        given = answers.read(prompt, form)
    except Unfit as unfit:
        return await ask(request, prompt, form, unfit.problems, found)
    return await given_to(request, prompt, form, given)


async def given_to(request: Request, prompt: Prompt, form: Form, given: Answer) -> Response:
    """Give an answer to the core, and lead to what it says next."""
    asked = pb.AnswerPromptRequest(
        external_id=contact_of(request),
        application_id=application(request),
        step=prompt.step,
        given=given,
        request_id=forms.repeated(form),
    )
    try:
        made = await speaking.ask(request, web(request).core.applications.AnswerPrompt, asked)
    except CoreError as error:
        if error.reason in STALE:
            return leads_to(f"/a/{application(request)}")
        if error.reason not in {"MY_NUMBER_REFUSED", "ATTACHMENT_UNKNOWN", "FIELD_INVALID"}:
            raise
        return await ask(request, prompt, form, [refused(request, error)])
    turn: pb.Turn = made.turn
    said = getattr(turn, turn.WhichOneof("kind") or "closing")
    if turn.prompt.problems and turn.prompt.step == prompt.step:
        return await ask(request, turn.prompt, form, turn.prompt.problems)
    done = prompt.sensitive and not getattr(said, "sensitive", False)
    if is_handed(request) and done and turn.WhichOneof("kind") != "closing":
        return leads_to(f"/a/{application(request)}/-/back")
    return leads_to(path_of(turn, application(request)))


async def _look(request: Request, form: Form, look: str) -> Found:
    if look.startswith("pick:"):
        _, code, area = look.split(":", 2) if look.count(":") > 1 else ("", "", "")
        form["postal_code"], form["area"] = [code], [area]
        return {}
    return await suggesting.look_up(request, form, look)


def _changes_rows(form: Form) -> bool:
    """Add or take away a row for a person, where a button says so."""
    wish, rows = form.one("row"), compound.rows_of(form)
    if wish == "add":
        form["rows"] = [str(rows + 1)]
    elif wish.startswith("away-") and wish[5:].isdecimal():
        compound.take_row(form, int(wish[5:]))
    return bool(wish)


def refused(request: Request, error: CoreError) -> AnswerProblem:
    """Say what the core refused as what is wrong with the answer."""
    return AnswerProblem(text=wording.refusal(error.reason, language(request)))


def _worded(request: Request, found: Iterable[AnswerProblem], *, is_beside: bool) -> Problems:
    """Word what is wrong, by the ids of the fields; what concerns the whole is at "answer"."""
    said: dict[str, str] = {}
    for one in found:
        field = FIELDS.get(one.field, one.field.replace(".", "-")) or "answer"
        if one.problem.startswith(OWN):
            words = say(request, one.problem, **one.metadata)
        elif is_beside:
            bare = AnswerProblem(problem=one.problem, metadata=one.metadata, text=one.text)
            words = wording.problem(bare, language(request))
        else:
            words = wording.problem(one, language(request))
        said.setdefault(field, words)
    return said
