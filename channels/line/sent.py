"""What somebody wrote or sent in the chat, taken for the answer to what they were asked there."""

from collections.abc import Awaitable, Callable
from functools import partial

from channels import wording
from channels.line import (
    asked as here,
)
from channels.line import (
    belonging,
    circular_answers,
    codes,
    inbox,
    inquiring,
    joining,
    messages,
    surveys,
    talking,
    turns,
)
from channels.line.leading import composing, seats
from channels.line.leading.doings import WORDS
from channels.line.menu_faces import State
from channels.line.messages import Message
from channels.line.postback import Do
from channels.line.typed import (
    asks_by_word,
    asks_for_inbox,
    asks_how_to_check,
    asks_how_to_find,
    code_in,
    has_my_number,
    official_code_in,
    words_to_find,
)
from channels.line.verbs import Verb
from channels.line.visits import Visit
from todoke.client import CoreError
from todoke.v1.applications_pb2 import AnswerInChatRequest, Turn
from todoke.v1.procedures_pb2 import Place

SECTION = "line_asking"
UNREADABLE = {"audio", "sticker", "video"}
OPENED = ((seats.asks, seats.show), (belonging.asks, belonging.show))
"""What is opened by its word alone."""

NOTHING_ASKED = {"NO_CONVERSATION", "CONTACT_NOT_REGISTERED"}
ANSWERED_BEFORE = "REQUEST_ID_REUSED"


async def words(visit: Visit) -> list[Message]:
    """Take typed words: a My Number for nothing, codes and what opens the inbox for what they are.

    All else is an answer.
    """
    text = visit.event.text
    if has_my_number(text):
        return messages.refusal("MY_NUMBER_REFUSED", visit.language)
    if (wanted := _asked_by_word(visit, text)) is not None:
        return await wanted
    if code := code_in(text):
        return codes.which(visit, code)
    if not text.strip():
        return await unreadable(visit)
    if (taken := await _taken(visit)) is not None:
        return taken
    return await answer(visit, partial(AnswerInChatRequest, text=text), or_else=_inquire)


async def _taken(visit: Visit) -> list[Message] | None:
    """Take words for what was asked here last, for a draft or not; None where nothing was."""
    found = await here.found(visit)
    pressed = here.button_of(found)
    if pressed is not None and pressed.verb in TYPED:
        return await _press(visit, pressed)
    if found.HasField("circular"):
        return await composing.words(visit, found.circular)
    return None


async def _press(visit: Visit, pressed: Do) -> list[Message]:
    """Take words for what was asked here last other than for a draft."""
    if asks_by_word(visit.event.text, seats.SECTION, "typed_stop"):
        await here.nothing(visit)
        return messages.texts(wording.say(SECTION, "asked_no_more", visit.language))
    return await TYPED[pressed.verb](visit, *pressed.arguments)


TYPED: dict[Verb, Callable[..., Awaitable[list[Message]]]] = {
    Verb.SURVEY_ASK: surveys.words,
    Verb.SURVEY_SEND: surveys.review,
    Verb.COMING_MORE: circular_answers.number,
    **WORDS,
}
"""What words do that press a button: each takes the visit and the button's arguments."""


def _asked_by_word(visit: Visit, text: str) -> Awaitable[list[Message]] | None:
    """Return what a word that stands first asks for, whatever question waits; None for none."""
    if official := official_code_in(text):
        return inbox.check(visit, official)
    if asks_for_inbox(text):
        return inbox.show(visit, "1")
    if sought := words_to_find(text):
        return inbox.search(visit, sought)
    for asks, show in OPENED:
        if asks(text):
            return show(visit)
    if typed := joining.code_typed(text):
        return joining.take(visit, typed)
    return None


async def code(visit: Visit, code: str) -> list[Message]:
    """Take what looked like a code for an answer."""
    return await answer(visit, partial(AnswerInChatRequest, text=code))


async def place(visit: Visit) -> list[Message]:
    found = visit.event.place
    if found is None:
        return await unreadable(visit)
    turn = await asked(visit)
    if turn is None:
        return help(visit)
    if turn.prompt.input.WhichOneof("kind") != "place":
        return again("not_asked_place", turn, visit)
    address = found.address[:200]
    given = Place(latitude=found.latitude, longitude=found.longitude, address=address)
    return await answer(visit, partial(AnswerInChatRequest, place=given))


async def unreadable(visit: Visit) -> list[Message]:
    """Answer a sticker, a voice, a video: they are no answers, so it is asked again."""
    turn = await asked(visit)
    if turn is None:
        return help(visit)
    kind = visit.event.message
    wants_files = turn.prompt.input.WhichOneof("kind") == "files" and not turn.prompt.sensitive
    if kind == "video" and wants_files:
        return again("not_readable_video_for_file", turn, visit)
    return again(f"not_readable_{kind}" if kind in UNREADABLE else "not_readable", turn, visit)


async def waiting(visit: Visit) -> list[Message]:
    """Say again what is waiting for an answer."""
    turn = await asked(visit)
    if turn is not None:
        return turns.say(visit, turn)
    # The menu that said so is not the right one.
    state = State.REGISTERED if visit.contact.registered else State.NEW
    visit.account.menus.want(visit.event.contact, state, visit.language)
    said = messages.texts(wording.say("line_procedures", "waiting_none", visit.language))
    return messages.with_quick_replies(said, [messages.procedures_button(visit.language)])


def help(visit: Visit) -> list[Message]:
    """Answer what nothing was asked for."""
    return messages.help(
        is_registered=visit.contact.registered,
        language=visit.language,
        renewal_due=visit.contact.renewal_due,
        has_app=visit.account.has_app,
    )


def _inquire(visit: Visit) -> list[Message]:
    """Offer to send to the city what nothing was asked for, or help where it takes nothing."""
    if asks_how_to_check(visit.event.text):
        return messages.texts(wording.say("line_inbox", "how_to_check", visit.language))
    if asks_how_to_find(visit.event.text):
        return messages.texts(wording.say("line_inbox", "how_to_find", visit.language))
    if not visit.account.takes_inquiries:
        return help(visit)
    return inquiring.offer(visit, visit.event.text)


async def answer(
    visit: Visit,
    make: partial[AnswerInChatRequest],
    *,
    or_else: Callable[[Visit], list[Message]] = help,
) -> list[Message]:
    """Take it for an answer; where nothing was asked, do what else is to be done."""
    request = make(external_id=visit.event.contact, request_id=visit.event.id)
    try:
        answered = await visit.core.ask(visit.core.applications.AnswerInChat, request)
    except CoreError as error:
        if error.reason == ANSWERED_BEFORE:
            # An earlier delivery was taken, of what LINE does not give the same any more.
            return await waiting(visit)
        if error.reason not in NOTHING_ASKED:
            raise
        return or_else(visit)
    # Of photographs that were sent at once, only the last that comes has an answer.
    return turns.say(visit, answered.turn) if answered.HasField("turn") else []


async def asked(visit: Visit) -> Turn | None:
    """Return what was asked here last; None where nothing is."""
    try:
        return await talking.standing(visit)
    except CoreError as error:
        if error.reason not in NOTHING_ASKED:
            raise
        return None


def again(name: str, turn: Turn, visit: Visit, **places: object) -> list[Message]:
    """Say why it was not taken, and ask again."""
    said = messages.texts(wording.say(SECTION, name, visit.language, **places))
    return messages.within([*said, *turns.say(visit, turn)])
