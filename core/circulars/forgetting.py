"""What a member wrote goes with them; what their household answered stays the household's."""

from collections.abc import Collection

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.associations.member_rows import Member
from core.circulars.rows import Circular, Comment


def forget_members(session: Session, municipality: str, member_ids: Collection[str]) -> None:
    """Take away the comments of members who left and are forgotten, and their names as authors."""
    query = select(Member).where(
        Member.municipality == municipality,
        Member.id.in_(member_ids),
        Member.end_time.is_not(None),
    )
    forgotten = [member.id for member in session.scalars(query) if not member.display_name]
    session.execute(
        update(Comment)
        .where(Comment.municipality == municipality, Comment.member_id.in_(forgotten))
        .values(text="", hidden_by="core")
        .execution_options(synchronize_session="fetch")
    )
    session.execute(
        update(Circular)
        .where(Circular.municipality == municipality, Circular.author_id.in_(forgotten))
        .values(author_name="")
        .execution_options(synchronize_session="fetch")
    )
