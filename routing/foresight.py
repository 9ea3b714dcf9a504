"""What a rule would have done to last month's reports, before it is saved; and which rules contradict each other or
never speak."""

from __future__ import annotations

import copy
import datetime
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.actor import Actor
from agencies.models import Agency
from agencies.models.agency import PEMDA
from complaints.models import Category, Complaint, Tag
from complaints.models.complaint import ComplaintQuerySet
from lapor.kit import wording
from routing import rules
from routing.models import Rule, Suggestion

MONTH = datetime.timedelta(days=30)
USED_WITHIN = datetime.timedelta(days=90)
# So many of the newest reports that fit are read one by one; of more the rest is told from these.
READ_AT_MOST = 10_000
EXAMPLES = 8
# Where a report goes that no rule takes: only a worker can tell.
NO_RULE = gettext_lazy("tanpa aturan, menurut bidang dan tempatnya")


@dataclass(frozen=True)
class Example:
    """One report the rule would lead elsewhere. Never a secret one. `then`: where, if not where the rule sends."""

    number: str
    title: str
    now_at: str
    then: str = ""


@dataclass(frozen=True)
class Passing:
    """How many reports that a rule sends to one office now would be sent to another, or by no rule any more."""

    now_to: str
    then: str
    count: int


@dataclass(frozen=True)
class Foresight:
    """Of `looked` reports of the last 30 days that lie in the owner's subtree, that the viewer may open and that are no
    secret, the rule would have decided `taken`: `already` of them lie where it sends them, the others would move.
    `moving`: how many by the office they lie at now, most first. `before`: how many that fit are taken by a rule that
    stands before it. `lost`: what is decided now as it would not be any more. `read`: as many were read, if not all
    that fit (`fitting`)."""

    looked: int
    fitting: int
    read: int
    taken: int = 0
    already: int = 0
    before: int = 0
    moving: list[tuple[str, int]] = field(default_factory=list)
    examples: list[Example] = field(default_factory=list)
    lost: list[Passing] = field(default_factory=list)
    losing: list[Example] = field(default_factory=list)

    @property
    def moved(self) -> int:
        return self.taken - self.already

    @property
    def gone(self) -> int:
        return sum(one.count for one in self.lost)

    @property
    def told(self) -> dict[str, Any]:
        """The figures as the page says them: of all that fit, also where only the newest were read."""
        counts = {name: getattr(self, name) for name in ("taken", "already", "before", "moved", "gone")}
        return {name: self._of_all(count) for name, count in counts.items()} | {
            "moving": [(name, self._of_all(count)) for name, count in self.moving],
            "lost": [(one.now_to, one.then, self._of_all(one.count)) for one in self.lost],
        }

    def _of_all(self, count: int) -> str:
        return about(count, self.read, self.fitting)


def about(count: int, read: int, fitting: int) -> str:
    """A count among the `read` as a count among all that fit, in two figures, and said to be none that was counted."""
    if read >= fitting or not count:
        return wording.number(count)
    likely = count * fitting / read
    return _("kira-kira %(count)s") % {"count": wording.number(int(float(f"{likely:.2g}")))}


@dataclass(frozen=True)
class Gathering:
    """Of `looked` such reports the rule would have tagged `taken`, `already` of them carry the programme now."""

    looked: int
    fitting: int
    read: int
    taken: int = 0
    already: int = 0
    examples: list[Example] = field(default_factory=list)

    @property
    def told(self) -> dict[str, str]:
        """As of a Foresight."""
        return {name: about(getattr(self, name), self.read, self.fitting) for name in ("taken", "already")}


def foresee_tags(rule: Rule, *, by: Actor, now: datetime.datetime | None = None) -> Gathering:
    """Which reports of the 30 days before `now` the rule would have gathered under its programme, as far as this
    viewer may list them. At most five statements; nothing is written."""
    now = now or timezone.now()
    seen = Complaint.objects.visible_to(by).held_under(rule.owner).filter(received_at__gte=now - MONTH, secret=False)
    looked = seen.count()
    fitting = _could_fit(seen, rule, sends=False)
    rows = list(fitting.order_by("-received_at").values_list(*_COLUMNS)[:READ_AT_MOST])
    count = len(rows) if len(rows) < READ_AT_MOST else fitting.count()
    taken = {row[_NUMBER]: row for row in rows if rules.fits(rule, _report(row)) is not None}
    tags = Tag.objects.current().filter(programme=rule.programme, complaint__number__in=taken)
    already = set(tags.values_list("complaint__number", flat=True))
    new = [row for number, row in taken.items() if number not in already][:EXAMPLES]
    at = dict(Agency.objects.filter(pk__in={row[-1] for row in new}).values_list("pk", "name"))
    examples = [Example(row[_NUMBER], row[_TITLE], at[row[-1]]) for row in new]
    return Gathering(looked, count, len(rows), len(taken), len(already), examples)


def warnings(tried: Rule, living: list[Rule], day: datetime.date) -> list[str]:
    """What the list would say of the rule if it were saved, and of others because of it: conflicts, and rules nothing
    would come to any more. Two statements."""
    others = [rule for rule in living if rule.pk != tried.pk]
    after = sorted([*others, tried], key=lambda rule: (rule.order, rule.pk or math.inf))
    before, then = _remarks_on(living, after, day)
    found = list(then.get(tried.pk, []))
    places = {rule.pk: number for number, rule in enumerate(after, start=1)}
    for rule in others:
        new = set(then.get(rule.pk, [])) - set(before.get(rule.pk, [])) if rule.order > tried.order else set()
        found += _numbered(places[rule.pk], new)
    return found


def warnings_of_order(rule: Rule, step: int, living: list[Rule], day: datetime.date) -> list[str]:
    """What the list would say anew of the rule and of the one it steps past. Two statements."""
    after = list(living)
    at = next(n for n, one in enumerate(after) if one.pk == rule.pk)
    after.insert(at + step, after.pop(at))
    before, then = _remarks_on(living, after, day)
    found = []
    for number in sorted((at + 1, at + step + 1)):
        pk = after[number - 1].pk
        # Of a conflict the same is said with other numbers.
        new = [said for said in then.get(pk, []) if said not in before.get(pk, [])]
        found += _numbered(number, set(new) if len(then.get(pk, [])) > len(before.get(pk, [])) else set())
    return found


def _remarks_on(
    living: list[Rule], after: list[Rule], day: datetime.date
) -> tuple[dict[int, list[str]], dict[int, list[str]]]:
    used = {rule.pk: 1 for rule in after}
    return remarks(living, used, day), remarks(after, used, day)


def _numbered(place: int, said: set[str]) -> list[str]:
    return [_("Aturan %(number)d: %(remark)s") % {"number": place, "remark": remark} for remark in sorted(said)]


def foresee(rule: Rule, *, by: Actor, now: datetime.datetime | None = None) -> Foresight:
    """What `rule` (saved or not) would have done in the 30 days before `now`; of one that is changed also what it does
    now and would not do any more. At most six statements; nothing is written."""
    now = now or timezone.now()
    books = _Books(timezone.localdate(now))
    own = books.of(rule.owner_id)
    old = next((one for one in own if one.pk == rule.pk), None) if rule.pk else None
    others = [one for one in own if one.pk != rule.pk]
    then = books.with_own(rule.owner_id, sorted([*others, rule], key=lambda one: (one.order, one.pk or 0)))
    wanted = _condition(rule) | _condition(old) if old is not None else _condition(rule)
    found = _read(rule.owner, wanted, by=by, now=now)
    taken, before, lying = 0, 0, Counter[int]()
    moving: list[tuple[Any, ...]] = []
    passing = _Passed()
    for row in found.rows:
        report = _report(row)
        match = then.first_match(row, report)
        if match is not None and match.rule is rule:
            taken += 1
            lying[row[-1]] += 1
            if len(moving) < EXAMPLES * 20:
                moving.append(row)
        elif match is not None and rules.fits(rule, report) is not None:
            before += 1
        if old is not None and (match is None or match.rule is not rule):
            was = books.first_match(row, report)
            if was is not None and was.rule is old:
                passing.note(row, was, match)
    at = _offices({*lying, *passing.lying})
    elsewhere = Counter({at[pk].name: n for pk, n in lying.items() if not _lies_there(at[pk], rule)})
    return Foresight(
        looked=found.looked,
        fitting=found.fitting,
        read=len(found.rows),
        taken=taken,
        already=taken - elsewhere.total(),
        before=before,
        moving=elsewhere.most_common(),
        examples=[
            Example(row[_NUMBER], row[_TITLE], at[row[-1]].name) for row in moving if not _lies_there(at[row[-1]], rule)
        ][:EXAMPLES],
        **passing.said(at),
    )


def foresee_end(rule: Rule, *, by: Actor, now: datetime.datetime | None = None) -> Foresight:
    """What nobody would have decided, or another rule, in the 30 days before `now` without this one. At most six
    statements."""
    now = now or timezone.now()
    books = _Books(timezone.localdate(now))
    left = [one for one in books.of(rule.owner_id) if one.pk != rule.pk]
    return _compare(rule.owner, books, books.with_own(rule.owner_id, left), _condition(rule), by=by, now=now)


def foresee_order(rule: Rule, past: Rule, *, by: Actor, now: datetime.datetime | None = None) -> Foresight:
    """What one of them would have taken from the other in the 30 days before `now` if `rule` stood on the other side of
    its neighbour `past`. At most six statements."""
    now = now or timezone.now()
    books = _Books(timezone.localdate(now))
    swap = {rule.pk: past.pk, past.pk: rule.pk}
    own = {one.pk: one for one in books.of(rule.owner_id)}
    if not swap.keys() <= own.keys():
        # One of them sends nowhere, or is not in force: no report meets the other sooner or later for it.
        return _compare(rule.owner, books, books, Q(pk__in=[]), by=by, now=now)
    turned = [own[swap.get(pk, pk)] for pk in own]
    both = _condition(rule) & _condition(past)
    return _compare(rule.owner, books, books.with_own(rule.owner_id, turned), both, by=by, now=now)


def _compare(owner: Agency, books: _Books, then: _Books, wanted: Q, *, by: Actor, now: datetime.datetime) -> Foresight:
    """The reports that one list sends elsewhere than the other."""
    found = _read(owner, wanted, by=by, now=now)
    passing = _Passed()
    for row in found.rows:
        report = _report(row)
        was = books.first_match(row, report)
        if was is not None:
            passing.note(row, was, then.first_match(row, report))
    at = _offices(set(passing.lying))
    return Foresight(looked=found.looked, fitting=found.fitting, read=len(found.rows), **passing.said(at))


@dataclass(frozen=True)
class _Found:
    looked: int
    fitting: int
    rows: list[tuple[Any, ...]]


def _read(owner: Agency, wanted: Q, *, by: Actor, now: datetime.datetime) -> _Found:
    """The reports of the last 30 days in the owner's subtree that a condition may be true of, the newest first; how
    many these are, and how many there are in all. Three statements at most."""
    seen = Complaint.objects.visible_to(by).held_under(owner).filter(received_at__gte=now - MONTH)
    # What a secret one says is read on its own page, where that is written down: here a count would answer any word.
    seen = seen.filter(secret=False)
    fitting = seen.filter(wanted)
    rows = list(fitting.order_by("-received_at").values_list(*_COLUMNS)[:READ_AT_MOST])
    return _Found(seen.count(), len(rows) if len(rows) < READ_AT_MOST else fitting.count(), rows)


class _Passed:
    """Counts what would be decided otherwise, and keeps the first few."""

    def __init__(self) -> None:
        self.counted = Counter[tuple[str, str]]()
        self.kept: list[tuple[tuple[Any, ...], str]] = []

    def note(self, row: tuple[Any, ...], was: rules.Match, then: rules.Match | None) -> None:
        assert was.rule.target is not None
        if then is not None and then.rule.target_id == was.rule.target_id:
            return
        to = then.rule.target.name if then is not None and then.rule.target is not None else NO_RULE
        self.counted[was.rule.target.name, str(to)] += 1
        if len(self.kept) < EXAMPLES:
            self.kept.append((row, str(to)))

    @property
    def lying(self) -> list[int]:
        return [row[-1] for row, _then in self.kept]

    def said(self, at: dict[int, Agency]) -> dict[str, Any]:
        return {
            "lost": [Passing(now_to, then, count) for (now_to, then), count in self.counted.most_common()],
            "losing": [Example(row[_NUMBER], row[_TITLE], at[row[-1]].name, then) for row, then in self.kept],
        }


def _offices(ids: set[int]) -> dict[int, Agency]:
    return {office.pk: office for office in Agency.objects.filter(pk__in=ids).only("name", "path")}


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


def may_fit(cases: ComplaintQuerySet, rule: Rule) -> ComplaintQuerySet:
    """The cases whose programme it may say, as far as PostgreSQL can tell."""
    return _could_fit(cases, rule, sends=False)


def _could_fit(cases: ComplaintQuerySet, rule: Rule, *, sends: bool = True) -> ComplaintQuerySet:
    return cases.filter(_condition(rule, sends=sends))


def _condition(rule: Rule, *, sends: bool = True) -> Q:
    """What a report must be for a rule to fit it, as far as PostgreSQL can tell; words in the order and company they
    are typed in. `sends`: it is asked where they go, and not which programme they belong to."""
    wanted = Q()
    if rule.category_id is not None:
        below = Category.objects.filter(Q(pk=rule.category_id) | Q(parent_id=rule.category_id))
        wanted &= Q(category__in=list(below.values_list("pk", flat=True)))
    if rule.region_id is not None:
        wanted &= Q(place_id=rule.region_id) | Q(place__code__startswith=f"{rule.region_id}.")
    if rule.channel:
        wanted &= Q(channel=rule.channel)
    if rule.named_id is not None:
        wanted &= Q(addressed_to_id=rule.named_id)
    elif sends:
        # A reporter's own word about the office goes before a rule that does not ask for it.
        wanted &= Q(addressed_to=None) | Q(addressed_to__kind__in=PEMDA) | Q(addressed_to__parent__isnull=True)
    if rule.words:
        wanted &= _says(rule.words)
    return wanted


def _says(words: list[str]) -> Q:
    said = "|".join(r"[\W_]+".join(map(re.escape, rules.phrase_of(word).split())) for word in words)
    pattern = rf"\m({said})\M"
    return Q(body__iregex=pattern) | Q(title__iregex=pattern) | Q(landmark__iregex=pattern)


class _Book:
    """One node's rules in their order, by the words they ask for: of many rules few can fit one report, and trying
    every rule on every report was most of what a look cost."""

    def __init__(self, own: list[Rule]) -> None:
        self.rules = own
        # Places in the order: of rules that ask for no word, and of those that a word of a phrase may lead to.
        self.always: list[int] = []
        self.by_word: dict[str, set[int]] = defaultdict(set)
        for at, rule in enumerate(own):
            if not rule.words:
                self.always.append(at)
            for phrase in rule.words:
                for word in rules.phrase_of(phrase).split()[:1]:
                    self.by_word[word].add(at)

    def likely(self, said: set[str]) -> list[Rule]:
        """Those that may fit a report of these words, in their order."""
        places = {at for word in self.by_word.keys() & said for at in self.by_word[word]}
        return [self.rules[at] for at in sorted(places.union(self.always))]


class _Books:
    """The rules of every node that send somewhere, read once for many reports."""

    def __init__(self, day: datetime.date) -> None:
        owners = Agency.objects.filter(Q(kind__in=PEMDA, ends_on=None) | Q(parent=None))
        self.pemda = {region: pk for pk, region in owners.values_list("pk", "region_id") if region}
        self.root = Agency.objects.root().pk
        own: dict[int, list[Rule]] = defaultdict(list)
        saved = Rule.objects.in_force(day).filter(target__isnull=False).order_by("order", "pk")
        for one in saved.select_related("target", "owner", "category", "region", "named"):
            own[one.owner_id].append(one)
        self.books = {owner: _Book(listed) for owner, listed in own.items()}

    def of(self, owner: int) -> list[Rule]:
        return self.books[owner].rules if owner in self.books else []

    def with_own(self, owner: int, own: list[Rule]) -> _Books:
        """The same, with another list of this node, in its order."""
        found = copy.copy(self)
        found.books = {**self.books, owner: _Book(own)}
        return found

    def first_match(self, row: tuple[Any, ...], report: rules.Report) -> rules.Match | None:
        place, named, path, kind = row[6], *row[8:11]
        sure = named is not None and named != self.root and kind not in PEMDA
        if sure:
            owners = [int(pk) for pk in reversed(path.strip("/").split("/"))]
        elif named is not None and kind in PEMDA:
            owners = [named, self.root]
        else:
            owners = [*(self.pemda[code] for code in reversed(_codes(place)) if code in self.pemda), self.root]
        books = [self.books[owner] for owner in owners if owner in self.books]
        if not books:
            return None
        said = set(report.text.split())
        likely = (rule for book in books for rule in book.likely(said))
        return rules.first_match(likely, report, of_the_named=sure)


def _report(row: tuple[Any, ...]) -> rules.Report:
    """What a rule looks at, of a row of _COLUMNS."""
    _number, title, body, landmark, category, parent, place, channel, named, *_rest = row
    return rules.Report(
        text=rules.normalise(f"{title}\n{body}\n{landmark}"),
        categories=frozenset(pk for pk in (category, parent) if pk),
        places=frozenset(_codes(place)),
        channel=channel,
        named=named,
    )


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
        if rule.target is None and rule.programme is not None:
            said += _about_the_programme(rule, living[:position], day)
        if said:
            found[rule.pk] = said
    return found


def _about_the_programme(rule: Rule, earlier: list[Rule], day: datetime.date) -> Iterator[str]:
    """Of a rule that only tags: its programme is over, or another tags all of this already."""
    if rule.programme is not None and not rule.programme.is_active_on(max(day, rule.starts_on)):
        yield _("Program %(name)s tidak berlaku, jadi aturan ini tidak menandai apa-apa.") % {
            "name": rule.programme.name
        }
    same = (n for n, one in enumerate(earlier, start=1) if one.programme_id == rule.programme_id)
    number = next((n for n in same if covers(earlier[n - 1], rule, day)), None)
    if number is not None:
        yield _("Tidak menambah apa-apa: aturan %(number)d sudah menandai semuanya.") % {"number": number}


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
