"""The first matching rule of an ordered list, and why (case.md section 5)."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from agencies.models import Agency
from complaints.models import Complaint
from routing.models import Rule

_NOT_A_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Match:
    """The rule, the words of it that stood in the report, and the sentence that says so."""

    rule: Rule
    words: tuple[str, ...]
    reason: str


def normalise(text: str) -> str:
    """Lower case words with one blank between and around them, so that " pdam " is found as a word and not inside
    another. "Jl.Raya/PDAM" → " jl raya pdam "."""
    words = _NOT_A_WORD.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()
    return f" {words} "


def text_of(complaint: Complaint) -> str:
    """What rules and names are looked for in: title, story and the landmark."""
    return normalise(f"{complaint.title}\n{complaint.body}\n{complaint.landmark}")


def said_in(text: str, phrases: Iterable[str]) -> tuple[str, ...]:
    """Those of the phrases that stand in a normalised text as whole words."""
    return tuple(phrase for phrase in phrases if (word := normalise(phrase)) != "  " and word in text)


def first_match(complaint: Complaint, owners: list[Agency], text: str, today: datetime.date) -> Match | None:
    """The first rule that fits, the lists of `owners` in their order (narrowest first), each in its own. One query."""
    rank = {owner.pk: position for position, owner in enumerate(owners)}
    rules = (
        Rule.objects.in_force(today)
        .filter(owner__in=owners)
        .select_related("target__succeeded_by", "owner", "category", "region")
    )
    for rule in sorted(rules, key=lambda rule: (rank[rule.owner_id], rule.order, rule.pk)):
        if not rule.target.is_under(rule.owner) or not _fits_category(rule, complaint) or not _fits(rule, complaint):
            continue
        words = said_in(text, rule.words)
        if rule.words and not words:
            continue
        return Match(rule, words, _reason(rule, words))
    return None


def _fits_category(rule: Rule, complaint: Complaint) -> bool:
    category = complaint.category
    return rule.category_id is None or (category is not None and rule.category_id in (category.pk, category.parent_id))


def _fits(rule: Rule, complaint: Complaint) -> bool:
    return rule.region_id is None or (complaint.place is not None and rule.region_id in complaint.place.codes_above)


def _reason(rule: Rule, words: tuple[str, ...]) -> str:
    parts = {
        "owner": rule.owner.shown_name,
        "target": rule.target.name,
        "category": rule.category.name if rule.category else "",
        "place": rule.region.name if rule.region else "",
        "words": ", ".join(f"“{word}”" for word in words[:3]),
    }
    if words and rule.category:
        return _("Aturan %(owner)s: kategori “%(category)s” dengan kata %(words)s ditangani %(target)s.") % parts
    if words:
        return _("Aturan %(owner)s: laporan dengan kata %(words)s ditangani %(target)s.") % parts
    if rule.category and rule.region:
        return _("Aturan %(owner)s: kategori “%(category)s” di %(place)s ditangani %(target)s.") % parts
    if rule.category:
        return _("Aturan %(owner)s: kategori “%(category)s” ditangani %(target)s.") % parts
    if rule.region:
        return _("Aturan %(owner)s: laporan dari %(place)s ditangani %(target)s.") % parts
    return _("Aturan %(owner)s: laporan seperti ini ditangani %(target)s.") % parts
