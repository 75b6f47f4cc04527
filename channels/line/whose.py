"""Whose circular it is that somebody reads in the chat, and what its buttons do for whom."""

from dataclasses import dataclass

from channels.line.messages import Action, press
from channels.line.postback import Do
from channels.line.verbs import Verb
from channels.line.visits import Visit
from todoke.v1.residents_pb2 import Speaker

FOR = {
    Verb.CIRCULAR: Verb.CIRCULAR_FOR,
    Verb.SEEN: Verb.SEEN_FOR,
    Verb.COMING: Verb.COMING_FOR,
    Verb.VOTE: Verb.VOTE_FOR,
    Verb.ON_BOARD: Verb.ON_BOARD_FOR,
}
"""What a button does for whom its reader acts for, in place of what it does for oneself."""


@dataclass(frozen=True, slots=True)
class Whose:
    """One's own, or that of a resident for whom one acts as a proxy."""

    resident_id: str = ""

    def speaker(self, visit: Visit) -> Speaker:
        return Speaker(external_id=visit.event.contact, for_resident_id=self.resident_id)

    def press(self, verb: Verb, args: tuple[str, ...], label: str) -> Action:
        if self.resident_id:
            return press(Do(FOR[verb], (self.resident_id, *args)), label)
        return press(Do(verb, args), label)


OWN = Whose()
