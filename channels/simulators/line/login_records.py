"""What LINE Login keeps: codes, consents, and the key. Times are milliseconds."""

import json
import secrets
import sqlite3

from joserfc.jwk import ECKey

from channels.simulators.line.login_request import Asked


def kept_key(db: sqlite3.Connection) -> ECKey:
    """Return the key that signs by ES256; a new file gets a new one."""
    row = db.execute("SELECT jwk FROM login_key").fetchone()
    if row is not None:
        return ECKey.import_key(json.loads(row[0]))
    key = ECKey.generate_key("P-256", auto_kid=True)
    db.execute("INSERT INTO login_key (jwk) VALUES (?)", (json.dumps(key.as_dict(private=True)),))
    return key


def has_agreed(db: sqlite3.Connection, person_id: str, channel_id: str, scope: str) -> bool:
    """Tell whether a person agreed to all these scopes before."""
    row = db.execute(
        "SELECT scope FROM login_consents WHERE person_id = ? AND channel_id = ?",
        (person_id, channel_id),
    ).fetchone()
    return row is not None and set(scope.split()) <= set(row[0].split())


def agree(db: sqlite3.Connection, person_id: str, channel_id: str, scope: str) -> None:
    db.execute(
        "INSERT INTO login_consents (person_id, channel_id, scope) VALUES (?, ?, ?)"
        " ON CONFLICT (person_id, channel_id) DO UPDATE SET scope = excluded.scope",
        (person_id, channel_id, scope),
    )


def issue_code(db: sqlite3.Connection, *, person_id: str, asked: Asked, at: int) -> str:
    code = secrets.token_urlsafe(15)
    db.execute(
        "INSERT INTO login_codes (code, person_id, asked, issued_at) VALUES (?, ?, ?, ?)",
        (code, person_id, asked.to_json(), at),
    )
    return code


def use_code(db: sqlite3.Connection, *, code: str, at: int, life: int) -> tuple[str, Asked] | None:
    """Spend a code; return whose it is and what was asked for, or nothing if it is not good."""
    row = db.execute(
        "UPDATE login_codes SET used_at = ? WHERE code = ? AND used_at IS NULL"
        " AND issued_at + ? > ? RETURNING person_id, asked",
        (at, code, life, at),
    ).fetchone()
    return None if row is None else (str(row[0]), Asked.from_json(row[1]))
