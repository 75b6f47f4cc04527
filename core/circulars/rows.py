"""Circulars in versions, their files, and what those who got them said."""

from datetime import date, datetime

from sqlalchemy import ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from core.circulars.rules import Kind, Occasion, State, Way
from core.crypto import Sealed, SealedBytes
from core.db import Instant, Row


class Circular(Row):
    """What goes round; `association_id` is empty for one of the city to leaders.

    `author_id` is a member's id, or that of staff for one of the city's. `targets_json` is the
    contract's Targets. `forwarded_from` is the city's circular that it passes on, or empty.
    """

    __tablename__ = "circulars"
    __table_args__ = (
        ForeignKeyConstraint(["municipality"], ["municipalities.municipality"]),
        Index(None, "municipality", "association_id", "id"),
        Index(None, "municipality", "state", "publish_time"),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    association_id: Mapped[str]
    kind: Mapped[Kind]
    state: Mapped[State]
    author_id: Mapped[str]
    author_name: Mapped[str] = mapped_column(Sealed("circulars.author_name"))
    targets_json: Mapped[str]
    create_time: Mapped[datetime] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(default=1)
    on_board: Mapped[bool] = mapped_column(default=False)
    due_date: Mapped[date | None] = mapped_column(default=None)
    publish_time: Mapped[datetime | None] = mapped_column(Instant, default=None)
    withdrawn_with: Mapped[str] = mapped_column(default="")
    forwarded_from: Mapped[str] = mapped_column(default="")
    revision: Mapped[int] = mapped_column(default=1)
    asked: Mapped[str] = mapped_column(default="")
    """Of a draft: what its author was asked for it in a chat, as the channel calls it."""

    corrects: Mapped[str] = mapped_column(default="")
    """Of a draft: the circular that is out, of which it is to be the next version, or empty.

    Its own `version` is then the number that it is to have there.
    """


FORWARDED = Circular.forwarded_from != ""

Index(
    "uq_circulars_forwarded",
    Circular.municipality,
    Circular.association_id,
    Circular.forwarded_from,
    unique=True,
    sqlite_where=FORWARDED,
    postgresql_where=FORWARDED,
)


class CircularVersion(Row):
    """What a circular says in one version, as the contract's CircularContent in JSON."""

    __tablename__ = "circular_versions"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality", "circular_id"], ["circulars.municipality", "circulars.id"]
        ),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    circular_id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    content_json: Mapped[str] = mapped_column(Sealed("circular_versions.content"))
    create_time: Mapped[datetime] = mapped_column(Instant)
    correction: Mapped[str] = mapped_column(default="")


class Receipt(Row):
    """A household that a circular is for, and how it has read; made when the circular goes out.

    `version` is the one it read last. `answer_json` is the contract's HouseholdAnswer, never of a
    secret vote. `read_time` and `read_by` are of what the household did itself, `enter_time` and
    `entered_by` of what an officer entered from paper, as long as that is how it has read.
    `association_id` is the household's, also under a circular of the city.
    """

    __tablename__ = "circular_receipts"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality", "circular_id"], ["circulars.municipality", "circulars.id"]
        ),
        ForeignKeyConstraint(
            ["municipality", "household_id"], ["households.municipality", "households.id"]
        ),
        Index(None, "municipality", "household_id", "circular_id"),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    circular_id: Mapped[str] = mapped_column(primary_key=True)
    household_id: Mapped[str] = mapped_column(primary_key=True)
    association_id: Mapped[str]
    way: Mapped[Way | None] = mapped_column(default=None)
    version: Mapped[int] = mapped_column(default=0)
    read_time: Mapped[datetime | None] = mapped_column(Instant, default=None)
    read_by: Mapped[str] = mapped_column(default="")
    remind_time: Mapped[datetime | None] = mapped_column(Instant, default=None)
    answer_json: Mapped[str | None] = mapped_column(
        Sealed("circular_receipts.answer"), default=None
    )
    answer_time: Mapped[datetime | None] = mapped_column(Instant, default=None)
    enter_time: Mapped[datetime | None] = mapped_column(Instant, default=None)
    entered_by: Mapped[str] = mapped_column(default="")


class Announcement(Row):
    """What is still to be told of a circular on an occasion; there is none once all are told.

    It goes on behind the household `cursor`. `mark` tells occasions of one kind apart: the version,
    or a reminder's day. `but` is a member who knows; `groups_json` are the groups that are
    reminded, and null means all.
    """

    __tablename__ = "circular_announcements"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality", "circular_id"], ["circulars.municipality", "circulars.id"]
        ),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    circular_id: Mapped[str]
    occasion: Mapped[Occasion]
    mark: Mapped[str]
    begin_time: Mapped[datetime] = mapped_column(Instant)
    but: Mapped[str] = mapped_column(default="")
    groups_json: Mapped[str] = mapped_column(default="null")
    cursor: Mapped[str] = mapped_column(default="")


class Elector(Row):
    """Who has cast a vote: a household's or a member's id. What was chosen stands elsewhere.

    Where each member has a vote, all of them are electors from when it goes out, cast or not.
    """

    __tablename__ = "circular_electors"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality", "circular_id"], ["circulars.municipality", "circulars.id"]
        ),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    circular_id: Mapped[str] = mapped_column(primary_key=True)
    elector_id: Mapped[str] = mapped_column(primary_key=True)
    has_cast: Mapped[bool] = mapped_column(default=True)


class Ballot(Row):
    """A vote that was cast; of a secret one nothing tells who cast it.

    `elector_id` is empty there. `id` is drawn at random, and anew for all with every vote that is
    cast: neither their order nor where the database laid them tells which came when.
    """

    __tablename__ = "circular_ballots"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality", "circular_id"], ["circulars.municipality", "circulars.id"]
        ),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    circular_id: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    choice: Mapped[str]
    elector_id: Mapped[str] = mapped_column(default="")


class Comment(Row):
    """A member's words under a circular; one that was hidden keeps none."""

    __tablename__ = "circular_comments"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality", "circular_id"], ["circulars.municipality", "circulars.id"]
        ),
        Index(None, "municipality", "circular_id", "id"),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    circular_id: Mapped[str]
    member_id: Mapped[str]
    text: Mapped[str] = mapped_column(Sealed("circular_comments.text"))
    create_time: Mapped[datetime] = mapped_column(Instant)
    hidden_by: Mapped[str] = mapped_column(default="")


class CircularFile(Row):
    """A PDF or an image, made anew; `text` is what stands in it, for the search.

    `association_id` is empty for a file of the city's. One that no circular names is deleted after
    a day.
    """

    __tablename__ = "circular_files"
    __table_args__ = (
        ForeignKeyConstraint(["municipality"], ["municipalities.municipality"]),
        Index(None, "municipality", "create_time"),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    association_id: Mapped[str]
    uploader_id: Mapped[str]
    file_name: Mapped[str] = mapped_column(Sealed("circular_files.file_name"))
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    pages: Mapped[int]
    text: Mapped[str] = mapped_column(Sealed("circular_files.text"), deferred=True)
    content: Mapped[bytes] = mapped_column(SealedBytes("circular_files.content"), deferred=True)
    create_time: Mapped[datetime] = mapped_column(Instant)


class NamedFile(Row):
    """A file that a circular's newest version names: who may read the one may load the other."""

    __tablename__ = "circular_named_files"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality", "circular_id"], ["circulars.municipality", "circulars.id"]
        ),
        ForeignKeyConstraint(
            ["municipality", "file_id"], ["circular_files.municipality", "circular_files.id"]
        ),
        Index(None, "municipality", "file_id"),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    circular_id: Mapped[str] = mapped_column(primary_key=True)
    file_id: Mapped[str] = mapped_column(primary_key=True)


class CircularPage(Row):
    """A page of a file as a picture, in the width of a phone."""

    __tablename__ = "circular_pages"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality", "file_id"], ["circular_files.municipality", "circular_files.id"]
        ),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    file_id: Mapped[str] = mapped_column(primary_key=True)
    page: Mapped[int] = mapped_column(primary_key=True)
    media_type: Mapped[str]
    content: Mapped[bytes] = mapped_column(SealedBytes("circular_pages.content"), deferred=True)
