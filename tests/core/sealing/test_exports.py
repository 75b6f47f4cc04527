"""Registrations on their way in: sealed to one key, whole or not at all."""

import io
import re
import stat
import tracemalloc
from datetime import UTC, datetime
from itertools import repeat
from pathlib import Path

import pytest

from core.sealing.exports import open_export, open_header, seal_header, write_export
from core.sealing.keys import CityKey, fingerprint, new_key, read_key, recipient, spoken
from core.sealing.refusals import SealBroken
from tests.core.sealing.makers import an_export, exported

NOW = datetime(2026, 11, 27, tzinfo=UTC)
ROWS = [
    ["r-1", "山田　太郎", "1950-01-02", "1", 'A棟"101"\n2号室', "2026-11-01", "00001", "", "0"],
    ["r-2", "葛\U000e0100城", "", "2", "総社市,中央", "", "", "", ""],
]
HEADER = (
    "registration_id,name,birth_date,sex,address,registered_at,name_flags,address_flags,suppressed"
)


@pytest.fixture
def key(tmp_path: Path) -> CityKey:
    return new_key(tmp_path / "city.key", now=NOW)


def opened(sealed: bytes, *keys: CityKey) -> tuple[str, str]:
    out = io.BytesIO()
    _, content_hash = open_export(io.BytesIO(sealed), keys, out)
    return out.getvalue().decode(), content_hash


def test_a_key_is_its_owners_alone_and_never_written_over(tmp_path: Path, key: CityKey) -> None:
    file = tmp_path / "city.key"

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert read_key(file).public_key == key.public_key
    with pytest.raises(FileExistsError):
        new_key(file, now=NOW)


def test_a_fingerprint_can_be_read_aloud(key: CityKey) -> None:
    lines = spoken(fingerprint(key.public_key))

    assert len(lines) == 4
    assert all(re.fullmatch("[0-9a-f]{4}( [0-9a-f]{4}){3}", line) for line in lines)
    assert "".join(lines).replace(" ", "") == fingerprint(f" {key.public_key}\n")


@pytest.mark.parametrize("text", ["", "age1", "AGE-SECRET-KEY-1XYZ"])
def test_what_is_no_public_key_is_refused(text: str) -> None:
    with pytest.raises(SealBroken, match="no public key"):
        recipient(text)


def test_a_file_without_a_key_is_refused(tmp_path: Path) -> None:
    (tmp_path / "no.key").write_text("AGE-SECRET-KEY-1XYZ")

    with pytest.raises(SealBroken, match="damaged"):
        read_key(tmp_path / "no.key")


def test_an_export_opens_with_its_key_as_it_was(key: CityKey) -> None:
    sealed, content_hash = exported(key, ROWS)

    text, found = opened(sealed, key)

    assert found == content_hash
    assert text.splitlines()[0] == HEADER
    assert '"A棟""101""\n2号室"' in text
    assert "山田".encode() not in sealed


def test_a_rotated_key_opens_with_the_old_one_beside_the_new(tmp_path: Path, key: CityKey) -> None:
    new = new_key(tmp_path / "new.key", now=NOW)
    sealed, content_hash = exported(key, ROWS)

    assert opened(sealed, new, key)[1] == content_hash
    with pytest.raises(SealBroken) as wrong:
        opened(sealed, new)
    assert wrong.value.metadata == {"problem": "KEY_WRONG"}


@pytest.mark.parametrize(
    "sanitised",
    [
        lambda sealed: b"\xef\xbb\xbf" + sealed,
        lambda sealed: sealed.replace(b"\n", b"\r\n"),
        lambda sealed: sealed.replace(b"\n", b"\n\n") + b"\n\n",
        lambda sealed: sealed.replace(b"\n", b" \n").rstrip(),
    ],
)
def test_an_export_survives_sanitising(key: CityKey, sanitised) -> None:
    sealed, content_hash = exported(key, ROWS)

    assert opened(sanitised(sealed), key)[1] == content_hash


@pytest.mark.parametrize(
    ("broken", "problem"),
    [
        (lambda sealed: b"", "NOT_SEALED"),
        (lambda sealed: b"a,b\n1,2\n", "NOT_SEALED"),
        (lambda sealed: sealed[: len(sealed) // 2], "NOT_SEALED|CHANGED"),
        (lambda sealed: sealed[:-120] + b"AAAA" + sealed[-116:], "NOT_SEALED|CHANGED"),
    ],
)
def test_an_export_that_was_changed_is_refused(key: CityKey, broken, problem: str) -> None:
    sealed, _ = exported(key, ROWS)

    with pytest.raises(SealBroken) as wrong:
        opened(broken(sealed), key)

    assert re.fullmatch(problem, wrong.value.metadata["problem"])


def test_the_header_alone_is_kept_sealed(key: CityKey) -> None:
    export = an_export(key, 2)
    out = io.BytesIO()

    seal_header(out, export, key.public_key)

    assert open_header(io.BytesIO(out.getvalue()), [key]) == export
    assert export.secret.hex() not in repr(export)


def test_an_export_must_hold_what_it_promises(key: CityKey) -> None:
    with pytest.raises(ValueError, match="promises 3 rows and has 2"):
        write_export(io.BytesIO(), an_export(key, 3), ROWS, key.public_key)


def test_memory_stays_flat_however_many_registrations_there_are(
    tmp_path: Path, key: CityKey
) -> None:
    many = 20_000
    tracemalloc.start()
    with (tmp_path / "many.age.txt").open("wb") as out:
        write_export(out, an_export(key, many), repeat(ROWS[0], many), key.public_key)
    with (tmp_path / "many.age.txt").open("rb") as sealed, (tmp_path / "many").open("wb") as plain:
        open_export(sealed, [key], plain)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    held_whole = (tmp_path / "many").stat().st_size
    assert held_whole > 1_500_000
    assert peak < 2_000_000  # A block or two on their way, however many come.
