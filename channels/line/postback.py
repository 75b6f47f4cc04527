"""What a button carries back: its verb and arguments, versioned, at most 300 characters.

Strict in reading: a button of another version, or anything else, is nothing.
"""

import re
from dataclasses import dataclass

from channels.line.shapes import ARGUMENTS, KEY, UUID
from channels.line.verbs import Verb

REGISTER = "1:register"
ANSWER = re.compile(f"1:answer:({UUID}):({KEY}):({KEY})")

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
