"""The training mode: kept apart from every real portal, nothing leaves it, its clock only goes forward."""

from __future__ import annotations

import datetime
import socket
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings as real_settings
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.db import connection
from django.test import Client, override_settings
from django.utils import timezone
from pytest_django import Settings as SettingsWrapper
from time_machine import TimeMachineFixture

from agencies import leaves
from agencies.actor import Actor
from agencies.models import Membership
from complaints.intake import Submission, receive
from complaints.models import ClockKind
from lapor.embedded import apart
from lapor.kit import outside
from lapor.training import certificates, guard, lessons, people, stage, travel
from lapor.training.models import Certificate, Done, Exercise, Letter, Look, Participant, State
from lapor.training.post import Caught
from routing import dispatch
from routing.models import Cycle
from tests import training
from tests.conftest import Nudges
from tests.filing import NOON, filed
from tests.lapor.test_settings import _read
from tests.training import CODE, play
from tests.world import World

pytestmark = pytest.mark.django_db
latihan = training.latihan

# --- Apart from every real portal ---

LATIHAN = {
    "LAPOR_MODE": "latihan",
    "LAPOR_LATIHAN_KODE": CODE,
    "LAPOR_DATABASE_URL": "postgresql://l@127.0.0.1/latihan",
}
NOT_GIVEN = dict.fromkeys(("LAPOR_EMAIL_URL", "LAPOR_SECRET_KEY", "LAPOR_PEPPER", "LAPOR_FIELD_KEYS"), "")
REFUSED = {
    "LAPOR_EMAIL_URL": "smtp://127.0.0.1:25",
    "LAPOR_WHATSAPP_TOKEN": "x",
    "LAPOR_TELEGRAM_TOKEN": "x",
    "LAPOR_X_USER_TOKEN": "x",
    "LAPOR_IMAP_URL": "imaps://a:b@surat.contoh.go.id/INBOX",
    "LAPOR_SMS_GATEWAY": "json",
    "LAPOR_LATIHAN_KODE": "pendek",
    "LAPOR_DATABASE_URL": "postgresql://l@127.0.0.1/lapor",
}


def test_what_belongs_to_a_real_portal_is_refused_by_its_name_and_the_other_way_round() -> None:
    given = LATIHAN | NOT_GIVEN
    real = {"LAPOR_DATABASE_URL": "postgresql://lapor:b3nar-pa9jang@127.0.0.1:1/lapor_latihan"}
    told = _read([given, *(given | {name: value} for name, value in REFUSED.items()), real])
    assert told[0].startswith("'self'")
    for name, said in zip([*REFUSED, "LAPOR_DATABASE_URL"], told[1:], strict=True):
        assert said.startswith(f"ImproperlyConfigured {name}: "), said


def test_no_other_mode_knows_of_it() -> None:
    assert "lapor.training" not in real_settings.INSTALLED_APPS
    assert Client().get("/latihan/").status_code == 404


def test_a_marked_database_is_refused_by_every_other_mode_and_a_filled_one_by_training(
    settings: SettingsWrapper,
) -> None:
    assert apart._of_the_database() == ""
    settings.TRAINING = True
    assert apart._of_the_database().startswith("LAPOR_DATABASE_URL: basis data ini sudah berisi")
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {apart.MARK} (sejak timestamptz)")
    assert apart._of_the_database() == ""
    settings.TRAINING = False
    for mode in ("coba", "produksi"):
        settings.MODE = mode
        assert mode in apart.trouble()


def test_an_empty_database_becomes_a_training_one_before_anything_is_in_it(settings: SettingsWrapper) -> None:
    settings.TRAINING = True
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA kosong")
        cursor.execute("SET LOCAL search_path TO kosong")
        assert apart._of_the_database() == ""
        assert apart.is_training()


def test_one_redis_is_never_shared(settings: SettingsWrapper) -> None:
    from django.core.cache import cache

    cache.set("ada", 1)
    assert apart._of_redis() == ""
    settings.TRAINING = True
    assert apart._of_redis().startswith("LAPOR_REDIS_URL: Redis ini sudah berisi")
    cache.clear()
    assert apart._of_redis() == ""
    assert apart._of_redis() == ""
    settings.TRAINING = False
    assert apart._of_redis().startswith("LAPOR_REDIS_URL: Redis ini untuk latihan")
    cache.clear()


def test_its_tables_are_what_its_models_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "close", lambda: None)
    with override_settings(INSTALLED_APPS=[*real_settings.INSTALLED_APPS, "lapor.training"]):
        call_command("makemigrations", "latihan", "--check", "--dry-run", verbosity=0)


# --- Nothing leaves ---


def test_a_letter_is_kept_with_a_word_before_its_subject(latihan: World) -> None:
    Caught().send_messages([EmailMessage("Kabar", "Isinya", to=["A@contoh.id", "b@contoh.id"])])
    assert [(one.to, one.subject, one.text) for one in Letter.objects.order_by("pk")] == [
        ("a@contoh.id", "[LATIHAN] Kabar", "Isinya"),
        ("b@contoh.id", "[LATIHAN] Kabar", "Isinya"),
    ]


def test_a_webhook_is_kept_and_nothing_is_fetched(latihan: World) -> None:
    said = guard.caught("https://contoh.go.id/kait", b'{"a": 1}', {"webhook-id": "x"}, seconds=1)
    assert said.status == 200
    assert Letter.objects.get(door="webhook").to == "https://contoh.go.id/kait"
    with pytest.raises(outside.Unreachable):
        guard.nothing("https://contoh.go.id/", limit=1, seconds=1)


def test_only_its_own_servers_are_connected_to(settings: SettingsWrapper, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.REDIS_URL = "redis://:x@antrean:6379/1"
    monkeypatch.setattr(guard, "_looked_up", lambda host: frozenset({"10.0.0.9"} if host == "antrean" else ()))
    assert guard.may_connect(("127.0.0.1", 5432))
    assert guard.may_connect(("::1", 5432, 0, 0))
    assert guard.may_connect("/run/redis.sock")
    assert guard.may_connect(("10.0.0.9", 6379))
    assert not guard.may_connect(("93.184.215.14", 443))
    assert not guard.may_connect(("10.0.0.10", 25))
    with socket.socket() as line, pytest.raises(PermissionError):
        guard._listen("socket.connect", (line, ("93.184.215.14", 443)))


# --- Every page says so ---


@pytest.mark.parametrize("address", ["/", "/latihan/", "/tidak-ada/", "/admin/login/", "/luring/", "/akun/masuk/"])
def test_every_page_carries_the_band_the_word_in_its_title_and_another_icon(
    latihan: World, client: Client, address: str
) -> None:
    response = client.get(address)
    page = response.content.decode()
    assert page.count('<aside class="latihan"') == 1
    assert "<title>LATIHAN: " in page.replace("<title>\n", "<title>")
    assert "css/latihan" in page
    assert "icons/mark.svg" not in page.partition("</head>")[0]
    assert "noindex" in response["X-Robots-Tag"]


def test_what_is_no_page_is_left_as_it_is_and_no_robot_comes(latihan: World, client: Client) -> None:
    assert client.get("/healthz").content == b"ok\n"
    assert client.get("/robots.txt").content.decode().endswith("Disallow: /\n")
    assert client.get("/manifest.webmanifest").json()["name"] == "LATIHAN LAPOR!"


# --- Who plays ---


@pytest.mark.parametrize("part", people.PARTS, ids=lambda part: part.slug)
def test_one_press_gives_each_an_account_of_their_own(latihan: World, part: people.Part) -> None:
    first, second = Client(), Client()
    one, other = play(first, part.slug), play(second, part.slug)
    assert one != other
    user = people.account(one, part)
    assert user != people.account(other, part)
    assert [seat.role for seat in user.seats()] == ([part.role] if part.role else [])
    assert first.get(part.start).status_code == 200
    # Another part keeps the participant.
    first.post("/latihan/peran/warga/")
    assert Participant.objects.count() == 2


def test_a_letter_is_read_by_whom_it_was_for_and_by_the_trainer(latihan: World, client: Client) -> None:
    one = play(client, "warga")
    client.post("/latihan/peran/admin-opd/")
    letter = Letter.objects.create(
        to=people.address_of(one, people.BY_SLUG["warga"]),
        subject="Kabar",
        text=f"Buka {real_settings.SITE_URL}/laporan/x/ <b>ya</b>",
    )
    assert "Kabar" in client.get("/latihan/surat/").content.decode()
    page = client.get(f"/latihan/surat/{letter.pk}/").content.decode()
    assert 'href="http://testserver/laporan/x/"' in page
    assert "&lt;b&gt;" in page
    letter.refresh_from_db()
    assert letter.opened_at is not None
    other = Client()
    play(other)
    assert other.get(f"/latihan/surat/{letter.pk}/").status_code == 404
    assert "Kabar" not in other.get("/latihan/surat/?alamat=warga").content.decode()
    assert other.post("/latihan/pelatih/", {"code": "bukan"}).status_code == 400
    assert other.post("/latihan/pelatih/", {"code": CODE}).status_code == 302
    assert "Kabar" in other.get("/latihan/surat/?alamat=warga").content.decode()


def test_what_a_participant_opened_is_kept_once(latihan: World, client: Client) -> None:
    one = play(client)
    for _ in range(2):
        client.get("/meja/")
    assert [(look.participant, look.page, look.posted) for look in Look.objects.all()] == [(one, "routing:desk", False)]


# --- The clock ---


def test_the_clock_stands_where_the_database_says(latihan: World, client: Client) -> None:
    State.objects.create(pk=1, shift=datetime.timedelta(days=3))
    before = datetime.datetime.now(datetime.UTC)
    client.get("/latihan/")
    assert timezone.now() - before > datetime.timedelta(days=2, hours=23)


FRIDAY = datetime.datetime(2026, 5, 22, 15, 0, tzinfo=travel.JAKARTA)


@pytest.mark.parametrize(
    ("code", "there"),
    [
        ("jam", "2026-05-22 16:00"),
        ("pagi", "2026-05-25 08:00"),
        ("3", "2026-05-29 09:30"),
        ("janji", "2026-05-23 09:30"),
    ],
)
def test_a_leap_leads_forward_by_hours_or_working_days(latihan: World, code: str, there: str) -> None:
    """Wednesday the 27th and Thursday the 28th are holidays; nothing else has a date."""
    assert f"{travel.target(code, FRIDAY):%Y-%m-%d %H:%M}" == there
    assert travel.target("pagi", FRIDAY.replace(hour=5)).hour == 8


@pytest.mark.slow
def test_only_the_trainer_moves_it_and_what_lies_between_happens(
    latihan: World, client: Client, nudges: Nudges, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(NOON)
    case = filed(latihan)
    respond = case.clocks.get(kind=ClockKind.RESPOND)
    assert client.post("/latihan/jam/", {"leap": "10"})["Location"] == "/latihan/pelatih/"
    assert nudges.named("latihan.travel") == []
    client.post("/latihan/pelatih/", {"code": CODE})
    client.post("/latihan/jam/", {"leap": "10"})
    assert nudges.named("latihan.travel") == [()]
    # A second press on the way changes nothing.
    client.post("/latihan/jam/", {"leap": "10"})
    state = State.read()
    client.post("/latihan/jam/", {"leap": "jam"})
    assert State.read().heading_for == state.heading_for
    asks = {"HX-Request": "true"}
    assert client.get("/latihan/pelatih/", headers=asks).status_code == 204
    stops = travel.travel()
    assert client.get("/latihan/pelatih/", headers=asks)["HX-Refresh"] == "true"
    assert 9 <= stops <= 11
    respond.refresh_from_db()
    assert respond.overdue_noted_at is not None
    assert respond.overdue_noted_at.date() == respond.due_on + datetime.timedelta(days=1)  # type: ignore[operator]
    assert case.events.filter(verb="overdue").exists()
    assert State.read().heading_for is None


# --- Lessons ---


def learner_of(client: Client, slug: str) -> lessons.Learner:
    client.post(f"/latihan/pelajaran/{slug}/", {"act": "mulai"})
    participant = Participant.objects.last()
    assert participant is not None
    return lessons.Learner(participant, people.BY_SLUG[slug])


def by(learner: lessons.Learner) -> Actor:
    return Actor.officer(Membership.objects.current().get(user=learner.user))


def done(learner: lessons.Learner) -> set[str]:
    return lessons.look(lessons.Learner(learner.participant, learner.part), lessons.LESSONS[learner.part.slug])


@pytest.mark.slow
def test_an_officer_s_steps_count_when_their_own_account_did_them(latihan: World, client: Client) -> None:
    learner, other = learner_of(client, "admin-opd"), learner_of(Client(), "admin-opd")
    assert learner.participant != other.participant
    assert set(learner.cases) == {"jawab", "tanya", "bukan"}
    page = client.post("/latihan/pelajaran/admin-opd/", {"act": "periksa"}).content.decode()
    assert "Yang kurang:" in page
    assert done(learner) == set()
    client.get(learner.address("jawab"))
    case = learner.cases["jawab"]
    case.start(by=by(learner))
    # Somebody else of the same office does not help.
    learner.cases["tanya"].ask("Di mana?", by=by(other))
    assert done(learner) == {"buka", "proses"}
    assert done(other) == set()
    case.resolve("Sudah.", by=by(learner), outcome="DONE", done_on=timezone.localdate(), unit="Tim")
    # Proposed for the archive is not said to be somebody else's.
    dispatch.hand_back(learner.cases["bukan"], by=by(learner), ground="PROPOSE_ARCHIVE", reason="Bukan kami.")
    assert done(learner) == {"buka", "proses", "tuntas"}
    client.post("/latihan/pelajaran/admin-opd/", {"act": "baru"})
    learner = lessons.Learner(learner.participant, learner.part)
    dispatch.hand_back(learner.cases["bukan"], by=by(learner), ground="NOT_OURS", reason="Bukan kami.")
    assert done(learner) == {"buka", "proses", "tuntas", "kembali"}
    assert "4 dari 5 langkah" in client.get("/latihan/pelajaran/").content.decode()
    # After a return to the start the cases are gone, what was done is not; they are laid anew.
    Exercise.objects.all().delete()
    assert "Tanyakan yang kurang" in client.get("/latihan/pelajaran/admin-opd/").content.decode()
    assert Exercise.objects.filter(participant=learner.participant).count() == 3


def test_a_citizen_s_lesson_reads_their_own_report(latihan: World, client: Client) -> None:
    learner = learner_of(client, "warga")
    early = client.post("/latihan/pelajaran/warga/", {"act": "bantu"}, follow=True).content.decode()
    assert "Belum ada laporan Anda" in early
    receipt = receive(
        Submission(
            channel="web", external_id="warga", body="Lampu jalan padam.", place=latihan.sukasari, user=learner.user
        )
    )
    case = receipt.complaint
    assert done(learner) == {"lapor"}
    Letter.objects.create(to=people.address_of(learner.participant, learner.part), opened_at=timezone.now())
    client.post("/latihan/keluar/")
    assert client.post("/lacak/", {"number": case.number, "key": receipt.key}).status_code == 302
    assert (
        Look.objects.filter(page="complaints:track", posted=True).values_list("about", flat=True).get() == case.number
    )
    client.post("/latihan/peran/warga/")
    client.get(f"/laporan/{case.number}/")
    assert done(learner) == {"lapor", "surat", "lacak"}
    client.post("/latihan/pelajaran/warga/", {"act": "bantu"})
    assert done(learner) == {"lapor", "surat", "lacak"}
    client.get(f"/laporan/{case.number}/")
    case.refresh_from_db()
    case.accept(by=Actor.reporter(learner.user), rating_answer=4, rating_result=4)
    assert done(learner) == {"lapor", "surat", "lacak", "jawaban", "nilai"}
    assert "Pelajaran ini selesai" in client.get("/latihan/pelajaran/warga/").content.decode()


def test_an_operator_s_steps(latihan: World, client: Client) -> None:
    learner = learner_of(client, "kominfo")
    dispatch.forward(learner.cases["teruskan"], latihan.dinas_pu, by=by(learner), reason="Urusannya.")
    dispatch.move(learner.cases["pindah"], latihan.dinas_pu, by=by(learner), reason="Salah alamat.")
    learner.cases["pindah"].nudge(by=by(learner), reason="Tolong dilihat.")
    client.get("/pengawasan/")
    assert done(learner) == {"teruskan", "pindah", "ingatkan", "awasi"}
    assert latihan.joko.membership is not None
    leaves.enter(
        latihan.joko.membership,
        by=by(learner),
        starts_on=timezone.localdate(),
        last_day=timezone.localdate(),
        deputy=latihan.hana.user,
    )
    assert "pengganti" in done(learner)


def test_a_head_s_steps(latihan: World, client: Client) -> None:
    latihan.dinas_kesehatan.approves_answers = True
    latihan.dinas_kesehatan.save(update_fields=["approves_answers"])
    learner = learner_of(client, "pimpinan")
    # An answer of one's own is no approval.
    other = learner_of(Client(), "pimpinan")
    other.cases["setuju"].resolve("Sudah.", by=by(other), outcome="DONE", done_on=timezone.localdate(), unit="Tim")
    assert done(other) == set()
    learner.cases["setuju"].approve(by=by(learner))
    learner.cases["kembali"].return_answer("Sebut tanggalnya.", by=by(learner))
    assert done(learner) == {"setuju", "kembali"}


def test_an_evaluator_s_pages_count_in_that_part_alone(latihan: World, client: Client) -> None:
    learner = learner_of(client, "evaluator")
    client.get("/pengawasan/tanda/")
    assert done(learner) == {"tanda"}
    for address in ("/evaluasi/kelola/", "/evaluasi/mutu/"):
        assert client.get(address).status_code == 200


def test_a_name_is_kept_and_shown_to_the_trainer(latihan: World, client: Client) -> None:
    assert client.post("/latihan/pelajaran/", {"name": ""}).status_code == 400
    client.post("/latihan/pelajaran/", {"name": "Bu Sri"})
    client.post("/latihan/pelatih/", {"code": CODE})
    assert "Bu Sri" in client.get("/latihan/pelatih/").content.decode()
    assert client.get("/latihan/pelajaran/lain/").status_code == 404


# --- Certificates ---

WARGA = "/latihan/pelajaran/warga/sertifikat/"
SRI = {"name": " Sri  Wahyuni, S.Sos. ", "office": "Dinas Sosial Kabupaten Sukamaju"}


def finished(client: Client) -> Participant:
    learner = learner_of(client, "warga")
    for step in lessons.WARGA.steps:
        Done.objects.create(participant=learner.participant, lesson="warga", step=step.code)
    return learner.participant


def test_a_lesson_half_done_gives_no_certificate_and_says_what_is_missing(latihan: World, client: Client) -> None:
    assert "5 langkah belum selesai" in client.get(WARGA).content.decode()
    one = finished(client)
    Done.objects.get(participant=one, step="nilai").delete()
    answer = client.post(WARGA, SRI)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "1 langkah belum selesai" in page
    assert "<li>Terima, atau katakan belum beres</li>" in page
    with pytest.raises(certificates.NotFinished):
        certificates.issue(one, lessons.WARGA, name="Sri", office="Dinas")
    assert client.get("/latihan/pelajaran/warga/sertifikat.pdf")["Location"] == WARGA
    assert not Certificate.objects.exists()
    assert client.get("/latihan/pelajaran/lain/sertifikat/").status_code == 404


def test_a_certificate_is_its_owner_s_and_dated_by_the_sun(latihan: World, client: Client) -> None:
    finished(client)
    State.objects.update_or_create(pk=1, defaults={"shift": datetime.timedelta(days=40)})
    assert "Sertifikat" in client.get("/latihan/pelajaran/warga/").content.decode()
    assert client.post(WARGA, SRI)["Location"] == WARGA
    made = Certificate.objects.get()
    assert (made.name, made.office) == ("Sri Wahyuni, S.Sos.", SRI["office"])
    assert made.steps == [str(step.title) for step in lessons.WARGA.steps]
    assert abs(made.issued_at - datetime.datetime.now(datetime.UTC)) < datetime.timedelta(minutes=1)
    page = client.get(WARGA).content.decode()
    assert certificates.shown(made.number) in page
    assert SRI["office"] in page
    other = Client()
    play(other, "warga")
    assert "Sri Wahyuni" not in other.get(WARGA).content.decode()
    assert other.get("/latihan/pelajaran/warga/sertifikat.pdf").status_code == 302


def test_it_is_drawn_as_a_tagged_pdf_that_says_where_it_was_earned(latihan: World, client: Client) -> None:
    finished(client)
    client.post(WARGA, SRI)
    answer = client.get("/latihan/pelajaran/warga/sertifikat.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    assert b"/StructTreeRoot" in answer.content
    said = certificates.words(Certificate.objects.get())
    assert "mode latihan" in said["earned"]
    assert said["qr"] == ""
    with override_settings(SITE_URL="https://latihan.contoh.go.id"):
        assert "latihan.contoh.go.id/latihan/sertifikat/" in certificates.words(Certificate.objects.get())["check"]


def test_its_number_is_checked_by_whoever_has_the_paper(latihan: World, client: Client) -> None:
    finished(client)
    client.post(WARGA, SRI)
    first = certificates.shown(Certificate.objects.get().number)
    reader = Client()
    assert "Sri Wahyuni" in reader.get("/latihan/sertifikat/", {"nomor": f" {first.lower()} "}).content.decode()
    assert "Tidak ada sertifikat" in reader.get("/latihan/sertifikat/", {"nomor": "7K4M-9QXD-2TBH"}).content.decode()
    assert "Tulis nomor" in reader.get("/latihan/sertifikat/", {"nomor": ""}).content.decode()
    # Corrected: a new number, and the paper before holds no more. The same again makes none.
    client.post(WARGA, SRI | {"name": "Sri Wahyuni"})
    client.post(WARGA, SRI | {"name": "Sri Wahyuni"})
    assert Certificate.objects.count() == 2
    page = reader.get("/latihan/sertifikat/", {"nomor": first}).content.decode()
    assert "sudah diganti" in page
    assert "Wahyuni" not in page


@pytest.mark.parametrize("name", ["", "...", "Sri \U0001f600", "ব", "S" * 81])
def test_a_name_that_cannot_be_printed_is_asked_again(latihan: World, client: Client, name: str) -> None:
    finished(client)
    assert client.post(WARGA, SRI | {"name": name}).status_code == 400
    assert not Certificate.objects.exists()


def test_a_year_is_evaluated_even_where_the_room_is_set_up_just_after_midnight(
    world: World, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(datetime.datetime(2026, 6, 10, 0, 20, tzinfo=ZoneInfo("Asia/Jakarta")), tick=False)
    stage._evaluation(world.ratna)
    assert Cycle.objects.get().stage == Cycle.Stage.SCORE


def test_its_sheet_is_not_marked_a_second_time(tmp_path: Path) -> None:
    for own, words in ((True, certificates._TYP.read_text()), (False, "#set page()")):
        (tmp_path / "sheet.typ").write_text(words)
        guard.marked(lambda folder: b"", tmp_path)
        assert (tmp_path / "sheet.typ").read_text().startswith(guard.MARK) is not own
