"""A survey is answered in the chat, question by question, and looked at before it is sent.

What was answered so far is kept in the core beside the question that is asked, for an hour.
"""

from channels.line import asked, limits, messages, survey_messages
from channels.line.messages import Message
from channels.line.postback import Do
from channels.line.respondents import Respondent
from channels.line.survey_filling import Filling
from channels.line.survey_messages import say
from channels.line.verbs import Verb
from channels.line.visits import Visit
from todoke.v1 import circulars_pb2 as pb

MOST_TEXT = 1_000


async def begin(visit: Visit, circular_id: str, by: str) -> list[Message]:
    """Ask the first question; what was answered before stands until it is changed."""
    respondent = Respondent.read(by)
    of = await respondent.look(visit, circular_id)
    if not _is_open(of.circular):
        return messages.refusal("CIRCULAR_CLOSED", visit.language)
    before = {one.question: one for one in of.answer.survey.answers}
    filling = Filling(circular_id, respondent, of, before)
    return await _ask(visit, filling, filling.questions[0].key)


async def ask(visit: Visit, circular_id: str, by: str, key: str, page: str) -> list[Message]:
    """Ask a question again, or another page of its choices."""
    filling = await _filling(visit, circular_id, by)
    if filling is None or filling.question(key) is None:
        return messages.old_button(visit.language)
    return await _ask(visit, filling, key, page=int(page))


async def pick(visit: Visit, circular_id: str, by: str, key: str, value: str) -> list[Message]:
    """Take a choice; of several, more can be chosen before the next question."""
    return await _picked(visit, Do(Verb.SURVEY_PICK, (circular_id, by, key, value)))


async def drop(visit: Visit, circular_id: str, by: str, key: str, value: str) -> list[Message]:
    """Take one of several choices back."""
    return await _picked(visit, Do(Verb.SURVEY_DROP, (circular_id, by, key, value)))


async def _picked(visit: Visit, pressed: Do) -> list[Message]:
    circular_id, by, key, value = pressed.arguments
    filling = await _filling(visit, circular_id, by)
    question = filling.question(key) if filling else None
    offered = [one.value for one in question.options] if question else []
    if filling is None or question is None or value not in offered:
        return messages.old_button(visit.language)
    return await _choose(visit, filling, question, value, wanted=pressed.verb == Verb.SURVEY_PICK)


async def _choose(
    visit: Visit, filling: Filling, question: pb.CircularQuestion, value: str, *, wanted: bool
) -> list[Message]:
    if not question.several:
        filling.put(question.key, choices=[value])
        return await _go_on(visit, filling, question.key)
    chosen = {*filling.chosen(question.key), value} if wanted else {
        one for one in filling.chosen(question.key) if one != value
    }  # fmt: skip
    filling.put(
        question.key, choices=[one.value for one in question.options if one.value in chosen]
    )
    values = [one.value for one in question.options]
    page = values.index(value) // survey_messages.A_PAGE + 1
    return await _ask(visit, filling, question.key, page=page)


async def go_on(visit: Visit, circular_id: str, by: str, key: str) -> list[Message]:
    """Go on to the next question, with what is answered here or with nothing."""
    filling = await _filling(visit, circular_id, by)
    if filling is None or filling.question(key) is None:
        return messages.old_button(visit.language)
    return await _go_on(visit, filling, key)


async def words(visit: Visit, circular_id: str, by: str, key: str, page: str) -> list[Message]:
    """Take typed words for the question: a choice's number or words, or a text."""
    filling = await _filling(visit, circular_id, by)
    question = filling.question(key) if filling else None
    if filling is None or question is None:
        return messages.old_button(visit.language)
    text = visit.event.text.strip()
    if not question.options:
        if limits.units(text) > MOST_TEXT:
            said = say("survey_long", visit.language, limit=MOST_TEXT)
            return messages.within([*messages.texts(said), *await _ask(visit, filling, key)])
        filling.put(key, text=text)
        return await _go_on(visit, filling, key)
    value = survey_messages.meant(question, text)
    if not value:
        said = say("survey_which", visit.language)
        again = await _ask(visit, filling, key, page=int(page))
        return messages.within([*messages.texts(said), *again])
    is_new = value not in filling.chosen(key)
    return await _choose(visit, filling, question, value, wanted=is_new)


async def review(visit: Visit, circular_id: str, by: str) -> list[Message]:
    """Show what was answered, before it is sent: also to words that are sent then."""
    filling = await _filling(visit, circular_id, by)
    return await _review(visit, filling) if filling else await begin(visit, circular_id, by)


async def send(visit: Visit, circular_id: str, by: str) -> list[Message]:
    """Send the answers."""
    filling = await _filling(visit, circular_id, by)
    if filling is None or not filling.so_far:
        return await _lapsed(visit, circular_id, by)
    if filling.missing():
        return await _review(visit, filling)
    survey = pb.SurveyAnswers(answers=filling.answers)
    taken = await filling.by.give(visit, circular_id, pb.HouseholdAnswer(survey=survey))
    await asked.nothing(visit)
    return survey_messages.sent(filling.of, filling.by, circular_id, visit.language, taken=taken)


async def stop(visit: Visit, circular_id: str, by: str) -> list[Message]:
    """Ask nothing more; what was answered here is forgotten."""
    await asked.nothing(visit)
    return survey_messages.stopped(Respondent.read(by), circular_id, visit.language)


async def _lapsed(visit: Visit, circular_id: str, by: str) -> list[Message]:
    """Say that the answers were sent before, or are kept no more, and ask anew."""
    of = await Respondent.read(by).look(visit, circular_id)
    name = "survey_sent_before" if of.answer.HasField("survey") else "survey_lapsed"
    said = messages.texts(say(name, visit.language))
    return messages.within([*said, *await begin(visit, circular_id, by)])


async def _filling(visit: Visit, circular_id: str, by: str) -> Filling | None:
    """Return the survey as far as it is answered; None where it is closed."""
    respondent = Respondent.read(by)
    of = await respondent.look(visit, circular_id)
    if not _is_open(of.circular):
        return None
    found = await asked.found(visit)
    do = asked.button_of(found)
    is_this = do is not None and do.arguments[:2] == (circular_id, by)
    so_far = {one.question: one for one in found.asked.so_far} if is_this else {}
    return Filling(circular_id, respondent, of, so_far)


def _is_open(circular: pb.Circular) -> bool:
    is_survey = circular.kind == pb.CIRCULAR_KIND_SURVEY and bool(circular.content.questions)
    return is_survey and circular.state == pb.CIRCULAR_STATE_PUBLISHED


async def _go_on(visit: Visit, filling: Filling, key: str) -> list[Message]:
    following = filling.after(key)
    if following:
        return await _ask(visit, filling, following)
    return await _review(visit, filling)


async def _ask(visit: Visit, filling: Filling, key: str, *, page: int = 1) -> list[Message]:
    do = filling.do(Verb.SURVEY_ASK, key, str(page))
    if not await asked.keep(visit, do, filling.answers):
        return await standing(visit)
    return survey_messages.question(filling, key, page, visit.language)


async def _review(visit: Visit, filling: Filling) -> list[Message]:
    if missing := filling.missing():
        said = messages.texts(say("survey_missing", visit.language))
        return messages.within([*said, *await _ask(visit, filling, missing)])
    if not await asked.keep(visit, filling.do(Verb.SURVEY_SEND), filling.answers):
        return await standing(visit)
    return survey_messages.review(filling, visit.language)


async def standing(visit: Visit) -> list[Message]:
    """Show what is asked now, after an event that came twice."""
    do = asked.button_of(await asked.found(visit))
    if do is None or do.verb not in {Verb.SURVEY_ASK, Verb.SURVEY_SEND}:
        return messages.old_button(visit.language)
    filling = await _filling(visit, *do.arguments[:2])
    if filling is None:
        return messages.old_button(visit.language)
    if do.verb == Verb.SURVEY_SEND:
        return survey_messages.review(filling, visit.language)
    return survey_messages.question(filling, do.arguments[2], int(do.arguments[3]), visit.language)
