"""Passkeys: made by a contact that is registered, and afterwards a way in that needs no name."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from core import attempts, crypto, events
from core.access import rows, rules, webauthn
from core.access.rules import PasskeyPurpose, PasskeyRefused
from core.attempts import Bound
from core.callers import Caller
from core.ids import new_id
from core.my_number import refuse_my_number
from core.residents import contact_rows, fact_rows, telling
from core.residents import rows as residents
from core.residents.rules import ClosingCause, ContactNotRegistered

FAILURES = Bound("passkeys", 5, rules.CODE_LENGTH)
"""Of one contact that makes passkeys, or of one passkey that signs in."""


def digest(challenge_id: str) -> bytes:
    return hashlib.sha256(challenge_id.encode()).digest()


@dataclass(frozen=True, slots=True)
class Begun:
    """A new attempt with its id, which is told this once and kept only as a digest."""

    challenge_id: str
    options_json: str
    expire_time: datetime
    resident_id: str = ""


def begin_create(
    session: Session, by: Caller, *, external_id: str, origin: str, now: datetime
) -> Begun:
    """Make the options for a new passkey of the contact; raise PasskeysTooMany."""
    contact = contact_rows.contact_of(session, by, external_id)
    resident_id = contact_rows.resident_of(contact)
    held = rows.passkeys_of(session, by.municipality, resident_id)
    rules.check_passkeys(len(held))
    challenge = webauthn.new_challenge()
    options = webauthn.creation_options(
        rp_id=rp_id(origin),
        rp_name=session.get_one(events.Municipality, by.municipality).name,
        # The device shows it where several people of a family have one.
        user_name=fact_rows.facts_of(session, by.municipality, resident_id).name,
        user_handle=user_handle(session, resident_id),
        challenge=challenge,
        exclude=[one.credential_id for one in held],
        length=rules.PASSKEY_LENGTH,
    )
    return _begin(
        session,
        by,
        purpose=PasskeyPurpose.CREATE,
        origin=origin,
        challenge=challenge,
        options_json=options,
        now=now,
        contact=contact,
    )


def begin_sign_in(session: Session, by: Caller, *, origin: str, now: datetime) -> Begun:
    """Make the options to sign in; whose passkey it will be, the device knows."""
    challenge = webauthn.new_challenge()
    options = webauthn.request_options(
        rp_id=rp_id(origin), challenge=challenge, length=rules.PASSKEY_LENGTH
    )
    return _begin(
        session,
        by,
        purpose=PasskeyPurpose.SIGN_IN,
        origin=origin,
        challenge=challenge,
        options_json=options,
        now=now,
    )


def complete(
    session: Session, by: Caller, *, challenge_id: str, credential: str, label: str, now: datetime
) -> contact_rows.Contact:
    """Keep a new passkey, or sign in; return the contact.

    Raises PasskeyRefused before anything is changed; the CHALLENGE_ reasons, TooManyAttempts.
    """
    attempt = _open(session, by, challenge_id, now)
    if subject := _subject(session, attempt, credential):
        attempts.check(session, FAILURES, by.municipality, subject, now)
    if attempt.purpose is PasskeyPurpose.CREATE:
        contact = _create(session, by, attempt=attempt, credential=credential, label=label, now=now)
    else:
        contact = _sign_in(session, by, attempt, credential, now)
    attempt.used_time = now
    return contact


def fail(
    session: Session, by: Caller, *, challenge_id: str, credential: str, now: datetime
) -> None:
    """Count what was refused, and use the attempt up; in a transaction that commits."""
    attempt = _open(session, by, challenge_id, now)
    attempt.used_time = now
    if subject := _subject(session, attempt, credential):
        attempts.count(session, FAILURES, by.municipality, subject, now)
    events.record(
        session,
        by,
        "passkey.refused",
        subject or by.name,
        now,
        details={"purpose": attempt.purpose},
    )


def list_(session: Session, by: Caller, *, external_id: str) -> list[rows.Passkey]:
    contact = contact_rows.contact_of(session, by, external_id)
    return rows.passkeys_of(session, by.municipality, contact_rows.resident_of(contact))


def delete(
    session: Session, by: Caller, *, external_id: str, passkey_id: str, now: datetime
) -> None:
    """Forget a passkey of the contact's resident, whichever contact made it."""
    contact = contact_rows.contact_of(session, by, external_id)
    resident_id = contact_rows.resident_of(contact)
    passkey = rows.passkey(session, by.municipality, resident_id, passkey_id)
    session.delete(passkey)
    _record(session, by, "passkey.deleted", passkey, now)


def rp_id(origin: str) -> str:
    """Return the host that passkeys of a page belong to."""
    return urlsplit(origin).hostname or ""


def user_handle(session: Session, resident_id: str) -> bytes:
    """Return what a device keeps a resident's passkeys under: it names nobody."""
    return crypto.vault_of(session).digest(resident_id.encode(), "passkeys.user_handle")


def _begin(
    session: Session,
    by: Caller,
    *,
    purpose: PasskeyPurpose,
    origin: str,
    challenge: bytes,
    options_json: str,
    now: datetime,
    contact: contact_rows.Contact | None = None,
) -> Begun:
    challenge_id = secrets.token_urlsafe(32)
    expire_time = now + rules.PASSKEY_LENGTH
    session.add(
        rows.PasskeyChallenge(
            municipality=by.municipality,
            digest=digest(challenge_id),
            channel=by.name,
            purpose=purpose,
            origin=origin,
            challenge=challenge,
            expire_time=expire_time,
            contact_id=contact.id if contact else None,
        )
    )
    resident_id = (contact.resident_id or "") if contact else ""
    return Begun(challenge_id, options_json, expire_time, resident_id)


def _open(session: Session, by: Caller, challenge_id: str, now: datetime) -> rows.PasskeyChallenge:
    attempt = rows.passkey_challenge(session, by, digest(challenge_id))
    rules.check_open(attempt.used_time, attempt.expire_time, now)
    return attempt


def _subject(session: Session, attempt: rows.PasskeyChallenge, credential: str) -> str:
    """Return the contact, or the passkey, whose failures are counted.

    A credential that is none of ours is counted nowhere: nothing can be found out by many of them,
    and whoever sends them must not shut others out.
    """
    if attempt.contact_id is not None:
        return attempt.contact_id
    id = webauthn.credential_id(credential)
    passkey = rows.find_credential(session, attempt.municipality, id)
    return passkey.id if passkey else ""


def _create(
    session: Session,
    by: Caller,
    *,
    attempt: rows.PasskeyChallenge,
    credential: str,
    label: str,
    now: datetime,
) -> contact_rows.Contact:
    refuse_my_number(label, field="label")
    contact = contact_rows.get_contact(
        session, by.municipality, attempt.contact_id or "", lock=True
    )
    if contact is None or contact.resident_id is None:
        raise ContactNotRegistered("the contact belongs to nobody any more")
    resident = residents.get(session, by.municipality, contact.resident_id, lock=True)
    made = webauthn.created(
        credential,
        challenge=attempt.challenge,
        origin=attempt.origin,
        rp_id=rp_id(attempt.origin),
    )
    if rows.find_credential(session, by.municipality, made.credential_id) is not None:
        raise PasskeyRefused("the passkey is kept already: sign in by it")
    rules.check_passkeys(len(rows.passkeys_of(session, by.municipality, resident.id)))
    passkey = _passkey(contact, resident.id, made, label, now)
    session.add(passkey)
    _record(session, by, "passkey.made", passkey, now)
    telling.tell(
        session,
        by,
        resident=resident,
        contacts=contact_rows.contacts_of(session, by.municipality, resident.id),
        occasion=f"passkey:{passkey.id}",
        kind="PASSKEY_MADE",
        now=now,
    )
    return contact


def _passkey(
    contact: contact_rows.Contact,
    resident_id: str,
    made: webauthn.Created,
    label: str,
    now: datetime,
) -> rows.Passkey:
    return rows.Passkey(
        municipality=contact.municipality,
        id=new_id(),
        resident_id=resident_id,
        contact_id=contact.id,
        credential_id=made.credential_id,
        public_key=made.public_key,
        sign_count=made.sign_count,
        label=label,
        create_time=now,
    )


def _sign_in(
    session: Session,
    by: Caller,
    attempt: rows.PasskeyChallenge,
    credential: str,
    now: datetime,
) -> contact_rows.Contact:
    passkey = rows.find_credential(session, by.municipality, webauthn.credential_id(credential))
    if passkey is None:
        raise PasskeyRefused("the passkey is not one of ours")
    contact = contact_rows.get_contact(session, by.municipality, passkey.contact_id)
    resident = residents.get(session, by.municipality, passkey.resident_id)
    if contact is None or contact.channel != by.name or contact.resident_id != resident.id:
        raise PasskeyRefused("the passkey is of no contact of this channel")
    if resident.closing_cause is ClosingCause.DIED or resident.delete_time is not None:
        raise PasskeyRefused("the passkey's resident is no more")
    passkey.sign_count = webauthn.signed_in(
        credential,
        challenge=attempt.challenge,
        origin=attempt.origin,
        rp_id=rp_id(attempt.origin),
        user_handle=user_handle(session, resident.id),
        public_key=passkey.public_key,
        sign_count=passkey.sign_count,
    )
    passkey.use_time = now
    _record(session, by, "passkey.used", passkey, now)
    return contact


def _record(session: Session, by: Caller, kind: str, passkey: rows.Passkey, now: datetime) -> None:
    events.record(
        session,
        by,
        kind,
        passkey.id,
        now,
        details={"contact_id": passkey.contact_id},
        on_behalf_of=passkey.resident_id,
    )
