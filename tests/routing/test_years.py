"""Years that were in the news, built as cases: what is counted of them, compared, and published."""

from __future__ import annotations

import datetime
import math

import pytest
from django.db import DatabaseError, connection, transaction

from agencies.models import Kind
from complaints.transitions import Incomplete
from routing.evaluation import cycle as cycles
from routing.evaluation import estimates, index, recount
from routing.evaluation.cycle import Dates
from routing.evaluation.method import Body
from routing.evaluation.numbers import Counted, Year
from routing.evaluation.recount import Offices
from routing.measures import catalogue, ledger
from routing.models import Cycle, Evaluation, Method
from tests.world import World
from tests.years import Tale, pemda, tell

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 6, 18, 3, 0, tzinfo=datetime.UTC)


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def counted(
    first: str, last: str, until: datetime.datetime | None = None, batch: int = recount.BATCH
) -> dict[str, Counted]:
    """Each district that has cases, by its name."""
    ledger.keep_up(NOW)
    offices = Offices()
    assert (
        recount.run(
            offices,
            first=day(first),
            last=day(last),
            until=until or NOW,
            law=ledger.Law.read(NOW.date()),
            batch=batch,
        )
        is None
    )
    return {one.agency.name: one.whole for one in recount.districts(offices, day(first), day(last))}


@pytest.mark.slow
def test_sumatera_barat_from_2020_to_the_sixteenth_of_october_2023(world: World) -> None:
    name = "Pemerintah Provinsi Sumatera Barat"
    _sumbar, (dinas,) = pemda(world.root, name, Kind.PROVINSI)
    told = {2020: (97, 82), 2021: (62, 46), 2022: (40, 29)}
    for year, (received, settled) in told.items():
        lapsed = settled // 2
        tell(
            year,
            [
                Tale(settled - lapsed, dinas),
                Tale(lapsed, dinas, ended="lapse"),
                Tale(received - settled, dinas, answered=None, ended=""),
            ],
        )
    tell(2023, [Tale(60, dinas, day=(2, 5), over=90)])
    tell(2023, [Tale(7, dinas, day=(20, 10)), Tale(1, dinas, ended="", day=(12, 10))])
    for year, (received, settled) in told.items():
        found = counted(f"{year}-01-01", f"{year}-12-31")[name]
        assert (found.cases, found.closed, found.settled) == (received, settled, settled), year
        assert found.sums["lapsed"] == settled // 2, "closed by the system, and told apart"
    # Of 2023 what was received and settled by 16 October; one more was received, and answered after that day.
    until = datetime.datetime(2023, 10, 16, 17, 0, tzinfo=datetime.UTC)
    found = counted("2023-01-01", "2023-10-16", until, batch=25)[name]
    assert (found.cases, found.closed) == (61, 60)
    assert found.sums["followed"] == 61 - 0, "answered on 16 October itself"
    assert counted("2023-01-01", "2023-12-31")[name].cases == 68


def test_indragiri_hulu_2022_followed_up_78_per_cent_in_6_3_working_days(world: World) -> None:
    name = "Pemerintah Kabupaten Indragiri Hulu"
    _inhu, (dinas,) = pemda(world.root, name)
    tell(
        2022,
        [
            Tale(55, dinas, answered=6),
            Tale(23, dinas, answered=7, ended="lapse"),
            Tale(22, dinas, answered=None, ended=""),
        ],
    )
    found = counted("2022-01-01", "2022-12-31")[name]
    days = catalogue.days_of(found.spreads["answer_days"])
    assert (days.n, round(days.mean or 0, 1), days.median) == (78, 6.3, 6)
    judged = index.judge(Year(found, days=tuple(Body.of(Method.objects.of_year(2022).body).days)), body())
    followed = judged.indicators["followed"]
    assert followed is not None
    assert (followed.value, followed.n) == (78, 100)
    assert followed.low < 70 < 84 < followed.high < 90
    middle = estimates.middle(found.spreads["answer_days"], found.sums["answered_missed"])
    assert middle is not None
    assert middle.days == 6, "with those that were never answered counted as longest"
    assert judged.indicators["answered"] is not None
    assert judged.indicators["answered"].value == 0, "nothing within five days"


def body() -> Body:
    return Body.of(Method.objects.of_year(2022).body)


@pytest.fixture
def sultra(world: World) -> World:
    """Sulawesi Tenggara as the news had it, and two more districts to be compared with."""
    for name, n in (("Buton", 53), ("Kolaka", 29), ("Kendari", 16), ("Konawe Kepulauan", 0), ("Muna", 50)):
        _district, (dinas, other) = pemda(world.root, f"Pemerintah Kabupaten {name}", offices=2)
        tell(2022, [Tale(n - n // 4, dinas, rating=4), Tale(n // 4, other, ended="lapse", secret=True)])
    _far, (dinas,) = pemda(world.root, "Pemerintah Kabupaten Jauh")
    tell(2022, [Tale(40, dinas, answered=None, ended="")])
    ledger.keep_up(NOW)
    return world


def begun(world: World, **more: object) -> Cycle:
    """Collected, and ready to be opened."""
    usual = Dates.usual(2022, body(), NOW.date())
    made = cycles.prepare(2022, usual, by=world.ratna, now=NOW, **more)  # type: ignore[arg-type]
    assert not cycles.go_on(NOW)
    return Cycle.objects.get(pk=made.pk)


def published(world: World) -> Cycle:
    found = begun(world)
    cycles.open_for_districts(found, by=world.ratna, now=NOW)
    later = NOW + datetime.timedelta(days=20)
    cycles.tend(later)
    cycles.announce(found, by=world.ratna, now=later)
    later += datetime.timedelta(days=40)
    cycles.tend(later)
    cycles.publish(found, by=world.ratna, now=later)
    assert not cycles.go_on(later)
    return Cycle.objects.get(pk=found.pk)


@pytest.fixture
def frozen(world: World) -> Cycle:
    """One district, published."""
    _one, (dinas,) = pemda(world.root, "Pemerintah Kabupaten Buton")
    tell(2022, [Tale(5, dinas)])
    return published(world)


def of(found: Cycle, name: str) -> Evaluation:
    return found.evaluations.get(name=f"Pemerintah Kabupaten {name}")


@pytest.mark.slow
def test_sulawesi_tenggara_is_compared_where_there_is_enough_and_shown_where_there_is_none(sultra: World) -> None:
    found = published(sultra)
    assert found.stage == Cycle.Stage.PUBLISHED
    assert [of(found, name).cases for name in ("Buton", "Kolaka", "Kendari", "Konawe Kepulauan")] == [53, 29, 16, 0]
    assert [of(found, name).size for name in ("Buton", "Kolaka", "Kendari", "Konawe Kepulauan")] == ["D", "", "", ""]
    for name in ("Kolaka", "Kendari", "Konawe Kepulauan"):
        assert of(found, name).index is None, "belum cukup"
        assert "place" not in of(found, name).result
    buton, muna, far = (of(found, name) for name in ("Buton", "Muna", "Jauh"))
    assert buton.result["place"]["of"] == 3
    assert (buton.result["place"]["best"], buton.result["place"]["worst"]) == (1, 2), "not to be told from Muna"
    assert (muna.result["place"]["best"], muna.result["place"]["worst"]) == (1, 2)
    assert far.result["place"] == {"place": 3, "best": 3, "worst": 3, "of": 3}
    voice = buton.result["indicators"]["accepted"]
    assert voice["value"] == pytest.approx(100 * 40 / 53, abs=0.01), "closed by the system is nobody's consent"
    office = buton.offices[0]
    assert office["all"]["sums"]["turns"] == 40
    assert list(buton.result["offices"]) == [str(office["pk"])], "of 13 turns nothing is told"


@pytest.mark.slow
def test_what_is_published_is_counted_again_and_refused_where_it_differs(sultra: World) -> None:
    found = begun(sultra)
    cycles.open_for_districts(found, by=sultra.ratna, now=NOW)
    row = of(found, "Buton")
    row.numbers["sums"]["accepted"] = 99
    row.save()
    Cycle.objects.filter(pk=found.pk).update(stage=Cycle.Stage.DECIDE)
    cycles.publish(found, by=sultra.ratna, now=NOW)
    cycles.go_on(NOW)
    found.refresh_from_db()
    assert (found.stage, found.published_at) == (Cycle.Stage.DECIDE, None)
    assert found.differs == [{"name": "Pemerintah Kabupaten Buton", "what": "accepted", "was": 99, "is": 40}]
    cycles.collect_again(found, by=sultra.ratna, reason="Angka Buton keliru.", now=NOW)
    cycles.go_on(NOW)
    assert of(found, "Buton").numbers["sums"]["accepted"] == 40
    assert Cycle.objects.get().stage == Cycle.Stage.CHECK


@pytest.mark.slow
def test_a_year_counted_again_long_after_gives_what_was_published(sultra: World) -> None:
    """I9: by the events recorded before its closing and the calendar of that day, whatever happened since."""
    found = published(sultra)
    buton = of(found, "Buton").agency
    late = tell(2022, [Tale(5, buton.children.all()[0])])
    from agencies.models import Holiday
    from complaints.models import Complaint, Event

    Event.objects.bulk_create(
        Event(
            complaint=case,
            verb="reopen",
            side="SYSTEM",
            at=NOW,
            recorded_at=found.cut_at + datetime.timedelta(hours=n),
            round=2,
            status_from="closed",
            status_to="forwarded",
            handler_from_id=case.handler_id,
            handler_to_id=case.handler_id,
            audience="PARTIES",
        )
        for n, case in enumerate(Complaint.objects.exclude(pk__in=[one.pk for one in late])[:9])
    )
    Complaint.objects.filter(handler__parent=buton).update(secret=True)
    Holiday.objects.create(date=day("2022-01-10"), name="Libur yang baru diketahui", kind="LIBUR")
    ledger.make_anew()
    ledger.keep_up(NOW)
    again = Offices()
    assert cycles.count(found, again) is None
    lines = cycles.differences(found, again)
    assert {line["name"] for line in lines} <= {"Pemerintah Kabupaten Buton", f"{of(found, 'Buton').name}: Dinas 0"} | {
        line["name"] for line in lines if "Buton" in line["name"]
    }
    assert sum(line["is"] - line["was"] for line in lines if line["what"] == "received") == 10, (
        "the five that this test backdates, for the district and its office; nothing else moved"
    )


# --- how sure a number is ---


def test_a_share_of_few_is_less_sure() -> None:
    few, many = estimates.share(9, 10), estimates.share(900, 1000)
    assert few is not None
    assert many is not None
    assert few.value == many.value == 90
    assert (round(few.low), round(few.high)) == (60, 98), "Wilson"
    assert many.high - many.low < 4
    assert estimates.share(0, 0) is None
    none, all_of_them = estimates.share(0, 20), estimates.share(20, 20)
    assert none is not None
    assert all_of_them is not None
    assert (none.low, all_of_them.high) == (0, 100)


def test_a_median_counts_what_was_never_done_as_longest() -> None:
    found = estimates.middle({2: 40, 4: 10}, never=0)
    assert found is not None
    assert (found.days, found.low, found.high) == (2, 2, 2)
    found = estimates.middle({2: 40}, never=60)
    assert found is not None
    assert math.isinf(found.days)
    assert estimates.points_for(found.days, [(1, 100), (5, 60), (20, 0)]) == 0
    assert estimates.points_for(3, [(1, 100), (5, 60), (20, 0)]) == 80


def test_a_sum_is_as_sure_as_its_parts_together() -> None:
    one, other = estimates.Estimate(80, 70, 85, 50), estimates.Estimate(40, 30, 60, 90)
    whole = estimates.together([(50, one), (50, other)])
    assert whole is not None
    assert (whole.value, whole.n) == (60, 50)
    assert whole.low == pytest.approx(60 - math.sqrt(5**2 + 5**2))
    assert whole.high == pytest.approx(60 + math.sqrt(2.5**2 + 10**2))


# --- frozen ---


FROZEN = (
    "UPDATE routing_cycle SET reason = 'x'",
    "DELETE FROM routing_cycle",
    "UPDATE routing_evaluation SET comment = 'x'",
    "DELETE FROM routing_evaluation",
    "TRUNCATE routing_evaluation CASCADE",
    "UPDATE routing_method SET reason = 'x'",
    """INSERT INTO routing_points (evaluation_id, kind, points, why, by_id, at)
    SELECT id, 'SK', 3, 'x', (SELECT min(id) FROM agencies_user), now() FROM routing_evaluation LIMIT 1""",
)


def test_what_is_published_the_database_itself_keeps(frozen: Cycle) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for sql in FROZEN:
            with pytest.raises(DatabaseError, match=r"frozen|Cannot update or delete"), transaction.atomic():
                cursor.execute(sql)


@pytest.mark.slow
def test_a_correction_is_another_edition_that_names_the_old(sultra: World) -> None:
    old = published(sultra)
    usual = Dates.usual(2022, body(), NOW.date())
    with pytest.raises(Incomplete):
        cycles.prepare(2022, usual, by=sultra.ratna, now=NOW)
    made = cycles.prepare(2022, usual, by=sultra.ratna, corrects=old, reason="Satu libur terlewat.", now=NOW)
    cycles.go_on(NOW)
    assert (made.edition, made.corrects) == (2, old)
    assert list(Cycle.objects.standing()) == [old], "until the new one is published"
    assert Cycle.objects.get(pk=made.pk).evaluations.count() == old.evaluations.count()
