"""Where the two verdicts differ and are meant to: each by name, with the reason and its source."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tests.core.registration.identity_oracle.lists import REASONS
from tests.core.registration.identity_oracle.verdict import (
    NOT_CHECKED,
    NOT_REVOKED,
    REFUSED,
    REVOKED,
)


@dataclass(frozen=True)
class Difference:
    """What we say, what the other validator says, why we stay with it, and in which cases."""

    ours: str
    other: str
    why: str
    source: str
    cases: Mapping[str, Iterable[str]]


STRICT = (REFUSED, NOT_CHECKED)

DIFFERENCES = (
    # Ours is the stricter: the certificate.
    Difference(
        *STRICT,
        "a time has no fractions of a second",
        "RFC 5280, 4.1.2.5.2",
        {"times": ["valid with fractions"]},
    ),
    Difference(
        *STRICT,
        "the authority writes its name one way; nothing is gained by folding letters",
        "RFC 5280, 4.1.2.6 (its subject is what it writes as issuer); 7.1 would fold",
        {
            "issuer_names": [
                "an issuer's name in lower case",
                "an issuer's name with blanks",
                "an issuer's name in PrintableString",
                "an issuer's name in TeletexString",
            ]
        },
    ),
    Difference(
        *STRICT,
        "a qualifier that is not understood in a critical extension",
        "RFC 5280, 4.2.1.4",
        {"policy": ["a policy with an unknown qualifier"]},
    ),
    Difference(
        *STRICT,
        "only an authority has a path length",
        "RFC 5280, 4.2.1.9",
        {"holder_constraints": ["no authority, of path length 0"]},
    ),
    Difference(
        *STRICT,
        "critical, and nothing here looks at it; no card has it critical",
        "RFC 5280, 4.2",
        {
            "critical_extensions": [
                "critical: alternative names",
                "critical: places of lists",
                "critical: places of changes",
                "critical: own key's id",
                "critical: authority key's id",
                "critical: policy constraints",
                "critical: no mapping of any policy",
                "critical: name constraints",
                "critical: no check of a responder",
                "critical: responder",
                "critical: qualified statements",
            ]
        },
    ),
    Difference(
        *STRICT,
        "a serial number is above zero; a list cannot be asked for another",
        "RFC 5280, 4.1.2.2",
        {"serials": ["serial 0", "serial -1", "serial -2^70"]},
    ),
    Difference(
        *STRICT,
        "both fields name the same algorithm",
        "RFC 5280, 4.1.1.2",
        {
            "hashes": [
                f"said inside to be {each}"
                for each in ("MD5", "SHA-1", "SHA-224", "SHA-384", "SHA-512", "PSS")
            ]
        },
    ),
    Difference(
        *STRICT,
        "a certificate is DER",
        "RFC 5280, 4.1; X.690, 10.1",
        {"lengths": ["an indefinite length"]},
    ),
    Difference(
        *STRICT,
        "no extension is there twice",
        "RFC 5280, 4.2",
        {
            "doubles": [
                *(f"2.5.29.{each} twice" for each in (15, 17, 18, 31, 32)),
                "an unknown one twice",
                "none and an authority",
            ]
        },
    ),
    # Ours is the stricter: what is revoked.
    Difference(
        REVOKED,
        NOT_CHECKED,
        "what has been revoked stays so: a line of the authority's counts in whatever list, though "
        "the standard passes over one that is stale, for others, for changes, or not understood",
        "公的個人認証法 21条; RFC 5280, 5.2, 5.2.4 and 6.3.3 (a), (b)",
        {
            "freshness": [
                "a list stale for a second, with it",
                "a list stale for a year, with it",
                "a list of the next second, with it",
                "a list of next week, with it",
                "a list replaced before it was made, with it",
                "a list for an hour that says no end, with it",
            ],
            "reasons": [f"revoked in a stale list: {reason}" for reason in REASONS],
            "scopes": [
                "a list for another place, with it",
                "a list for another place, not critical, with it",
                "a list for the authority's own place, with it",
                "a list for an address, with it",
                "a list for a relative place, with it",
                "a list for another relative place, with it",
                "a list for authorities, with it",
                "a list for attributes, with it",
                "a list for authorities anywhere, with it",
            ],
            "deltas": ["changes alone, with it"],
            "broken_lists": ["revoked in a list of something unknown"],
        },
    ),
    Difference(
        REVOKED,
        NOT_REVOKED,
        "so it does where the other validator looks at other lists alone",
        "公的個人認証法 21条; RFC 5280, 5.2.4, 5.2.6 and 6.3.3 (b)",
        {
            "scopes": ["revoked in another place's list"],
            "deltas": ["the whole and it in the changes"],
        },
    ),
    Difference(
        REVOKED,
        NOT_CHECKED,
        "a line counts whatever else it says, readable or not",
        "RFC 5280, 5.3 lets nobody call it not revoked",
        {
            "reasons": [
                "a line with a reason that is none",
                "a line with a reason that is a text",
                "a line with something critical and unknown",
            ]
        },
    ),
    Difference(
        REVOKED,
        NOT_REVOKED,
        "the authority announces it: who asks today is told today",
        "公的個人認証法 21条; RFC 5280, 5.3 (revocationDate)",
        {"reasons": ["revoked this second", "revoked in an hour", "revoked in 2060"]},
    ),
    Difference(
        REVOKED,
        NOT_REVOKED,
        "a hold is never lifted in the JPKI",
        "JPKI; RFC 5280, 5.3.1 would release it",
        {
            "reasons": ["removed from the list"],
            "several": [
                "a stale one with it on hold and a fresh one without",
                "a stale one with it on hold and a fresh one without, turned",
            ],
        },
    ),
    Difference(
        REVOKED,
        NOT_REVOKED,
        "the JPKI has no indirect lists; should one come, its numbers count against a holder",
        "RFC 5280, 5.3.3 would tell whose line it is",
        {"other_issuers_lines": ["anybody's certificates: another issuer's line of its number"]},
    ),
    # Ours is the stricter: what is not revoked.
    Difference(
        NOT_CHECKED,
        NOT_REVOKED,
        "at its end a list has been replaced; without an end it means nothing",
        "RFC 5280, 5.1.2.5 (an end must be said)",
        {
            "freshness": [
                "a list replaced this second, without it",
                "a list for ten minutes that says no end, without it",
            ]
        },
    ),
    Difference(
        NOT_CHECKED,
        NOT_REVOKED,
        "a line that is not understood spoils its list",
        "RFC 5280, 5.3",
        {"reasons": ["another's line with something critical and unknown"]},
    ),
    Difference(
        NOT_CHECKED,
        NOT_REVOKED,
        "an empty issuing distribution point must not be",
        "RFC 5280, 5.2.5",
        {"scopes": ["a list for no place in particular"]},
    ),
    Difference(
        NOT_CHECKED,
        NOT_REVOKED,
        "the JPKI has neither indirect lists nor lists by reason; they are not added up",
        "RFC 5280, 5.2.5 and 6.3.3",
        {"scopes": ["a list for anybody's certificates", "two lists for all reasons together"]},
    ),
    Difference(
        NOT_CHECKED,
        NOT_REVOKED,
        "a list is of version 1 or 2, and no extension is there twice",
        "RFC 5280, 5.1.2.1 and 4.2",
        {
            "broken_lists": [
                "a list of two numbers, alone",
                "a list of two parts, alone",
                "a list of version 3, alone",
            ]
        },
    ),
    # Ours is the more lenient, and the standard with it.
    Difference(
        NOT_CHECKED,
        REFUSED,
        "the id of the authority's key helps to find a path and is no part of validating it; "
        "generations are told by their signatures",
        "RFC 5280, 4.2.1.1 and 6.1",
        {"issuing_keys": [f"of generation {number} with another key's id" for number in (1, 2, 3)]},
    ),
    Difference(
        NOT_REVOKED,
        NOT_CHECKED,
        "a whole list that is fresh is enough; changes need not be used",
        "RFC 5280, 6.3.1 (use-deltas) and 5.2.4",
        {"deltas": ["the whole that points to changes that are not there"]},
    ),
)


def differences(group: str) -> dict[str, tuple[str, str]]:
    """Return what both say, by the names of the group's cases that differ."""
    return {
        name: (each.ours, each.other) for each in DIFFERENCES for name in each.cases.get(group, ())
    }
