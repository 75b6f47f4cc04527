"""What the core says next, as LINE messages: a prompt, a review, a closing, or a notice."""

from collections.abc import Callable
from typing import Any

from channels import wording
from channels.line import inquiring, limits, messages, neighbourhood, prompts, reviews
from channels.line.menu_faces import State
from channels.line.messages import Message, press
from channels.line.postback import Answer, Do
from channels.line.verbs import Verb
from channels.line.visits import Visit
from todoke.v1.applications_pb2 import Closing, Turn
from todoke.v1.dispatches_pb2 import Dispatch
from todoke.v1.procedures_pb2 import Choice


def of_dispatch(dispatch: Dispatch) -> list[Message]:
    """Word a dispatch. Raises wording.NothingToSay where the core is newer than this channel."""
    kind = dispatch.WhichOneof("content") or ""
    if kind not in WORDED:
        raise wording.NothingToSay("the dispatch has no content known to this channel")
    return WORDED[kind](getattr(dispatch, kind))


def say(visit: Visit, turn: Turn) -> list[Message]:
    """Say a turn to whoever speaks, and show the menu that goes with it."""
    state = State.REGISTERED if visit.contact.registered else State.NEW
    if turn.WhichOneof("kind") != "closing":
        state = State.WAITING
    visit.account.menus.want(visit.event.contact, state, visit.language)
    return of_turn(turn)


def of_turn(turn: Turn) -> list[Message]:
    match turn.WhichOneof("kind"):
        case "prompt":
            return prompts.prompt(turn.prompt)
        case "review":
            return reviews.review(turn.review)
        case _:
            return closing(turn.closing)


def closing(closing: Closing) -> list[Message]:
    """Say the last word; what may still be changed stands as quick replies under it.

    To what is filed belong its number, and the way to see what becomes of it.
    """
    language = closing.language or wording.FIRST
    said = closing.text.strip() or wording.say("prompts", "alternative", language)
    wrong = prompts.told(list(closing.problems), language)
    lines = [*prompts.whose(closing.on_behalf_of, language), *wrong, said]
    actions = [_choice(choice, closing) for choice in closing.choices]
    if number := closing.receipt_number:
        lines += [
            wording.say("line_procedures", name, language, number=number)
            for name in ("receipt", "receipt_status")
        ]
        own = wording.say("line_procedures", "own", language)
        actions.append(press(Do(Verb.OWN, ("1",)), own, limit=limits.QUICK_REPLY_LABEL))
    return messages.with_quick_replies(messages.texts("\n".join(lines)), actions)


def _choice(choice: Choice, closing: Closing) -> messages.Action:
    word = choice.label.strip() or choice.value
    pressed = Answer(closing.application_id, closing.step, choice.value)
    return press(pressed, word, limit=limits.QUICK_REPLY_LABEL)


WORDED: dict[str, Callable[[Any], list[Message]]] = {
    "prompt": prompts.prompt,
    "review": reviews.review,
    "notice": messages.notice,
    "closing": closing,
    "inquiry": inquiring.answer,
    "circular": neighbourhood.circular,
    "association": neighbourhood.association,
}
"""What each content of a dispatch is worded by; a campaign's needs to know more, see the sender."""
