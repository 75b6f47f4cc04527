"""The buttons of a conversation: each gives an answer, or looks at the same question again.

Nothing of a conversation is kept here: what was chosen so far stands in the buttons themselves.
"""

from channels import wording
from channels.line import choosing, limits, messages, prompts, turns
from channels.line.menu_messages import uri
from channels.line.messages import Message
from channels.line.visits import Visit
from todoke.v1.applications_pb2 import (
    AnswerPromptRequest,
    BeginHandoverRequest,
    GetPromptRequest,
    ReopenAnswerRequest,
    SubmitApplicationRequest,
    Turn,
)
from todoke.v1.procedures_pb2 import Answer, ChosenValues, GivenSlot

SECTION = "line_asking"


async def choose(visit: Visit, application_id: str, step: str, choice: str) -> list[Message]:
    """Answer with a choice."""
    request = AnswerPromptRequest(
        external_id=visit.event.contact,
        application_id=application_id,
        step=step,
        choice=choice,
        request_id=visit.event.id,
    )
    return turns.say(visit, await _answered(visit, request))


async def read(visit: Visit, application_id: str, step: str) -> list[Message]:
    return turns.say(visit, await _give(visit, application_id, step, Answer(read=True)))


async def skip(visit: Visit, application_id: str, step: str) -> list[Message]:
    return turns.say(visit, await _give(visit, application_id, step, Answer(skipped=True)))


async def agree(visit: Visit, application_id: str, step: str) -> list[Message]:
    return turns.say(visit, await _give(visit, application_id, step, Answer(agreed=True)))


async def pick(visit: Visit, application_id: str, step: str) -> list[Message]:
    """Answer with the day, or day and time, of LINE's picker."""
    picked = visit.event.picked
    if not picked:
        return messages.old_button(visit.language)
    answer = Answer(date_time=picked) if "T" in picked else Answer(date=picked)
    return turns.say(visit, await _give(visit, application_id, step, answer))


async def slot(
    visit: Visit, application_id: str, step: str, value: str, quantity: str
) -> list[Message]:
    answer = Answer(slot=GivenSlot(value=value, quantity=int(quantity)))
    return turns.say(visit, await _give(visit, application_id, step, answer))


async def how_many(visit: Visit, application_id: str, step: str, value: str) -> list[Message]:
    """Ask how many of a slot."""
    turn = await at_step(visit, application_id, step)
    labels = {choice.value: choice.label for choice in turn.prompt.choices}
    if value not in labels:
        return turns.say(visit, turn)
    label = limits.clip(labels[value].strip() or value, choosing.SHOWN)
    asked = messages.texts(wording.say(SECTION, "how_many", visit.language, label=label))
    return messages.with_quick_replies(asked, choosing.quantities(turn.prompt, value))


async def look(visit: Visit, application_id: str, step: str, page: str) -> list[Message]:
    """Turn to another page of the choices."""
    turn = await at_step(visit, application_id, step)
    if not _asks(turn, step):
        return turns.say(visit, turn)
    return prompts.prompt(turn.prompt, page=int(page))


async def toggle(visit: Visit, application_id: str, step: str, *taken: str) -> list[Message]:
    """Show the same question with other choices taken; nothing is answered yet."""
    sum, bits, page = taken
    turn = await at_step(visit, application_id, step)
    if not _offers(turn, step, sum):
        return turns.say(visit, turn)
    return prompts.prompt(turn.prompt, page=int(page), chosen=int(bits, 16))


async def decide(
    visit: Visit, application_id: str, step: str, sum: str, bits: str
) -> list[Message]:
    """Answer with what the buttons say is chosen."""
    turn = await at_step(visit, application_id, step)
    if not _offers(turn, step, sum):
        return turns.say(visit, turn)
    chosen = int(bits, 16)
    values = choosing.values_of(turn.prompt, chosen)
    answer = Answer(choices=ChosenValues(values=values))
    turn = await _give(visit, application_id, step, answer)
    if _offers(turn, step, sum):
        # It was not taken: what was chosen is not to be chosen again.
        return prompts.prompt(turn.prompt, chosen=chosen)
    return turns.say(visit, turn)


async def reopen(visit: Visit, application_id: str, step: str) -> list[Message]:
    """Go back to a step."""
    return turns.say(visit, await _reopened(visit, application_id, step))


async def submit(visit: Visit, application_id: str) -> list[Message]:
    """File what was looked through."""
    request = SubmitApplicationRequest(
        external_id=visit.event.contact, application_id=application_id, request_id=visit.event.id
    )
    filed = await visit.core.ask(visit.core.applications.SubmitApplication, request)
    return turns.say(visit, filed.turn)


async def ask(visit: Visit, application_id: str) -> list[Message]:
    """Say what stands now."""
    return turns.say(visit, await standing(visit, application_id))


async def on_page(visit: Visit, application_id: str) -> list[Message]:
    """Hand over to the web by a link that works once."""
    language, web_url = visit.language, visit.account.web_url
    if not web_url:
        return messages.texts(wording.say(SECTION, "page_none", language))
    request = BeginHandoverRequest(
        speaker=visit.speaker, application_id=application_id, request_id=visit.event.id
    )
    begun = await visit.core.ask(visit.core.applications.BeginHandover, request)
    time = wording.clock(begun.expire_time.ToDatetime(wording.JAPAN), language)
    lines = [wording.say(SECTION, "page_next", language, time=time)]
    link = uri("page_open", f"{web_url}/go/{begun.token}", language, section=SECTION)
    return [messages.card(wording.say(SECTION, "page_title", language), lines, [link])]


async def standing(visit: Visit, application_id: str = "") -> Turn:
    """Get what stands; without an application, of that which was asked here last."""
    request = GetPromptRequest(external_id=visit.event.contact, application_id=application_id)
    return (await visit.core.ask(visit.core.applications.GetPrompt, request)).turn


async def at_step(visit: Visit, application_id: str, step: str) -> Turn:
    """Get the question of a step, going back to it where another is asked now.

    Where the application is filed it is the turn that stands.
    """
    turn = await standing(visit, application_id)
    if _asks(turn, step) or turn.WhichOneof("kind") == "closing":
        return turn
    return await _reopened(visit, application_id, step)


def _asks(turn: Turn, step: str) -> bool:
    return turn.WhichOneof("kind") == "prompt" and turn.prompt.step == step


def _offers(turn: Turn, step: str, sum: str) -> bool:
    """Whether the same choices are asked for as when a button was made."""
    return _asks(turn, step) and choosing.sum_of(turn.prompt) == sum


async def _reopened(visit: Visit, application_id: str, step: str) -> Turn:
    request = ReopenAnswerRequest(
        speaker=visit.speaker,
        application_id=application_id,
        step=step,
        request_id=f"{visit.event.id}:reopen",
    )
    return (await visit.core.ask(visit.core.applications.ReopenAnswer, request)).turn


async def _give(visit: Visit, application_id: str, step: str, answer: Answer) -> Turn:
    request = AnswerPromptRequest(
        external_id=visit.event.contact,
        application_id=application_id,
        step=step,
        given=answer,
        request_id=visit.event.id,
    )
    return await _answered(visit, request)


async def _answered(visit: Visit, request: AnswerPromptRequest) -> Turn:
    return (await visit.core.ask(visit.core.applications.AnswerPrompt, request)).turn
