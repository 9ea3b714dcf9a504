"""Whose is it, how sure, and why: address or prefix → rule → bidang × place (case.md section 5).

The bidang is the chosen category's; where none was chosen that says one, the classifier's, if it is sure enough for
the level that would answer. Every guess and every decision carries a whole sentence for the officer who reads why a
case lies where it lies. At most nine statements, however long the lists are; two more where the place has to be read
from point or text.
"""

from __future__ import annotations

import copy
import datetime
import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Q

from agencies import areas, prefixes, succession
from agencies.models import Agency, Level, Region
from agencies.models.agency import PEMDA, Kind
from complaints.because import NOTHING, Because, because
from complaints.models import AddressedBy, Category, Complaint
from routing import rules, subject, whereabouts
from routing.models import Rule, Suggestion
from routing.whereabouts import Reading

Source = Suggestion.Source
# How sure a guess is that decides nothing by itself.
NAMED, SAME_FIELD, LIKE_A_CATEGORY, NEARLY = 0.6, 0.5, 0.4, 0.3
# What is less likely is not said to a person.
WORTH_SAYING = 0.3
# So likely a matter of the centre or a state company that no district's desk has to look at it first.
SURELY_CENTRAL = 0.95
# At the centre several ministries share them (schools and universities): the words alone don't tell which.
DIVIDED_AT_THE_CENTRE = frozenset({"pendidikan"})
# Shorter names ("PU", "BI") stand in too many other words' company to suggest anything.
SHORTEST_NAME = 3
CENTRAL = {"pusat": (Kind.KEMENTERIAN, Kind.LEMBAGA), "bumn": (Kind.BUMN,)}


@dataclass(frozen=True)
class Guess:
    """One office that may be it. `score` 0 to 1."""

    agency: Agency
    source: str
    score: float
    because: Because
    words: tuple[str, ...] = ()
    rule: Rule | None = None


@dataclass(frozen=True)
class Decision:
    """As far down the tree as one is sure.

    `office`: sure of it; None: not. `district`: sure of this pemda (or ministry) only; None: sure of nothing.
    `guesses`: the best first, at most three, what decided among them. `because`: why it goes there and no further.
    """

    office: Agency | None = None
    district: Agency | None = None
    guesses: list[Guess] = field(default_factory=list)
    because: Because = NOTHING
    # Where it was read to lie, and what its words said; None: that was not asked.
    reading: Reading | None = None
    said: subject.Subject | None = None


def find(complaint: Complaint, today: datetime.date) -> Decision:
    """The destination of a case nobody has weighed yet."""
    text = rules.text_of(complaint)
    named = _existing(complaint.addressed_to, today, complaint)
    if named is not None and named.parent_id is not None and named.kind not in PEMDA:
        within = rules.in_order([named.pk, *reversed(named.ids_above)], today)
        ruled = _by_rule(
            rules.first_match(within, rules.report_of(complaint, text), of_the_named=True), today, complaint
        )
        if ruled is not None:
            return _sure(ruled)
        source = Source.PREFIX if complaint.addressed_by == AddressedBy.PREFIX else Source.ADDRESS
        return _sure(_of_the_named(Guess(named, source, 1.0, _who_says(complaint, named)), complaint, today))
    reading = whereabouts.read(complaint, named) if whereabouts.must_be_read(complaint, named) else None
    if reading is not None and reading.region is not None:
        # From here on as if the reporter had said so; the case itself stays as it was filed.
        complaint = copy.copy(complaint)
        complaint.place = reading.region
    pemdas = _pemdas(complaint, named, today)
    within = rules.in_order([*(pemda.pk for pemda in pemdas), _root().pk], today)
    ruled = _by_rule(rules.first_match(within, rules.report_of(complaint, text)), today, complaint)
    if ruled is not None and _may_leave_to(ruled.agency, complaint, named):
        if reading is not None and ruled.rule is not None and ruled.rule.owner_id != _root().pk:
            ruled = replace(ruled, because=ruled.because + reading.why)
        return replace(_sure(ruled), reading=reading)
    return replace(_by_field_and_place(complaint, pemdas, named, text, today, reading), reading=reading)


def topic_of(field: subject.Field, today: datetime.date) -> Category | None:
    """The category of the upper level that a bidang at a level of the state stands for: of several the first in order,
    the general one ("Kesehatan", not "Corona Virus"). One statement."""
    tops = Category.objects.on(today).filter(parent=None, bidang=field.bidang, level_hint=field.level)
    return tops.order_by("order", "pk").first()


def must_read(complaint: Complaint) -> bool:
    """To find its destination what only a worker loads is needed (borders, names, weights): no web process may try."""
    if complaint.about_conduct or complaint.not_for_id is not None:
        return False
    named = complaint.addressed_to
    if named is not None and named.parent_id is not None and named.kind not in PEMDA:
        return _asks_for_a_place(named, complaint)
    bidang = field_of(complaint.category)[0]
    return bidang in ("", subject.OTHER) or whereabouts.must_be_read(complaint, named)


def _by_rule(match: rules.Match | None, today: datetime.date, complaint: Complaint) -> Guess | None:
    target = _existing(match.rule.target, today, complaint) if match else None
    if match is None or target is None:
        return None
    return Guess(target, Source.RULE, 1.0, match.because, match.words, match.rule)


def _may_leave_to(target: Agency, complaint: Complaint, named: Agency | None) -> bool:
    """What was filed on a district's own site is not carried out of it by a rule."""
    return named is None or complaint.addressed_by != AddressedBy.SUBSITE or target.is_under(named)


def _who_says(complaint: Complaint, named: Agency) -> Because:
    if complaint.addressed_by == AddressedBy.PREFIX:
        return because("prefix", prefix=complaint.addressed_text, office=named.name)
    if complaint.addressed_by == AddressedBy.KEY:
        return because("key", system=complaint.addressed_text, office=named.name)
    return because("named", office=named.name)


def _sure(guess: Guess) -> Decision:
    return Decision(office=guess.agency, guesses=[guess], because=guess.because)


def _root() -> Agency:
    return Agency.objects.root()


def _existing(agency: Agency | None, today: datetime.date, complaint: Complaint) -> Agency | None:
    """The agency, or what has succeeded it by now in such a report; None: nothing has."""
    if agency is None or agency.is_active_on(today):
        return agency
    return succession.heir_of(agency, today, **what_it_is_about(complaint))


def what_it_is_about(complaint: Complaint) -> dict[str, Any]:
    """By what the work of an office that ended may have been shared out: field and place."""
    places = complaint.place.codes_above if complaint.place is not None else ()
    return {"bidang": field_of(complaint.category)[0], "places": places}


def _at_branch(guess: Guess, complaint: Complaint, today: datetime.date) -> Guess:
    """Of a body of the centre the narrowest branch with officers whose area holds the place; else the body itself. One
    statement where it is a body and the place is known."""
    body = guess.agency
    if complaint.place is None or body.kind not in areas.VERTICAL or len(body.ids_above) != 1:
        return guess
    found = areas.branches_at(body, complaint.place, today)
    manned = [branch for branch in found if branch.manned]  # type: ignore[attr-defined]
    nearest = _topmost(branch for branch in manned if branch.reach == manned[0].reach)  # type: ignore[attr-defined]
    if len(nearest) == 1:
        return replace(guess, agency=nearest[0], because=guess.because + because("branch", branch=nearest[0].name))
    if nearest:
        why = because("branches", count=len(nearest), office=body.shown_name)
    elif found:
        why = because("empty_branch", branch=found[0].name, office=body.shown_name)
    else:
        return guess
    return replace(guess, because=guess.because + why)


def _asks_for_a_place(body: Agency, complaint: Complaint) -> bool:
    """A body of the centre with branches, and nothing narrower than a provinsi was chosen. One statement where it is a
    body."""
    if body.kind not in areas.VERTICAL or len(body.ids_above) != 1:
        return False
    if complaint.place is not None and complaint.place.level != Level.PROVINSI:
        return False
    return Agency.objects.filter(parent=body, ends_on__isnull=True).exists()


def _of_the_named(guess: Guess, complaint: Complaint, today: datetime.date) -> Guess:
    """The office the reporter named; of a body with branches that of the place, which is read where it was not chosen.
    What was read not surely leaves it at the body itself."""
    reading = whereabouts.read(complaint) if _asks_for_a_place(guess.agency, complaint) else None
    if reading is None or reading.region is None:
        return _at_branch(guess, complaint, today)
    there = copy.copy(complaint)
    there.place = reading.region
    at = _at_branch(guess, there, today)
    return at if at.agency.pk == guess.agency.pk else _where(at, reading)


def _pemdas(complaint: Complaint, named: Agency | None, today: datetime.date) -> list[Agency]:
    """The pemda the reporter named alone, else those that serve the place, narrowest first."""
    if named is not None and named.kind in PEMDA:
        return [named]
    return list(Agency.objects.serving(complaint.place).active_on(today)) if complaint.place else []


def _by_field_and_place(
    complaint: Complaint,
    pemdas: list[Agency],
    named: Agency | None,
    text: str,
    today: datetime.date,
    reading: Reading | None,
) -> Decision:
    bidang, level = field_of(complaint.category)
    said = None
    if bidang in ("", subject.OTHER):
        said = subject.of(complaint.title, complaint.body)
        bidang, level = "", level if bidang else ""
        if _is_sure(said, reading) and _could_be(said.first, named):
            bidang, level = said.first.bidang, said.first.level
    category = complaint.category.name if complaint.category else ""
    central = CENTRAL.get(level) if named is None else None
    district = None if central else _district(pemdas, level, named)
    if said is not None and not bidang and named is None and said.central >= SURELY_CENTRAL:
        district = None
    offices: list[Agency] = []
    if bidang and central:
        offices = _topmost(
            Agency.objects.active_on(today).filter(parent=_root(), kind__in=central, bidang__contains=[bidang])
        )
    elif bidang and district is not None:
        found = Agency.objects.under(district).exclude(pk=district.pk).active_on(today)
        carrying = areas.with_areas(found.filter(bidang__contains=[bidang]).select_related("region"), today)
        offices = _nearest(_topmost(carrying), complaint)
    if said is not None and len(offices) > 1:
        called = [office for office in offices if _names_said(office, text)]
        offices = called if len(called) == 1 else offices
    read_here = reading if district is not None else None
    if len(offices) == 1:
        sure = _by_words(offices[0], said) if said else _by_category(offices[0], category, district)
        return replace(_sure(_at_branch(_where(sure, read_here), complaint, today)), said=said)
    guesses = [] if said else [_one_of(office, category, len(offices)) for office in offices]
    if reading is not None and reading.region is None:
        guesses += _likely_districts(reading, level, today)
    near = list(_within_reach(district, today))
    guesses += _suggestions(text, near, district, today)
    if said is not None:
        guesses += _by_likely_fields(said, near, district)
    if not pemdas and named is None:
        guesses += _prefixes_in(complaint, today)
    return Decision(
        district=district,
        guesses=_best(guesses),
        because=_why_no_further(complaint, district, named, category, "" if said else bidang, len(offices))
        + (read_here.why if read_here is not None else NOTHING)
        + (_what_the_words_say(said) if said and said.score >= WORTH_SAYING else NOTHING),
        said=said,
    )


def _is_sure(said: subject.Subject, reading: Reading | None) -> bool:
    """Above its level's threshold, also when the place it needs was only read, and not surely; and one office's."""
    if said.first.level == "pusat" and said.first.bidang in DIVIDED_AT_THE_CENTRE:
        return False
    is_read = reading is not None and reading.region is not None and said.first.level not in CENTRAL
    return said.is_sure_with(reading.clues[0].certainty if is_read and reading else 1.0)


def _where(guess: Guess, reading: Reading | None) -> Guess:
    """Where the place was read, how surely, and by which words."""
    if reading is None:
        return guess
    clue = reading.clues[0]
    return replace(
        guess,
        score=guess.score * clue.certainty,
        because=guess.because + reading.why,
        words=(*guess.words, *clue.words),
    )


def _likely_districts(reading: Reading, level: str, today: datetime.date) -> list[Guess]:
    """The pemda of places that were read, but not surely. One statement, and one for the places' names."""
    regions = Region.objects.current().in_bulk([clue.code for clue in reading.clues])
    codes = {code for region in regions.values() for code in region.codes_above}
    serving = {
        agency.region_id: agency for agency in Agency.objects.active_on(today).filter(kind__in=PEMDA, region__in=codes)
    }
    guesses = []
    for clue in reading.clues:
        above = regions[clue.code].codes_above if clue.code in regions else []
        here = [serving[code] for code in reversed(above) if code in serving]
        pemda = _district(here, level, None)
        if pemda is None:
            continue
        words = ", ".join(f"“{word}”" for word in clue.words[:3])
        why = because("likely_there" if words else "likely_point", office=pemda.name, words=words)
        guesses.append(Guess(pemda, Source.PLACE, min(clue.certainty, NAMED), why, clue.words))
    return guesses


def _could_be(field: subject.Field, named: Agency | None) -> bool:
    """A reporter who named a pemda is not sent past it."""
    if named is None:
        return True
    return field.level == ("provinsi" if named.kind == Kind.PROVINSI else "kabkota")


def _by_category(office: Agency, category: str, district: Agency | None) -> Guess:
    if district:
        why = because("category_there", category=category, office=office.name, place=district.name)
    else:
        why = because("category", category=category, office=office.name)
    return Guess(office, Source.PLACE, 1.0, why)


def _one_of(office: Agency, category: str, count: int) -> Guess:
    return Guess(
        office, Source.PLACE, SAME_FIELD, because("one_of", office=office.name, count=count, category=category)
    )


def _by_words(office: Agency, said: subject.Subject) -> Guess:
    facts = {"bidang": said.first.name, "office": office.name, "percent": int(said.score * 100)}
    why = because("words", words=", ".join(said.words), **facts) if said.words else because("text", **facts)
    return Guess(office, Source.MODEL, said.score, why, said.words)


def _by_likely_fields(said: subject.Subject, near: list[Agency], district: Agency | None) -> list[Guess]:
    """The one office of each likely bidang, at its likely level. Left to a person, with the words that spoke for it."""
    guesses = []
    for likely in said.fields:
        kinds = CENTRAL.get(likely.level)
        fitting = _topmost(
            office
            for office in near
            if likely.bidang in office.bidang
            and likely.bidang != subject.OTHER
            and (office.kind in kinds if kinds else district is not None and office.is_strictly_under(district))
        )
        if len(fitting) != 1:
            continue
        words = said.words if likely.bidang == said.first.bidang else ()
        facts = {"bidang": likely.name, "percent": round(likely.score * 100)}
        why = because("likely_words", words=", ".join(words), **facts) if words else because("likely_text", **facts)
        guesses.append(Guess(fitting[0], Source.MODEL, likely.score, why, words))
    return guesses


def _what_the_words_say(said: subject.Subject) -> Because:
    """One sentence more where the words decided nothing: what they came nearest to."""
    if said.is_sure:
        return because("said_no_office", bidang=said.first.name)
    facts = {"bidang": said.first.name, "percent": int(said.score * 100)}
    if said.needed is None:
        return because("said_likely", **facts)
    return because("said_unsure", needed=_needed(said), **facts)


def _needed(said: subject.Subject) -> int:
    return math.ceil((said.needed or 1.0) * 100)


def field_of(category: Category | None) -> tuple[str, str]:
    """Bidang and level hint of a category; what it leaves blank its parent says."""
    if category is None:
        return "", ""
    parent = category.parent if not (category.bidang and category.level_hint) else None
    return category.bidang or (parent.bidang if parent else ""), category.level_hint or (
        parent.level_hint if parent else ""
    )


def _district(pemdas: list[Agency], level: str, named: Agency | None) -> Agency | None:
    """The pemda that answers at this level. A province can't pass a case down to a district (case.md section 1), so
    what belongs to a kabupaten/kota is not sure of anything while only the province is known."""
    if named is not None:
        return named if named.kind in PEMDA else None
    if level == "provinsi":
        return next((pemda for pemda in pemdas if pemda.kind == Kind.PROVINSI), None)
    district = next((pemda for pemda in pemdas if pemda.kind != Kind.PROVINSI), None)
    if district is None and level != "kabkota":
        district = next(iter(pemdas), None)
    return district


def _topmost(offices: Iterable[Agency]) -> list[Agency]:
    """Without those that lie below another of them: the office decides which of its units does it."""
    found = sorted(offices, key=lambda office: office.path_length)
    kept: list[Agency] = []
    for office in found:
        if not any(office.is_under(other) for other in kept):
            kept.append(office)
    return kept


def _nearest(offices: list[Agency], complaint: Complaint) -> list[Agency]:
    """Of offices with a territory of their own (kecamatan, a UPT's areas) only that of the place; the others stay."""
    if complaint.place is None:
        return offices
    reach = {office.pk: areas.reach(office, complaint.place.codes_above) for office in offices}
    narrowest = max((width for width in reach.values() if width is not None), default=None)
    return [office for office in offices if narrowest is not None and reach[office.pk] == narrowest]


def _within_reach(district: Agency | None, today: datetime.date) -> Iterable[Agency]:
    """The offices a report may be about: the central ones, and those of the district where it is known."""
    reach = Q(parent=_root(), kind__in=[Kind.KEMENTERIAN, Kind.LEMBAGA, Kind.BUMN])
    if district is not None:
        reach |= Q(path__startswith=district.path) & ~Q(pk=district.pk)
    return Agency.objects.active_on(today).filter(reach).only(*_NAMES)


def _names_said(office: Agency, text: str) -> tuple[str, ...]:
    names = [name for name in (office.name, office.short_name, *office.aliases) if len(name) >= SHORTEST_NAME]
    return rules.said_in(text, names)


def _suggestions(text: str, offices: list[Agency], district: Agency | None, today: datetime.date) -> list[Guess]:
    """Offices the text calls by name, and offices of a category whose name stands in it. A guess, never sure."""
    guesses = []
    for office in offices:
        said = _names_said(office, text)
        if said:
            guesses.append(
                Guess(
                    office,
                    Source.MODEL,
                    NAMED,
                    because("says_name", name=max(said, key=len)),
                    said[:3],
                )
            )
    return guesses + _like_a_category(text, offices, district, today)


def _prefixes_in(complaint: Complaint, today: datetime.date) -> list[Guess]:
    """Offices whose prefix stands somewhere in the text ("… di Kab. Nganjuk"), or nearly so at its beginning."""
    book = prefixes.whole_book(today)
    within, near = book.within(complaint.body), book.near(complaint.body)
    found = {entry.agency_id: entry for entry in [*near, *within]}
    return [
        Guess(
            office,
            Source.PREFIX,
            NAMED if found[office.pk] in within else NEARLY,
            because("says_name" if found[office.pk] in within else "nearly_prefix", name=found[office.pk].text),
            (found[office.pk].text,),
        )
        for office in Agency.objects.active_on(today).filter(pk__in=found).only(*_NAMES)
    ]


_NAMES = ("pk", "name", "short_name", "aliases", "kind", "bidang", "path", "path_length", "parent_id", "verify_first")


def _like_a_category(text: str, offices: list[Agency], district: Agency | None, today: datetime.date) -> list[Guess]:
    """Where the name of a category stands in the text ("jalan berlubang"): the one office of its bidang."""
    guesses = []
    for name, bidang in Category.objects.on(today).exclude(bidang="").values_list("name", "bidang"):
        if not rules.said_in(text, [name]):
            continue
        fitting = _topmost(
            [
                office
                for office in offices
                if bidang in office.bidang and (district is None or office.is_strictly_under(district))
            ]
        )
        if len(fitting) == 1:
            guesses.append(
                Guess(
                    fitting[0],
                    Source.MODEL,
                    LIKE_A_CATEGORY,
                    because("says_category", words=name.lower(), office=fitting[0].name),
                    (name.lower(),),
                )
            )
    return guesses


def _best(guesses: list[Guess]) -> list[Guess]:
    """The best three, one per office: its first reason, its best score."""
    best: dict[int, Guess] = {}
    for guess in guesses:
        known = best.setdefault(guess.agency.pk, guess)
        if guess.score > known.score:
            best[guess.agency.pk] = replace(known, score=guess.score)
    return sorted(best.values(), key=lambda guess: -guess.score)[:3]


def _why_no_further(
    complaint: Complaint, district: Agency | None, named: Agency | None, category: str, bidang: str, count: int
) -> Because:
    if district is not None:
        there = district.name
        if count > 1:
            return because("many_offices", count=count, district=there, category=category)
        if bidang:
            return because("no_office", category=category, district=there)
        if category:
            return because("wide_category", category=category, district=there)
        if named is not None and complaint.addressed_by == AddressedBy.PREFIX:
            return because("district_prefix", prefix=complaint.addressed_text, district=there)
        if named is not None and complaint.addressed_by == AddressedBy.KEY:
            return because("district_key", system=complaint.addressed_text, district=there)
        if named is not None and complaint.addressed_by == AddressedBy.SUBSITE and complaint.subsite is not None:
            return because("district_site", site=complaint.subsite.name, district=there)
        return because("no_category" if named is None else "district_named", district=there)
    if complaint.addressed_text:
        return because("unknown_office")
    if bidang and count:
        return because("many_central", count=count, category=category)
    if complaint.place is None:
        return because("no_place", category=category) if bidang else because("nothing_known")
    return because("nobody_sure")
