"""What falls, falls in real processes; no report is lost and none is done twice.

The minute in these tests is beat's: what a lost nudge missed is found by the sweep at the next full minute.
A broker that is down while a hundred file: test_faults.py.
"""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx
import psycopg
import pytest

from complaints.models import Complaint, Event
from routing.models import Disposition
from tests.flows.citizen import CHECK, STORY, Citizen
from tests.portal import RunningPortal, eventually

A_MINUTE = 80
"""Until the next sweep, and what it needs on a busy machine."""


def weighed(*cases: Complaint) -> bool:
    return not Disposition.objects.unweighed().filter(complaint__in=cases).exists()


def at_once(count: int, act: Callable[[], httpx.Response]) -> list[httpx.Response]:
    """The same act from many threads, all let go at the same instant."""
    start = threading.Barrier(count, timeout=30)

    def go() -> httpx.Response:
        start.wait()
        return act()

    with ThreadPoolExecutor(count) as pool:
        return [future.result() for future in [pool.submit(go) for _ in range(count)]]


def blocked_by(portal: RunningPortal, statement: str) -> psycopg.Connection:
    """A transaction of a stranger that holds what `statement` locks until it is closed."""
    assert portal.services.postgres
    stranger = psycopg.connect(portal.services.postgres.url())
    stranger.execute(statement)
    return stranger


def test_a_report_is_forwarded_within_seconds(portal: RunningPortal) -> None:
    case = Citizen(portal, "Lampu jalan mati di depan pasar").files()
    began = time.monotonic()
    eventually(lambda: weighed(case))
    # Seconds; a busy machine's may be long.
    assert time.monotonic() - began < 30
    case.refresh_from_db()
    assert case.handler is not None


def test_a_worker_killed_in_the_middle_of_a_task_loses_nothing(portal: RunningPortal) -> None:
    stranger = blocked_by(portal, "LOCK TABLE routing_disposition IN SHARE MODE")
    citizen = Citizen(portal, "Selokan mampet di gang dua").up_to_check()
    filing = threading.Thread(target=citizen.sends)
    filing.start()
    stranger.close()
    filing.join(60)
    assert not filing.is_alive()
    case = citizen.case
    # Now the worker is held in the middle: it may read the stint, not write it.
    stranger = blocked_by(portal, f"SELECT 1 FROM routing_disposition WHERE complaint_id = {case.pk} FOR UPDATE")
    portal.kill("worker")
    stranger.close()
    portal.start("worker")
    eventually(lambda: weighed(case), A_MINUTE)
    assert Event.objects.filter(complaint=case, verb="forward").count() <= 1
    assert Disposition.objects.filter(complaint=case, ended_at=None).count() == 1


def test_what_redis_forgot_and_a_dead_beat_missed_is_found_when_they_are_back(portal: RunningPortal) -> None:
    portal.kill("beat")
    portal.kill("worker")
    case = Citizen(portal, "Puskesmas pembantu tutup pada jam kerja").files()
    portal.flush_broker()
    portal.start("worker")
    time.sleep(3)
    assert not weighed(case)
    portal.start("beat")
    eventually(lambda: weighed(case), A_MINUTE)


def test_the_database_restarted_in_the_middle_of_a_request_keeps_the_text(portal: RunningPortal) -> None:
    citizen = Citizen(portal, "Air ledeng keruh sudah tiga hari")
    citizen.says_where()
    stranger = blocked_by(portal, "LOCK TABLE complaints_draft IN EXCLUSIVE MODE")
    answers: list[httpx.Response] = []
    telling = threading.Thread(target=lambda: answers.append(citizen.tells()))
    telling.start()
    time.sleep(1)
    portal.kill("postgres")
    telling.join(60)
    assert not telling.is_alive()
    stranger.close()
    assert answers[0].status_code == 503
    assert answers[0].headers["Retry-After"]
    assert STORY in answers[0].text
    portal.start("postgres")
    assert citizen.tells().headers.get("Location") == "/lapor/periksa/"


def test_the_same_form_posted_twenty_times_at_once_is_one_report(portal: RunningPortal) -> None:
    citizen = Citizen(portal, "Pohon tumbang menutup jalan desa").up_to_check()
    form = citizen.hidden("/lapor/periksa/") | CHECK
    answers = at_once(20, lambda: citizen.client.post("/lapor/periksa/", data=form, follow_redirects=False))
    assert {answer.headers.get("Location") for answer in answers} == {"/lapor/selesai/"}
    assert "hanya tampil sekali" in citizen.client.get("/lapor/selesai/").text
    eventually(lambda: weighed(citizen.case), A_MINUTE)


@pytest.mark.parametrize("tries", [2])
def test_two_sweeps_at_once_do_the_work_once(portal: RunningPortal, tries: int) -> None:
    portal.kill("worker")
    portal.kill("beat")
    case = Citizen(portal, "Trotoar dipakai parkir truk").files()
    portal.flush_broker()
    time.sleep(6)
    with ThreadPoolExecutor(tries) as pool:
        codes = list(pool.map(lambda _: portal.manage("shell", "-c", SWEEP), range(tries)))
    assert codes == [0] * tries
    assert weighed(case)
    assert Event.objects.filter(complaint=case, verb="forward").count() <= 1
    portal.start("worker")
    portal.start("beat")


SWEEP = "from routing.tasks import sweep; sweep()"
