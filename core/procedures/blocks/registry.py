"""Every block by its name in YAML: a new one is its file and its line here."""

from collections.abc import Mapping

from core.procedures.blocks.block import Block
from core.procedures.blocks.choice import ChoiceBlock
from core.procedures.blocks.confirm import ConfirmBlock
from core.procedures.blocks.info import InfoBlock
from core.procedures.blocks.number import MoneyBlock, NumberBlock
from core.procedures.blocks.text import TextBlock

ALL: tuple[type[Block], ...] = (
    ChoiceBlock,
    ConfirmBlock,
    InfoBlock,
    MoneyBlock,
    NumberBlock,
    TextBlock,
)

BLOCKS: Mapping[str, type[Block]] = {block.name: block for block in ALL}
