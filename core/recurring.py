"""The work that recurs by itself in every municipality: what, how often, and by which function."""

from datetime import timedelta
from functools import partial

from sqlalchemy.orm import Session

from core import attempts
from core.access import rows as access
from core.applications import attaching, bulk_job, inviting, photographs, talk_rows, waiting
from core.applications.notices.letterhead import Letterhead
from core.associations import forgetting as associations
from core.circulars import announcing, files, publishing
from core.dispatches.watching import SWEEPER
from core.eligibility import incremental, rematching, roster_rows
from core.inquiries import actions as inquiries
from core.jobs import At, Kind, Step
from core.messaging import stepping, sweeping
from core.procedures.catalogue import Catalogue
from core.proxies import actions as proxies
from core.records import retention
from core.records.terms import Terms
from core.registration import rows as registration
from core.registration.identity.provider import Identity
from core.residents import changed_rows, searching, staleness, traits
from core.settings import Settings
from core.staff import rows as staff
from core.wire import mutation

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

SHORT = timedelta(seconds=5)
"""The lease of what people watch, and whose steps take less than a second each."""

SHORTEST = timedelta(seconds=2)
"""The lease of campaigns: so long an emergency waits where a core died that had them in hand."""

INDEXED = 500
"""Facts that get their search keys in one transaction."""


def terms(settings: Settings) -> Terms:
    """Return how long records are kept."""
    return Terms(
        closed=timedelta(days=settings.retention_closed_days),
        contact=timedelta(days=settings.retention_contact_days),
        refused=timedelta(days=settings.retention_refused_days),
        application=timedelta(days=settings.retention_application_days),
        inquiry=timedelta(days=settings.retention_inquiry_days),
        household=timedelta(days=settings.retention_household_days),
    )


def kinds(
    settings: Settings, identity: Identity, procedures: Catalogue, letterhead: Letterhead
) -> list[Kind]:
    """Return every kind of work that recurs; `procedures` are those that residents go through."""
    invite = partial(inviting.invite_newly_matched, catalogue=procedures)
    forget = partial(retention.step, terms=terms(settings), forget_answers=mutation.forget_about)
    campaigns = partial(stepping.step, pushing=settings.pushing_channels)
    decide = partial(bulk_job.step, letterhead=letterhead, known=procedures)
    return [
        Kind("forget", HOUR, _forget),
        Kind("proxies", HOUR, _end_proxies),
        Kind("staleness", HOUR, staleness.step, look_up=identity.card.revoked),
        Kind("retention", DAY, forget),
        Kind("search_keys", DAY, _index),
        Kind("traits", DAY, _keep_traits),
        Kind("reminders", HOUR, partial(waiting.remind, known=procedures)),
        Kind("expiry", HOUR, waiting.expire),
        Kind("photographs", MINUTE, partial(photographs.settle_late, known=procedures)),
        Kind("attachments", HOUR, attaching.sweep),
        Kind("bulk_decisions", HOUR, decide, waiting=bulk_job.waiting, lease=SHORT),
        Kind(
            "campaigns",
            MINUTE,
            campaigns,
            read=partial(stepping.look, pushing=settings.pushing_channels),
            read_ahead=partial(stepping.look_ahead, pushing=settings.pushing_channels),
            waiting=stepping.waiting,
            lease=SHORTEST,
        ),
        Kind("inquiries", DAY, inquiries.step),
        Kind("circulars", MINUTE, publishing.step, waiting=announcing.waiting, lease=SHORT),
        Kind("circular_files", HOUR, files.sweep),
        Kind(SWEEPER, MINUTE, sweeping.step, lease=SHORT),
        Kind("rosters", HOUR, roster_rows.sweep),
        Kind(
            "matching",
            DAY,
            partial(incremental.step, linked=invite),
            waiting=changed_rows.waiting,
        ),
        Kind(
            "rematching",
            DAY,
            partial(rematching.step, linked=invite),
            read=rematching.look,
            waiting=rematching.waiting,
        ),
    ]


def _forget(session: Session, at: At) -> Step:
    """Delete what nobody can want any more; of all, since it is the same for every municipality."""
    mutation.forget_answers(session, at.now)
    registration.forget_challenges(session, at.now)
    staff.forget_tokens(session, at.now)
    access.forget(session, at.now)
    associations.forget(session, at.now)
    attempts.forget(session, at.now)
    talk_rows.forget_links(session, at.now)
    return Step()


def _end_proxies(session: Session, at: At) -> Step:
    """End proxies past their last day, and tell both."""
    ended = proxies.expire_due(session, at.municipality, at.now)
    return Step("again" if ended else "", {"ended": ended})


def _index(session: Session, at: At) -> Step:
    """Give search keys to facts that were kept before there were any."""
    done = searching.index_missing(session, at.municipality, after=at.cursor, limit=INDEXED)
    return Step(done[-1] if len(done) == INDEXED else "", {"indexed": len(done)})


def _keep_traits(session: Session, at: At) -> Step:
    """Give traits to residents who registered before there were any."""
    done = traits.keep_missing(session, at.municipality, after=at.cursor, limit=INDEXED)
    return Step(done[-1] if len(done) == INDEXED else "", {"kept": len(done)})
