"""Residents and contacts, from rows to the contract's messages."""

from collections.abc import Collection

from core.etags import etag_of
from core.residents import births, contact_rows, rows, rules
from core.residents.stale_rows import Stale
from core.residents.wish_rows import Consent, Topic
from core.residents.wishes import Choices
from core.wire.convert import to_date, to_timestamp
from todoke.v1 import procedures_pb2
from todoke.v1 import residents_pb2 as pb

TO_STATE = {
    state: pb.ContactState.Value(f"CONTACT_STATE_{state.name}") for state in rules.ContactState
}
FROM_STATE = {value: state for state, value in TO_STATE.items()}
TO_ASSURANCE = {level: pb.Assurance.Value(f"ASSURANCE_{level.name}") for level in rules.Assurance}
FROM_ASSURANCE = {value: level for level, value in TO_ASSURANCE.items()}
TO_REVOCATION = {
    state: pb.Revocation.Value(f"REVOCATION_{state.name}") for state in rules.Revocation
}
TO_CLOSING = {
    cause: pb.ClosingCause.Value(f"CLOSING_CAUSE_{cause.name}") for cause in rules.ClosingCause
}
FROM_CLOSING = {value: cause for cause, value in TO_CLOSING.items()}
TO_STALE = {cause: pb.StaleCause.Value(f"STALE_CAUSE_{cause.name}") for cause in rules.StaleCause}
FROM_STALE = {value: cause for cause, value in TO_STALE.items()}
TO_PURPOSE = {
    purpose: pb.ConsentPurpose.Value(f"CONSENT_PURPOSE_{purpose.name}")
    for purpose in rules.ConsentPurpose
}
FROM_PURPOSE = {value: purpose for purpose, value in TO_PURPOSE.items()}
TO_SEX = {"1": pb.SEX_MALE, "2": pb.SEX_FEMALE, "9": pb.SEX_OTHER}
"""Other digits mean different things in different sources, and are shown as none."""


FROM_SEX = {value: digit for digit, value in TO_SEX.items()}


def consent_to_pb(consent: Consent) -> pb.Consent:
    return pb.Consent(
        consent_id=consent.id,
        purpose=TO_PURPOSE[consent.purpose],
        version=consent.version,
        give_time=to_timestamp(consent.give_time),
        withdraw_time=to_timestamp(consent.withdraw_time),
    )


DOCUMENTS = {
    name.removeprefix("IDENTITY_DOCUMENT_").lower(): value
    for name, value in pb.IdentityDocument.items()
}


def contact_to_pb(contact: contact_rows.Contact, *, renewal_due: bool) -> pb.Contact:
    return pb.Contact(
        contact_id=contact.id,
        channel=contact.channel,
        external_id=contact.external_id,
        state=TO_STATE[contact.state],
        registered=contact.resident_id is not None,
        language=contact.language,
        renewal_due=renewal_due,
        seen_time=to_timestamp(contact.seen_time),
    )


def four_to_pb(facts: rows.Facts) -> pb.BasicFour:
    return pb.BasicFour(
        name=facts.name,
        birth_date=to_date(births.read(facts.birth_date)),
        sex=TO_SEX.get(facts.sex, pb.SEX_UNSPECIFIED),
        address=facts.address,
        name_substitutes=facts.name_flags,
        address_substitutes=facts.address_flags,
    )


def resident_to_pb(
    resident: rows.Resident,
    facts: rows.Facts,
    contacts: list[contact_rows.Contact],
    stale: Collection[rules.StaleCause],
) -> pb.Resident:
    due = bool(stale)
    return pb.Resident(
        resident_id=resident.id,
        basic_four=four_to_pb(facts),
        assurance=TO_ASSURANCE[facts.assurance],
        revocation=TO_REVOCATION[facts.revocation],
        verify_time=to_timestamp(facts.verify_time),
        certificate_expire_time=to_timestamp(facts.not_after),
        contacts=[contact_to_pb(contact, renewal_due=due) for contact in contacts],
        suppressed=resident.suppressed,
        stale_causes=[TO_STALE[cause] for cause in rules.StaleCause if cause in stale],
        closing_cause=TO_CLOSING[resident.closing_cause]
        if resident.closing_cause
        else pb.CLOSING_CAUSE_UNSPECIFIED,
        closing_date=to_date(resident.closing_date),
        language=resident.language,
        create_time=to_timestamp(resident.create_time),
        etag=etag_of(resident.revision),
    )


def summary_to_pb(resident: rows.Resident, facts: rows.Facts) -> pb.ResidentSummary:
    return pb.ResidentSummary(
        resident_id=resident.id,
        name=facts.name,
        birth_date=to_date(births.read(facts.birth_date)),
        address=facts.address,
        assurance=TO_ASSURANCE[facts.assurance],
        suppressed=resident.suppressed,
        closed=resident.closing_cause is not None,
    )


def period_to_pb(facts: rows.Facts) -> pb.FactPeriod:
    return pb.FactPeriod(
        basic_four=four_to_pb(facts),
        assurance=TO_ASSURANCE[facts.assurance],
        revocation=TO_REVOCATION[facts.revocation],
        begin_time=to_timestamp(facts.verify_time),
        end_time=to_timestamp(facts.closed_time),
        cause=facts.closed_by,
        document=DOCUMENTS.get(facts.document, pb.IDENTITY_DOCUMENT_UNSPECIFIED),
        consent_version=facts.consent_version,
    )


def stale_to_pb(
    resident: rows.Resident, facts: rows.Facts, causes: Collection[Stale]
) -> pb.StaleResident:
    held = {one.cause for one in causes}
    return pb.StaleResident(
        resident=summary_to_pb(resident, facts),
        causes=[TO_STALE[cause] for cause in rules.StaleCause if cause in held],
        since_time=to_timestamp(min(one.since_time for one in causes)),
        ask_time=to_timestamp(max((one.ask_time for one in causes if one.ask_time), default=None)),
        asked=max(one.asked for one in causes),
    )


def choices_to_pb(choices: Choices) -> pb.Choices:
    return pb.Choices(language=choices.language, topics=choices.topics, etag=choices.etag)


def topic_to_pb(topic: Topic) -> pb.Topic:
    return pb.Topic(
        key=topic.key,
        title=procedures_pb2.Text(by_language=topic.title),
        chosen_at_first=topic.chosen_at_first,
        etag=etag_of(topic.revision),
    )
