"""The other verdict: pyhanko-certvalidator for RFC 5280, `jpki_profile` for what is beyond it."""

import asyncio
from collections.abc import Iterable

from asn1crypto import crl, x509
from pyhanko_certvalidator import CertificateValidator, PKIXValidationParams, ValidationContext
from pyhanko_certvalidator.authority import CertTrustAnchor, TrustQualifiers
from pyhanko_certvalidator.errors import (
    InsufficientRevinfoError,
    PathBuildingError,
    RevokedError,
    ValidationError,
)
from pyhanko_certvalidator.path import ValidationPath
from pyhanko_certvalidator.policy_decl import (
    NO_REVOCATION,
    CertRevTrustPolicy,
    RevocationCheckingPolicy,
    RevocationCheckingRule,
)
from pyhanko_certvalidator.registry import SimpleTrustManager

from tests.core.registration.identity_oracle import jpki_profile
from tests.core.registration.identity_oracle.jpki_profile import NotOfTheProfile
from tests.core.registration.identity_oracle.verdict import (
    NOT_CHECKED,
    NOT_REVOKED,
    REFUSED,
    REVOKED,
    Read,
    Verdict,
)
from tests.core.registration.identity_oracle.world import TEXT, Case

# What RFC 9336 and RFC 5280, 4.2.1.12 call the purposes that allow signing a document.
PURPOSES = ("1.3.6.1.5.5.7.3.36", "any_extended_key_usage")
BY_LISTS = RevocationCheckingPolicy(
    RevocationCheckingRule.CRL_REQUIRED, RevocationCheckingRule.NO_CHECK
)
# asn1crypto's own: a KeyError is a number without a name.
UNREADABLE = (ValueError, TypeError, KeyError)
REFUSALS = (ValidationError, PathBuildingError, NotOfTheProfile, *UNREADABLE)


def judge(case: Case) -> Verdict:
    try:
        return asyncio.run(_judge(case))
    except REFUSALS as error:
        return Verdict(REFUSED, f"{type(error).__name__}: {error}")


async def _judge(case: Case) -> Verdict:
    anchors = [jpki_profile.authority(each) for each in case.installed]
    found = jpki_profile.certificate(case.certificate)
    jpki_profile.check_holder(found)
    facts = jpki_profile.facts(found)
    anchor, path = await _path(case, found, anchors)
    if path.pkix_len != 1:
        raise NotOfTheProfile("the authority did not issue the certificate itself")
    jpki_profile.check_signature(found, TEXT.encode(), case.signature)
    try:
        state = await _revocation(case, found, anchor)
    except RevokedError as error:
        return Verdict(REVOKED, str(error))
    read = Read(
        name=facts[1],
        name_flags=facts[2],
        sex=facts[3],
        birth_date_text=facts[4],
        birth_date=jpki_profile.birth_day(facts[4]),
        address=facts[5],
        address_flags=facts[6],
        policy=case.policy,
        serial=format(found.serial_number, "x"),
        fingerprint=found.sha256.hex(),
        issuer_fingerprint=anchor.sha256.hex(),
        not_after=found.not_valid_after,
    )
    return Verdict(state, state, read)


async def _path(
    case: Case, found: x509.Certificate, anchors: Iterable[x509.Certificate]
) -> tuple[x509.Certificate, ValidationPath]:
    """Return the first authority that the certificate can be led back to, and how."""
    failures: list[Exception] = [NotOfTheProfile("no authority is installed")]
    for anchor in anchors:
        validator = _validator(case, found, anchor)
        try:
            path = await validator.async_validate_path()
            await _check_purpose(validator)
        except (ValidationError, PathBuildingError) as error:
            failures.append(error)
        else:
            return anchor, path
    raise failures[-1]


async def _check_purpose(validator: CertificateValidator) -> None:
    for purpose in PURPOSES:
        try:
            await validator.async_validate_usage(
                {"digital_signature", "non_repudiation"}, {purpose}, extended_optional=True
            )
        except ValidationError as error:
            failure = error
        else:
            return
    raise failure


async def _revocation(case: Case, found: x509.Certificate, anchor: x509.Certificate) -> str:
    lists = list(_evidence(case.lists or ()))
    if not lists:
        return NOT_CHECKED
    try:
        await _validator(case, found, anchor, lists).async_validate_path()
    except InsufficientRevinfoError:
        return NOT_CHECKED
    return NOT_REVOKED


def _evidence(lists: Iterable[bytes]) -> Iterable[crl.CertificateList]:
    for content in lists:
        try:
            yield jpki_profile.revocation_list(content)
        except (NotOfTheProfile, *UNREADABLE):
            continue


def _validator(
    case: Case,
    found: x509.Certificate,
    anchor: x509.Certificate,
    lists: list[crl.CertificateList] | None = None,
) -> CertificateValidator:
    """Return a validator that trusts one authority, during its validity, for one policy."""
    qualifiers = TrustQualifiers(
        valid_from=anchor.not_valid_before, valid_until=anchor.not_valid_after
    )
    rules = BY_LISTS if lists else NO_REVOCATION
    context = ValidationContext(
        trust_manager=SimpleTrustManager.build([CertTrustAnchor(anchor, qualifiers)]),
        other_certs=[x509.Certificate.load(each) for each in case.chain],
        moment=case.now,
        allow_fetching=False,
        crls=lists,
        revinfo_policy=CertRevTrustPolicy(rules),
        time_tolerance=None,
    )
    params = PKIXValidationParams(
        user_initial_policy_set=frozenset({case.policy}),
        initial_explicit_policy=True,
        initial_any_policy_inhibit=True,
    )
    return CertificateValidator(found, validation_context=context, pkix_params=params)
