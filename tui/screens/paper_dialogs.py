"""What is asked before sheets are entered, and of each household's line on them."""

from collections.abc import Sequence
from dataclasses import dataclass

from todoke.v1 import circulars_pb2 as pb
from tui import formats
from tui.dates import Mistyped
from tui.desk import Desk
from tui.dialogs.ask import Answers, Ask, Field
from tui.wording import Words

REASON = 500
REMARK = 200
TEXT = 1000
READ, ANSWERED = "read", "answered"
NONE = "-"
"""Chosen where the sheet says nothing to a question; no name of a choice is so."""


@dataclass(frozen=True, slots=True)
class Sheets:
    """Sheets of one round that were handed in, and why the city hall enters them.

    `inside` is the circular, where it asks something that stands on the sheets.
    """

    association: pb.Association
    round: pb.Round
    reason: str
    inside: pb.Circular | None = None


def ask_sheets(desk: Desk, association: pb.Association, one: pb.Round) -> Ask:
    """Ask why sheets are entered; what a circular asks is looked up for the same reason."""
    words, core = desk.words, desk.core

    async def begin(answers: Answers, request_id: str) -> Sheets:
        reason = str(answers["reason"])
        if not reason:
            raise Mistyped("reason")
        if one.kind == pb.CIRCULAR_KIND_NOTICE:
            return Sheets(association, one, reason)
        request = pb.InspectCircularRequest(
            circular_id=one.circular_id, reason=reason, request_id=request_id
        )
        inside = (await core.ask(core.circulars.InspectCircular, request)).circular
        return Sheets(association, one, reason, inside)

    is_notice = one.kind == pb.CIRCULAR_KIND_NOTICE
    about = words(
        "ask.sheets.about" if is_notice else "ask.sheets.about_asking",
        name=formats.plain(association.name),
        time=formats.moment(one.publish_time),
    )
    return Ask(words, "sheets", begin, about=about, fields=(Field("reason", limit=REASON),))


def takes_answers(sheets: Sheets) -> bool:
    """Whether answers are written on the sheets: of no notice, and of no vote but an open one."""
    if sheets.inside is None:
        return False
    rules = sheets.inside.content.vote
    is_vote = sheets.inside.kind == pb.CIRCULAR_KIND_VOTE
    return not is_vote or (not rules.secret and rules.electorate == pb.ELECTORATE_HOUSEHOLDS)


def ask_line(desk: Desk, sheets: Sheets, home: pb.Household) -> Ask:
    """Ask what the sheet says of a household."""
    words = desk.words

    async def enter(answers: Answers, request_id: str) -> str:
        line = pb.PaperLine(household_id=home.household_id)
        if answers.get("paper_said", READ) == READ:
            line.read = True
        else:
            line.answer.CopyFrom(_answer(sheets, answers))
        return await _record(desk, sheets, line, request_id)

    asked = sheets.inside.content.questions if sheets.inside else ()
    whose = words("ask.line.about", household=formats.plain(home.name))
    about = "\n".join([whose, *(_numbered(*one) for one in enumerate(asked, 1))])
    return Ask(words, "line", enter, about=about, fields=_fields(words, sheets))


def ask_take_back(desk: Desk, sheets: Sheets, home: pb.Household) -> Ask:
    """Ask whether what was entered of a household is taken back."""
    words = desk.words

    async def take_back(_: Answers, request_id: str) -> str:
        line = pb.PaperLine(household_id=home.household_id, read=False)
        return await _record(desk, sheets, line, request_id)

    about = words("ask.line_back.about", household=formats.plain(home.name))
    return Ask(words, "line_back", take_back, about=about, grave=True)


async def _record(desk: Desk, sheets: Sheets, line: pb.PaperLine, request_id: str) -> str:
    """Enter a line; return what became of it, in words. Raises CoreError."""
    core = desk.core
    request = pb.RecordPaperReceiptRequest(
        circular_id=sheets.round.circular_id,
        lines=[line],
        reason=sheets.reason,
        request_id=request_id,
    )
    done = await core.ask(core.circulars.RecordPaperReceipt, request)
    if done.answered_themselves:
        return desk.words("paper_done.themselves")
    if not done.recorded:
        return desk.words("paper_done.nothing")
    if line.WhichOneof("said") == "answer":
        return desk.words("paper_done.answered")
    return desk.words("paper_done.read" if line.read else "paper_done.taken_back")


def _fields(words: Words, sheets: Sheets) -> Sequence[Field]:
    if not takes_answers(sheets) or sheets.inside is None:
        return ()
    said = [(words(f"paper_said.{one}"), one) for one in (ANSWERED, READ)]
    chosen = Field("paper_said", ANSWERED, said)
    content = sheets.inside.content
    if sheets.inside.kind == pb.CIRCULAR_KIND_ATTENDANCE:
        return (
            chosen,
            Field("paper_coming", limit=2, part="coming", only=_if_answered()),
            Field("paper_remark", limit=REMARK, part="remark", only=_if_answered()),
        )
    if sheets.inside.kind == pb.CIRCULAR_KIND_VOTE:
        options = [(formats.plain(one.label), one.value) for one in content.vote.options]
        return (chosen, Field("paper_vote", options[0][1], options, only=_if_answered()))
    asked = [
        field
        for number, one in enumerate(content.questions, 1)
        for field in _of_question(words, number, one)
    ]
    return (chosen, *asked)


def _if_answered() -> tuple[str, frozenset[str]]:
    return "paper_said", frozenset({ANSWERED})


def _numbered(number: int, question: pb.CircularQuestion) -> str:
    """Write a question as the sheet has it; beside its field there is room for its beginning."""
    return f"{number}. {formats.plain(question.text)}"


def _of_question(words: Words, number: int, question: pb.CircularQuestion) -> list[Field]:
    """Return the fields of a question: a text, a list, or a box for each of several."""
    text = _numbered(number, question)
    if not question.options:
        return [Field(question.key, limit=TEXT, said=text, only=_if_answered())]
    options = [(formats.plain(one.label), one.value) for one in question.options]
    if question.several:
        return [
            Field(f"{question.key}-{value}", value=False, said=f"{text} {label}",
                  only=_if_answered())
            for label, value in options
        ]  # fmt: skip
    none = (words("paper_said.nothing"), NONE)
    return [Field(question.key, NONE, [none, *options], said=text, only=_if_answered())]


def _answer(sheets: Sheets, answers: Answers) -> pb.HouseholdAnswer:
    """Read what a household answered; raise Mistyped for a number that is none."""
    inside = sheets.inside or pb.Circular()
    if inside.kind == pb.CIRCULAR_KIND_ATTENDANCE:
        number = str(answers["paper_coming"])
        if not number.isdecimal():
            raise Mistyped("paper_coming")
        attendance = pb.Attendance(coming=int(number), remark=str(answers["paper_remark"]))
        return pb.HouseholdAnswer(attendance=attendance)
    if inside.kind == pb.CIRCULAR_KIND_VOTE:
        return pb.HouseholdAnswer(vote=str(answers["paper_vote"]))
    found = [_given(one, answers) for one in inside.content.questions]
    given = [one for one in found if one.choices or one.text]
    if not given:
        raise Mistyped("paper_said")
    return pb.HouseholdAnswer(survey=pb.SurveyAnswers(answers=given))


def _given(question: pb.CircularQuestion, answers: Answers) -> pb.SurveyAnswer:
    key = question.key
    if not question.options:
        return pb.SurveyAnswer(question=key, text=str(answers[key]))
    if question.several:
        chosen = [one.value for one in question.options if answers[f"{key}-{one.value}"]]
        return pb.SurveyAnswer(question=key, choices=chosen)
    value = str(answers[key])
    return pb.SurveyAnswer(question=key, choices=[] if value == NONE else [value])
