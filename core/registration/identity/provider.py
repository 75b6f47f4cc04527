"""The providers that this core believes; settings make them once, at the start.

A provider turns what somebody shows into `Proof`, or raises a refusal of this package. The card and
the app are fields here, since they are told whom to believe; the counter believes two people, and
needs no settings.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

from core.registration.identity import jpki
from core.registration.identity.asking import IdentityProviderAway
from core.registration.identity.auth_app import AppSettings, AuthApp
from core.registration.identity.proof import Proof
from core.registration.identity.revocation import CrlFolder, RevocationSource, Unchecked
from core.registration.identity.trust import CARD_POLICY, TEST_CARD_POLICY, NoTrust, Trust


@dataclass(frozen=True, slots=True)
class Card:
    """The signature key of the My Number card (JPKI)."""

    trust: Trust
    revocation: RevocationSource

    @property
    def checks_revocation(self) -> bool:
        """Whether revocation is looked up; a lookup may still find no list that is fresh."""
        return not isinstance(self.revocation, Unchecked)

    def verify(self, text: str, certificate: bytes, signature: bytes, now: datetime) -> Proof:
        return jpki.verify(
            text.encode(),
            certificate,
            signature,
            trust=self.trust,
            now=now,
            revocation=self.revocation,
        )


@dataclass(frozen=True, slots=True)
class Identity:
    """Every provider of this core; without settings for the app there is none."""

    card: Card
    app: AuthApp | None = None

    @classmethod
    def load(
        cls,
        *,
        authorities: Path | None,
        revocations: Path | None,
        test_cards: bool = False,
        app: AppSettings | None = None,
    ) -> Self:
        """Read what is believed; NoTrust where a folder that is named cannot be used.

        Without `authorities` every certificate is refused; without `revocations` none is looked up,
        and the result says so. `test_cards` takes test cards, and only those. KeysUnusable where
        the key for the app cannot be used.
        """
        policies = frozenset({TEST_CARD_POLICY if test_cards else CARD_POLICY})
        trust = Trust.load(authorities, policies=policies) if authorities else Trust((), policies)
        return cls(Card(trust, _source(revocations)), AuthApp.load(app) if app else None)

    def need_app(self) -> AuthApp:
        """Return the app; raise IdentityProviderAway where none is settled."""
        if self.app is None:
            raise IdentityProviderAway(
                "no authentication app is settled: set auth_app_issuer and what belongs to it"
            )
        return self.app


def _source(folder: Path | None) -> RevocationSource:
    if folder is None:
        return Unchecked()
    if not folder.is_dir():
        raise NoTrust(f"{folder} is no folder; make it, and put the revocation lists (*.crl) there")
    return CrlFolder(folder)
