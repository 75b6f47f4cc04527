"""A town with its roster in the closed network, and the kit in there, by its real commands."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from core.callers import Role
from core.sealing.exports import Export, open_export
from core.sealing.keys import read_key
from core.sealing.links import Answer, Link, write_links
from tests.core.eligibility.makers import a_program
from tests.core.kit.files import todoke, write
from tests.makers import Registered, a_request_id
from tests.town import Town
from todoke.client import Core
from todoke.v1 import applications_pb2, eligibility_pb2
from todoke.v1 import crossings_pb2 as pb

PACK = ("--operator", "山田　太郎", "--approver", "鈴木　花子")
HEADER = (
    "宛名番号,世帯番号,氏名,生年月日,性別,郵便番号,住所,支給額,"
    "金融機関コード,支店コード,預金種目,口座番号,口座名義カナ,抑止区分"
)


@dataclass
class Inside:
    """A folder in the closed network, with keys of the city and the city's roster."""

    folder: Path
    keys: list[Path] = field(default_factory=list)

    def new_key(self) -> str:
        """Make a key; return its public half as the command shows it."""
        self.keys.append(self.folder / f"city-{len(self.keys)}.key")
        made = todoke("seal", "key", "new", "--out", self.keys[-1])
        assert made.exit_code == 0, made.output
        return read_key(self.keys[-1]).public_key

    def opened(self, sealed: bytes) -> tuple[Export, str]:
        """Open an export with any of the keys; return it and its rows as text."""
        plain = io.BytesIO()
        export, _ = open_export(io.BytesIO(sealed), [read_key(key) for key in self.keys], plain)
        return export, plain.getvalue().decode()

    def answer(self, sealed: bytes, *links: Link, **changes: str) -> bytes:
        """Answer an export as the kit would, but with links of our own."""
        export, _ = self.opened(sealed)
        says = {
            "export_id": export.export_id,
            "municipality": export.municipality,
            "program_id": export.program_id,
            "create_time": "2026-11-24T10:00:00+00:00",
            "operator": "山田　太郎",
            "approver": "鈴木　花子",
        }
        out = io.BytesIO()
        write_links(out, Answer(**says | changes), links, export.secret)
        return out.getvalue()

    def match_and_pack(
        self, sealed: bytes, *rows: str, decide: Mapping[str, tuple[str, str]] | None = None
    ) -> bytes:
        """Run both commands over an export and a roster; return what leaves.

        `decide` is what a person writes into the review: decision and reason, by reference.
        """
        export, work = self.folder / "registrations.age.txt", self.folder / "work"
        export.write_bytes(sealed)
        roster = write(self.folder / "L.csv", "\r\n".join((HEADER, *rows, "")), "cp932")
        keys = [arg for key in self.keys for arg in ("--key", key)]
        matched = todoke("match", "--export", export, *keys, "--roster", roster, "--work", work)
        assert matched.exit_code == 0, matched.output
        if decide:
            self._review(work / "review.csv", decide)
        out = self.folder / "result.csv"
        packed = todoke("pack", "--work", work, *keys, "--out", out, *PACK, "--leave-undecided")
        assert packed.exit_code == 0, packed.output
        return out.read_bytes()

    def _review(self, file: Path, decide: Mapping[str, tuple[str, str]]) -> None:
        with file.open(encoding="utf-8-sig", newline="") as review:
            titles, *pairs = csv.reader(review)
        for pair in pairs:
            found = [one for one in decide if one in pair]
            decision, reason = decide[found[0]]
            pair[titles.index("decision")], pair[titles.index("reason")] = decision, reason
        with file.open("w", encoding="utf-8-sig", newline="") as review:
            csv.writer(review).writerows([titles, *pairs])


@dataclass
class Crossings:
    """Two people of eligibility, a program, and what they do with crossings."""

    town: Town
    inside: Inside
    first: Core
    second: Core
    program: eligibility_pb2.Program

    async def set_key(self, public_key: str) -> str:
        administrator = await self.town.staff(Role.ADMINISTRATOR)
        request = pb.SetSealingKeyRequest(
            public_key=public_key, reason="鍵の更新", request_id=a_request_id()
        )
        answer = await administrator.ask(administrator.crossings.SetSealingKey, request)
        return answer.fingerprint

    async def propose(self, by: Core | None = None, *, parcel: int = 0) -> pb.Crossing:
        by = by or self.first
        request = pb.ProposeCrossingRequest(
            program_id=self.program.program_id, reason="突合", parcel=parcel,
            request_id=a_request_id(),
        )  # fmt: skip
        return (await by.ask(by.crossings.ProposeCrossing, request)).crossing

    async def approve(self, crossing: pb.Crossing, by: Core | None = None) -> pb.Crossing:
        by = by or self.second
        request = pb.ApproveCrossingRequest(
            crossing_id=crossing.crossing_id, etag=crossing.etag, request_id=a_request_id()
        )
        return (await by.ask(by.crossings.ApproveCrossing, request)).crossing

    async def cancel(self, crossing: pb.Crossing) -> pb.Crossing:
        request = pb.CancelCrossingRequest(
            crossing_id=crossing.crossing_id, reason="取りやめ", etag=crossing.etag,
            request_id=a_request_id(),
        )  # fmt: skip
        return (await self.first.ask(self.first.crossings.CancelCrossing, request)).crossing

    async def export(self, crossing: pb.Crossing) -> bytes:
        """Return an export's file, which is as its header says."""
        request = pb.ExportRegistrationsRequest(
            crossing_id=crossing.crossing_id, request_id=a_request_id()
        )
        parts = [
            part
            async for part in self.first.watch(self.first.crossings.ExportRegistrations, request)
        ]
        content = b"".join(part.chunk for part in parts[1:])
        assert parts[0].file.size == len(content)
        return content

    async def exported(self) -> tuple[pb.Crossing, bytes]:
        crossing = await self.approve(await self.propose())
        return crossing, await self.export(crossing)

    async def import_links(
        self, export: pb.Crossing, file: bytes, by: Core | None = None, request_id: str = ""
    ) -> pb.ImportLinksResponse:
        by = by or self.first
        header = pb.ImportLinksHeader(
            export_id=export.crossing_id, file_name="result.csv",
            request_id=request_id or a_request_id(),
        )  # fmt: skip
        parts = [pb.ImportLinksRequest(header=header)]
        parts += [
            pb.ImportLinksRequest(chunk=file[at : at + 500]) for at in range(0, len(file), 500)
        ]

        async def sent():
            for part in parts:
                yield part

        return await by.upload(by.crossings.ImportLinks, sent())

    async def invite(self) -> applications_pb2.InviteResidentsResponse:
        request = applications_pb2.InviteResidentsRequest(
            program_id=self.program.program_id, request_id=a_request_id()
        )
        return await self.first.ask(self.first.applications.InviteResidents, request)

    async def listed(self, by: Core | None = None) -> list[pb.Crossing]:
        by = by or self.first
        request = pb.ListCrossingsRequest(program_id=self.program.program_id)
        return list((await by.ask(by.crossings.ListCrossings, request)).crossings)


async def crossings_of(town: Town, folder: Path, **program) -> Crossings:
    first = await town.staff(Role.ELIGIBILITY, name="mori")
    second = await town.staff(Role.ELIGIBILITY, name="kato")
    return Crossings(town, Inside(folder), first, second, await a_program(first, **program))


def a_link(resident: Registered, reference: str = "00011", **changes: str) -> Link:
    says = {
        "amount": "70000",
        "account": "****567",
        "match_class": "normalised",
        "rule": "normalised",
    }
    return Link(registration_id=resident.resident_id, reference=reference, **says | changes)
