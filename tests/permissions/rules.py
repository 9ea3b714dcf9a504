"""Every url has one rule. A url without one, or a rule without a url, fails the build."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

from agencies.permissions import Capability
from routing import desk_acts

# Anybody may open these; they show nothing of a case that is not published.
OPEN = {
    "home",
    "how",
    "privacy",
    "robots",
    "manifest",
    "desk-manifest",
    "service-worker",
    "offline",
    "offline-draft",
    "offline-desk",
    "offline-held",
    "share",
    "healthz",
    "readyz",
    "stylesheet",
    "set_language",
    "complaints:place",
    "complaints:scan",
    "complaints:story",
    "complaints:details",
    "complaints:check",
    "complaints:done",
    "complaints:alike",
    "complaints:track",
    "complaints:list",
    "complaints:feed",
    "complaints:alerts",
    "complaints:alerts_link",
    "complaints:disclose",
    "complaints:disclosure_info",
    "complaints:disclosure_open",
    "routing:guides",
    "routing:guide",
    "routing:guide_paper",
    "routing:statistics",
    "routing:statistics_place",
    "routing:statistics_office",
    "routing:statistics_category",
    "routing:statistics_file",
    "routing:register",
    "routing:evaluated",
    "routing:evaluated_method",
    "routing:evaluated_year",
    "routing:evaluated_district",
    "routing:evaluated_file",
    "routing:heeding",
    "routing:open_data",
    "routing:open_data_file",
    "routing:embeds",
    "routing:embed_badge",
    "routing:embed_figure",
    "routing:open_data_catalogue",
    "routing:register_feed",
    "routing:register_file",
    "agencies:directory",
    "agencies:office",
    "agencies:mark",
    "agencies:borders",
    "api-nothing",
    "open311:start",
    "open311:start_bare",
    "open311:discovery",
    "open311:services",
    "open311:definition",
    "open311:requests",
    "open311:request",
    "open311:token",
    "routing:open311_updates",
    "open311:nothing",
    "open311:nothing_in_a_format",
    "api:about",
    "api:schema",
    "api:publications",
    "api:publication",
    "api:regions",
    "api:region",
    "api:agencies",
    "api:agency",
    "api:categories",
    "api:statuses",
}
# Anybody may file, as on the web; an agency's key needs its permission (tests/complaints/test_api_filing.py).
MACHINES_MAY_FILE = {"api:reports", "api:uploads"}
# Number and key in a header, and nothing else, open these (tests/complaints/test_api_following.py).
BY_KEY = {
    "api:case",
    "api:file",
    "api:pesan",
    "api:penilaian",
    "api:sanggahan",
    "api:pencabutan",
    "api:pembukaan",
    "api:kerahasiaan",
}
# A whole draft from a phone, by POST under the draft's own key; no cookie counts (tests/complaints/test_sending.py).
BY_DRAFT_KEY = {"complaints:sending"}
# An agency's own system, by its key: cases at its office and no other (tests/routing/test_machine_*.py).
MACHINES = {
    "machine:queue",
    "machine:case",
    "machine:upload",
    "machine:file",
    "machine:start",
    "machine:ask",
    "machine:unask",
    "machine:answer",
    "machine:resolve",
    "machine:hand_back",
    "machine:note",
    "machine:invite",
    "machine:uninvite",
    "machine:helps",
    "machine:help",
    "machine:help_file",
    "machine:help_upload",
    "machine:contribute",
    "machine:decline",
}
# What a browser is called about, by a sealed cookie of its own (tests/complaints/test_devices.py).
BY_BROWSER = {"complaints:device-address"}
# Only what a letter carries opens them: a signed, expiring token instead of a number.
BY_TOKEN = {
    "complaints:call",
    "complaints:enter",
    "complaints:confirm",
    "complaints:unsubscribe",
    "complaints:support_confirm",
    "complaints:support_stop",
    "complaints:alerts_kept",
    "complaints:alert_confirm",
    "complaints:alert_stop",
}
# What an SMS carries opens them: a code that is looked up and ends (tests/complaints/test_short_links.py).
BY_CODE = {"complaints:short"}
# A file, guarded like the case it belongs to.
FILES = {"complaints:media"}
# Shown in coba, gone in produksi.
TRIAL_ONLY = {"components", "faults", "desk-components", "complaints:trial_phone"}
# A messenger's, a mail provider's or an SMS gateway's own server, by its signature or secret; off, they do not exist
# (tests/complaints/channels/).
HOOKS = {
    "complaints:whatsapp:webhook",
    "complaints:telegram:webhook",
    "complaints:email:raw",
    "complaints:email:provider",
    "complaints:email:receipt",
    "complaints:sms_in",
    "complaints:sms_receipt",
}
# Signed in, and only one's own.
OWN = {"complaints:mine", "agencies:account"}
# Any officer's own devices; a citizen gets 403 (tests/complaints/test_devices.py).
OFFICERS_OWN = {"complaints:officer-devices", "agencies:my_leave"}
# A choice among the own memberships, by POST alone.
CHOICES = {"agencies:act_as"}
# The public copy for everybody, the whole case for its reporter.
CASE_FOR_ALL = {"complaints:case"}
# Of a published case alone: whoever has the same trouble follows it (tests/complaints/test_support.py).
CASE_IF_PUBLIC = {"complaints:support"}
# Only the session that holds the case.
CASE_FOR_REPORTER = {
    "complaints:reply",
    "complaints:verdict",
    "complaints:reopening",
    "complaints:withdrawal",
    "complaints:phone",
    "complaints:secrecy",
    "complaints:ombudsman",
    "complaints:news",
    "complaints:leaving",
    "complaints:devices",
}
# Pages that have nothing to show yet send whoever may open them on to another of their own.
SENDS_ON = {"routing:counter_phone"}
# Those that lead the observer of one programme of the whole country to that programme.
LEADS_TO_THE_PROGRAMME = {"routing:oversight"}
# Officers with this capability at their own office.
OFFICERS: dict[str, Capability] = {
    "routing:desk": Capability.WORK,
    "routing:many": Capability.WORK,
    "routing:map": Capability.WORK,
    "routing:helping": Capability.WORK,
    "routing:counter": Capability.TYPE_IN,
    "routing:counter_receipt": Capability.TYPE_IN,
    "routing:counter_phone": Capability.TYPE_IN,
    "routing:oversight": Capability.SEE_NUMBERS,
    "routing:bounces": Capability.SEE_NUMBERS,
    "routing:rules": Capability.MANAGE_RULES,
    "routing:rule_add": Capability.MANAGE_RULES,
    "routing:reveals": Capability.REVEAL,
    "routing:letters": Capability.SEE_CHANNELS,
    "routing:letter_costs": Capability.SEE_CHANNELS,
    "routing:pen": Capability.PLACE_MESSAGES,
    "routing:channels": Capability.SEE_CHANNELS,
    "routing:model": Capability.MANAGE_MODEL,
    "routing:plans": Capability.MANAGE_OFFICES,
    "agencies:members": Capability.SEE_OFFICERS,
    "agencies:leaves": Capability.SEE_OFFICERS,
    "agencies:appoint": Capability.MANAGE_OFFICERS,
    "agencies:decrees": Capability.MANAGE_OFFICERS,
    "agencies:clients": Capability.MANAGE_CLIENTS,
    "agencies:client_add": Capability.MANAGE_CLIENTS,
    "agencies:manage": Capability.MANAGE_OFFICES,
    "agencies:import": Capability.ADD_AGENCIES,
    "agencies:holidays": Capability.MANAGE_HOLIDAYS,
    "agencies:programmes": Capability.MANAGE_PROGRAMMES,
    "routing:programmes": Capability.SEE_NUMBERS,
    "routing:rises": Capability.OVERSEE,
    "routing:evaluating": Capability.PUBLISH_EVALUATIONS,
    "routing:evaluating_method": Capability.PUBLISH_EVALUATIONS,
    "routing:webhooks": Capability.MANAGE_CLIENTS,
    "complaints:standards": Capability.MANAGE_STANDARDS,
    "complaints:categories": Capability.MANAGE_CATEGORIES,
    "complaints:categories_import": Capability.MANAGE_CATEGORIES,
}
# An act on one office: offices are public, so who may not is told 403 (tests/permissions/test_map_urls.py).
OFFICE_ACTS: dict[str, Capability] = {
    "agencies:change": Capability.MANAGE_OFFICES,
    "agencies:add": Capability.MANAGE_OFFICES,
    "agencies:end_office": Capability.MANAGE_OFFICES,
    "agencies:starter_set": Capability.MANAGE_OFFICES,
    "complaints:poster": Capability.MANAGE_OFFICES,
    "agencies:prefixes": Capability.MANAGE_OFFICES,
    "agencies:division": Capability.MANAGE_OFFICES,
    "agencies:division_copy": Capability.MANAGE_OFFICES,
}
# One level's threshold, for the centre alone (tests/routing/test_thresholds.py).
THRESHOLDS = {"routing:threshold"}
# One field of work of an office (tests/agencies/test_division.py).
DIVISION = {"agencies:division_field"}
# A pemda's own site, written by its coordinator; no other office has one (tests/agencies/test_subsites.py).
SUBSITES = {"agencies:subsite"}
# What a pemda promises, set by its coordinator (tests/complaints/test_standards.py).
PROMISES = {"complaints:promises"}
# Its papers, for whoever manages the office (tests/complaints/test_poster.py).
PAPERS = {"complaints:poster_file"}
# A pemda's outreach kit, for whoever manages it; no other office has one (tests/complaints/test_outreach.py).
OUTREACH = {"complaints:outreach", "complaints:outreach_file"}
# One membership or decree: to whoever may not see the officers there it does not exist (the same file).
MEMBERSHIPS = {"agencies:member", "agencies:confirm", "agencies:end"}
DECREES = {"agencies:decree_file"}
# One leave, for its officer and whoever sees or appoints the officers there (tests/agencies/test_leaves.py).
LEAVES = {"agencies:leave", "agencies:leave_approve", "agencies:leave_cut", "agencies:leave_enter"}
# One plan of the own node; who may not change it does not find it (tests/routing/test_reorganising.py).
PLANS = {"routing:plan", "routing:plan_change", "routing:plan_cancel", "routing:plan_step", "routing:plan_step_remove"}
# One machine that signs in for an office, and its keys: to whoever does not keep it it does not exist (the same file).
API_CLIENTS = {"agencies:client", "agencies:client_rotate", "agencies:client_key_end", "agencies:client_end"}
# One SMS prefix of an office, ended by POST of whoever may change that office (the same file).
PREFIXES = {"agencies:prefix_end"}
# A webhook of one of these, or one to be (tests/routing/test_webhook_pages.py).
WEBHOOKS = {
    "routing:webhook_add",
    "routing:webhook",
    "routing:webhook_secret",
    "routing:webhook_again",
    "routing:webhook_resume",
    "routing:webhook_end",
}
# A day of the calendar, by POST of the centre alone (the same file).
DAYS = {"agencies:remove_holiday"}
# One priority programme, written by the centre alone (tests/agencies/test_programmes.py).
PROGRAMMES = {"agencies:programme", "complaints:programme_promises"}
# Its cases, for whoever may see numbers; to the observer of another it is not there (tests/routing/test_programmes.py).
PROGRAMME_CASES = {"routing:programme"}
# One sudden rise, for whoever oversees its district (tests/routing/test_rises.py).
RISES = {"routing:rise"}
# A district's own year in the yearly evaluation, and what it gives and says there; another district's does not exist
# (tests/routing/test_evaluation_pages.py).
EVALUATIONS = {
    "routing:evaluation_years",
    "routing:evaluation_sign",
    "routing:evaluation_year",
    "routing:evaluation_check",
    "routing:evaluation_evidence",
    "routing:evaluation_withdraw",
    "routing:evaluation_objection",
    "routing:evaluation_pack",
    "routing:evaluation_file",
}
# One edition of a year, its districts, points and decisions: the evaluators' alone (the same file).
EVALUATING = {
    "routing:evaluating_cycle",
    "routing:evaluating_act",
    "routing:evaluating_again",
    "routing:evaluating_edition",
    "routing:evaluating_district",
    "routing:evaluating_pack",
    "routing:evaluating_score",
    "routing:evaluating_objection",
}
# Answers read for their quality, by the reviewers of the centre alone (tests/routing/test_readings.py).
REVIEWS = {
    "routing:reviews",
    "routing:reading",
    "routing:sample",
    "routing:sample_draw",
    "routing:sample_proof",
}
# What may be gaming, for the same (tests/routing/test_signals.py).
SIGNALS = {"routing:signals", "routing:signals_of"}
# A disclosure, by the cookie its key was exchanged for (tests/permissions/test_disclosures.py).
DISCLOSER = {"complaints:disclosure", "complaints:disclosure_file"}
# The lane of disclosures: for the members of its team, the teams for those who appoint them; to all others, whatever
# their role, it is not there (the same file).
DISCLOSURES = {
    "routing:disclosures",
    "routing:disclosure",
    "routing:disclosure_file",
    "routing:disclosure_team",
}
# What was put before the Ombudsman, for its examiners; what it recommends, for head and coordinator: to all others it
# is not there (tests/complaints/test_referral.py).
BEFORE_OMBUDSMAN = {"routing:referrals", "routing:referral", "routing:referral_file", "routing:recommendations"}
# One category of the list: the centre's alone (tests/complaints/test_categories.py).
CATEGORIES = {"complaints:category", "complaints:question_add", "complaints:question"}
# One rule of the own node: who may not change it does not find it.
RULES_OF_A_NODE = {"routing:rule_change", "routing:rule_end", "routing:rule_order", "routing:rule_apply"}
# The second national admin's word, by POST alone (tests/routing/test_reveals.py).
SECOND_WORD = {"routing:reveal_approve"}
# Letters that were given up are sent again, by POST of the centre alone (tests/routing/test_letters_page.py).
SENDING_AGAIN = {"routing:letters_again"}
# One held message and what a person decides about it: the centre's alone (tests/routing/test_pen.py).
HELD_MESSAGES = {"routing:held", "routing:held_open", "routing:held_add", "routing:held_refuse"}
# One office, for officers who have the capability there; to all others it does not exist.
OFFICE_FOR_OFFICERS: dict[str, Capability] = {
    "routing:oversight_of": Capability.SEE_NUMBERS,
    "routing:oversight_cases": Capability.SEE_NUMBERS,
    "routing:measures": Capability.SEE_NUMBERS,
    "routing:measure_cases": Capability.SEE_NUMBERS,
    "routing:measure_file": Capability.SEE_NUMBERS,
    "routing:bounces_of": Capability.SEE_NUMBERS,
    "routing:oversight_nudge": Capability.OVERSEE,
    "routing:meeting": Capability.SEE_OFFICERS,
    "routing:download": Capability.OVERSEE,
}
# An office in the weekly meeting, for who sees its officers (tests/routing/test_meeting.py).
MEETINGS = {"routing:meeting_office", "routing:meeting_end"}
# The districts of a province, for who oversees, heads or observes it and for the centre; no other office has any
# (tests/routing/test_territory.py).
TERRITORIES = {"routing:territory"}
# One case, for officers who may see it.
CASE_FOR_OFFICERS = {"routing:case", "routing:beside", "routing:told"}
# One case, or two side by side, for officers who work on it or above it (tests/routing/test_alike.py).
CASE_FOR_HANDLERS = {"routing:alike", "routing:compare", "routing:group"}
# One act on one case, for officers to whom the transition table gives it.
CASE_ACTS = {f"routing:{act.verb}" for act in desk_acts.ACTS}
# Pages of the sign-in library: they guard themselves and know no case.
LIBRARIES = ("account_", "mfa_")

CLASSES: dict[str, set[str]] = {
    "open": OPEN,
    "filing by machines": MACHINES_MAY_FILE,
    "by key": BY_KEY,
    "machines": MACHINES,
    "hooks": HOOKS,
    "by draft key": BY_DRAFT_KEY,
    "by browser": BY_BROWSER,
    "by token": BY_TOKEN,
    "by code": BY_CODE,
    "files": FILES,
    "trial": TRIAL_ONLY,
    "own": OWN,
    "officers' own": OFFICERS_OWN,
    "choices": CHOICES,
    "case": CASE_FOR_ALL,
    "public case": CASE_IF_PUBLIC,
    "reporter": CASE_FOR_REPORTER,
    "officers": set(OFFICERS),
    "thresholds": THRESHOLDS,
    "office for officers": set(OFFICE_FOR_OFFICERS),
    "meetings": MEETINGS,
    "territories": TERRITORIES,
    "categories": CATEGORIES,
    "programmes": PROGRAMMES,
    "programme cases": PROGRAMME_CASES,
    "rises": RISES,
    "evaluations": EVALUATIONS,
    "evaluating": EVALUATING,
    "reviews": REVIEWS,
    "signals": SIGNALS,
    "discloser": DISCLOSER,
    "disclosures": DISCLOSURES,
    "before the Ombudsman": BEFORE_OMBUDSMAN,
    "rules of a node": RULES_OF_A_NODE,
    "second word": SECOND_WORD,
    "sending again": SENDING_AGAIN,
    "held messages": HELD_MESSAGES,
    "office acts": set(OFFICE_ACTS),
    "subsites": SUBSITES,
    "promises": PROMISES,
    "papers": PAPERS,
    "outreach": OUTREACH,
    "memberships": MEMBERSHIPS,
    "decrees": DECREES,
    "leaves": LEAVES,
    "plans": PLANS,
    "api clients": API_CLIENTS,
    "webhooks": WEBHOOKS,
    "prefixes": PREFIXES,
    "division": DIVISION,
    "days": DAYS,
    "case for officers": CASE_FOR_OFFICERS,
    "case for handlers": CASE_FOR_HANDLERS,
    "acts": CASE_ACTS,
}


def every_url() -> list[str]:
    """The full names of all urls of the portal, libraries' included."""
    return sorted(set(_names(get_resolver().url_patterns, "")))


def _names(patterns: list[URLPattern | URLResolver], prefix: str) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from _names(pattern.url_patterns, inner)
        else:
            yield f"{prefix}{pattern.name}" if pattern.name else f"{prefix}unnamed {pattern.pattern}"


def library(name: str) -> bool:
    return name.startswith(LIBRARIES)
