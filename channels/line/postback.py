"""What a button carries back: its verb and arguments, versioned, at most 300 characters.

Strict in reading: a button of another version, or anything else, is nothing.
"""

import re
from dataclasses import dataclass

KEY = "[a-z][a-z0-9_]{1,63}"
UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
REGISTER = "1:register"
ANSWER = re.compile(f"1:answer:({UUID}):({KEY}):({KEY})")


@dataclass(frozen=True, slots=True)
class Register:
    """The resident wants to register, or to renew the registration."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The resident pressed a choice of a step."""

    application_id: str
    step: str
    choice: str


def encode(pressed: Register | Answer) -> str:
    if isinstance(pressed, Register):
        return REGISTER
    return f"1:answer:{pressed.application_id}:{pressed.step}:{pressed.choice}"


def decode(data: str) -> Register | Answer | None:
    """Read a button's data; None where it is none of ours."""
    if data == REGISTER:
        return Register()
    found = ANSWER.fullmatch(data)
    return Answer(*found.groups()) if found else None
