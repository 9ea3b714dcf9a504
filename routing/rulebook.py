"""A coordinator's rules: added, changed, ordered and ended, each with its line in the audit; and said in a sentence."""

from __future__ import annotations

import datetime
import re
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from agencies import succession
from agencies.actor import Actor
from agencies.models import Agency, AuditEntry, Region
from complaints.channels import registry
from complaints.models import Category, Complaint
from routing import rules
from routing.destination import field_of
from routing.models import Rule

WORDS, WORD_LENGTH = 20, 60


def read_words(typed: str) -> list[str]:
    """Words or phrases between commas or lines, lower case, each once."""
    found = (" ".join(part.split()).lower() for part in re.split(r"[,;\n]", typed.replace("\x00", "")))
    return list(dict.fromkeys(part for part in found if part))


def book(owner: Agency, day: datetime.date) -> tuple[list[Rule], list[Rule]]:
    """The rules that hold or will hold, in order, and those that have ended, newest first. One statement."""
    rows = list(
        Rule.objects.filter(owner=owner)
        .select_related("category", "region", "target", "programme", "owner", "named")
        .order_by("order", "pk")
    )
    living = [rule for rule in rows if rule.ends_on is None or rule.ends_on > day]
    return living, sorted((rule for rule in rows if rule not in living), key=lambda r: str(r.ends_on), reverse=True)


def sentence(rule: Rule) -> str:
    """What the rule does, as one would say it."""
    conditions = []
    if rule.category is not None:
        conditions.append(_("kategori “%(name)s”") % {"name": rule.category.name})
    if rule.region is not None:
        conditions.append(_("tempat %(name)s") % {"name": rule.region.name})
    if rule.words:
        words = _(" atau ").join(f"“{word}”" for word in rule.words)
        conditions.append(_("ada kata %(words)s") % {"words": words})
    if rule.channel:
        conditions.append(_("datang lewat %(channel)s") % {"channel": registry.name(rule.channel)})
    if rule.named is not None:
        conditions.append(_("pelapor menyebut %(office)s") % {"office": rule.named.name})
    said = {
        "conditions": _(", dan ").join(conditions) or _("apa pun isinya"),
        "office": rule.target.name if rule.target else "",
        "programme": rule.programme.name if rule.programme else "",
    }
    if rule.programme is None:
        return _("Kalau %(conditions)s, teruskan ke %(office)s.") % said
    if rule.target is None:
        return _("Kalau %(conditions)s, tandai program %(programme)s.") % said
    return _("Kalau %(conditions)s, teruskan ke %(office)s dan tandai program %(programme)s.") % said


def imagined(owner: Agency, rule: Rule | None, **fields: Any) -> Rule:
    """A rule as it would be after saving, in its place of the list; nothing is written."""
    last = Rule.objects.filter(owner=owner).order_by("-order").values_list("order", flat=True).first()
    return Rule(pk=rule.pk if rule else None, owner=owner, order=rule.order if rule else (last or 0) + 1, **fields)


@transaction.atomic
def add(owner: Agency, *, by: Actor, **fields: Any) -> Rule:
    """At the end of the list: what was there before goes first."""
    last = Rule.objects.filter(owner=owner).order_by("-order").values_list("order", flat=True).first()
    rule = Rule.objects.create(owner=owner, order=(last or 0) + 1, **fields)
    _log(by, "rule_added", rule, None, _shape(rule))
    return rule


@transaction.atomic
def change(rule: Rule, *, by: Actor, **fields: Any) -> Rule:
    before = _shape(rule)
    for name, value in fields.items():
        setattr(rule, name, value)
    rule.save()
    _log(by, "rule_changed", rule, before, _shape(rule))
    return rule


def neighbour(rule: Rule, step: int, living: list[Rule]) -> Rule | None:
    """The rule it would step past, up (-1) or down (1); None: it stands at the edge, or holds no more."""
    at = next((n for n, one in enumerate(living) if one.pk == rule.pk), None)
    return living[at + step] if at is not None and 0 <= at + step < len(living) else None


@transaction.atomic
def shift(rule: Rule, step: int, *, by: Actor, day: datetime.date) -> None:
    """One place up (-1) or down (1) among the living rules; at the edge nothing happens."""
    rows = list(Rule.objects.select_for_update().filter(owner_id=rule.owner_id).order_by("order", "pk"))
    living = [one for one in rows if one.ends_on is None or one.ends_on > day]
    at = next((n for n, one in enumerate(living) if one.pk == rule.pk), None)
    if at is None or not 0 <= at + step < len(living):
        return
    before = [one.pk for one in living]
    living.insert(at + step, living.pop(at))
    ended = [one for one in rows if one not in living]
    for place, one in enumerate([*living, *ended], start=1):
        one.order = place
    Rule.objects.bulk_update(rows, ["order"])
    _log(by, "rules_ordered", rule, {"order": before}, {"order": [one.pk for one in living]})


@transaction.atomic
def end(rule: Rule, day: datetime.date, *, by: Actor) -> None:
    """No longer from this day on; what it did stays readable."""
    before = _shape(rule)
    rule.ends_on = max(day, rule.starts_on)
    rule.save(update_fields=["ends_on"])
    _log(by, "rule_ended", rule, before, _shape(rule))


@transaction.atomic
def succeed(agency: Agency, *, by: Actor, day: datetime.date) -> int:
    """An office has ended: rules that send to it send to its heir, its own list is its heir's. A rule that nobody below
    its owner can follow, or that asks for the ended office by name, ends. How many were touched."""
    lasting = Rule.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day))
    about = Q(owner=agency) | Q(target=agency) | Q(named=agency)
    rows = lasting.filter(about).select_for_update(of=("self",))
    last: dict[int, int] = {}
    touched = list(rows.select_related("owner", "target", "category__parent", "region").order_by("order", "pk"))
    for rule in touched:
        before = _shape(rule) | {"owner": rule.owner_id}
        region = rule.region.codes_above if rule.region is not None else ()
        bidang = field_of(rule.category)[0]
        owner = succession.heir_of(rule.owner, day)
        target = succession.heir_of(rule.target, day, bidang=bidang, places=region) if rule.target else None
        lost = owner is None or (rule.target is not None and (target is None or not target.is_under(owner)))
        if lost or rule.named_id == agency.pk:
            rule.ends_on = max(day, rule.starts_on)
        elif owner is not None:
            if owner.pk != rule.owner_id:
                if owner.pk not in last:
                    newest = Rule.objects.filter(owner=owner).order_by("-order").values_list("order", flat=True)
                    last[owner.pk] = newest.first() or 0
                last[owner.pk] += 1
                rule.owner, rule.order = owner, last[owner.pk]
            rule.target = target
        rule.save(update_fields=["owner", "order", "target", "ends_on"])
        what = "rule_ended" if rule.ends_on == max(day, rule.starts_on) else "rule_succeeded"
        _log(by, what, rule, before, _shape(rule) | {"owner": rule.owner_id})
    return len(touched)


def dry_look(
    owner: Agency, text: str, category: Category | None, region: Region | None, day: datetime.date
) -> rules.Match | None:
    """Which rule would take a report with these words, this category and this place. Nothing is written."""
    imagined = Complaint(title="", body=text, category=category, place=region)
    return rules.first_match(rules.in_order([owner.pk], day), rules.report_of(imagined, rules.text_of(imagined)))


def dry_tags(
    owner: Agency, text: str, category: Category | None, region: Region | None, day: datetime.date
) -> list[rules.Match]:
    """Which programmes a report like this would be tagged with, at this node or below. Nothing is written."""
    imagined = Complaint(title="", body=text, category=category, place=region, handler=owner)
    return rules.gathering(imagined, day)


def _shape(rule: Rule) -> dict[str, Any]:
    return {
        "category": rule.category_id,
        "region": rule.region_id,
        "words": rule.words,
        "channel": rule.channel,
        "named": rule.named_id,
        "target": rule.target_id,
        "programme": rule.programme_id,
        "starts_on": rule.starts_on.isoformat(),
        "ends_on": rule.ends_on.isoformat() if rule.ends_on else None,
        "note": rule.note,
    }


def _log(by: Actor, what: str, rule: Rule, before: dict[str, Any] | None, after: dict[str, Any]) -> None:
    AuditEntry.objects.create(
        who=by.user,
        acting_as=by.agency,
        what=what,
        subject_kind="rule",
        subject_id=rule.pk,
        before=before,
        after=after,
    )
