"""Before a rule is saved: what it would have done last month, and whether the list contradicts itself."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agencies.models import Agency, Kind
from complaints.models import Category, Complaint
from routing import destination, foresight, rulebook, rules
from routing.models import Rule, Suggestion
from tests.complaints.cases import NOW, report
from tests.routing.desk import forwarded
from tests.world import World, client_of, programme

TODAY = NOW.date()


@pytest.fixture(autouse=True)
def _today(request: pytest.FixtureRequest) -> object:
    with time_machine.travel(NOW, tick=False):
        yield


def tried(world: World, **more: Any) -> Rule:
    fields = {"words": ["lubang"], "target": world.dinas_pu, "starts_on": TODAY, **more}
    return rulebook.imagined(world.pemkab, None, **fields)


def form(world: World, **more: Any) -> dict[str, Any]:
    return {
        "words": "lubang",
        "agency": world.dinas_pu.pk,
        "starts_on_day": "25",
        "starts_on_month": "5",
        "starts_on_year": "2026",
        "lihat": "1",
        **more,
    }


def test_it_tells_what_a_programme_would_gather(world: World) -> None:
    gathered = forwarded(world, NOW, title="Lubang di jalan desa")
    new = forwarded(world, NOW, world.dinas_kesehatan, title="Lubang di halaman puskesmas")
    forwarded(world, NOW, title="Lubang rahasia", secret=True)
    forwarded(world, NOW, title="Antre obat", body="Obat habis sejak Senin.")
    gathered.tag(programme("jalan", name="Jalan mulus"), by=world.wati, reason="Soal jalan.")
    asked = form(world, agency="tidak", programme=programme("jalan").pk)
    page = client_of(world.wati).post("/meja/aturan/baru/", asked).content.decode()
    assert "2 laporan akan masuk program Jalan mulus." in page
    assert "1 memang sudah ditandai." in page
    assert new.title in page
    assert gathered.title not in page
    assert "rahasia" not in page.partition("Contohnya")[2].partition("<form")[0]
    seen = foresight.foresee_tags(tried(world, target=None, programme=programme("jalan")), by=world.wati, now=NOW)
    assert (seen.looked, seen.taken, seen.already) == (3, 2, 1)
    assert not Rule.objects.exists()


def test_it_says_what_the_list_would_say_of_it_and_of_others(world: World) -> None:
    narrow = rulebook.add(
        world.pemkab, by=world.wati, words=["lubang jalan"], target=world.dinas_kesehatan, starts_on=TODAY
    )
    page = client_of(world.wati).post("/meja/aturan/baru/", form(world)).content.decode()
    assert "Bertabrakan dengan aturan 1: laporan yang cocok dengan keduanya ditangani Dinas Kesehatan." in page
    living = rulebook.book(world.pemkab, TODAY)[0]
    first = Rule(owner=world.pemkab, order=0, words=["lubang"], target=world.dinas_pu, starts_on=TODAY)
    assert foresight.warnings(first, living, TODAY) == [
        "Aturan 2: Tidak pernah sampai ke sini: aturan 1 selalu cocok lebih dulu."
    ]
    assert narrow.pk


def test_a_rule_that_tags_nothing_more_is_named(world: World) -> None:
    over = programme("lama", ends_on=TODAY)
    wide, same = (
        Rule(pk=n, owner=world.pemkab, words=[word], programme=programme("jalan"), starts_on=TODAY)
        for n, word in ((1, "lubang"), (2, "lubang jalan"))
    )
    late = Rule(pk=3, owner=world.pemkab, words=["got"], programme=over, starts_on=TODAY)
    said = foresight.remarks([wide, same, late], {}, TODAY)
    assert said == {
        2: ["Tidak menambah apa-apa: aturan 1 sudah menandai semuanya."],
        3: ["Program lama tidak berlaku, jadi aturan ini tidak menandai apa-apa."],
    }


def test_it_tells_what_would_move_and_saves_nothing(world: World) -> None:
    there = forwarded(world, NOW, title="Lubang di jalan desa")
    elsewhere = forwarded(world, NOW, world.dinas_kesehatan, title="Lubang di halaman puskesmas")
    forwarded(world, NOW, world.dinas_kesehatan, title="Antre obat", body="Obat habis sejak Senin.")
    page = client_of(world.wati).post("/meja/aturan/baru/", form(world)).content.decode()
    assert "Dari 3 laporan 30 hari terakhir, aturan ini menentukan 2." in page
    assert "1 memang sudah di sana." in page
    assert "1 laporan akan diteruskan ke kantor lain" in page
    assert elsewhere.title in page
    assert there.title not in page
    assert 'value="lubang"' in page or ">lubang<" in page
    assert not Rule.objects.exists()


def test_a_rule_before_it_keeps_what_it_takes(world: World) -> None:
    forwarded(world, NOW, world.dinas_kesehatan, title="Lubang di halaman puskesmas")
    rulebook.add(world.pemkab, by=world.wati, words=["puskesmas"], target=world.dinas_kesehatan, starts_on=TODAY)
    seen = foresight.foresee(tried(world), by=world.wati, now=NOW)
    assert (seen.taken, seen.before, seen.moved) == (0, 1, 0)


def test_a_changed_rule_is_tried_in_its_own_place(world: World) -> None:
    forwarded(world, NOW, world.dinas_kesehatan, title="Lubang di halaman puskesmas")
    first = rulebook.add(world.pemkab, by=world.wati, words=["parkir"], target=world.dinas_pu, starts_on=TODAY)
    rulebook.add(world.pemkab, by=world.wati, words=["puskesmas"], target=world.dinas_kesehatan, starts_on=TODAY)
    page = client_of(world.wati).post(f"/meja/aturan/{first.pk}/", form(world)).content.decode()
    assert "1 laporan akan diteruskan ke kantor lain" in page
    first.refresh_from_db()
    assert first.words == ["parkir"]


def test_what_it_foresees_is_what_the_worker_does(world: World) -> None:
    titles = ["Lubang di jalan", "Aspal lubang puskesmas", "Obat habis", "Lubang pasar dekat sekolah"]
    for n, title in enumerate(titles):
        report(world, title=title, body="Sudah lama begini.", category=world.cat_other if n % 2 else None)
    rulebook.add(world.pemkab, by=world.wati, words=["puskesmas"], target=world.dinas_kesehatan, starts_on=TODAY)
    for case in Complaint.objects.all():
        # They lie at the district's desk, as after `place`.
        Complaint.objects.filter(pk=case.pk).update(handler=world.pemkab)
    seen = foresight.foresee(tried(world), by=world.wati, now=NOW)
    made = rulebook.add(world.pemkab, by=world.wati, words=["lubang"], target=world.dinas_pu, starts_on=TODAY)
    found = [destination.find(case, TODAY).guesses for case in Complaint.objects.all()]
    assert seen.taken == sum(1 for guesses in found if guesses and guesses[0].rule == made) == 2


def test_a_secret_case_is_not_found_by_its_words_and_no_other_by_a_stranger(world: World) -> None:
    """A count that answers any word would be read aloud, word by word, and no look written down."""
    forwarded(world, NOW, world.dinas_kesehatan, title="Lubang rahasia saya", secret=True)
    forwarded(world, NOW, world.dinas_pu_tetangga, title="Lubang di kabupaten lain")
    own = foresight.foresee(tried(world), by=world.wati, now=NOW)
    assert (own.looked, own.fitting, own.taken, own.examples) == (0, 0, 0, [])
    # Nor by a saved rule that stands before one of any words.
    rulebook.add(world.pemkab, by=world.wati, words=["rahasia saya"], target=world.dinas_pu, starts_on=TODAY)
    behind = foresight.foresee(tried(world, words=[], region=world.sukamaju), by=world.wati, now=NOW)
    assert (behind.looked, behind.before, behind.taken) == (0, 0, 0)
    neighbour = foresight.foresee(tried(world), by=world.tono, now=NOW)
    assert (neighbour.looked, neighbour.taken) == (0, 0)


def test_every_condition_is_asked(world: World) -> None:
    case = forwarded(world, NOW, world.dinas_kesehatan, category=world.cat_road)
    fitting = {"region": world.sukamaju, "category": world.cat_road, "channel": "web", "words": ["lubang   BESAR"]}
    strange = {"region": world.pasar_lama, "category": world.cat_power, "channel": "sms", "words": ["ubang"]}
    assert case.place == world.sukasari
    assert foresight.foresee(tried(world, **fitting), by=world.wati, now=NOW).taken == 1
    for name, value in strange.items():
        seen = foresight.foresee(tried(world, **(fitting | {name: value})), by=world.wati, now=NOW)
        assert (name, seen.taken) == (name, 0)


def test_only_the_last_thirty_days(world: World) -> None:
    forwarded(world, NOW - datetime.timedelta(days=31), title="Lubang lama")
    assert foresight.foresee(tried(world), by=world.wati, now=NOW).looked == 0
    page = client_of(world.wati).post("/meja/aturan/baru/", form(world)).content.decode()
    assert "Belum ada laporan dalam 30 hari terakhir" in page


def test_what_does_not_fit_the_form_is_not_foreseen(world: World) -> None:
    page = client_of(world.wati).post("/meja/aturan/baru/", form(world, agency="")).content.decode()
    assert "Pilih kantornya" in page
    assert "Seandainya" not in page


@pytest.mark.slow
def test_statements_do_not_grow_with_the_reports(world: World, django_assert_max_num_queries: Any) -> None:
    for n in range(12):
        forwarded(world, NOW, world.dinas_kesehatan, title=f"Lubang {n}")
    with django_assert_max_num_queries(8):
        foresight.foresee(tried(world), by=world.wati, now=NOW)


# --- what is lost ---


def lubang_and_obat(world: World) -> tuple[Rule, Rule]:
    """Two rules, and what they took: one report each alone, and one that both fit."""
    first = rulebook.add(world.pemkab, by=world.wati, words=["lubang"], target=world.dinas_pu, starts_on=TODAY)
    second = rulebook.add(world.pemkab, by=world.wati, words=["obat"], target=world.dinas_kesehatan, starts_on=TODAY)
    for title in ("Lubang di jalan", "Obat habis", "Lubang di gudang obat"):
        forwarded(world, NOW, title=title, body="Sudah lama begini.")
    return first, second


def said(seen: foresight.Foresight) -> list[tuple[str, str, int]]:
    return [(one.now_to, one.then, one.count) for one in seen.lost]


def test_a_changed_rule_shows_what_it_would_no_longer_take(world: World) -> None:
    first, _second = lubang_and_obat(world)
    page = client_of(world.wati).post(f"/meja/aturan/{first.pk}/", form(world, words="parkir")).content.decode()
    assert "2 laporan akan dicarikan kantor lain" in page
    assert "menjadi: Dinas Kesehatan" in page
    assert "menjadi: tanpa aturan, menurut bidang dan tempatnya" in page
    changed = rulebook.imagined(world.pemkab, first, words=["parkir"], target=world.dinas_pu, starts_on=TODAY)
    seen = foresight.foresee(changed, by=world.wati, now=NOW)
    assert (seen.taken, seen.before, seen.gone) == (0, 0, 2)
    # With the office changed alone nothing is lost: it takes what it took.
    elsewhere = rulebook.imagined(world.pemkab, first, words=["lubang"], target=world.pemkab, starts_on=TODAY)
    assert foresight.foresee(elsewhere, by=world.wati, now=NOW).lost == []


def test_ending_and_ordering_show_first_and_do_it_when_confirmed(world: World) -> None:
    first, second = lubang_and_obat(world)
    browser = client_of(world.wati)
    page = browser.get(f"/meja/aturan/{first.pk}/akhir/").content.decode()
    assert "2 laporan akan dicarikan kantor lain" in page
    assert "Lubang di gudang obat" in page
    up = browser.get(f"/meja/aturan/{second.pk}/urutan/?arah=naik").content.decode()
    assert "1 laporan akan dicarikan kantor lain" in up
    assert "sekarang di Dinas PU" in up or "sekarang di Dinas Pekerjaan Umum" in up
    first.refresh_from_db()
    assert first.ends_on is None
    assert [one.pk for one in rulebook.book(world.pemkab, TODAY)[0]] == [first.pk, second.pk]
    assert said(foresight.foresee_order(second, first, by=world.wati, now=NOW)) == [
        (world.dinas_pu.name, world.dinas_kesehatan.name, 1)
    ]
    # Past the rule that was shown, and no other.
    browser.post(f"/meja/aturan/{second.pk}/urutan/", {"arah": "naik", "melewati": second.pk})
    assert [one.pk for one in rulebook.book(world.pemkab, TODAY)[0]] == [first.pk, second.pk]
    browser.post(f"/meja/aturan/{second.pk}/urutan/", {"arah": "naik", "melewati": first.pk})
    assert [one.pk for one in rulebook.book(world.pemkab, TODAY)[0]] == [second.pk, first.pk]
    assert browser.get(f"/meja/aturan/{second.pk}/urutan/?arah=naik").status_code == 302


def test_nobody_foresees_with_the_rule_of_a_neighbour(world: World) -> None:
    first, _second = lubang_and_obat(world)
    for path in (f"/meja/aturan/{first.pk}/akhir/", f"/meja/aturan/{first.pk}/urutan/?arah=naik"):
        assert client_of(world.tono).get(path).status_code == 404
        assert client_of(world.joko).get(path).status_code == 403
    assert foresight.foresee_end(first, by=world.tono, now=NOW).looked == 0


def test_where_only_the_newest_are_read_the_figures_are_about(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(foresight, "READ_AT_MOST", 2)
    for n in range(5):
        forwarded(world, NOW, world.dinas_kesehatan, title=f"Lubang {n}")
    seen = foresight.foresee(tried(world), by=world.wati, now=NOW)
    assert (seen.read, seen.fitting, seen.taken, seen.told["taken"]) == (2, 5, 2, "kira-kira 5")
    assert foresight.about(1_234, 10_000, 100_000) == "kira-kira 12.000"
    assert foresight.about(1_234, 10_000, 10_000) == "1.234"


WORDS = st.lists(st.sampled_from(["lubang", "lubang besar", "besar lubang", "obat", "!!", "50%", "a_b"]), max_size=3)
TEXT = st.lists(st.sampled_from(["Lubang", "besar,", "obat", "berlubang", "50", "a", "b"]), max_size=6).map(" ".join)


@given(books=st.lists(WORDS, max_size=6), text=TEXT)
@settings(max_examples=60, deadline=None)
def test_looking_by_the_words_finds_the_rule_that_trying_every_rule_finds(books: list[list[str]], text: str) -> None:
    node, office = Agency(pk=2, path="/1/2/"), Agency(pk=3, path="/1/2/3/")
    own = [Rule(pk=n, owner=node, target=office, words=words) for n, words in enumerate(books)]
    report = rules.Report(text=rules.normalise(text))
    likely = foresight._Book(own).likely(set(report.text.split()))
    assert rules.first_match(likely, report) == rules.first_match(own, report)


# --- channel, and the office the reporter named ---


def test_a_rule_of_one_channel(world: World) -> None:
    rulebook.add(world.pemkab, by=world.wati, channel="sms", target=world.dinas_kesehatan, starts_on=TODAY)
    assert destination.find(report(world, channel="web"), TODAY).office != world.dinas_kesehatan
    decided = destination.find(report(world, channel="sms"), TODAY)
    assert decided.office == world.dinas_kesehatan
    assert decided.because.sentence == "Aturan Pemkab Sukamaju: laporan lewat SMS ditangani Dinas Kesehatan."


def test_a_named_office_is_left_only_by_a_rule_that_asks_for_it(world: World) -> None:
    """What a reporter says about the office is not overruled in passing."""
    rulebook.add(world.pemkab, by=world.wati, words=["lubang"], target=world.dinas_kesehatan, starts_on=TODAY)
    assert destination.find(report(world, addressed_to=world.dinas_pu), TODAY).office == world.dinas_pu
    unit = Agency.objects.create(parent=world.dinas_pu, name="UPTD Jalan", kind=Kind.UNIT)
    made = rulebook.add(
        world.pemkab, by=world.wati, words=["lubang"], named=world.dinas_pu, target=unit, starts_on=TODAY
    )
    decided = destination.find(report(world, addressed_to=world.dinas_pu), TODAY)
    assert decided.office == unit
    assert decided.guesses[0].rule == made
    assert "yang menyebut" in decided.because.sentence


@pytest.mark.parametrize(
    ("typed", "words"),
    [("Dinas Entah", "Tidak ada kantor bernama"), ("Dinas PU Tetangga", "Tidak ada kantor bernama")],
)
def test_an_office_nobody_has_is_said_beside_the_field(world: World, typed: str, words: str) -> None:
    page = client_of(world.wati).post("/meja/aturan/baru/", form(world, named=typed)).content.decode()
    assert words in page
    assert typed in page


def test_channel_and_office_are_saved_and_said(world: World) -> None:
    data = form(world, named=world.dinas_pu.short_name.upper(), channel="sms")
    del data["lihat"]
    client_of(world.wati).post("/meja/aturan/baru/", data)
    made = Rule.objects.get()
    assert (made.channel, made.named) == ("sms", world.dinas_pu)
    assert "datang lewat SMS" in rulebook.sentence(made)
    assert "pelapor menyebut Dinas Pekerjaan Umum" in rulebook.sentence(made)


# --- a list that contradicts itself ---


def remarks_of(world: World) -> list[list[str]]:
    living = rulebook.book(world.pemkab, TODAY)[0]
    said = foresight.remarks(living, foresight.uses(living, NOW), TODAY)
    return [said.get(rule.pk, []) for rule in living]


def add(world: World, **fields: Any) -> Rule:
    return rulebook.add(world.pemkab, by=world.wati, **({"target": world.dinas_pu, "starts_on": TODAY} | fields))


def test_a_rule_that_never_speaks_is_named(world: World) -> None:
    add(world, words=["lubang"])
    add(world, words=["lubang besar"], category=world.cat_road, target=world.dinas_kesehatan)
    assert remarks_of(world)[1] == ["Tidak pernah sampai ke sini: aturan 1 selalu cocok lebih dulu."]
    assert "aturan 1 selalu cocok lebih dulu" in client_of(world.wati).get("/meja/aturan/").content.decode()


def test_two_rules_that_contradict_each_other(world: World) -> None:
    add(world, words=["lubang"], category=world.cat_road)
    add(world, words=["lubang", "jembatan"], target=world.dinas_kesehatan)
    assert remarks_of(world) == [
        [],
        [
            f"Bertabrakan dengan aturan 1: laporan yang cocok dengan keduanya ditangani {world.dinas_pu.name}.",
        ],
    ]


def test_rules_that_only_stand_beside_each_other_are_left_in_peace(world: World) -> None:
    add(world, words=["lubang"], category=world.cat_road)
    add(world, words=["obat"], target=world.dinas_kesehatan)
    assert remarks_of(world) == [[], []]


def test_nobody_there_and_never_used(world: World) -> None:
    empty = Agency.objects.create(parent=world.pemkab, name="Dinas Kosong", kind=Kind.OPD)
    made = add(world, words=["lubang"], target=empty, starts_on=datetime.date(2026, 1, 1))
    assert remarks_of(world) == [
        [
            "Belum ada petugas di Dinas Kosong; laporannya naik ke kantor di atasnya.",
            "Tidak pernah dipakai dalam 90 hari terakhir.",
        ]
    ]
    case = forwarded(world, NOW)
    Suggestion.objects.create(complaint=case, agency=empty, source="RULE", rule=made, made_at=NOW)
    assert "Tidak pernah dipakai dalam 90 hari terakhir." not in remarks_of(world)[0]
    assert "Dipakai 1 kali dalam 90 hari." in client_of(world.wati).get("/meja/aturan/").content.decode()


WORDS = st.lists(st.sampled_from(["lubang", "lubang besar", "obat", "jalan"]), max_size=2, unique=True)
CODES = ("14", "14.02", "14.02.01", "15")


@st.composite
def a_rule(draw: st.DrawFn) -> Rule:
    parent = Category(pk=1, name="Jalan")
    category = draw(st.sampled_from([None, parent, Category(pk=2, name="Lubang", parent=parent)]))
    office = Agency(pk=9, path="/1/9/")
    return Rule(
        owner=office,
        target=office,
        category=category,
        region_id=draw(st.sampled_from([None, *CODES])),
        words=draw(WORDS),
        channel=draw(st.sampled_from(["", "sms"])),
        named_id=draw(st.sampled_from([None, 5])),
        starts_on=TODAY + datetime.timedelta(days=draw(st.integers(-2, 2))),
        ends_on=draw(st.sampled_from([None, TODAY + datetime.timedelta(days=9)])),
    )


A_REPORT = st.builds(
    lambda words, categories, code, channel, named: rules.Report(
        text=rules.normalise(" ".join(words)),
        categories=frozenset(categories),
        places=frozenset(CODES[: CODES.index(code) + 1] if code != "15" else ["15"]),
        channel=channel,
        named=named,
    ),
    WORDS,
    st.sampled_from([(), (1,), (1, 2)]),
    st.sampled_from(CODES),
    st.sampled_from(["sms", "web"]),
    st.sampled_from([None, 5]),
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(a_rule(), a_rule(), A_REPORT)
def test_covering_and_overlapping_mean_what_they_say(first: Rule, later: Rule, one: rules.Report) -> None:
    both = rules.fits(first, one) is not None and rules.fits(later, one) is not None
    if foresight.covers(first, later, TODAY) and rules.fits(later, one) is not None:
        assert rules.fits(first, one) is not None
    if both and first.named_id == later.named_id and not _by_words_alone(first, later):
        assert foresight.overlap(first, later)


def _by_words_alone(first: Rule, later: Rule) -> bool:
    """Two rules with words that have nothing in common can meet in a report that holds both; that is no contradiction
    in the list."""
    return bool(first.words and later.words) and not set(first.words) & set(later.words)
