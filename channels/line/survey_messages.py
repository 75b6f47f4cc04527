"""The questions of a survey as they stand in the chat: pure functions, within LINE's limits."""

from collections.abc import Sequence

from channels import wording
from channels.line import limits
from channels.line.menu_messages import turned
from channels.line.messages import Action, Message, card, press, with_quick_replies
from channels.line.postback import Do
from channels.line.respondents import Asked, Respondent
from channels.line.survey_filling import Filling
from channels.line.typed import plainly
from channels.line.verbs import Verb
from todoke.v1 import circulars_pb2 as pb

SECTION = "line_survey"
BUTTONS = 4
A_PAGE = 9
QUICK = 12
"""So many choices go under the bubble; beside them there is room for one more."""

IN_BUBBLE = 2_000
TITLE = 80
ANSWER = 200


def say(name: str, language: str, **places: object) -> str:
    return wording.say(SECTION, name, language, **places)


def question(filling: Filling, key: str, page: int, language: str) -> list[Message]:
    """Ask a question, with the ways to answer it, to go on and to go back."""
    asked = filling.questions
    keys = [one.key for one in asked]
    at = keys.index(key)
    lines = [
        say("survey_of", language, number=at + 1, count=len(asked)),
        limits.clip(asked[at].text, IN_BUBBLE),
        *_answered(filling, asked[at], language),
    ]
    quick: list[Action] = []
    if not asked[at].options:
        lines.append(say("survey_text", language))
        answers: list[Action] = []
    elif not asked[at].several and BUTTONS < len(asked[at].options) <= QUICK:
        lines += [*_numbered(asked[at], language), say("survey_number", language)]
        answers, quick = [], _picks(filling, asked[at], asked[at].options, language, quick=True)
    else:
        answers, told = _by_page(filling, asked[at], page, language)
        lines += told
    ways = _ways(filling, keys, at, language)
    said = [card(_title(filling.of), lines, [*answers, *ways], stands_out=-1)]
    return with_quick_replies(said, quick)


def _by_page(
    filling: Filling, asked: pb.CircularQuestion, page: int, language: str
) -> tuple[list[Action], list[str]]:
    of = (filling.circular_id, str(filling.by), asked.key)
    shown, turns = turned(asked.options, page, Verb.SURVEY_ASK, language, size=A_PAGE, of=of)
    lines = [say("survey_several", language)] if asked.several else []
    lines += [one.label for one in shown if limits.units(one.label) > limits.BUTTON_LABEL]
    return [*_picks(filling, asked, shown, language), *turns], lines


def _picks(
    filling: Filling,
    asked: pb.CircularQuestion,
    options: Sequence[pb.CircularOption],
    language: str,
    *,
    quick: bool = False,
) -> list[Action]:
    """Return a button for each choice; one of several that is chosen takes it back."""
    limit = limits.QUICK_REPLY_LABEL if quick else limits.BUTTON_LABEL
    chosen = filling.chosen(asked.key)
    made = []
    for one in options:
        is_on = asked.several and one.value in chosen
        name = ("survey_off" if is_on else "survey_on") if asked.several else "survey_one"
        do = filling.do(Verb.SURVEY_DROP if is_on else Verb.SURVEY_PICK, asked.key, one.value)
        made.append(press(do, say(name, language, label=one.label), limit=limit))
    return made


def _ways(filling: Filling, keys: list[str], at: int, language: str) -> list[Action]:
    key = keys[at]
    asked = filling.questions[at]
    may_skip = key in filling.so_far or not asked.options or filling.by.is_on_paper
    ways = []
    if may_skip:
        name = "survey_next" if key in filling.so_far else "survey_skip"
        ways.append(press(filling.do(Verb.SURVEY_NEXT, key), say(name, language)))
    if at:
        back = filling.do(Verb.SURVEY_ASK, keys[at - 1], "1")
        ways.append(press(back, say("survey_back", language)))
    return [*ways, press(filling.do(Verb.SURVEY_STOP), say("survey_stop", language))]


def _answered(filling: Filling, asked: pb.CircularQuestion, language: str) -> list[str]:
    """Show the answer that stands, where the buttons do not."""
    if asked.key not in filling.so_far or asked.several:
        return []
    answer = _worded(asked, filling.so_far[asked.key], language)
    return [say("survey_now", language, answer=answer)]


def _worded(asked: pb.CircularQuestion, answer: pb.SurveyAnswer, language: str) -> str:
    labels = {one.value: one.label for one in asked.options}
    chosen = [labels[one] for one in answer.choices if one in labels]
    return limits.clip(say("survey_comma", language).join(chosen) or answer.text, ANSWER)


def _numbered(asked: pb.CircularQuestion, language: str) -> list[str]:
    return [
        say("survey_numbered", language, number=number, label=one.label)
        for number, one in enumerate(asked.options, 1)
    ]


def meant(asked: pb.CircularQuestion, text: str) -> str:
    """Return the choice that typed words mean, by its number or its words; nothing for none."""
    typed = plainly(text)
    if typed.isascii() and typed.isdigit() and 1 <= int(typed[:3]) <= len(asked.options):
        return asked.options[int(typed[:3]) - 1].value
    return next((one.value for one in asked.options if plainly(one.label) == typed), "")


def review(filling: Filling, language: str) -> list[Message]:
    """Show all that was answered, with the button that sends it."""
    lines = []
    for number, one in enumerate(filling.questions, 1):
        lines.append(say("survey_numbered", language, number=number, label=one.text))
        is_there = one.key in filling.so_far
        answer = _worded(one, filling.so_far[one.key], language) if is_there else ""
        lines.append(say("survey_answer" if is_there else "survey_none", language, answer=answer))
    shown = limits.clip("\n".join(lines), IN_BUBBLE)
    first = filling.questions[0].key
    actions = [
        press(filling.do(Verb.SURVEY_SEND), say(_named("send", filling.by), language)),
        press(filling.do(Verb.SURVEY_ASK, first, "1"), say("survey_mend", language)),
        press(filling.do(Verb.SURVEY_STOP), say("survey_stop", language)),
    ]
    return [card(_title(filling.of), [say("survey_review", language), shown], actions)]


def sent(
    of: Asked, by: Respondent, circular_id: str, language: str, *, taken: bool
) -> list[Message]:
    """Say that the answers are there; an officer goes on with the next household."""
    name = "survey_theirs" if not taken else _named("sent", by)
    title = limits.clip(of.circular.content.title, TITLE)
    lines = [say(name, language, title=title, household=of.household)]
    return [card(_title(of), lines, [_way_on(by, circular_id, language)], stands_out=-1)]


def stopped(by: Respondent, circular_id: str, language: str) -> list[Message]:
    ways = [_way_on(by, circular_id, language)]
    title = say("survey_title", language)
    return [card(title, [say("survey_stopped", language)], ways, stands_out=-1)]


def _way_on(by: Respondent, circular_id: str, language: str) -> Action:
    if by.is_on_paper:
        return press(Do(Verb.ON_PAPER, (circular_id, "1")), say("survey_next_home", language))
    return press(Do(Verb.SURVEY, (circular_id, str(by))), say("survey_again", language))


def _named(name: str, by: Respondent) -> str:
    return f"survey_{name}_paper" if by.is_on_paper else f"survey_{name}"


def _title(of: Asked) -> str:
    title = limits.clip(of.circular.content.title.strip(), TITLE)
    return f"{limits.clip(of.household, TITLE)}: {title}" if of.household else title
