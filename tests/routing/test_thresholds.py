"""From which score on a case is forwarded alone: seen before it is moved, never below the promise, back in one act."""

from __future__ import annotations

from typing import Any

import pytest

from agencies.members import NotAllowed, Refused
from agencies.models import AuditEntry
from complaints.intake import Submission, receive
from complaints.models import Complaint
from routing import dispatch, subject, thresholds
from routing.models import ChosenThreshold, Suggestion, TrainedModel
from routing.thresholds import Verdict
from tests.routing.test_learning import NOON, row
from tests.world import World, client_of

pytestmark = pytest.mark.django_db
PAGE = "/kelola/model/ambang/pusat/"
# Of 100 held-back reports read as the centre's at or above a score: how many, and how many rightly.
CURVE = {60: (80, 70), 70: (60, 57), 80: (40, 39), 85: (30, 30), 95: (10, 10)}
OWN = 0.846


@pytest.fixture
def curve(monkeypatch: pytest.MonkeyPatch) -> None:
    """Weights whose figures nobody has to look up: the centre's own threshold is 0.846, the kabupaten have none."""
    moves = [[percent / 100, *_of(percent)] for percent in range(50, 100)]
    told = subject.shipped_figures()
    own = {"score": OWN, "precision": 1.0, "coverage": 0.3, "tried": 30}
    never = {"score": None, "precision": 0.0, "coverage": 0.0, "tried": 0}
    figures = told | {
        "moves": told["moves"] | {"pusat": moves, "kabkota": moves},
        "thresholds": {"pusat": own, "kabkota": never, "provinsi": never, "bumn": never},
    }
    monkeypatch.setattr(subject, "shipped_figures", lambda: figures)


def _of(percent: int) -> tuple[int, int, int]:
    at = max((limit for limit in CURVE if limit <= percent), default=60)
    return CURVE[at][0], 100, CURVE[at][1]


# --- what may be chosen ---


@pytest.mark.parametrize(
    ("percent", "verdict"),
    [(60, Verdict.WRONG), (70, Verdict.THIN), (84, Verdict.THIN), (85, Verdict.FINE), (95, Verdict.FINE)],
)
def test_higher_is_always_allowed_and_lower_as_far_as_the_promise(
    world: World, curve: None, percent: int, verdict: Verdict
) -> None:
    here = thresholds.level("pusat")
    assert next(one for one in here.outlooks if one.percent == percent).verdict is verdict
    assert (here.now.percent, here.now.count, here.lowest) == (85, 30, 70)


def test_where_the_weights_dare_nothing_few_reports_prove_nothing(world: World, curve: None) -> None:
    seen = {one.percent: one.verdict for one in thresholds.level("kabkota").outlooks}
    assert (seen[85], seen[95]) == (Verdict.THIN, Verdict.FEW)


def test_below_the_promise_is_refused_and_nothing_to_spare_has_to_be_known(world: World, curve: None) -> None:
    with pytest.raises(Refused, match="hanya 87% yang benar, padahal dijanjikan 95%"):
        thresholds.choose("pusat", 60, by=world.ratna, reason="Terlalu banyak di meja", aware=True)
    with pytest.raises(Refused, match="Centang"):
        thresholds.choose("pusat", 70, by=world.ratna, reason="Terlalu banyak di meja")
    with pytest.raises(Refused, match="Ambangnya sudah begitu"):
        thresholds.choose("pusat", 85, by=world.ratna, reason="Sama saja")
    with pytest.raises(Refused, match="antara 50 dan 99"):
        thresholds.choose("pusat", 100, by=world.ratna, reason="Tidak ada")
    assert not ChosenThreshold.objects.exists()
    made = thresholds.choose("pusat", 70, by=world.ratna, reason="Terlalu banyak di meja", aware=True)
    assert made.shown == {"percent": 70, "count": 60, "right": 57, "total": 100}


def test_only_the_centre_may(world: World, curve: None) -> None:
    for who in (world.wati, world.bayu):
        with pytest.raises(NotAllowed):
            thresholds.choose("pusat", 90, by=who, reason="x")
        with pytest.raises(NotAllowed):
            thresholds.go_back("pusat", by=who, reason="x")


# --- what is in force ---


def test_a_persons_word_holds_on_the_weights_they_looked_at_and_on_others_where_it_is_more_careful() -> None:
    def needed(score: float | None, own: float | None, trained: int | None) -> float | None:
        return subject.Force(trained, {"pusat": subject.Chosen(score, 1)}).needed("pusat", own)

    assert needed(0.7, 0.85, trained=1) == 0.7
    assert needed(0.7, None, trained=1) == 0.7
    assert needed(0.7, 0.85, trained=2) == 0.85, "what is lower was promised of other weights"
    assert needed(0.9, 0.85, trained=2) == 0.9
    assert needed(0.9, None, trained=2) is None
    assert needed(None, 0.85, trained=2) is None, "never is never"
    assert subject.Force(2).needed("pusat", 0.85) == 0.85


def test_the_next_report_follows_it_without_a_restart(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same process reads with the same weights; only the row is new."""
    real = subject.by

    def sure(weights: Any, title: str, body: str, force: subject.Force | None = None) -> subject.Subject:
        needed = (force or subject.Force()).needed("kabkota", 0.9)
        field = subject.Field("pekerjaan_umum", "kabkota", 0.93)
        return subject.Subject((field,), ("pekerjaan_umum",), 0.93, needed, ("aspal",), "PENGADUAN", 0.0, 0.0)

    monkeypatch.setattr(subject, "by", sure)
    assert real is not sure
    assert handler_of(world, "a") == world.dinas_pu
    assert world.ratna.user is not None
    ChosenThreshold.objects.create(level="kabkota", score=0.95, reason="Hati-hati", set_by=world.ratna.user)
    assert handler_of(world, "b") == world.pemkab
    ChosenThreshold.objects.update(ended_at=NOON)
    assert handler_of(world, "c") == world.dinas_pu


def handler_of(world: World, nr: str) -> Any:
    case = receive(Submission(channel="web", external_id=nr, body="Aspal.", place=world.sukasari), now=NOON).complaint
    dispatch.forward_by_itself(case.pk, now=NOON)
    assert Suggestion.objects.filter(complaint=case).exists()
    return Complaint.objects.get(pk=case.pk).handler


def test_weights_and_thresholds_in_force_are_one_statement(
    world: World, django_assert_num_queries: Any, curve: None
) -> None:
    thresholds.choose("pusat", None, by=world.ratna, reason="Istirahat")
    made = row()
    with django_assert_num_queries(1):
        force = subject.in_force()
    assert force == subject.Force(made.pk, {"pusat": subject.Chosen(None, None)})


# --- the page ---


def test_the_centre_looks_first_and_then_moves_it(world: World, curve: None) -> None:
    browser = client_of(world.ratna)
    page = browser.get(PAGE, {"persen": "70"}).content.decode()
    assert "Dari 100 laporan yang disisihkan, 60 (60%) akan diteruskan sendiri; 57 (95%) di antaranya benar" in page
    assert "Itu 30 lebih banyak daripada sekarang, dan 3 di antaranya salah" in page
    assert "tanpa cadangan" in page
    assert "Saya tahu cadangannya habis" in page
    page = browser.post(PAGE, {"percent": "95", "lihat": "1"}).content.decode()
    assert "Itu 20 lebih sedikit daripada sekarang" in page
    assert "Tulis alasannya" not in page
    assert "Tulis bilangan bulat" in browser.post(PAGE, {"percent": "dua", "lihat": "1"}).content.decode()
    assert not ChosenThreshold.objects.exists()
    answer = browser.post(PAGE, {"percent": "95", "reason": "Minggu libur, tidak ada yang mengoreksi"}, follow=True)
    page = answer.content.decode()
    assert "Ambang dipakai mulai laporan berikutnya" in page
    assert "Mulai 95% menurut Ratna Dewanti" in page
    assert "10 dari 100 (10%)" in page
    entry = AuditEntry.objects.get(what="threshold_set")
    assert entry.before is not None
    assert entry.after is not None
    assert (entry.before["percent"], entry.after["percent"]) == (85, 95)
    assert (entry.reason, entry.who) == ("Minggu libur, tidak ada yang mengoreksi", world.ratna.user)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"percent": "60", "reason": "x"}, "padahal dijanjikan 95%"),
        ({"percent": "70", "reason": "x"}, "Centang bila Anda tetap memilihnya"),
        ({"percent": "90", "reason": ""}, "Tulis alasannya"),
        ({"percent": "", "reason": "x"}, "Tulis persennya"),
        ({"percent": "90", "never": "on", "reason": "x"}, "Pilih salah satu"),
        ({"percent": "49", "reason": "x"}, "Paling rendah 50 persen"),
        ({"percent": "banyak", "reason": "x"}, "Tulis bilangan bulat"),
    ],
)
def test_what_is_refused_is_said_beside_the_field_and_kept(
    world: World, curve: None, typed: dict[str, str], said: str
) -> None:
    page = client_of(world.ratna).post(PAGE, typed).content.decode()
    assert said in page
    assert f'value="{typed["percent"]}"' in page or not typed["percent"]
    assert not ChosenThreshold.objects.exists()


def test_one_act_goes_back_to_what_was_before_step_by_step(world: World, curve: None) -> None:
    browser = client_of(world.ratna)
    thresholds.choose("pusat", 95, by=world.ratna, reason="Hati-hati")
    thresholds.choose("pusat", None, by=world.seno, reason="Ada yang aneh")
    assert "Selalu dilihat petugas menurut Seno Aji" in browser.get(PAGE).content.decode()
    assert "Tulis alasannya" in browser.post(PAGE, {"kembali": "1"}).content.decode()
    for left in (95, 85):
        browser.post(PAGE, {"kembali": "1", "kembali-reason": "Sudah beres"})
        assert thresholds.level("pusat").now.percent == left
    page = browser.post(PAGE, {"kembali": "1", "kembali-reason": "Lagi"}).content.decode()
    assert "Ambang pilihan bobot sudah dipakai" in page
    assert AuditEntry.objects.filter(what="threshold_back").count() == 2
    assert "Dikembalikan oleh Ratna Dewanti" in browser.get("/kelola/model/").content.decode()


def test_to_everybody_else_it_is_forbidden_and_other_levels_do_not_exist(world: World) -> None:
    for who in (world.wati, world.joko, world.bayu):
        assert client_of(who).get(PAGE).status_code == 403
        assert client_of(who).post(PAGE, {"never": "on", "reason": "x"}).status_code == 403
    assert client_of(world.sari).get(PAGE).status_code == 403
    assert client_of(world.ratna).get("/kelola/model/ambang/desa/").status_code == 404
    assert not ChosenThreshold.objects.exists()


def test_weights_that_kept_no_such_figures_may_still_be_made_more_careful(world: World) -> None:
    old = row()
    about = old.figures["about"]
    coarse = {level: [one for one in rows if round(one[0] * 100) % 10 == 0] for level, rows in about["moves"].items()}
    TrainedModel.objects.filter(pk=old.pk).update(figures=old.figures | {"about": about | {"moves": coarse}})
    seen = {one.percent: one.verdict for one in thresholds.level("pusat").outlooks}
    assert (seen[85], seen[91]) == (Verdict.UNKNOWN, Verdict.FINE)
