"""Our verdict: the one place of these tests that knows the code under test."""

from itertools import count
from pathlib import Path

from asn1crypto import pem

from core.errors import Refusal
from core.registration.identity.provider import Card
from core.registration.identity.revocation import CertificateRevoked, CrlFolder, Unchecked
from core.registration.identity.trust import NoTrust, Trust
from tests.core.registration.identity_oracle.verdict import REFUSED, REVOKED, Read, Verdict
from tests.core.registration.identity_oracle.world import TEXT, Case


class Ours:
    """Verify as the core does: from folders of files, through the provider."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count()
        self._trusts: dict[tuple[tuple[bytes, ...], str], Trust] = {}

    def judge(self, case: Case) -> Verdict:
        try:
            card = Card(self._trust(case), self._source(case))
            found = card.verify(TEXT, case.certificate, case.signature, case.now)
        except CertificateRevoked as refusal:
            return Verdict(REVOKED, refusal.reason)
        except Refusal as refusal:
            return Verdict(REFUSED, refusal.reason)
        except NoTrust:
            return Verdict(REFUSED, "NO_TRUST")
        state = found.revocation.name
        four, certificate = found.basic_four, found.certificate
        read = Read(
            name=four.name,
            name_flags=four.name_flags,
            sex=four.sex,
            birth_date_text=four.birth_date_text,
            birth_date=four.birth_date,
            address=four.address,
            address_flags=four.address_flags,
            policy=certificate.policy,
            serial=certificate.serial,
            fingerprint=certificate.fingerprint,
            issuer_fingerprint=certificate.issuer_fingerprint,
            not_after=certificate.not_after,
        )
        return Verdict(state, state, read)

    def _trust(self, case: Case) -> Trust:
        known = (case.installed, case.policy)
        if known not in self._trusts:
            folder = self._new_folder()
            for number, certificate in enumerate(case.installed):
                (folder / f"{number}.pem").write_bytes(pem.armor("CERTIFICATE", certificate))
            self._trusts[known] = Trust.load(folder, policies={case.policy})
        return self._trusts[known]

    def _source(self, case: Case) -> CrlFolder | Unchecked:
        if case.lists is None:
            return Unchecked()
        folder = self._new_folder()
        for number, content in enumerate(case.lists):
            (folder / f"{number}.crl").write_bytes(content)
        return CrlFolder(folder)

    def _new_folder(self) -> Path:
        folder = self._folder / str(next(self._numbers))
        folder.mkdir()
        return folder
