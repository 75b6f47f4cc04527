"""A tree of conditions as SQL: one expression on a resident, the same on both databases."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from functools import singledispatchmethod
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, not_, or_, true
from sqlalchemy.orm import Session

from core.applications.marked_rows import MarkedAnswer
from core.applications.rows import Application
from core.associations.member_rows import Member, MemberContact, Office
from core.associations.rows import Household
from core.campaigns.rows import Campaign
from core.crypto import Vault, vault_of
from core.eligibility.rows import ACCEPTED, LIVE, Entitlement, Match, Program, Roster
from core.japan import begin_of, end_of, today
from core.residents import traits
from core.residents.contact_rows import Contact
from core.residents.rows import SERVED, Resident
from core.residents.rules import ContactState
from core.residents.trait_rows import Traits
from core.residents.wish_rows import Choice, Topic
from core.segments import engaging, rows, rules
from core.segments.rules import SegmentInvalid

MAY_BE_TOLD = SERVED & Resident.suppressed.is_(False)
"""Who may be told anything at all: registered, agreed, and under no protection."""


@dataclass(frozen=True, slots=True)
class Compiler:
    """Compiles for one municipality, by the day of `now` in Japan."""

    session: Session
    municipality: str
    now: datetime
    after: str = ""
    """Only residents with a later id are asked about: this is said of their rows as well, or
    PostgreSQL reads those of all residents for each part of them."""

    @property
    def vault(self) -> Vault:
        return vault_of(self.session)

    @property
    def today(self) -> date:
        return today(self.now)

    def holds(self, condition: rules.Condition) -> ColumnElement[bool]:
        """Return what is true of the residents whom the tree finds, told or not.

        Raises SegmentInvalid where it names what is not there, and SegmentUnknown.
        """
        return self._holds(condition, ())

    def _holds(self, condition: rules.Condition, within: tuple[str, ...]) -> ColumnElement[bool]:
        match condition:
            case rules.AllOf(parts):
                return and_(true(), *(self._holds(part, within) for part in parts))
            case rules.AnyOf(parts):
                return or_(false(), *(self._holds(part, within) for part in parts))
            case rules.NoneOf(parts):
                return not_(or_(false(), *(self._holds(part, within) for part in parts)))
            case rules.Kept():
                return self._kept(condition, within)
            case _:
                return self._leaf(condition)

    def _kept(self, named: rules.Kept, within: tuple[str, ...]) -> ColumnElement[bool]:
        """Tell what is wrong within it where it is named: no other place is the reader's."""
        if named.segment_id in within:
            raise SegmentInvalid(named.path, "WITHIN_ITSELF", "the segment contains itself")
        try:
            kept = rows.get(self.session, self.municipality, named.segment_id)
            tree = rules.read(json.loads(kept.condition_json))
            return self._holds(tree, (*within, named.segment_id))
        except rules.SegmentUnknown as unknown:
            path = named.path or unknown.metadata.get("path", "")
            raise rules.SegmentUnknown(str(unknown), path=path) from None
        except SegmentInvalid as wrong:
            path = named.path or wrong.path
            raise SegmentInvalid(path, wrong.problem, wrong.text) from None

    @singledispatchmethod
    def _leaf(self, condition: Any) -> ColumnElement[bool]:
        raise NotImplementedError(type(condition).__name__)

    @_leaf.register
    def _age(self, asked: rules.Age) -> ColumnElement[bool]:
        born = traits.born_to_be(asked.from_age, asked.to_age, self.today)
        return self._trait(
            Traits.birth_year.in_(traits.numbers(self.vault, "birth_year", born.years))
            | Traits.birth_month.in_(traits.numbers(self.vault, "birth_month", born.months))
            | Traits.birth_day.in_(traits.numbers(self.vault, "birth_day", born.days))
        )

    @_leaf.register
    def _sex(self, asked: rules.Sex) -> ColumnElement[bool]:
        return self._trait(Traits.sex == traits.number(self.vault, "sex", asked.digit))

    @_leaf.register
    def _area(self, asked: rules.InArea) -> ColumnElement[bool]:
        number = traits.area_number(self.vault, asked.town, asked.block)
        return self._trait((Traits.block if asked.block else Traits.town) == number)

    def _trait(self, where: ColumnElement[bool]) -> ColumnElement[bool]:
        return exists().where(*engaging.of_resident(Traits, self.after), where)

    @_leaf.register
    def _association(self, asked: rules.InAssociation) -> ColumnElement[bool]:
        wanted = [Member.association_id == asked.association_id, Member.end_time.is_(None)]
        if asked.household_ids:
            wanted.append(Member.household_id.in_(asked.household_ids))
        if asked.group_id:
            wanted.append(Household.group_id == asked.group_id)
        if asked.offices:
            wanted.append(
                exists().where(
                    Office.municipality == Member.municipality,
                    Office.member_id == Member.id,
                    Office.kind.in_(asked.offices),
                    Office.begin_date <= self.today,
                    Office.end_date >= self.today,
                    Office.end_time.is_(None) | (Office.end_time > self.now),
                )
            )
        return exists().where(
            *engaging.of_resident(Contact, self.after),
            MemberContact.municipality == Contact.municipality,
            MemberContact.contact_id == Contact.id,
            Member.municipality == MemberContact.municipality,
            Member.id == MemberContact.member_id,
            Household.municipality == Member.municipality,
            Household.id == Member.household_id,
            *wanted,
        )

    @_leaf.register
    def _program(self, asked: rules.InProgram) -> ColumnElement[bool]:
        if self.session.get(Program, (self.municipality, asked.program_id)) is None:
            raise SegmentInvalid(asked.path, "NO_SUCH_PROGRAM", "there is no such program")
        if asked.states:
            return exists().where(
                *engaging.of_resident(Application, self.after),
                Application.program_id == asked.program_id,
                Application.state.in_(asked.states),
            )
        return exists().where(
            *engaging.of_resident(Match, self.after),
            Match.program_id == asked.program_id,
            ACCEPTED,
            Entitlement.municipality == Match.municipality,
            Entitlement.id == Match.entitlement_id,
            Roster.municipality == Entitlement.municipality,
            Roster.id == Entitlement.roster_id,
            LIVE,
        )

    @_leaf.register
    def _answer(self, asked: rules.Answered) -> ColumnElement[bool]:
        return exists().where(
            *engaging.of_resident(MarkedAnswer, self.after),
            MarkedAnswer.procedure_key == asked.procedure,
            MarkedAnswer.step == asked.step,
            MarkedAnswer.value == asked.value,
        )

    @_leaf.register
    def _wants(self, asked: rules.Wants) -> ColumnElement[bool]:
        """Return who hears of a topic: who chose it, else all where it is chosen at first."""
        topic = self.session.get(Topic, (self.municipality, asked.topic))
        if topic is None:
            raise SegmentInvalid(asked.path, "NO_SUCH_TOPIC", "there is no such topic")
        made = exists().where(
            *engaging.of_resident(Choice, self.after),
            Choice.topic == asked.topic,
            Choice.wanted.is_(not topic.chosen_at_first),
        )
        return not_(made) if topic.chosen_at_first else made

    @_leaf.register
    def _language(self, asked: rules.Reads) -> ColumnElement[bool]:
        """Return who chose the language, or is seen with it on a contact and chose none."""
        return (Resident.language == asked.language) | (
            (Resident.language == "") & self._contact(Contact.language == asked.language)
        )

    @_leaf.register
    def _channel(self, asked: rules.On) -> ColumnElement[bool]:
        return self._contact(
            (Contact.channel == asked.channel) & (Contact.state != ContactState.LOST)
        )

    def _contact(self, where: ColumnElement[bool]) -> ColumnElement[bool]:
        return exists().where(
            *engaging.of_resident(Contact, self.after),
            where,
        )

    @_leaf.register
    def _registered(self, asked: rules.Registered) -> ColumnElement[bool]:
        return (Resident.create_time >= begin_of(asked.begin)) & (
            Resident.create_time < end_of(asked.end)
        )

    @_leaf.register
    def _campaign(self, asked: rules.Campaigned) -> ColumnElement[bool]:
        campaign = self.session.get(Campaign, (self.municipality, asked.campaign_id))
        if campaign is None:
            raise SegmentInvalid(asked.path, "NO_SUCH_CAMPAIGN", "there is no such campaign")
        return engaging.engaged(campaign, asked.engagement, self.after)

    @_leaf.register
    def _chosen(self, asked: rules.Chosen) -> ColumnElement[bool]:
        return Resident.id.in_(asked.resident_ids)
