"""What somebody writes or sends in a chat, read as the answer to what was asked there last."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core.applications import asking, conversations, rows, rules, saying, speakers, talk_rows
from core.applications.knowing import context_of
from core.applications.speakers import Speaking
from core.applications.talk_rows import Asked
from core.callers import Caller
from core.errors import NotNow
from core.my_number import refuse_my_number
from core.procedures import engine
from core.procedures.blocks.block import Input, Seen, Wrong
from core.procedures.catalogue import Catalogue
from core.procedures.definition import Context, Procedure, Step
from core.procedures.engine import Heard
from core.procedures.hearing import folded, means, number
from core.proxies.rules import Scope
from core.residents import contact_rows as contacts
from core.residents.rules import ContactNotRegistered

FILES = frozenset({Input.FILES, Input.SIGNATURE})


class NoConversation(NotNow):
    """The contact is asked nothing now."""

    reason = "NO_CONVERSATION"


@dataclass(frozen=True, slots=True)
class Said:
    """One of words, a place by the contract's names, or an attachment's id."""

    text: str = ""
    place: dict[str, Any] | None = None
    attachment_id: str = ""


@dataclass(frozen=True, slots=True)
class _Hearing:
    """A conversation in which something was said, and what is known in it."""

    session: Session
    by: Caller
    who: Speaking
    row: rows.Application
    procedure: Procedure
    context: Context
    known: Catalogue
    now: datetime

    def again(self, problem: str, *, at: str | None) -> dict[str, Any]:
        """Ask the same again, with why it was not taken."""
        return saying.said_to(
            self.session,
            self.row,
            self.who,
            self.known,
            self.now,
            problems=[Wrong(problem)],
            at=at,
        )

    def asks(self) -> str | None:
        """Return the step that is asked now, empty for the review."""
        return asking.step_asked(
            saying.turn(self.session, self.row, self.who, self.known, self.now)
        )

    def back_to(self, step: str) -> dict[str, Any]:
        return conversations.reopen_of(
            self.session, self.who, self.row, step=step, known=self.known, now=self.now
        )


def answer_in_chat(
    session: Session,
    by: Caller,
    *,
    external_id: str,
    said: Said,
    known: Catalogue,
    now: datetime,
) -> tuple[dict[str, Any], str]:
    """Take what was said, and return the turn that follows, and the application's id.

    Raises NoConversation where the contact is asked nothing, or may not answer it any more.
    """
    refuse_my_number(said.text, field="text")
    conversations.refuse_in(said.place)
    asked, who, row = _conversation(session, by, external_id, now=now, lock=True)
    step = asked.step
    procedure = saying.procedure_of(session, row, known)
    context = context_of(session, row, procedure, who.language, now)
    hearing = _Hearing(session, by, who, row, procedure, context, known, now)
    if asked.revision != row.revision and hearing.asks() != step:
        # It went on elsewhere: words meant for this question would change an answer given there.
        return hearing.again("went_on", at=None), row.id
    turn = _at_step(hearing, procedure.step(step), said) if step else _at_review(hearing, said)
    return turn, row.id


def asked_in_chat(session: Session, by: Caller, *, external_id: str, now: datetime) -> str:
    """Return the id of the application that a contact was asked about last.

    Raises NoConversation as answering it would.
    """
    _, _, row = _conversation(session, by, external_id, now=now, lock=False)
    return row.id


def asked_now(
    session: Session, by: Caller, *, external_id: str, known: Catalogue, now: datetime
) -> tuple[rows.Application, Step] | None:
    """Return the question that is asked in a chat now; None where words would answer none."""
    try:
        asked, who, row = _conversation(session, by, external_id, now=now, lock=False)
    except NoConversation:
        return None
    if not asked.step:
        return None
    standing = saying.turn(session, row, who, known, now)
    if asked.revision != row.revision and asking.step_asked(standing) != asked.step:
        return None
    return row, saying.procedure_of(session, row, known).step(asked.step)


def _conversation(
    session: Session, by: Caller, external_id: str, *, now: datetime, lock: bool
) -> tuple[Asked, Speaking, rows.Application]:
    """Return what a contact was asked last, who speaks, and the application.

    Raises NoConversation where nothing is asked, or may not be answered any more.
    """
    contact = contacts.contact_of(session, by, external_id)
    asked = talk_rows.asked_of(session, by.municipality, contact.id)
    if asked is None:
        raise _nothing()
    try:
        who, row = speakers.of_contact(
            session, by, external_id, asked.application_id, scope=Scope.APPLY, now=now, lock=lock
        )
    except (rules.ApplicationUnknown, ContactNotRegistered):
        raise _nothing() from None
    if row.state not in rules.WITH_THE_RESIDENT:
        raise _nothing()
    return asked, who, row


def _at_step(hearing: _Hearing, step: Step, said: Said) -> dict[str, Any]:
    row, who = hearing.row, hearing.who
    walked = engine.walk(
        hearing.procedure, row.answers, hearing.context, who.language, until=step.key
    )
    if walked.end is None and (not walked.asked or walked.asked[-1] is not step):
        # Other answers, given elsewhere, do not lead here any more.
        return hearing.again("not_understood", at=None)
    if means(said.text, "stop"):
        return hearing.again("stopping", at=step.key)
    if means(said.text, "back") and len(walked.asked) > 1:
        return _back(hearing, walked.asked[-2])
    if step.sensitive or step.block.is_sensitive:
        # To leave it out tells nothing that must not stand in a chat.
        is_left_out = step.optional and means(said.text, "skip")
        heard = Heard(engine.SKIPPED) if is_left_out else None
        problem = "sensitive"
    else:
        heard, problem = _heard(hearing, step, said), "not_understood"
    if heard is None:
        return hearing.again(problem, at=step.key)
    return conversations.answer_of(
        hearing.session,
        hearing.by,
        who,
        row,
        procedure=hearing.procedure,
        step=step.key,
        given=heard.given,
        known=hearing.known,
        now=hearing.now,
    )


def _at_review(hearing: _Hearing, said: Said) -> dict[str, Any]:
    turn = saying.turn(hearing.session, hearing.row, hearing.who, hearing.known, hearing.now)
    if "review" not in turn:
        return hearing.again("not_understood", at=None)
    if means(said.text, "stop"):
        return hearing.again("stopping", at=None)
    if means(said.text, "yes") or means(said.text, "submit"):
        return conversations.submit_of(
            hearing.session,
            hearing.by,
            hearing.who,
            hearing.row,
            known=hearing.known,
            now=hearing.now,
        )
    chosen = number(said.text)
    for place, line in enumerate(turn["review"]["lines"], 1):
        named = place == chosen or folded(said.text) == folded(line["label"])
        if named and line["changeable"]:
            return hearing.back_to(line["step"])
    return hearing.again("not_understood", at=None)


def _back(hearing: _Hearing, step: Step) -> dict[str, Any]:
    if hearing.row.returned_steps and step.key not in hearing.row.returned_steps:
        return hearing.again("not_understood", at=None)
    return hearing.back_to(step.key)


def _heard(hearing: _Hearing, step: Step, said: Said) -> Heard | None:
    """Return what was said as the step's block takes it; None where it says nothing to it."""
    if said.place is not None:
        return Heard(said.place) if step.block.input is Input.PLACE else None
    if said.attachment_id:
        return _file(hearing, step, said.attachment_id) if step.block.input in FILES else None
    return engine.heard(
        hearing.procedure,
        hearing.row.answers,
        hearing.context,
        hearing.who.language,
        step=step.key,
        words=said.text,
    )


def _file(hearing: _Hearing, step: Step, attachment_id: str) -> Heard:
    """Put a file beside those of the answer that stands; where there is no room, in their place."""
    held = hearing.row.answers.get(step.key) or []
    seen = Seen(step.key, hearing.context, hearing.who.language)
    is_room = len(held) < int(step.block.asks(seen)["most"])
    return Heard([*held, attachment_id] if is_room else [attachment_id])


def _nothing() -> NoConversation:
    return NoConversation("the contact is asked nothing now: begin a procedure first")
