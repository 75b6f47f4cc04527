"""What segments ask of residents: their facts as numbers that can be compared, and not be read.

Each number is the beginning of a blind index. An age is asked for as the years, months and days of
birth that it covers, so that nothing in order is needed, and nothing in order is kept.
"""

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Row


class Traits(Row):
    """The facts in force of a resident, each as a number; 0 where the facts do not tell."""

    __tablename__ = "traits"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality", "resident_id"], ["residents.municipality", "residents.id"]
        ),
        Index(None, "municipality", "town"),
        Index(None, "municipality", "block"),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    resident_id: Mapped[str] = mapped_column(primary_key=True)
    birth_year: Mapped[int] = mapped_column(BigInteger)
    birth_month: Mapped[int] = mapped_column(BigInteger)
    birth_day: Mapped[int] = mapped_column(BigInteger)
    sex: Mapped[int] = mapped_column(BigInteger)
    town: Mapped[int] = mapped_column(BigInteger)
    block: Mapped[int] = mapped_column(BigInteger)


class Area(Row):
    """A town, or a block of one (`block` is empty for the town), by the number that traits hold.

    Names of towns are nobody's secret: from them staff choose, and by them results are counted.
    """

    __tablename__ = "areas"
    __table_args__ = (
        ForeignKeyConstraint(["municipality"], ["municipalities.municipality"]),
        Index(None, "municipality", "town"),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    town: Mapped[str]
    block: Mapped[str]
