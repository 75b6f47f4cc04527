"""The fake core's residents, counter, codes, proxies and records."""

import hashlib

from google.protobuf.timestamp_pb2 import Timestamp
from grpc import StatusCode

from tests.tui.fake_core.city import MORNING, City, Refused
from tests.tui.fake_core.door import Servicer, answered, check, status_of
from todoke.v1 import (
    access_pb2,
    access_pb2_grpc,
    proxies_pb2,
    proxies_pb2_grpc,
    records_pb2,
    records_pb2_grpc,
    registration_pb2,
    registration_pb2_grpc,
    residents_pb2_grpc,
)
from todoke.v1 import residents_pb2 as residents

CODE = "KRTV7WMXQ4"
CONSENT = "市からのお知らせを受け取ることに同意します。\n" * 40


class ResidentServicer(Servicer, residents_pb2_grpc.ResidentServiceServicer):
    @answered
    def GetResident(self, request):
        resident = resident_of(self.city, request.resident_id)
        self.city.record("resident.viewed", resident.resident_id)
        return residents.GetResidentResponse(resident=resident)

    @answered
    def SearchResidents(self, request):
        found = [
            resident
            for resident in self.city.people.values()
            if request.name in resident.basic_four.name.replace("\u3000", " ")
            and request.birth_date in {"", resident.basic_four.birth_date}
        ]
        start = int(request.page_token or 0)
        end = start + (request.page_size or 50)
        self.city.record("residents.searched")
        return residents.SearchResidentsResponse(
            residents=map(summary, found[start:end]),
            next_page_token=str(end) if end < len(found) else "",
        )

    @answered
    def ListResidentHistory(self, request):
        return residents.ListResidentHistoryResponse(periods=self.city.periods)

    @answered
    def ListStaleResidents(self, request):
        found = [
            residents.StaleResident(
                resident=summary(resident),
                causes=resident.stale_causes,
                since_time=moment(),
                ask_time=moment() if asked else None,
                asked=asked,
            )
            for asked, resident in enumerate(self.city.people.values())
            if resident.stale_causes and request.cause in {0, *resident.stale_causes}
        ]
        return residents.ListStaleResidentsResponse(residents=found)

    @answered
    def GetConsentText(self, request):
        text = residents.ConsentText(purpose=request.purpose, version=3, text=CONSENT)
        return residents.GetConsentTextResponse(consent_text=text)

    @answered
    def UnlinkContact(self, request):
        resident = resident_of(self.city, request.resident.resident_id)
        kept = [c for c in resident.contacts if c.contact_id != request.contact_id]
        del resident.contacts[:]
        resident.contacts.extend(kept)
        self.city.record("contact.unlinked", request.contact_id)
        return residents.UnlinkContactResponse()

    @answered
    def SuppressResident(self, request):
        resident = self.current(request)
        resident.suppressed = True
        self.city.record("resident.suppressed", resident.resident_id)
        return residents.SuppressResidentResponse(resident=resident)

    @answered
    def ClearSuppression(self, request):
        resident = self.current(request)
        resident.suppressed = False
        self.city.record("resident.suppression_cleared", resident.resident_id)
        return residents.ClearSuppressionResponse(resident=resident)

    @answered
    def CloseResident(self, request):
        resident = self.current(request)
        resident.closing_cause, resident.closing_date = request.cause, request.date
        self.city.record("resident.closed", resident.resident_id)
        return residents.CloseResidentResponse(resident=resident)

    def current(self, request):
        resident = resident_of(self.city, request.resident_id)
        if request.etag != resident.etag:
            raise Refused("CHANGED_MEANWHILE", metadata={"etag": resident.etag})
        resident.etag += "+"
        return resident


class AccessServicer(Servicer, access_pb2_grpc.AccessServiceServicer):
    @answered
    def BeginContactLink(self, request):
        resident_of(self.city, request.resident.resident_id)
        return access_pb2.BeginContactLinkResponse(code=CODE, expire_time=moment(900))


class ProxyServicer(Servicer, proxies_pb2_grpc.ProxyServiceServicer):
    @answered
    def ListProxies(self, request):
        mine = request.resident.resident_id
        found = [
            proxy
            for proxy in self.city.proxies.values()
            if mine in {proxy.resident_id, proxy.proxy_resident_id}
            and (request.with_ended or not proxy.HasField("end_time"))
        ]
        return proxies_pb2.ListProxiesResponse(proxies=found)

    @answered
    def OfferProxy(self, request):
        return proxies_pb2.OfferProxyResponse(code=CODE, expire_time=moment(14 * 86_400))

    @answered
    def EndProxy(self, request):
        proxy = self.city.proxies[request.proxy_id]
        proxy.end_time.CopyFrom(moment())
        self.city.record("proxy.ended", proxy.proxy_id)
        return proxies_pb2.EndProxyResponse(proxy=proxy)


class RecordServicer(Servicer, records_pb2_grpc.RecordServiceServicer):
    @answered
    def GetRecord(self, request):
        record = records_pb2.ResidentRecord(
            resident=resident_of(self.city, request.resident.resident_id)
        )
        record.choices.language = "ja"
        consent = record.consents.add(purpose=residents.CONSENT_PURPOSE_REGISTRATION, version=3)
        consent.give_time.CopyFrom(moment())
        record.messages.add(occasion="invited", channel="line", state="sent", create_time=moment())
        record.letters.add(about="防災訓練", number="9F3507-00001", print_time=moment())
        record.looks.add(by="staff", kind="resident.viewed", time=moment())
        return records_pb2.GetRecordResponse(record=record)

    async def ExportRecord(self, request, context):
        try:
            check(self.city, "ExportRecord", request, context)
        except Refused as refused:
            await context.abort_with_status(status_of(refused))
        content = self.city.file
        part = records_pb2.ExportRecordResponse()
        part.file.file_name, part.file.size = "record.pdf", len(content)
        part.file.sha256 = hashlib.sha256(content).hexdigest()
        yield part
        yield records_pb2.ExportRecordResponse(chunk=content[:7])
        yield records_pb2.ExportRecordResponse(chunk=content[7:])

    @answered
    def DeleteResident(self, request):
        resident = self.city.people.pop(request.resident.resident_id)
        self.city.record("resident.deleted", resident.resident_id)
        return records_pb2.DeleteResidentResponse(kept=["applications"], kept_until="2031-11-24")


class RegistrationServicer(Servicer, registration_pb2_grpc.RegistrationServiceServicer):
    @answered
    def RegisterAtCounter(self, request):
        registration = self.city.add_registration(request.basic_four.name, proposer=self.city.who)
        registration.basic_four.CopyFrom(request.basic_four)
        registration.document = request.document
        registration.consent_version = request.consent_version
        self.city.record("registration.proposed", registration.registration_id)
        return registration_pb2.RegisterAtCounterResponse(registration=registration)

    @answered
    def GetRegistration(self, request):
        registration = self.city.registrations[request.registration_id]
        self.city.record("registration.viewed", registration.registration_id)
        return registration_pb2.GetRegistrationResponse(registration=registration)

    @answered
    def DecideRegistration(self, request):
        registration = self.city.registrations[request.registration_id]
        if request.etag != registration.etag:
            raise Refused("CHANGED_MEANWHILE", metadata={"etag": registration.etag})
        registration.etag += "+"
        registration.decider = self.city.who
        registration.decide_time.CopyFrom(moment())
        if request.confirmed:
            registration.state = registration_pb2.REGISTRATION_STATE_CONFIRMED
            resident = self.city.add_resident(registration.basic_four.name)
            registration.resident_id = resident.resident_id
        else:
            registration.state = registration_pb2.REGISTRATION_STATE_REFUSED
        verb = "confirmed" if request.confirmed else "refused"
        self.city.record(f"registration.{verb}", registration.registration_id)
        return registration_pb2.DecideRegistrationResponse(registration=registration)

    @answered
    def ListRegistrations(self, request):
        found = [
            in_a_list(registration)
            for registration in self.city.registrations.values()
            if request.state in {0, registration.state}
        ]
        found.sort(key=lambda registration: registration.state)
        return registration_pb2.ListRegistrationsResponse(registrations=found)


def in_a_list(registration: registration_pb2.Registration) -> registration_pb2.Registration:
    """Leave of the facts what the list has: the name."""
    listed = registration_pb2.Registration()
    listed.CopyFrom(registration)
    listed.basic_four.CopyFrom(residents.BasicFour(name=registration.basic_four.name))
    return listed


def resident_of(city: City, resident_id: str) -> residents.Resident:
    if resident_id not in city.people:
        raise Refused("RESIDENT_UNKNOWN", StatusCode.NOT_FOUND)
    return city.people[resident_id]


def summary(resident: residents.Resident) -> residents.ResidentSummary:
    four = resident.basic_four
    return residents.ResidentSummary(
        resident_id=resident.resident_id,
        name=four.name,
        birth_date=four.birth_date,
        address=four.address,
        assurance=resident.assurance,
        suppressed=resident.suppressed,
        closed=bool(resident.closing_cause),
    )


def moment(later: int = 0) -> Timestamp:
    return Timestamp(seconds=int(MORNING.timestamp()) + later)
