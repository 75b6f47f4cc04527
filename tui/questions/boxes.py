"""Which box draws which kind of the contract's input."""

from todoke.v1.procedures_pb2 import Prompt
from tui.desk import Desk
from tui.questions.account import AccountBox
from tui.questions.attaching import Attacher
from tui.questions.box import Box
from tui.questions.files import FilesBox, SignatureBox
from tui.questions.members import MembersBox
from tui.questions.picking import ChoiceBox, ChoicesBox, SlotBox
from tui.questions.simple import AgreeBox, DayBox, NumberBox, ReadBox, TextBox
from tui.questions.where import AddressBox, PlaceBox

BOXES: dict[str, type[Box]] = {
    "read": ReadBox,
    "choice": ChoiceBox,
    "choices": ChoicesBox,
    "text": TextBox,
    "number": NumberBox,
    "date": DayBox,
    "date_time": DayBox,
    "place": PlaceBox,
    "address": AddressBox,
    "account": AccountBox,
    "files": FilesBox,
    "agree": AgreeBox,
    "members": MembersBox,
    "signature": SignatureBox,
    "slot": SlotBox,
}


def box_of(
    desk: Desk, prompt: Prompt, files: Attacher | None = None, *, pretends: bool = False
) -> Box:
    """Draw what a prompt wants; one without an input offers its choices, or is only read."""
    kind = prompt.input.WhichOneof("kind") or ("choice" if prompt.choices else "read")
    return BOXES[kind](desk, prompt, files, pretends=pretends)
