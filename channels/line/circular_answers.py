"""A circular is answered in the chat: 見ました, who comes, a vote; a survey by its questions."""

import unicodedata

from channels import wording
from channels.line import asked, limits, messages
from channels.line.menu_messages import turned
from channels.line.messages import Action, Message, card, press
from channels.line.postback import Do
from channels.line.respondents import Respondent
from channels.line.verbs import Verb
from channels.line.visits import Visit
from channels.line.whose import Whose
from todoke.v1 import circulars_pb2 as pb

SECTION = "line_neighbourhood"
TITLE = 80
COMING = (0, 1, 2, 3, 4)
"""How many of a household come, as far as there is a button for it; more are typed."""

OPTIONS = 8
"""Choices of a vote in a bubble; more are on the next page of them."""

MOST_COMING = 50


async def seen(visit: Visit, id: str) -> list[Message]:
    """Take 見ました for the household."""
    return await seen_for(visit, "", id)


async def seen_for(visit: Visit, for_id: str, id: str) -> list[Message]:
    """Take 見ました for the household of whom somebody acts for."""
    return await _answer(visit, for_id, id, pb.HouseholdAnswer(seen=True))


async def coming(visit: Visit, id: str, number: str) -> list[Message]:
    """Take how many of the household come."""
    return await coming_for(visit, "", id, number)


async def coming_for(visit: Visit, for_id: str, id: str, number: str) -> list[Message]:
    """Take how many come of the household of whom somebody acts for."""
    attendance = pb.Attendance(coming=int(number))
    return await _answer(visit, for_id, id, pb.HouseholdAnswer(attendance=attendance))


async def coming_more(visit: Visit, id: str, by: str) -> list[Message]:
    """Ask for how many come where there is no button for it."""
    await asked.keep(visit, Do(Verb.COMING_MORE, (id, by)))
    return messages.texts(_say("how_many", visit.language, most=MOST_COMING))


async def number(visit: Visit, id: str, by: str) -> list[Message]:
    """Take how many come from typed words."""
    count = number_in(visit.event.text)
    if count < 0:
        return messages.texts(_say("how_many", visit.language, most=MOST_COMING))
    said = await coming_for(visit, Respondent.read(by).id, id, str(count))
    await asked.nothing(visit)
    return said


def number_in(text: str) -> int:
    """Read how many come, in digits of any width; -1 where it is no such number."""
    digits = "".join(one for one in unicodedata.normalize("NFKC", text) if one.isdecimal())
    return int(digits) if 0 < len(digits) <= 2 and int(digits) <= MOST_COMING else -1


async def votes(visit: Visit, id: str, by: str, page: str) -> list[Message]:
    """Show another page of the choices of a vote."""
    respondent = Respondent.read(by)
    shown = (await respondent.look(visit, id)).circular
    if shown.state != pb.CIRCULAR_STATE_PUBLISHED:
        return messages.refusal("CIRCULAR_CLOSED", visit.language)
    actions = _choices(shown, visit.language, Whose(respondent.id), page=int(page))
    return [card(_titled(shown.content.title), [_say("vote_page", visit.language)], actions)]


async def vote(visit: Visit, id: str, value: str) -> list[Message]:
    """Cast a vote."""
    return await vote_for(visit, "", id, value)


async def vote_for(visit: Visit, for_id: str, id: str, value: str) -> list[Message]:
    """Cast the vote of whom somebody acts for."""
    return await _answer(visit, for_id, id, pb.HouseholdAnswer(vote=value))


async def _answer(visit: Visit, for_id: str, id: str, answer: pb.HouseholdAnswer) -> list[Message]:
    request = pb.AnswerCircularRequest(
        speaker=Whose(for_id).speaker(visit),
        circular_id=id,
        answer=answer,
        request_id=visit.event.id,
    )
    found = (await visit.core.ask(visit.core.circulars.AnswerCircular, request)).circular
    kind = answer.WhichOneof("kind") or "seen"
    title = _titled(found.circular.content.title)
    return messages.texts(
        _say(f"took_{kind}", visit.language, title=title, count=answer.attendance.coming)
    )


def buttons(shown: pb.Circular, language: str, whose: Whose) -> list[Action]:
    """Return the buttons that answer it, or lead to its questions."""
    id = shown.circular_id
    if shown.kind == pb.CIRCULAR_KIND_NOTICE:
        return [whose.press(Verb.SEEN, (id,), _say("seen", language))]
    if shown.kind == pb.CIRCULAR_KIND_ATTENDANCE:
        return [
            whose.press(
                Verb.COMING,
                (id, str(number)),
                _say("nobody" if number == 0 else "people", language, count=number),
            )
            for number in COMING
        ] + [press(Do(Verb.COMING_MORE, (id, str(Respondent.of(whose)))), _say("more", language))]
    by = str(Respondent.of(whose))
    if shown.kind == pb.CIRCULAR_KIND_SURVEY:
        return [press(Do(Verb.SURVEY, (id, by)), _say("answer_survey", language))]
    return _choices(shown, language, whose, page=1)


def _choices(shown: pb.Circular, language: str, whose: Whose, *, page: int) -> list[Action]:
    """Return a button for each choice of a vote, in pages where there are many."""
    of = (shown.circular_id, str(Respondent.of(whose)))
    options, turns = turned(
        shown.content.vote.options, page, Verb.VOTES, language, size=OPTIONS, of=of
    )
    buttons = [whose.press(Verb.VOTE, (of[0], one.value), one.label) for one in options]
    return [*buttons, *turns]


def _titled(title: str) -> str:
    return limits.clip(title.strip(), TITLE)


def _say(name: str, language: str, **places: object) -> str:
    return wording.say(SECTION, name, language, **places)
