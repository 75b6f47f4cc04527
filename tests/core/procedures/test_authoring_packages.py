"""Procedures from town to town: signed, believed by their publisher, put together with our own."""

import base64
import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.callers import Role
from core.crypto import KeysUnusable
from core.procedures.packages import (
    Package,
    PackageRefused,
    Trust,
    create_key,
    opened,
    public_text,
    read_key,
    sign,
)
from tests.core.procedures.authoring import SWIM, get, publish, put_in_force, save
from tests.core.procedures.two_towns import OKAYAMA, SOJA, authors, exported, imported
from tests.examples import examples
from tests.town import Town
from todoke.client import CoreError


async def test_a_procedure_goes_to_another_town_and_remembers_where_it_is_from(
    two_towns: Town,
) -> None:
    soja, okayama = await authors(two_towns)
    await publish(soja)

    package = await exported(soja)
    taken = await imported(okayama, package.package)
    version = await put_in_force(okayama, taken.draft)

    assert package.file_name == "swim-332089-1.todoke"
    assert (taken.origin, taken.draft.source, list(taken.draft.problems)) == (
        "332089:1", SWIM, [],
    )  # fmt: skip
    assert (version.version, version.origin, version.author) == (1, "332089:1", "oka")


async def test_what_another_town_made_of_ours_comes_home(two_towns: Town) -> None:
    soja, okayama = await authors(two_towns)
    await publish(soja)
    await imported(okayama, (await exported(soja)).package)
    draft = (await get(okayama, "swim")).draft
    better = SWIM.replace("ja: 水泳教室", "ja: 市民水泳教室")
    await put_in_force(okayama, await save(okayama, better, etag=draft.etag))
    await publish(soja, SWIM.replace("label: おとな", "label: 大人"))

    home = await imported(soja, (await exported(okayama)).package)

    assert list(home.conflicts) == []
    assert home.draft.source == better.replace("label: おとな", "label: 大人")
    assert home.origin == "331007:1"


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_towns_own_package_comes_back_as_it_went(two_towns: Town) -> None:
    soja, _ = await authors(two_towns)
    await publish(soja)
    package = (await exported(soja)).package
    await publish(soja, SWIM.replace("most: 9", "most: 20"))

    back = await imported(soja, package)

    assert (back.draft.source, list(back.conflicts)) == (SWIM, [])
    assert (await put_in_force(soja, back.draft)).origin == ""


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_package_replaces_no_draft_that_was_not_read(two_towns: Town) -> None:
    soja, okayama = await authors(two_towns)
    await publish(soja)
    package = (await exported(soja)).package
    await imported(okayama, package)

    with pytest.raises(CoreError, match="CHANGED_MEANWHILE"):
        await imported(okayama, package)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_procedure_of_the_same_key_and_another_origin_is_left_alone(
    two_towns: Town,
) -> None:
    soja, okayama = await authors(two_towns)
    await publish(soja)
    await publish(okayama, SWIM.replace("水泳", "体操"))

    with pytest.raises(CoreError) as refused:
        await imported(okayama, (await exported(soja)).package)

    assert refused.value.metadata == {"problem": "no_common_origin"}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_what_ships_now_is_taken_into_what_the_town_made_of_it(two_towns: Town) -> None:
    soja, _ = await authors(two_towns)
    ships = (await get(soja, "confirm_account")).source
    ours = ships.replace("給付金のお受け取り", "給付金を受け取る")
    await publish(soja, ours, key="confirm_account")

    taken = await imported(soja, shipped="confirm_account")

    assert list(taken.conflicts) == []
    assert taken.origin.startswith("todoke:")
    assert without_version(taken.draft.source) == without_version(ours)
    with pytest.raises(CoreError, match="PROCEDURE_UNKNOWN"):
        await imported(soja, shipped="moon_landing")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_town_without_a_key_exports_nothing_and_believes_nobody(
    a_town: Town, tmp_path: Path
) -> None:
    author = await a_town.staff(Role.PROCEDURE_AUTHOR)
    await publish(author)
    key = tmp_path / "key.jwk"
    create_key(key)
    signed = sign(a_package(), Trust.load({SOJA: key}, {}))

    with pytest.raises(CoreError) as unsigned:
        await exported(author)
    with pytest.raises(CoreError) as unknown:
        await imported(author, signed)

    assert unsigned.value.metadata == {"problem": "no_key"}
    assert unknown.value.metadata == {"problem": "publisher_unknown"}


def without_version(source: str) -> list[str]:
    return [line for line in source.splitlines() if not line.startswith("version:")]


def a_package(**changes: str) -> Package:
    return Package(**({"key": "swim", "origin": f"{SOJA}:1", "source": SWIM} | changes))


@pytest.fixture(scope="module")
def trust(tmp_path_factory: pytest.TempPathFactory) -> Trust:
    folder = tmp_path_factory.mktemp("keys")
    keys = {code: folder / code for code in (SOJA, OKAYAMA)}
    return Trust.load(keys, {code: create_key(path) for code, path in keys.items()})


def forged(package: bytes, *, header: dict | None = None, payload: dict | None = None) -> bytes:
    """Change a part of a package and leave its signature."""
    parts = package.decode().split(".")
    for at, change in enumerate((header, payload)):
        if change is not None:
            held = json.loads(base64.urlsafe_b64decode(parts[at] + "=="))
            text = json.dumps(held | change, ensure_ascii=False).encode()
            parts[at] = base64.urlsafe_b64encode(text).decode().rstrip("=")
    return ".".join(parts).encode()


def problem_of(content: bytes, trust: Trust) -> str:
    with pytest.raises(PackageRefused) as refused:
        opened(content, trust)
    return refused.value.metadata["problem"]


def test_a_package_is_read_as_it_was_signed(trust: Trust) -> None:
    package = a_package(parent="todoke:1", parent_source="key: old")

    assert opened(sign(package, trust), trust) == package


def test_forged_packages_are_refused(trust: Trust) -> None:
    signed = sign(a_package(), trust)

    assert problem_of(forged(signed, payload={"source": "key: evil"}), trust) == "signature_wrong"
    assert problem_of(forged(signed, header={"kid": OKAYAMA}), trust) == "signature_wrong"
    assert problem_of(forged(signed, header={"kid": "130001"}), trust) == "publisher_unknown"
    assert problem_of(forged(signed, header={"alg": "none"}), trust) == "signature_wrong"
    assert problem_of(forged(signed, header={"alg": "HS256"}), trust) == "signature_wrong"
    without = signed.rpartition(b".")[0] + b"."
    assert problem_of(without, trust) == "signature_wrong"


def test_nobody_signs_for_another_town(trust: Trust) -> None:
    theirs = Trust({SOJA: trust.keys[OKAYAMA]}, {})
    in_their_name = sign(a_package(), theirs)

    assert problem_of(in_their_name, trust) == "signature_wrong"
    assert problem_of(in_their_name, Trust({}, {SOJA: trust.publishers[SOJA]})) == "signature_wrong"
    swapped = Trust({SOJA: trust.keys[SOJA]}, {SOJA: trust.publishers[OKAYAMA]})
    assert problem_of(sign(a_package(), trust), swapped) == "signature_wrong"


@examples(60)
@given(st.data())
def test_a_garbled_package_is_refused_or_says_the_same(trust: Trust, data: st.DataObject) -> None:
    signed = bytearray(sign(a_package(), trust))
    for _ in range(data.draw(st.integers(1, 3))):
        signed[data.draw(st.integers(0, len(signed) - 1))] = data.draw(st.integers(0, 255))

    with suppress(PackageRefused):
        assert opened(bytes(signed), trust) == a_package()


@examples(60)
@given(st.binary(max_size=200))
def test_any_bytes_are_refused(trust: Trust, content: bytes) -> None:
    assert problem_of(content, trust)


def test_a_key_is_its_owners_alone_and_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "key.jwk"
    public = create_key(path)

    assert public_text(read_key(path)) == public
    with pytest.raises(FileExistsError):
        create_key(path)
    path.chmod(0o644)
    with pytest.raises(KeysUnusable, match="chmod 600"):
        read_key(path)
    with pytest.raises(KeysUnusable, match="procedure_publishers"):
        Trust.load({}, {SOJA: "A"})
