"""What the city holds, line by line, and whether it is right: one tap may file it."""

from typing import ClassVar

from core.procedures.blocks.choice import ChoiceBlock
from core.procedures.blocks.held import ShowingBlock


class ConfirmBlock(ShowingBlock, ChoiceBlock):
    name: ClassVar[str] = "confirm"
