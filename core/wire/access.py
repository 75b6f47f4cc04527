"""Who may call each RPC: one table, closed for what is not in it."""

from core.callers import Caller, Role
from core.errors import NotAllowed

STAFF = frozenset(Role) - {Role.CHANNEL}
CHANNEL = frozenset({Role.CHANNEL})
EVERYBODY_KNOWN = frozenset(Role)
ELIGIBILITY = frozenset({Role.ELIGIBILITY})
CASES = frozenset({Role.ELIGIBILITY, Role.REVIEWER, Role.PAYMENT_PROPOSER, Role.PAYMENT_APPROVER})
PEOPLE = CASES | {Role.COUNTER, Role.PROTECTION, Role.INQUIRIES}
"""Those who meet residents, in person or in their cases."""

COUNTER = frozenset({Role.COUNTER})
OWN_RECORD = CHANNEL | COUNTER
AUTHORS = frozenset({Role.PROCEDURE_AUTHOR})
PAYMENTS = frozenset({Role.PAYMENT_PROPOSER, Role.PAYMENT_APPROVER})

ANYBODY = frozenset({"todoke.v1.StaffService/SignIn"})
"""The methods that need no caller."""

ALLOWED: dict[str, frozenset[Role]] = {
    "todoke.v1.AccessService/BeginContactLink": CHANNEL | {Role.COUNTER},
    "todoke.v1.AccessService/BeginPasskey": CHANNEL,
    "todoke.v1.AccessService/CompleteContactLink": CHANNEL,
    "todoke.v1.AccessService/CompletePasskey": CHANNEL,
    "todoke.v1.AccessService/DeletePasskey": CHANNEL,
    "todoke.v1.AccessService/LinkByIdToken": CHANNEL,
    "todoke.v1.AccessService/ListPasskeys": CHANNEL,
    "todoke.v1.ActivityService/GetOverview": STAFF,
    "todoke.v1.ActivityService/ListEvents": frozenset({Role.AUDITOR}),
    "todoke.v1.ActivityService/VerifyAudit": frozenset({Role.AUDITOR}),
    "todoke.v1.ActivityService/WatchEvents": STAFF,
    "todoke.v1.ApplicationService/AddNote": frozenset({Role.REVIEWER}),
    "todoke.v1.ApplicationService/AnswerForStaff": frozenset({Role.REVIEWER}),
    "todoke.v1.ApplicationService/AnswerInChat": CHANNEL,
    "todoke.v1.ApplicationService/AnswerPrompt": CHANNEL,
    "todoke.v1.ApplicationService/ApproveApplication": frozenset({Role.REVIEWER}),
    "todoke.v1.ApplicationService/AssignApplication": frozenset({Role.REVIEWER}),
    "todoke.v1.ApplicationService/BeginBulkDecision": frozenset({Role.REVIEWER}),
    "todoke.v1.ApplicationService/BeginHandover": CHANNEL,
    "todoke.v1.ApplicationService/CancelBulkDecision": frozenset({Role.REVIEWER}),
    "todoke.v1.ApplicationService/CheckNotice": EVERYBODY_KNOWN,
    "todoke.v1.ApplicationService/CompareApplication": frozenset({Role.REVIEWER}),
    "todoke.v1.ApplicationService/DownloadAttachment": CHANNEL | {Role.REVIEWER},
    "todoke.v1.ApplicationService/DownloadNotice": CHANNEL | {Role.REVIEWER},
    "todoke.v1.ApplicationService/EnterApplication": COUNTER,
    "todoke.v1.ApplicationService/ExpectAttachment": CHANNEL,
    "todoke.v1.ApplicationService/GetApplication": CASES,
    "todoke.v1.ApplicationService/GetBulkDecision": frozenset({Role.REVIEWER}),
    "todoke.v1.ApplicationService/GetPrompt": CHANNEL,
    "todoke.v1.ApplicationService/InviteResidents": ELIGIBILITY,
    "todoke.v1.ApplicationService/KeepApplication": frozenset({Role.REVIEWER}),
    "todoke.v1.ApplicationService/ListApplications": CASES,
    "todoke.v1.ApplicationService/ListBulkDecisions": frozenset({Role.REVIEWER}),
    "todoke.v1.ApplicationService/ListNotes": frozenset({Role.REVIEWER}),
    "todoke.v1.ApplicationService/ListOwnApplications": CHANNEL,
    "todoke.v1.ApplicationService/RejectApplication": frozenset({Role.REVIEWER}),
    "todoke.v1.ApplicationService/ReopenAnswer": CHANNEL,
    "todoke.v1.ApplicationService/ReturnApplication": frozenset({Role.REVIEWER}),
    "todoke.v1.ApplicationService/StartApplication": CHANNEL,
    "todoke.v1.ApplicationService/SubmitApplication": CHANNEL,
    "todoke.v1.ApplicationService/TakeHandover": CHANNEL,
    "todoke.v1.ApplicationService/TickChecklist": frozenset({Role.REVIEWER}),
    "todoke.v1.ApplicationService/UploadAttachment": CHANNEL,
    "todoke.v1.ApplicationService/WithdrawApplication": CHANNEL | {Role.REVIEWER},
    "todoke.v1.CampaignService/GetCampaign": CASES,
    "todoke.v1.CampaignService/ListCampaigns": CASES,
    "todoke.v1.CrossingService/ApproveCrossing": ELIGIBILITY,
    "todoke.v1.CrossingService/CancelCrossing": ELIGIBILITY,
    "todoke.v1.CrossingService/ExportRegistrations": ELIGIBILITY,
    "todoke.v1.CrossingService/ImportLinks": ELIGIBILITY,
    "todoke.v1.CrossingService/ListCrossings": ELIGIBILITY | {Role.AUDITOR, Role.ADMINISTRATOR},
    "todoke.v1.CrossingService/ProposeCrossing": ELIGIBILITY,
    "todoke.v1.CrossingService/SetSealingKey": frozenset({Role.ADMINISTRATOR}),
    "todoke.v1.DispatchService/ListDispatches": STAFF,
    "todoke.v1.DispatchService/PullDispatches": CHANNEL,
    "todoke.v1.EligibilityService/CloseProgram": ELIGIBILITY,
    "todoke.v1.EligibilityService/CreateProgram": ELIGIBILITY,
    "todoke.v1.MatchingService/ConfirmMatch": ELIGIBILITY,
    "todoke.v1.MatchingService/DecideMatch": ELIGIBILITY,
    "todoke.v1.MatchingService/EndMatchRule": ELIGIBILITY,
    "todoke.v1.MatchingService/KeepMatchRule": ELIGIBILITY,
    "todoke.v1.MatchingService/ListMatchRules": ELIGIBILITY,
    "todoke.v1.MatchingService/ReopenMatch": ELIGIBILITY,
    "todoke.v1.EligibilityService/GetProgram": STAFF,
    "todoke.v1.RosterService/ImportRoster": ELIGIBILITY,
    "todoke.v1.RosterService/InspectRosterFile": ELIGIBILITY,
    "todoke.v1.RosterService/ListColumnMappings": ELIGIBILITY,
    "todoke.v1.RosterService/ListRosterDifferences": ELIGIBILITY,
    "todoke.v1.RosterService/ListRosters": ELIGIBILITY,
    "todoke.v1.RosterService/ReplaceRoster": ELIGIBILITY,
    "todoke.v1.RosterService/SaveColumnMapping": ELIGIBILITY,
    "todoke.v1.MatchingService/ListMatches": ELIGIBILITY,
    "todoke.v1.EligibilityService/ListProgramVersions": STAFF,
    "todoke.v1.EligibilityService/ListPrograms": STAFF,
    "todoke.v1.EligibilityService/ReviseProgram": ELIGIBILITY,
    "todoke.v1.MatchingService/MatchRoster": ELIGIBILITY,
    "todoke.v1.LedgerService/ExplainEligibility": CHANNEL | PEOPLE,
    "todoke.v1.LedgerService/GetProgress": STAFF,
    "todoke.v1.LedgerService/ListLedger": ELIGIBILITY,
    "todoke.v1.LedgerService/ListOpenPrograms": EVERYBODY_KNOWN,
    "todoke.v1.LedgerService/PrintLetters": ELIGIBILITY,
    "todoke.v1.LedgerService/RecordContact": ELIGIBILITY,
    "todoke.v1.LedgerService/RehearseProgram": ELIGIBILITY,
    "todoke.v1.PaymentService/ApproveTransferBatch": frozenset({Role.PAYMENT_APPROVER}),
    "todoke.v1.PaymentService/CancelTransferBatch": PAYMENTS,
    "todoke.v1.PaymentService/ExportTransferBatch": PAYMENTS,
    "todoke.v1.PaymentService/GetTransferBatch": PAYMENTS,
    "todoke.v1.PaymentService/ListTransferBatches": PAYMENTS,
    "todoke.v1.PaymentService/ListTransferLines": PAYMENTS,
    "todoke.v1.PaymentService/OverrideFindings": PAYMENTS,
    "todoke.v1.PaymentService/ProposeTransferBatch": frozenset({Role.PAYMENT_PROPOSER}),
    "todoke.v1.PaymentService/SetOriginator": frozenset({Role.PAYMENT_PROPOSER}),
    "todoke.v1.ProcedureService/ListOfferedProcedures": CHANNEL,
    "todoke.v1.ProcedureService/ListProcedures": STAFF,
    "todoke.v1.ProcedureService/ExportProcedure": AUTHORS,
    "todoke.v1.ProcedureService/GetProcedure": STAFF,
    "todoke.v1.ProcedureService/ImportProcedure": AUTHORS,
    "todoke.v1.ProcedureService/LintProcedure": AUTHORS,
    "todoke.v1.ProcedureService/ListProcedureVersions": STAFF,
    "todoke.v1.ProcedureService/PreviewProcedure": AUTHORS,
    "todoke.v1.ProcedureService/PublishProcedure": AUTHORS,
    "todoke.v1.ProcedureService/RetireProcedure": AUTHORS,
    "todoke.v1.ProcedureService/SaveDraft": AUTHORS,
    "todoke.v1.ProcedureService/SuggestAnswers": CHANNEL | STAFF,
    "todoke.v1.RegistrationService/BeginAuthentication": CHANNEL,
    "todoke.v1.ProxyService/AcceptProxy": CHANNEL,
    "todoke.v1.ProxyService/EndProxy": CHANNEL | {Role.COUNTER},
    "todoke.v1.ProxyService/ListProxies": CHANNEL | PEOPLE,
    "todoke.v1.ProxyService/OfferProxy": CHANNEL | {Role.COUNTER},
    "todoke.v1.RecordService/DeleteResident": OWN_RECORD,
    "todoke.v1.RecordService/ExportRecord": OWN_RECORD,
    "todoke.v1.RecordService/GetRecord": OWN_RECORD,
    "todoke.v1.RegistrationService/BeginVerification": CHANNEL,
    "todoke.v1.RegistrationService/CompleteAuthentication": CHANNEL,
    "todoke.v1.RegistrationService/CompleteVerification": CHANNEL,
    "todoke.v1.RegistrationService/DecideRegistration": COUNTER,
    "todoke.v1.RegistrationService/GetRegistration": COUNTER,
    "todoke.v1.RegistrationService/GetVerification": CHANNEL,
    "todoke.v1.RegistrationService/ListRegistrations": COUNTER,
    "todoke.v1.RegistrationService/RegisterAtCounter": COUNTER,
    "todoke.v1.ResidentService/GetConsentText": CHANNEL | COUNTER,
    "todoke.v1.ResidentService/GetContact": CHANNEL,
    "todoke.v1.ResidentService/GetResident": PEOPLE,
    "todoke.v1.ResidentService/GiveConsent": CHANNEL,
    "todoke.v1.ResidentService/SeeContact": CHANNEL,
    "todoke.v1.ResidentService/WithdrawConsent": CHANNEL | COUNTER,
    "todoke.v1.ResidentService/UnlinkContact": CHANNEL | {Role.COUNTER},
    "todoke.v1.ResidentService/ChooseTopics": CHANNEL,
    "todoke.v1.ResidentService/ClearSuppression": frozenset({Role.PROTECTION}),
    "todoke.v1.ResidentService/CloseResident": COUNTER,
    "todoke.v1.ResidentService/ListResidentHistory": PEOPLE,
    "todoke.v1.ResidentService/ListStaleResidents": PEOPLE,
    "todoke.v1.ResidentService/ListTopics": EVERYBODY_KNOWN,
    "todoke.v1.ResidentService/SaveTopic": frozenset({Role.MESSENGER}),
    "todoke.v1.ResidentService/SearchResidents": PEOPLE,
    "todoke.v1.ResidentService/SuppressResident": PEOPLE,
    "todoke.v1.StaffService/CreateStaff": frozenset({Role.ADMINISTRATOR}),
    "todoke.v1.StaffService/GetCaller": EVERYBODY_KNOWN,
    "todoke.v1.StaffService/ListStaff": frozenset(
        {Role.ADMINISTRATOR, Role.AUDITOR, Role.REVIEWER}
    ),
    "todoke.v1.StaffService/SignOut": STAFF,
}
"""The roles that may call each method; any one of them is enough."""


class CallerNotAllowed(NotAllowed):
    reason = "CALLER_NOT_ALLOWED"


def check(caller: Caller, method: str) -> None:
    """Raise CallerNotAllowed unless a role of the caller may call the method."""
    if not caller.roles & ALLOWED.get(method, frozenset()):
        raise CallerNotAllowed(f"{caller.actor} may not call {method}", method=method)
