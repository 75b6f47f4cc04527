"""From what a person did in the chat to what the city says next."""

from collections.abc import Awaitable, Callable

from channels import wording
from channels.line import (
    belonging,
    circular_answers,
    codes,
    eligible,
    family,
    files,
    inbox,
    inquiring,
    menu,
    messages,
    neighbourhood,
    postback,
    procedures,
    sent,
    surveys,
    talking,
    visits,
    wishes,
)
from channels.line.event import Event
from channels.line.leading import composing
from channels.line.leading.doings import LEADING
from channels.line.messages import Message
from channels.line.postback import Answer, Do, Register
from channels.line.verbs import Verb
from channels.line.visits import Account, Visit
from todoke.client import CoreError
from todoke.v1.registration_pb2 import BeginVerificationRequest
from todoke.v1.residents_pb2 import CONTACT_STATE_LOST, CONTACT_STATE_REACHABLE

__all__ = ["Account", "answer"]


async def answer(account: Account, event: Event) -> list[Message]:
    """Deal with an event and word the answer, which may be nothing.

    Raises CoreError where the event is not dealt with and must come again.
    """
    handler = HANDLERS.get(event.kind)
    if handler is None:
        return []
    try:
        return await handler(account, event)
    except CoreError as error:
        if not wording.is_for_the_resident(error):
            raise
        language = await visits.language_of(account.core, event)
        return messages.refusal(error.reason, language, has_app=account.has_app)


async def _follow(account: Account, event: Event) -> list[Message]:
    contact = await visits.see(account.core, event, CONTACT_STATE_REACHABLE, event.id)
    account.menus.meet(event.contact, is_registered=contact.registered, language=contact.language)
    return messages.greeting(
        is_registered=contact.registered,
        language=contact.language,
        renewal_due=contact.renewal_due,
        has_app=account.has_app,
    )


async def _unfollow(account: Account, event: Event) -> list[Message]:
    await visits.see(account.core, event, CONTACT_STATE_LOST, event.id)
    return []


async def _postback(account: Account, event: Event) -> list[Message]:
    match postback.decode(event.data):
        case Register():
            return await visits.known(account.core, event, lambda: _begin(account, event))
        case Answer() as pressed:
            visit = await visits.begin(account, event)
            answered = (pressed.application_id, pressed.step, pressed.choice)
            return await talking.choose(visit, *answered)
        case Do(verb, arguments):
            visit = await visits.begin(account, event)
            if verb in ASKING:
                await composing.put_down(visit)
            return await DOINGS[verb](visit, *arguments)
        case None:
            return messages.old_button()


async def _begin(account: Account, event: Event) -> list[Message]:
    core = account.core
    request = BeginVerificationRequest(external_id=event.contact, request_id=event.id)
    began = await core.ask(core.registration.BeginVerification, request)
    language = await visits.language_of(core, event)
    return messages.challenge(began.verification, account.public_url, language)


async def _message(account: Account, event: Event) -> list[Message]:
    visit = await visits.begin(account, event)
    return await MESSAGES.get(event.message, sent.unreadable)(visit)


HANDLERS: dict[str, Callable[[Account, Event], Awaitable[list[Message]]]] = {
    "follow": _follow,
    "unfollow": _unfollow,
    "postback": _postback,
    "message": _message,
}

MESSAGES: dict[str, Callable[[Visit], Awaitable[list[Message]]]] = {
    "text": sent.words,
    "image": files.file,
    "file": files.file,
    "location": sent.place,
}
"""What is sent beside these, such as stickers, voice and videos, answers nothing."""

ASKING = {Verb.START, Verb.START_PROGRAM, Verb.ASK, Verb.WAITING, Verb.REOPEN}
"""What leads to a question of a procedure, which the next words shall answer."""

# Each takes the visit and its verb's arguments, as text.
DOINGS: dict[Verb, Callable[..., Awaitable[list[Message]]]] = {
    Verb.APP: menu.by_app,
    Verb.MENU: menu.show,
    Verb.WEB: menu.on_the_web,
    Verb.LANGUAGES: wishes.languages,
    Verb.SPEAK: wishes.speak,
    Verb.TOPICS: wishes.topics,
    Verb.TOPIC: wishes.choose,
    Verb.INBOX: inbox.show,
    Verb.CIRCULAR: neighbourhood.open_circular,
    Verb.SEEN: circular_answers.seen,
    Verb.COMING: circular_answers.coming,
    Verb.VOTE: circular_answers.vote,
    Verb.VOTES: circular_answers.votes,
    Verb.COMING_MORE: circular_answers.coming_more,
    Verb.SURVEY: surveys.begin,
    Verb.SURVEY_ASK: surveys.ask,
    Verb.SURVEY_PICK: surveys.pick,
    Verb.SURVEY_DROP: surveys.drop,
    Verb.SURVEY_NEXT: surveys.go_on,
    Verb.SURVEY_SEND: surveys.send,
    Verb.SURVEY_STOP: surveys.stop,
    Verb.FORWARD: neighbourhood.forward,
    Verb.FORWARD_TO: neighbourhood.forward_to,
    Verb.BELONG: belonging.show,
    Verb.LOOK_AFTER: belonging.look_after,
    Verb.LOOK_AFTER_SURE: belonging.look_after_surely,
    Verb.LEAVE: belonging.leave,
    Verb.LEAVE_SURE: belonging.leave_surely,
    Verb.ON_BOARD: neighbourhood.on_board,
    Verb.ON_BOARD_FOR: neighbourhood.on_board_for,
    Verb.CIRCULAR_FOR: neighbourhood.open_for,
    Verb.SEEN_FOR: circular_answers.seen_for,
    Verb.COMING_FOR: circular_answers.coming_for,
    Verb.VOTE_FOR: circular_answers.vote_for,
    Verb.ELIGIBLE: eligible.programs,
    Verb.ELIGIBLE_FOR: eligible.explain,
    Verb.CONSENTS: menu.consents,
    Verb.WITHDRAW: menu.withdraw,
    Verb.WITHDRAW_SURE: menu.withdraw_surely,
    Verb.UNLINK: menu.unlink,
    Verb.UNLINK_SURE: menu.unlink_surely,
    Verb.DELETE: menu.delete,
    Verb.DELETE_SURE: menu.delete_surely,
    Verb.FAMILY: family.show,
    Verb.BY_CARD: family.by_card,
    Verb.BY_CARD_CIRCULARS: family.by_card_circulars,
    Verb.BY_CARD_UNTIL: family.by_card_until,
    Verb.BY_CODE: family.by_code,
    Verb.OFFER: family.offer,
    Verb.OFFER_CIRCULARS: family.offer_circulars,
    Verb.OFFER_UNTIL: family.offer_until,
    Verb.PROXIES: family.proxies,
    Verb.END: family.end,
    Verb.END_SURE: family.end_surely,
    Verb.LINK_CODE: codes.link,
    Verb.PROXY_CODE: codes.become_proxy,
    Verb.ANSWER_CODE: sent.code,
    Verb.READ: talking.read,
    Verb.SKIP: talking.skip,
    Verb.AGREE: talking.agree,
    Verb.PICK: talking.pick,
    Verb.SLOT: talking.slot,
    Verb.HOW_MANY: talking.how_many,
    Verb.LOOK: talking.look,
    Verb.TOGGLE: talking.toggle,
    Verb.DECIDE: talking.decide,
    Verb.REOPEN: talking.reopen,
    Verb.SUBMIT: talking.submit,
    Verb.ASK: talking.ask,
    Verb.WAITING: sent.waiting,
    Verb.ON_PAGE: talking.on_page,
    Verb.PROCEDURES: procedures.offered,
    Verb.START: procedures.start,
    Verb.START_PROGRAM: procedures.start_program,
    Verb.OWN: procedures.own,
    Verb.OWN_ONE: procedures.one,
    Verb.TAKE_BACK: procedures.take_back,
    Verb.TAKE_BACK_SURE: procedures.take_back_surely,
    Verb.INQUIRE: inquiring.send,
    **LEADING,
}
