"""What whoever speaks may begin now: procedures for everybody, and what programs have for them."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from core.applications import starting
from core.applications.knowing import LANGUAGE
from core.applications.starting import Chosen
from core.callers import Caller
from core.eligibility import rows as eligibility
from core.eligibility import version_rows
from core.eligibility.rules import ProgramState
from core.japan import today
from core.languages import said
from core.procedures import texts
from core.procedures.catalogue import Catalogue
from core.procedures.definition import Audience, ProcedureUnknown
from core.procedures.offers import Offered, needs_program
from core.residents import contact_rows as contacts
from core.residents import fact_rows
from core.residents.contact_rows import Contact

MOST = 200
"""Open programs that are looked through."""


class Offers:
    """Tells what may be begun with the procedures in force."""

    def __init__(self, procedures: Catalogue) -> None:
        self._procedures = procedures

    def __call__(
        self, session: Session, by: Caller, external_id: str, language: str, now: datetime
    ) -> list[Offered]:
        """Return what a contact may begin, by title; nobody learns of what is not for them."""
        contact = contacts.contact_of(session, by, external_id)
        language = language or contact.language or LANGUAGE
        resident_id = contact.resident_id or ""
        if not fact_rows.served(session, by.municipality, [resident_id]):
            resident_id = ""
        found = [
            _offered(session, chosen, resident_id, contact, language)
            for chosen in self._chosen(session, by, resident_id, now)
        ]
        return sorted(found, key=lambda one: (one.title, one.key))

    def _chosen(
        self, session: Session, by: Caller, resident_id: str, now: datetime
    ) -> Iterator[Chosen]:
        known = self._procedures
        for procedure in known.all_in_force(session, by.municipality, now):
            is_for_residents = procedure.audience is not Audience.STAFF
            if (
                is_for_residents
                and not needs_program(procedure)
                and known.is_offered(session, by.municipality, procedure.key, now)
            ):
                yield Chosen(procedure)
        open_ones = eligibility.page(
            session, by.municipality, before="", limit=MOST, state=ProgramState.OPEN
        )
        for program in open_ones:
            terms = version_rows.terms_now(session, program, now)
            if today(now) not in terms.filing:
                continue
            try:
                procedure = self._procedures.in_force(
                    session, by.municipality, program.procedure_key, now
                )
            except ProcedureUnknown:
                continue
            chosen = starting.offer(session, program, terms, procedure, resident_id)
            if chosen is not None:
                yield chosen


def _offered(
    session: Session, chosen: Chosen, resident_id: str, contact: Contact, language: str
) -> Offered:
    procedure, terms = chosen.procedure, chosen.terms
    running = starting.under_way(session, chosen, resident_id=resident_id, contact=contact)
    if terms:
        title = terms.title_in(language)
        about = said(terms.description, language) if terms.description else ""
    else:
        title = texts.said(procedure.title, {}, language)
        about = texts.said(procedure.about, {}, language) if procedure.about else ""
    registered = procedure.audience is Audience.REGISTERED or chosen.program is not None
    return Offered(
        key=procedure.key,
        program_id=chosen.program.id if chosen.program else "",
        title=title,
        about=about,
        needs_registration=registered and not resident_id,
        application_id=running.id if running else "",
    )
