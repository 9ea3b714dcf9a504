"""What a rule would have done to last month's reports, before it is saved; and which rules contradict each other or
never speak."""

from __future__ import annotations

import datetime
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.actor import Actor
from agencies.models import Agency
from agencies.models.agency import PEMDA
from complaints.models import Category, Complaint
from complaints.models.complaint import ComplaintQuerySet
from routing import rules
from routing.models import Rule, Suggestion

MONTH = datetime.timedelta(days=30)
USED_WITHIN = datetime.timedelta(days=90)
# So many of the newest reports that fit are read one by one; of more the rest is told from these.
READ_AT_MOST = 10_000
EXAMPLES = 8


@dataclass(frozen=True)
class Example:
    """One report the rule would lead elsewhere. Never a secret one."""

    number: str
    title: str
    now_at: str


@dataclass(frozen=True)
class Foresight:
    """Of `looked` reports of the last 30 days that lie in the owner's subtree, that the viewer may open and that are no
    secret, the rule would have decided `taken`: `already` of them lie where it sends them, the others would move.
    `moving`: how many by the office they lie at now, most first. `before`: how many that fit are taken by a rule that
    stands before it. `read`: as many were read, if not all that fit (`fitting`)."""

    looked: int
    fitting: int
    read: int
    taken: int = 0
    already: int = 0
    before: int = 0
    moving: list[tuple[str, int]] = field(default_factory=list)
    examples: list[Example] = field(default_factory=list)

    @property
    def moved(self) -> int:
        return self.taken - self.already


def foresee(rule: Rule, *, by: Actor, now: datetime.datetime | None = None) -> Foresight:
    """What `rule` (saved or not) would have done in the 30 days before `now`. At most six statements; nothing is
    written."""
    now = now or timezone.now()
    seen = Complaint.objects.visible_to(by).held_under(rule.owner).filter(received_at__gte=now - MONTH)
    # What a secret one says is read on its own page, where that is written down: here a count would answer any word.
    seen = seen.filter(secret=False)
    looked = seen.count()
    fitting = _could_fit(seen, rule)
    rows = list(fitting.order_by("-received_at").values_list(*_COLUMNS)[:READ_AT_MOST])
    count = len(rows) if len(rows) < READ_AT_MOST else fitting.count()
    if not rows:
        return Foresight(looked, count, 0)
    books = _Books(rule, timezone.localdate(now))
    taken, before, lying = 0, 0, Counter[int]()
    moving: list[tuple[Any, ...]] = []
    for row in rows:
        match = books.first_match(row)
        if match is None:
            continue
        if match.rule is not rule:
            before += 1
            continue
        taken += 1
        lying[row[-1]] += 1
        if len(moving) < EXAMPLES * 20:
            moving.append(row)
    at = {office.pk: office for office in Agency.objects.filter(pk__in=lying).only("name", "path")}
    elsewhere = Counter({at[pk].name: n for pk, n in lying.items() if not _lies_there(at[pk], rule)})
    return Foresight(
        looked=looked,
        fitting=count,
        read=len(rows),
        taken=taken,
        already=taken - elsewhere.total(),
        before=before,
        moving=elsewhere.most_common(),
        examples=[
            Example(row[_NUMBER], row[_TITLE], at[row[-1]].name) for row in moving if not _lies_there(at[row[-1]], rule)
        ][:EXAMPLES],
    )


def _lies_there(office: Agency, rule: Rule) -> bool:
    """Where the rule sends it, or in one of that office's units; at the owner's own desk only what nobody else has."""
    if rule.target is None:
        return True
    return office.pk == rule.target_id or (rule.target_id != rule.owner_id and office.is_under(rule.target))


_COLUMNS = (
    "number",
    "title",
    "body",
    "landmark",
    "category_id",
    "category__parent_id",
    "place_id",
    "channel",
    "addressed_to_id",
    "addressed_to__path",
    "addressed_to__kind",
    "handler_id",
)
_NUMBER, _TITLE = 0, 1


def _could_fit(cases: ComplaintQuerySet, rule: Rule) -> ComplaintQuerySet:
    """The cases a rule may fit, as far as PostgreSQL can tell; words in the order and company they are typed in."""
    if rule.category_id is not None:
        below = Category.objects.filter(Q(pk=rule.category_id) | Q(parent_id=rule.category_id))
        cases = cases.filter(category__in=list(below.values_list("pk", flat=True)))
    if rule.region_id is not None:
        cases = cases.filter(Q(place_id=rule.region_id) | Q(place__code__startswith=f"{rule.region_id}."))
    if rule.channel:
        cases = cases.filter(channel=rule.channel)
    if rule.named_id is not None:
        cases = cases.filter(addressed_to_id=rule.named_id)
    else:
        # A reporter's own word about the office goes before a rule that does not ask for it.
        cases = cases.filter(
            Q(addressed_to=None) | Q(addressed_to__kind__in=PEMDA) | Q(addressed_to__parent__isnull=True)
        )
    if rule.words:
        said = "|".join(r"[\W_]+".join(map(re.escape, rules.phrase_of(word).split())) for word in rule.words)
        pattern = rf"\m({said})\M"
        cases = cases.filter(Q(body__iregex=pattern) | Q(title__iregex=pattern) | Q(landmark__iregex=pattern))
    return cases


class _Books:
    """The rules of every node, with the one that is being tried in its place, read once for many reports."""

    def __init__(self, rule: Rule, day: datetime.date) -> None:
        self.tried = rule
        owners = Agency.objects.filter(Q(kind__in=PEMDA, ends_on=None) | Q(parent=None))
        self.pemda = {region: pk for pk, region in owners.values_list("pk", "region_id") if region}
        self.root = Agency.objects.root().pk
        self.of: dict[int, list[Rule]] = defaultdict(list)
        saved = Rule.objects.in_force(day).filter(target__isnull=False).exclude(pk=rule.pk)
        for other in saved.select_related("target", "owner", "category", "region", "named"):
            self.of[other.owner_id].append(other)
        self.of[rule.owner_id].append(rule)
        for book in self.of.values():
            book.sort(key=lambda one: (one.order, one.pk or 0))

    def first_match(self, row: tuple[Any, ...]) -> rules.Match | None:
        _number, title, body, landmark, category, parent, place, channel, named, path, kind, *_rest = row
        codes = _codes(place)
        report = rules.Report(
            text=rules.normalise(f"{title}\n{body}\n{landmark}"),
            categories=frozenset(pk for pk in (category, parent) if pk),
            places=frozenset(codes),
            channel=channel,
            named=named,
        )
        sure = named is not None and named != self.root and kind not in PEMDA
        if sure:
            owners = [int(pk) for pk in reversed(path.strip("/").split("/"))]
        elif named is not None and kind in PEMDA:
            owners = [named, self.root]
        else:
            owners = [*(self.pemda[code] for code in reversed(codes) if code in self.pemda), self.root]
        return rules.first_match(self._in_order(owners), report, of_the_named=sure)

    def _in_order(self, owners: Iterable[int]) -> Iterator[Rule]:
        for owner in owners:
            yield from self.of.get(owner, ())


def _codes(place: str | None) -> list[str]:
    parts = place.split(".") if place else []
    return [".".join(parts[: n + 1]) for n in range(len(parts))]


# --- What is wrong with a list of rules ---


def uses(rules_shown: list[Rule], now: datetime.datetime) -> dict[int, int]:
    """How often each of them decided in the last 90 days. One statement."""
    rows = Suggestion.objects.filter(rule__in=rules_shown, made_at__gte=now - USED_WITHIN)
    return dict(rows.values_list("rule").annotate(count=Count("pk")).values_list("rule", "count"))


def remarks(living: list[Rule], used: dict[int, int], day: datetime.date) -> dict[int, list[str]]:
    """What their owner should know about rules in their order, by the rule's id: one that never speaks, one that
    contradicts another, one that leads to nobody. One statement for who is staffed."""
    staffed = set(
        Agency.objects.filter(pk__in={rule.target_id for rule in living}).staffed_on(day).values_list("pk", flat=True)
    )
    found: dict[int, list[str]] = {}
    for position, rule in enumerate(living):
        # A rule that only tags neither takes a report from another nor is one taken from it.
        earlier = [
            (number, other, other.target)
            for number, other in enumerate(living[:position], start=1)
            if other.target is not None and rule.target is not None
        ]
        said = [*_about_the_target(rule, staffed, day), *_about_conditions(rule, day)]
        hidden = next((number for number, other, _target in earlier if covers(other, rule, day)), None)
        if hidden is not None:
            said.append(
                _("Tidak pernah sampai ke sini: aturan %(number)d selalu cocok lebih dulu.") % {"number": hidden}
            )
        else:
            said += [
                _("Bertabrakan dengan aturan %(number)d: laporan yang cocok dengan keduanya ditangani %(office)s.")
                % {"number": number, "office": target.name}
                for number, other, target in earlier
                if other.target_id != rule.target_id and overlap(other, rule)
            ][:3]
            if rule.target is not None and not used.get(rule.pk) and rule.starts_on <= day - USED_WITHIN:
                said.append(_("Tidak pernah dipakai dalam 90 hari terakhir."))
        if said:
            found[rule.pk] = said
    return found


def _about_the_target(rule: Rule, staffed: set[int], day: datetime.date) -> Iterator[str]:
    if rule.target is None:
        return
    facts = {"office": rule.target.name}
    if not rule.target.is_active_on(day):
        yield _("%(office)s sudah berakhir; laporannya ke penerusnya, kalau ada.") % facts
    elif rule.target_id not in staffed:
        yield _("Belum ada petugas di %(office)s; laporannya naik ke kantor di atasnya.") % facts


def _about_conditions(rule: Rule, day: datetime.date) -> Iterator[str]:
    if rule.category is not None and rule.category.ends_on is not None and rule.category.ends_on <= day:
        yield _("Kategori “%(name)s” sudah tidak dipakai.") % {"name": rule.category.name}
    if rule.region is not None and rule.region.ended_by(day):
        yield _("%(place)s sudah tidak ada sebagai wilayah.") % {"place": rule.region.name}


def covers(first: Rule, later: Rule, day: datetime.date) -> bool:
    """Whatever fits `later` from this day on fits `first` too."""
    return (
        (first.category_id is None or first.category_id in _categories(later))
        and (first.region_id is None or (later.region_id is not None and _inside(later.region_id, first.region_id)))
        and (not first.channel or first.channel == later.channel)
        and (first.named_id is None or first.named_id == later.named_id)
        and (not first.words or (bool(later.words) and all(_any_in(first.words, [word]) for word in later.words)))
        and first.starts_on <= max(later.starts_on, day)
        and (first.ends_on is None or (later.ends_on is not None and later.ends_on <= first.ends_on))
        # A rule that asks whom the reporter named also takes what was sent to an office by name.
        and (first.named_id is not None or later.named_id is None)
    )


def overlap(one: Rule, other: Rule) -> bool:
    """Some report could fit both."""
    return (
        (
            one.category_id is None
            or other.category_id is None
            or one.category_id in _categories(other)
            or other.category_id in _categories(one)
        )
        and (
            one.region_id is None
            or other.region_id is None
            or _inside(one.region_id, other.region_id)
            or _inside(other.region_id, one.region_id)
        )
        and (not one.channel or not other.channel or one.channel == other.channel)
        and one.named_id == other.named_id
        and (not one.words or not other.words or _any_in(one.words, other.words) or _any_in(other.words, one.words))
    )


def _categories(rule: Rule) -> set[int | None]:
    return {rule.category_id, rule.category.parent_id} if rule.category else {None}


def _inside(code: str, around: str) -> bool:
    return code == around or code.startswith(f"{around}.")


def _any_in(words: list[str], longer: list[str]) -> bool:
    """One of the words stands in one of the longer phrases."""
    return any(rules.phrase_of(word) in rules.phrase_of(phrase) for word in words for phrase in longer)
