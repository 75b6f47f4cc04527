"""Templates, images and the rules of sending."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, select, tuple_
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.attachments.rules import AttachmentUnknown
from core.db import Instant, Row
from core.letters.rules import USUAL_WINDOW, Window
from core.messaging.rules import Sending, TemplateUnknown, Use, is_quiet, next_time


class Template(Row):
    """A text to begin messages and answers from, as the contract's CampaignMessage in JSON."""

    __tablename__ = "templates"
    __table_args__ = (ForeignKeyConstraint(["municipality"], ["municipalities.municipality"]),)

    municipality: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    message_json: Mapped[str]
    use: Mapped[Use]
    revision: Mapped[int] = mapped_column(default=1)


class Image(Row):
    """An image of a message, made anew; it is shown to whoever is told, and no resident's."""

    __tablename__ = "images"
    __table_args__ = (ForeignKeyConstraint(["municipality"], ["municipalities.municipality"]),)

    municipality: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    file_name: Mapped[str]
    media_type: Mapped[str]
    width: Mapped[int]
    height: Mapped[int]
    sha256: Mapped[str]
    content: Mapped[bytes] = mapped_column(deferred=True)
    create_time: Mapped[datetime] = mapped_column(Instant)


class SendingRules(Row):
    """When nothing is sent, how much is enough, who approves, and what envelopes letters go in."""

    __tablename__ = "sending_rules"
    __table_args__ = (ForeignKeyConstraint(["municipality"], ["municipalities.municipality"]),)

    municipality: Mapped[str] = mapped_column(primary_key=True)
    quiet_from: Mapped[str]
    quiet_to: Mapped[str]
    weekly_cap: Mapped[int]
    approval_from: Mapped[int]
    answer_from: Mapped[str] = mapped_column(default="")
    answer_to: Mapped[str] = mapped_column(default="")
    window_left: Mapped[int] = mapped_column(default=USUAL_WINDOW.left)
    window_top: Mapped[int] = mapped_column(default=USUAL_WINDOW.top)
    window_width: Mapped[int] = mapped_column(default=USUAL_WINDOW.width)
    window_height: Mapped[int] = mapped_column(default=USUAL_WINDOW.height)
    revision: Mapped[int] = mapped_column(default=1)


def sending_rules(session: Session, municipality: str) -> SendingRules:
    """Return the rules of sending: those that were set, else those that hold where none were.

    What is returned where none were is not kept.
    """
    kept = session.get(SendingRules, municipality)
    return kept or SendingRules(municipality=municipality, **asdict(Sending()), revision=0)


def quiet_until(session: Session, municipality: str, now: datetime) -> datetime | None:
    """Return the end of the quiet hours; None where there are none now."""
    held = sending_rules(session, municipality)
    if not is_quiet(held.quiet_from, held.quiet_to, now):
        return None
    return next_time(held.quiet_to, now)


def weekly_cap(session: Session, municipality: str) -> int:
    """Return how often somebody may be told in bulk in seven days; 0 is no bound."""
    return sending_rules(session, municipality).weekly_cap


def letter_window(session: Session, municipality: str) -> Window:
    """Return where a municipality's envelopes have their window."""
    held = sending_rules(session, municipality)
    return Window(held.window_left, held.window_top, held.window_width, held.window_height)


def get_template(session: Session, municipality: str, id: str, *, lock: bool = False) -> Template:
    """Return the template, locked where it will change; raise TemplateUnknown."""
    template = session.get(Template, (municipality, id), with_for_update=lock or None)
    if template is None:
        raise TemplateUnknown(f"there is no template {id}")
    return template


def page_of_templates(
    session: Session, municipality: str, *, use: Use | None, after: tuple[str, ...], limit: int
) -> list[Template]:
    """Return templates by name, after the name and id `after`; of one use, or of all."""
    query = select(Template).where(Template.municipality == municipality)
    if use is not None:
        query = query.where(Template.use == use)
    if after:
        query = query.where(tuple_(Template.name, Template.id) > after)
    return list(session.scalars(query.order_by(Template.name, Template.id).limit(limit)))


def get_image(session: Session, municipality: str, id: str) -> Image:
    """Return the image, its bytes yet unread; raise AttachmentUnknown."""
    image = session.get(Image, (municipality, id))
    if image is None:
        raise AttachmentUnknown(f"there is no image {id}")
    return image
