"""A household's line of the round sheet: as the form would have it, and read from the form."""

import hashlib
import json
import unicodedata

from channels.board.answering import MOST_COMING, MOST_TEXT, Wrong
from channels.forms import UUID, Form
from todoke.v1 import circulars_pb2 as pb

MOST_LINES = 20
"""So many lines stand on one page: one gets through them, and none of it is lost for long."""

WAS = "was"


def of(receipt: pb.Receipt) -> Form:
    """Return what a line says now, with a mark of it, by which a change is seen."""
    form, answer = Form(), receipt.answer
    kind = answer.WhichOneof("kind")
    if receipt.way == pb.RECEIPT_WAY_PAPER:
        form["read"] = ["yes"]
    if kind == "attendance":
        form["coming"] = [str(answer.attendance.coming)]
    elif kind == "survey":
        for one in answer.survey.answers:
            form[f"q.{one.question}"] = list(one.choices) or [one.text]
    elif kind == "vote":
        form["vote"] = [answer.vote]
    form[WAS] = [_mark(form)]
    return form


def sent(form: Form) -> dict[str, Form]:
    """Return the lines of a form, by household, in their order."""
    lines: dict[str, Form] = {}
    for name, values in form.items():
        household, _, field = name.partition(".")
        if field and UUID.fullmatch(household):
            lines.setdefault(household, Form())[field] = values
    return lines


def is_changed(line: Form) -> bool:
    """Whether a line says something else than when its page was made."""
    return _mark(line) != line.one(WAS)


def _mark(line: Form) -> str:
    said = {name: [one for one in values if one] for name, values in line.items() if name != WAS}
    held = sorted((name, values) for name, values in said.items() if values)
    return hashlib.sha256(json.dumps(held).encode()).hexdigest()[:16]


def read(household: str, line: Form, circular: pb.Circular) -> tuple[pb.PaperLine, Wrong]:
    """Read a line as the core takes it, or say what is wrong with it.

    An answer says that it was read, too.
    """
    wrong: Wrong = {}
    answer = None
    if circular.kind == pb.CIRCULAR_KIND_ATTENDANCE:
        answer = _attendance(line, wrong)
    elif circular.kind == pb.CIRCULAR_KIND_SURVEY:
        answer = _survey(line, circular.content, wrong)
    elif circular.kind == pb.CIRCULAR_KIND_VOTE:
        answer = _vote(line, circular.content)
    if answer is None:
        return pb.PaperLine(household_id=household, read="read" in line), wrong
    return pb.PaperLine(household_id=household, answer=answer), wrong


def _attendance(line: Form, wrong: Wrong) -> pb.HouseholdAnswer | None:
    typed = unicodedata.normalize("NFKC", line.one("coming"))
    if not typed:
        return None
    is_number = typed.isascii() and typed.isdigit() and len(typed) <= 3
    if not is_number or int(typed) > MOST_COMING:
        wrong["coming"] = "paper.coming_wrong"
        return None
    return pb.HouseholdAnswer(attendance=pb.Attendance(coming=int(typed)))


def _survey(line: Form, content: pb.CircularContent, wrong: Wrong) -> pb.HouseholdAnswer | None:
    answers = []
    for question in content.questions:
        field = f"q.{question.key}"
        given = list(dict.fromkeys(one for one in line.get(field, []) if one))
        if not given:
            continue
        if question.options:
            answers.append(pb.SurveyAnswer(question=question.key, choices=given))
            continue
        if len(given[0]) > MOST_TEXT:
            wrong[field] = "circular.text_long"
        answers.append(pb.SurveyAnswer(question=question.key, text=given[0][:MOST_TEXT]))
    return pb.HouseholdAnswer(survey=pb.SurveyAnswers(answers=answers)) if answers else None


def _vote(line: Form, content: pb.CircularContent) -> pb.HouseholdAnswer | None:
    chosen = line.one("vote")
    offered = {option.value for option in content.vote.options}
    return pb.HouseholdAnswer(vote=chosen) if chosen in offered else None
