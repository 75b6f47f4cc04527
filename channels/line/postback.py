"""What a button carries back: its verb and arguments, versioned, at most 300 characters.

Strict in reading: a button of another version, or anything else, is nothing.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

KEY = "[a-z][a-z0-9_]{1,63}"
UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
PAGE = "[1-9][0-9]{0,2}"
SLOT = "[a-z0-9][a-z0-9_]{0,63}"
QUANTITY = "[0-9]{1,3}"
# What the choices were when the button was made, and which of them are chosen, as bits.
SUM = "[0-9a-f]{8}"
BITS = "[0-9a-f]{1,16}"
TERM = "months3|years1|years2"
CODE = "[A-HJ-NP-Z2-9]{10}"
# When the question was asked, in seconds: an old yes in the chat must not act at one touch.
ASKED = "[0-9]{10}"
MOST_WORDS = 270
"""UTF-16 code units of what somebody wrote, that a button carries back."""

WORDS = rf"(?s:.{{0,{MOST_WORDS - 1}}})\S"
REGISTER = "1:register"
ANSWER = re.compile(f"1:answer:({UUID}):({KEY}):({KEY})")


class Verb(StrEnum):
    """What a button does that is no choice of a step; `_sure` is the second of two taps."""

    APP = "app"
    MENU = "menu"
    WEB = "web"
    LANGUAGES = "languages"
    SPEAK = "speak"
    TOPICS = "topics"
    TOPIC = "topic"
    INBOX = "inbox"
    ELIGIBLE = "eligible"
    ELIGIBLE_FOR = "eligible_for"
    CONSENTS = "consents"
    WITHDRAW = "withdraw"
    WITHDRAW_SURE = "withdraw_sure"
    UNLINK = "unlink"
    UNLINK_SURE = "unlink_sure"
    DELETE = "delete"
    DELETE_SURE = "delete_sure"
    FAMILY = "family"
    BY_CARD = "by_card"
    BY_CARD_UNTIL = "by_card_until"
    BY_CODE = "by_code"
    OFFER = "offer"
    OFFER_UNTIL = "offer_until"
    PROXIES = "proxies"
    END = "end"
    END_SURE = "end_sure"
    LINK_CODE = "link_code"
    PROXY_CODE = "proxy_code"
    ANSWER_CODE = "answer_code"
    READ = "read"
    SKIP = "skip"
    AGREE = "agree"
    PICK = "pick"
    SLOT = "slot"
    HOW_MANY = "how_many"
    LOOK = "look"
    TOGGLE = "toggle"
    DECIDE = "decide"
    REOPEN = "reopen"
    SUBMIT = "submit"
    ASK = "ask"
    WAITING = "waiting"
    ON_PAGE = "on_page"
    PROCEDURES = "procedures"
    START = "start"
    START_PROGRAM = "start_program"
    OWN = "own"
    OWN_ONE = "own_one"
    TAKE_BACK = "take_back"
    TAKE_BACK_SURE = "take_back_sure"
    INQUIRE = "inquire"
    CIRCULAR = "circular"
    SEEN = "seen"
    COMING = "coming"
    VOTE = "vote"
    FORWARD = "forward"
    ON_BOARD = "on_board"


ARGUMENTS: dict[Verb, tuple[str, ...]] = {
    Verb.MENU: (PAGE,),
    Verb.SPEAK: ("ja|ja-x-easy|en",),
    Verb.TOPICS: (PAGE,),
    Verb.TOPIC: (KEY, "on|off", PAGE),
    Verb.INBOX: (f"{UUID}|{PAGE}",),
    Verb.ELIGIBLE: (PAGE,),
    Verb.ELIGIBLE_FOR: (UUID,),
    Verb.CONSENTS: (PAGE,),
    Verb.WITHDRAW: (UUID,),
    Verb.WITHDRAW_SURE: (UUID, ASKED),
    Verb.UNLINK_SURE: (UUID, ASKED),
    Verb.DELETE_SURE: (ASKED,),
    Verb.BY_CARD_UNTIL: (TERM,),
    Verb.OFFER_UNTIL: (TERM,),
    Verb.PROXIES: (PAGE,),
    Verb.END: (UUID,),
    Verb.END_SURE: (UUID, ASKED),
    Verb.LINK_CODE: (CODE,),
    Verb.PROXY_CODE: (CODE,),
    Verb.ANSWER_CODE: (CODE,),
    Verb.READ: (UUID, KEY),
    Verb.SKIP: (UUID, KEY),
    Verb.AGREE: (UUID, KEY),
    Verb.PICK: (UUID, KEY),
    Verb.SLOT: (UUID, KEY, SLOT, QUANTITY),
    Verb.HOW_MANY: (UUID, KEY, SLOT),
    Verb.LOOK: (UUID, KEY, PAGE),
    Verb.TOGGLE: (UUID, KEY, SUM, BITS, PAGE),
    Verb.DECIDE: (UUID, KEY, SUM, BITS),
    Verb.REOPEN: (UUID, KEY),
    Verb.SUBMIT: (UUID,),
    Verb.ASK: (UUID,),
    Verb.ON_PAGE: (UUID,),
    Verb.PROCEDURES: (PAGE,),
    Verb.START: (KEY,),
    Verb.START_PROGRAM: (UUID,),
    Verb.OWN: (PAGE,),
    Verb.OWN_ONE: (UUID,),
    Verb.TAKE_BACK: (UUID,),
    Verb.TAKE_BACK_SURE: (UUID, ASKED),
    Verb.INQUIRE: (ASKED, WORDS),
    Verb.CIRCULAR: (UUID,),
    Verb.SEEN: (UUID,),
    Verb.COMING: (UUID, "[0-9]{1,2}"),
    Verb.VOTE: (UUID, KEY),
    Verb.FORWARD: (UUID,),
    Verb.ON_BOARD: (UUID,),
}
"""The shapes of a verb's arguments; one that is not here has none."""

SHAPES = {
    verb: re.compile(":".join(["1", verb, *(f"({shape})" for shape in ARGUMENTS.get(verb, ()))]))
    for verb in Verb
}


@dataclass(frozen=True, slots=True)
class Register:
    """The resident wants to register, or to renew the registration."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The resident pressed a choice of a step."""

    application_id: str
    step: str
    choice: str


@dataclass(frozen=True, slots=True)
class Do:
    """The resident pressed any other button."""

    verb: Verb
    arguments: tuple[str, ...] = ()


Pressed = Register | Answer | Do


def encode(pressed: Pressed) -> str:
    match pressed:
        case Register():
            return REGISTER
        case Answer():
            return f"1:answer:{pressed.application_id}:{pressed.step}:{pressed.choice}"
        case Do():
            return ":".join(("1", pressed.verb, *pressed.arguments))


def decode(data: str) -> Pressed | None:
    """Read a button's data; None where it is none of ours."""
    if data == REGISTER:
        return Register()
    if found := ANSWER.fullmatch(data):
        return Answer(*found.groups())
    for verb, shape in SHAPES.items():
        if found := shape.fullmatch(data):
            return Do(verb, found.groups())
    return None
