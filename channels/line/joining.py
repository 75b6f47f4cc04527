"""Codes of neighbourhood associations, typed with a word before them: to join, or to go on here."""

import unicodedata
from dataclasses import dataclass

from channels import wording
from channels.line import limits, messages
from channels.line.messages import Message
from channels.line.typed import code_in
from channels.line.visits import Visit
from todoke.v1 import circulars_pb2 as pb

SECTION = "line_joining"
NAME = 64


@dataclass(frozen=True, slots=True)
class Typed:
    """A code with what somebody wants by it; without a name, it is to go on with a membership."""

    code: str
    joins: bool
    name: str = ""


def code_typed(text: str) -> Typed | None:
    """Read 「参加 CODE お名前」 and 「回覧 CODE」, of any width and case; None for all else."""
    word, _, rest = unicodedata.normalize("NFKC", text).strip().partition(" ")
    typed, _, name = rest.strip().partition(" ")
    code = code_in(typed)
    if code is None:
        return None
    if word.casefold() in _words("typed_join"):
        return Typed(code, joins=True, name=name.strip()[:NAME])
    if word.casefold() in _words("typed_link") and not name.strip():
        return Typed(code, joins=False)
    return None


async def take(visit: Visit, typed: Typed) -> list[Message]:
    """Ask to join by the name given, or let this chat speak for a member there is."""
    if not typed.joins:
        return await _link(visit, typed.code)
    if not typed.name:
        return messages.texts(_say("name_missing", visit.language, code=typed.code))
    request = pb.RequestToJoinRequest(
        speaker=visit.speaker,
        code=typed.code,
        display_name=typed.name,
        request_id=visit.event.id,
    )
    await visit.core.ask(visit.core.circulars.RequestToJoin, request)
    return messages.texts(_say("asked", visit.language, person=typed.name))


async def _link(visit: Visit, code: str) -> list[Message]:
    request = pb.CompleteMemberLinkRequest(
        speaker=visit.speaker, code=code, request_id=visit.event.id
    )
    done = await visit.core.ask(visit.core.circulars.CompleteMemberLink, request)
    name = limits.clip(done.membership.association.name, limits.BUTTON_LABEL * 2)
    return messages.texts(_say("linked", visit.language, association=name))


def _words(name: str) -> set[str]:
    words = (wording.say(SECTION, name, language) for language in wording.languages())
    return {word.casefold() for several in words for word in several.split("|")}


def _say(name: str, language: str, **places: object) -> str:
    return wording.say(SECTION, name, language, **places)
