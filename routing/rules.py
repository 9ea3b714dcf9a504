"""The first matching rule of an ordered list, every rule that tags, and why (case.md section 5)."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.db import models
from django.utils.translation import gettext as _

from agencies.models import Programme
from complaints.because import NOTHING, Because, because
from complaints.channels import registry
from complaints.models import Complaint
from lapor.kit.compiled import Among, Blank, Compiled
from routing.models import Rule

_NOT_A_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Match:
    """The rule, the words of it that stood in the report, and the sentence that says so."""

    rule: Rule
    words: tuple[str, ...]

    @property
    def because(self) -> Because:
        target = self.rule.target.name if self.rule.target else ""
        conditions = _conditions(self.rule, self.words)
        return because("rule", owner=self.rule.owner.shown_name, target=target, conditions=conditions)

    @property
    def reason_to_tag(self) -> str:
        return _reason_to_tag(self.rule, self.words)


@dataclass(frozen=True)
class Report:
    """What a rule looks at. `text`: as `normalise` gives it. `categories`: the chosen one and the one it lies under.
    `places`: codes of the place and of all around it. `named`: the office the reporter named."""

    text: str = ""
    categories: frozenset[int] = frozenset()
    places: frozenset[str] = frozenset()
    channel: str = ""
    named: int | None = None


def normalise(text: str) -> str:
    """Lower case words with one blank between and around them, so that " pdam " is found as a word and not inside
    another. "Jl.Raya/PDAM" → " jl raya pdam "."""
    words = _NOT_A_WORD.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()
    return f" {words} "


def text_of(complaint: Complaint) -> str:
    """What rules and names are looked for in: title, story and the landmark."""
    return normalise(f"{complaint.title}\n{complaint.body}\n{complaint.landmark}")


def report_of(complaint: Complaint, text: str) -> Report:
    category = complaint.category
    return Report(
        text=text,
        categories=frozenset(pk for pk in (category.pk, category.parent_id) if pk) if category else frozenset(),
        places=frozenset(complaint.place.codes_above) if complaint.place else frozenset(),
        channel=complaint.channel,
        named=complaint.addressed_to_id,
    )


def said_in(text: str, phrases: Iterable[str]) -> tuple[str, ...]:
    """Those of the phrases that stand in a normalised text as whole words."""
    return tuple(phrase for phrase in phrases if (word := phrase_of(phrase)) != "  " and word in text)


@lru_cache(maxsize=8192)
def phrase_of(phrase: str) -> str:
    """A word of a rule or the name of an office, normalised; the same few are looked for in every report."""
    return normalise(phrase)


def in_order(owners: list[int], today: datetime.date) -> list[Rule]:
    """The rules in force of these nodes that send somewhere: the lists of `owners` (their ids) in their order,
    narrowest first, each in its own. One query."""
    rank = {owner: position for position, owner in enumerate(owners)}
    return sorted(_SENDING(day=today, owners=owners), key=lambda rule: (rank[rule.owner_id], rule.order, rule.pk))


# Both are asked of every report that comes.
_DAY = Blank("day", models.DateField())
_SENDING: Compiled[Rule] = Compiled(
    lambda: (
        Rule.objects.in_force(_DAY)
        .filter(Among("owner_id", "owners"), target__isnull=False)
        .select_related("target__succeeded_by", "owner", "category", "region", "named")
    )
)
_TAGGING: Compiled[Rule] = Compiled(
    lambda: (
        Rule.objects.in_force(_DAY)
        .filter(Among("owner_id", "owners"), programme__in=Programme.objects.active_on(_DAY))
        .select_related("programme", "owner", "category", "region", "named")
        .order_by("-owner__path_length", "order", "pk")
    )
)


def first_match(rules: Iterable[Rule], report: Report, *, of_the_named: bool = False) -> Match | None:
    """The first of the rules that fits. `of_the_named`: only rules that ask for the named office are looked at; what
    a reporter said about the office is not overruled by one that does not even ask."""
    for rule in rules:
        if of_the_named and rule.named_id is None:
            continue
        if rule.target is None or not rule.target.is_under(rule.owner):
            continue
        words = fits(rule, report)
        if words is not None:
            return Match(rule, words)
    return None


def gathering(complaint: Complaint, today: datetime.date) -> list[Match]:
    """Every rule that tags a report like this one: of the office that has it and of those above, the first for each
    programme in force. One query."""
    above = [*complaint.handler.ids_above, complaint.handler_id]
    tagging = _TAGGING(day=today, owners=above)
    if not tagging:
        return []
    report = report_of(complaint, text_of(complaint))
    found: dict[int | None, Match] = {}
    for rule in tagging:
        words = fits(rule, report)
        if words is not None:
            found.setdefault(rule.programme_id, Match(rule, words))
    return list(found.values())


def fits(rule: Rule, report: Report) -> tuple[str, ...] | None:
    """The words that spoke for it, none where the rule asks for none; None: it does not fit."""
    if not (
        (rule.category_id is None or rule.category_id in report.categories)
        and (rule.region_id is None or rule.region_id in report.places)
        and (not rule.channel or rule.channel == report.channel)
        and (rule.named_id is None or rule.named_id == report.named)
    ):
        return None
    words = said_in(report.text, rule.words)
    return words if words or not rule.words else None


def _reason_to_tag(rule: Rule, words: tuple[str, ...]) -> str:
    parts = {
        "owner": rule.owner.shown_name,
        "programme": rule.programme.name if rule.programme else "",
        "conditions": _conditions(rule, words).fully(),
    }
    return _("Aturan %(owner)s: laporan %(conditions)s masuk program %(programme)s.") % parts


def _conditions(rule: Rule, words: tuple[str, ...]) -> Because:
    said = NOTHING
    if rule.category:
        said += because("of_category", name=rule.category.name)
    if words:
        said += because("with_words", words=", ".join(f"“{word}”" for word in words[:3]))
    if rule.region:
        said += because("from_place", place=rule.region.name)
    if rule.channel:
        said += because("by_channel", channel=str(registry.name(rule.channel)))
    if rule.named:
        said += because("naming", office=rule.named.shown_name)
    return said or because("like_this")
