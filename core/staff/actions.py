"""Signing in and out, and who is added: staff with roles, channels with a token."""

import hashlib
import secrets
from datetime import datetime
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy.orm import Session

from core import events
from core.callers import Caller, Role
from core.ids import new_id
from core.staff import rows, rules

_HASHER = PasswordHasher()  # argon2id with the library's current parameters.


def digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def password_fits(password_hash: str | None, password: str) -> bool:
    """Whether the password is the hash's; slow on purpose, so it runs outside transactions."""
    try:
        # Made before it is known whether it is needed: the first answer must not tell either.
        nobody = _nobody()
        _HASHER.verify(password_hash or nobody, password)
    except VerificationError:
        return False
    return password_hash is not None


@cache
def _nobody() -> str:
    """Return the hash checked for an unknown name: the answer takes as long as for a known one."""
    return _HASHER.hash(secrets.token_urlsafe())


def hashed(password: str) -> str:
    """Return the hash to keep; slow on purpose, so it runs outside transactions."""
    return _HASHER.hash(password)


def sign_in(
    session: Session, *, municipality: str, name: str, fits: bool, now: datetime
) -> tuple[rows.Staff, str] | None:
    """Return the person and a new token; None where the password did not fit or the name rests.

    A failure is counted, so this is no refusal: that would undo the count.
    """
    staff = rows.by_name(session, municipality, name)
    if staff is None:
        return None
    if rules.rests(staff.failures, staff.last_failure_time, now):
        return None
    by = Caller(municipality, staff.name, frozenset(Role(r) for r in staff.roles), staff.id)
    if not fits:
        resumed = staff.failures >= rules.FAILURES_BEFORE_REST
        staff.failures = 1 if resumed else staff.failures + 1
        staff.last_failure_time = now
        events.record(session, by, "staff.sign_in_failed", staff.id, now)
        return None
    staff.failures = 0
    token = secrets.token_urlsafe(32)
    session.add(
        rows.Token(
            digest=digest(token),
            municipality=municipality,
            staff_id=staff.id,
            create_time=now,
            expire_time=now + rules.TOKEN_LENGTH,
        )
    )
    events.record(session, by, "staff.signed_in", staff.id, now)
    return staff, token


def sign_out(session: Session, by: Caller, *, token: str, now: datetime) -> None:
    kept = session.get(rows.Token, digest(token))
    if kept is not None:
        session.delete(kept)
        events.record(session, by, "staff.signed_out", by.id, now)


def create_staff(
    session: Session,
    by: Caller,
    *,
    name: str,
    display_name: str,
    password_hash: str,
    roles: list[Role],
    now: datetime,
) -> rows.Staff:
    if rows.by_name(session, by.municipality, name) is not None:
        raise rules.StaffExists(f"{name} is there already: choose another name", name=name)
    staff = rows.Staff(
        municipality=by.municipality,
        id=new_id(),
        name=name,
        display_name=display_name,
        password=password_hash,
        roles=sorted(roles),
        create_time=now,
    )
    session.add(staff)
    events.record(
        session, by, "staff.created", staff.id, now, details={"roles": " ".join(sorted(roles))}
    )
    return staff


def add_channel(session: Session, by: Caller, *, channel: str, now: datetime) -> str:
    """Return a new token for an adapter of this channel; it is shown this once."""
    token = secrets.token_urlsafe(32)
    session.add(
        rows.Token(
            digest=digest(token), municipality=by.municipality, channel=channel, create_time=now
        )
    )
    events.record(session, by, "channel.token_made", channel, now)
    return token
