"""Every table of the core, for migrations and for key rotation: importing this defines them all."""

from sqlalchemy import MetaData

import core.access.rows
import core.applications.coupon_rows
import core.applications.desk_rows
import core.applications.marked_rows
import core.applications.rows
import core.applications.talk_rows
import core.associations.member_rows
import core.associations.rows
import core.attachments.rows
import core.attempts
import core.campaigns.letter_rows
import core.campaigns.recipient_rows
import core.campaigns.rows
import core.circulars.rows
import core.coupons.rows
import core.crossings.rows
import core.dispatches.rate_rows
import core.dispatches.rows
import core.eligibility.contacted_rows
import core.eligibility.mapping_rows
import core.eligibility.rows
import core.eligibility.rule_rows
import core.eligibility.version_rows
import core.events
import core.inquiries.rows
import core.jobs
import core.messaging.rows
import core.payments.rows
import core.procedures.rows
import core.proxies.rows
import core.registration.rows
import core.residents.changed_rows
import core.residents.contact_rows
import core.residents.rows
import core.residents.search_rows
import core.residents.stale_rows
import core.residents.trait_rows
import core.residents.wish_rows
import core.segments.rows
import core.staff.rows
import core.wire.mutation  # noqa: F401 - defines the table of kept answers.
from core.db import Row

METADATA: MetaData = Row.metadata
