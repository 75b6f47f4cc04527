"""Residents and contacts, from rows to the contract's messages."""

from core.etags import etag_of
from core.residents import births, contact_rows, rows, rules
from core.residents.wish_rows import Consent
from core.wire.convert import to_date, to_timestamp
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
TO_CLOSING: dict[rules.ClosingCause | None, pb.ClosingCause.ValueType] = {
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


def contact_to_pb(contact: contact_rows.Contact) -> pb.Contact:
    return pb.Contact(
        contact_id=contact.id,
        channel=contact.channel,
        external_id=contact.external_id,
        state=TO_STATE[contact.state],
        registered=contact.resident_id is not None,
        language=contact.language,
        seen_time=to_timestamp(contact.seen_time),
    )


def resident_to_pb(
    resident: rows.Resident, facts: rows.Facts, contacts: list[contact_rows.Contact]
) -> pb.Resident:
    return pb.Resident(
        resident_id=resident.id,
        basic_four=pb.BasicFour(
            name=facts.name,
            birth_date=to_date(births.read(facts.birth_date)),
            sex=TO_SEX.get(facts.sex, pb.SEX_UNSPECIFIED),
            address=facts.address,
            name_substitutes=facts.name_flags,
            address_substitutes=facts.address_flags,
        ),
        assurance=TO_ASSURANCE[facts.assurance],
        revocation=TO_REVOCATION[facts.revocation],
        verify_time=to_timestamp(facts.verify_time),
        certificate_expire_time=to_timestamp(facts.not_after),
        contacts=map(contact_to_pb, contacts),
        suppressed=resident.suppressed,
        closing_cause=TO_CLOSING.get(resident.closing_cause, pb.CLOSING_CAUSE_UNSPECIFIED),
        closing_date=to_date(resident.closing_date),
        language=resident.language,
        create_time=to_timestamp(resident.create_time),
        etag=etag_of(resident.revision),
    )
