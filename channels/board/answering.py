"""A household's answer: from the form, and as the form would have it."""

import unicodedata

from channels.forms import Form
from todoke.v1 import circulars_pb2 as pb

MOST_COMING = 50
MOST_REMARK = 200
MOST_TEXT = 1000

Wrong = dict[str, str]
"""The name of a sentence, by field."""


def read(form: Form, circular: pb.Circular) -> tuple[pb.HouseholdAnswer | None, Wrong]:
    """Read the answer that a circular of this kind asks for, or say what is wrong with it."""
    if circular.kind == pb.CIRCULAR_KIND_ATTENDANCE:
        return _attendance(form)
    if circular.kind == pb.CIRCULAR_KIND_SURVEY:
        return _survey(form, circular.content)
    if circular.kind == pb.CIRCULAR_KIND_VOTE:
        return _vote(form, circular.content)
    return pb.HouseholdAnswer(seen=True), {}


def _attendance(form: Form) -> tuple[pb.HouseholdAnswer | None, Wrong]:
    wrong = {}
    coming = 0
    if form.one("comes") not in {"yes", "no"}:
        wrong["comes"] = "circular.comes_missing"
    if form.one("comes") == "yes":
        typed = unicodedata.normalize("NFKC", form.one("coming"))
        is_number = typed.isascii() and typed.isdigit() and len(typed) <= 3
        coming = int(typed) if is_number else 0
        if not 1 <= coming <= MOST_COMING:
            wrong["coming"] = "circular.coming_missing"
    if len(form.one("remark")) > MOST_REMARK:
        wrong["remark"] = "circular.remark_long"
    if wrong:
        return None, wrong
    attendance = pb.Attendance(coming=coming, remark=form.one("remark"))
    return pb.HouseholdAnswer(attendance=attendance), {}


def _survey(form: Form, content: pb.CircularContent) -> tuple[pb.HouseholdAnswer | None, Wrong]:
    answers, wrong = [], {}
    for question in content.questions:
        field = f"q.{question.key}"
        offered = {option.value for option in question.options}
        answer = pb.SurveyAnswer(question=question.key)
        if offered:
            chosen = list(dict.fromkeys(one for one in form.get(field, []) if one in offered))
            answer.choices.extend(chosen if question.several else chosen[:1])
            if not chosen and not question.several:
                wrong[field] = "circular.choice_missing"
        else:
            answer.text = form.one(field)
            if len(answer.text) > MOST_TEXT:
                wrong[field] = "circular.text_long"
        answers.append(answer)
    if wrong:
        return None, wrong
    return pb.HouseholdAnswer(survey=pb.SurveyAnswers(answers=answers)), {}


def _vote(form: Form, content: pb.CircularContent) -> tuple[pb.HouseholdAnswer | None, Wrong]:
    cast = form.one("vote")
    if cast not in {option.value for option in content.vote.options}:
        return None, {"vote": "circular.choice_missing"}
    return pb.HouseholdAnswer(vote=cast), {}


def filled(own: pb.OwnCircular) -> Form:
    """Return the form as the answer that stands would have it; an empty one for none."""
    form, answer = Form(), own.answer
    kind = answer.WhichOneof("kind")
    if kind == "attendance":
        form["comes"] = ["yes" if answer.attendance.coming else "no"]
        form["coming"] = [str(answer.attendance.coming or "")]
        form["remark"] = [answer.attendance.remark]
    elif kind == "survey":
        for one in answer.survey.answers:
            form[f"q.{one.question}"] = list(one.choices) or [one.text]
    elif kind == "vote":
        form["vote"] = [answer.vote]
    return form
