"""Every block by its name in YAML: a new one is its file and its line here."""

from collections.abc import Mapping

from core.procedures.blocks.account import AccountBlock
from core.procedures.blocks.address import AddressBlock
from core.procedures.blocks.block import Block
from core.procedures.blocks.choice import ChoiceBlock
from core.procedures.blocks.choices import ChoicesBlock
from core.procedures.blocks.confirm import ConfirmBlock
from core.procedures.blocks.consent import ConsentBlock
from core.procedures.blocks.coupon import CouponBlock
from core.procedures.blocks.date import DateBlock, DateTimeBlock
from core.procedures.blocks.entitlement import EntitlementBlock
from core.procedures.blocks.files import FileBlock, PhotoBlock, SignatureBlock
from core.procedures.blocks.info import InfoBlock
from core.procedures.blocks.members import MembersBlock
from core.procedures.blocks.number import MoneyBlock, NumberBlock
from core.procedures.blocks.place import PlaceBlock
from core.procedures.blocks.procedure import ProcedureBlock
from core.procedures.blocks.slot import SlotBlock
from core.procedures.blocks.text import TextBlock

ALL: tuple[type[Block], ...] = (
    AccountBlock,
    AddressBlock,
    ChoiceBlock,
    ChoicesBlock,
    ConfirmBlock,
    ConsentBlock,
    CouponBlock,
    DateBlock,
    DateTimeBlock,
    EntitlementBlock,
    FileBlock,
    InfoBlock,
    MembersBlock,
    MoneyBlock,
    NumberBlock,
    PhotoBlock,
    PlaceBlock,
    ProcedureBlock,
    SignatureBlock,
    SlotBlock,
    TextBlock,
)

BLOCKS: Mapping[str, type[Block]] = {block.name: block for block in ALL}
