"""A draft written without a connection arrives whole: one case for one key, in the sentences of the web form."""

from __future__ import annotations

import datetime
import json
import uuid
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from agencies.models import Level, Region
from complaints.limits import FILING
from complaints.models import Arrival, Attachment, CategoryQuestion, Complaint, Draft
from complaints.number import hash_key, read_number
from tests.complaints.files import photo
from tests.world import World, client_of

pytestmark = pytest.mark.django_db

WHOLE = {
    "regency": "Kabupaten Sukamaju",
    "query": "Pasar Lama",
    "landmark": "depan pasar",
    "kind": "PENGADUAN",
    "title": "Tiang listrik miring",
    "story": "Tiang di tikungan miring sejak angin kencang. Kabelnya menyentuh atap warung.",
    "happened_on_pick": "other",
    "happened_on_day": "3",
    "happened_on_month": "5",
    "happened_on_year": "2026",
    "who": "officers",
    "read": "open",
    "tell": "keep",
    "name": "Sari",
}
OURS = {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def phone(world: World) -> Client:
    """As strict about forged forms as the portal is."""
    return Client(enforce_csrf_checks=True)


def sent(client: Client, key: str = "", *, headers: dict[str, str] | None = None, **changed: Any) -> Any:
    told = {**OURS, "X-Lapor-Draf": key or str(uuid.uuid4()), **(headers or {})}
    return client.post("/lapor/kiriman/", WHOLE | changed, headers=told)


def test_a_whole_draft_becomes_a_case(phone: Client, world: World) -> None:
    answer = sent(phone)
    assert answer.status_code == 201
    case, said = Complaint.objects.get(), answer.json()
    assert (case.title, case.place, case.landmark) == ("Tiang listrik miring", world.pasar_lama, "depan pasar")
    assert case.happened_on == datetime.date(2026, 5, 3)
    assert read_number(said["number"]) == case.number
    assert hash_key(said["key"]) == case.key_hash
    assert said["created"] is True
    assert said["url"] == f"/laporan/{case.number}/"
    assert answer.headers["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    assert not answer.cookies


def test_the_same_key_again_is_the_same_case_and_tells_the_key_until_it_is_had(phone: Client) -> None:
    key = str(uuid.uuid4())
    first, again = sent(phone, key), sent(phone, key, title="Diubah sesudah terkirim")
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() | {"created": True} == first.json()
    assert Complaint.objects.get().title == "Tiang listrik miring"
    told = {**OURS, "X-Lapor-Draf": key}
    assert phone.delete("/lapor/kiriman/", headers=told).status_code == 204
    had = sent(phone, key).json()
    assert had["number"] == first.json()["number"]
    assert had["key"] == ""
    assert phone.delete("/lapor/kiriman/", headers=told).status_code == 204


def test_long_after_the_draft_is_forgotten_it_is_still_the_same_case(phone: Client) -> None:
    key = str(uuid.uuid4())
    first = sent(phone, key).json()
    Draft.objects.forget(timezone.now() + datetime.timedelta(days=30))
    again = sent(phone, key)
    assert again.status_code == 200
    assert (again.json()["number"], again.json()["key"]) == (first["number"], "")
    assert Complaint.objects.count() == 1


def test_who_reads_the_tables_cannot_ask_for_the_key(phone: Client) -> None:
    key = str(uuid.uuid4())
    sent(phone, key)
    token = Arrival.objects.get().external_id
    assert token != key
    answer = sent(phone, token)
    assert answer.status_code == 201, "to that key nothing belongs"


def test_it_belongs_to_no_account_whoever_is_signed_in(world: World) -> None:
    assert sent(client_of(world.rudi)).status_code == 201
    assert Complaint.objects.get().reporter.account_fingerprint == ""


def test_anonymous_and_secret_arrive_as_chosen(phone: Client) -> None:
    sent(phone, who="hidden", read="secret")
    case = Complaint.objects.get()
    assert (case.anonymous, case.secret) == (True, True)


@pytest.mark.parametrize(
    ("changed", "numbers"),
    [({}, ["112", "113", "119"]), ({"read": "secret"}, ["112", "110", "113", "119"]), ({"who": "hidden"}, ["112"])],
)
def test_danger_in_a_draft_is_answered_with_whom_to_call(
    phone: Client, changed: dict[str, str], numbers: list[str]
) -> None:
    told: dict[str, Any] = {
        "title": "Kebakaran di pasar",
        "story": "Api makin besar, ibu saya pingsan.",
        "happened_on_pick": "today",
    }
    said = sent(phone, **(told | changed))
    assert said.status_code == 201
    for number in numbers:
        assert number in said.json()["emergency"]
    assert changed == {} or "Ambulans" not in said.json()["emergency"], "closed: in words that fit any danger"
    assert sent(phone).json()["emergency"] == ""


# --- What a category asks beside ---


@pytest.fixture
def questions(world: World) -> list[CategoryQuestion]:
    """Where the hole is (any number), since when (a day), how many (must be answered)."""
    return [
        CategoryQuestion.objects.create(
            category=world.cat_road, code=code, order=order, datatype=datatype, description=f"{code}?",
            required=code == "jumlah", values=[{"key": key, "name": key} for key in keys],
        )
        for order, (code, datatype, keys) in enumerate(
            [("letak", "multivaluelist", ("tepi", "tengah")), ("sejak", "datetime", ()), ("jumlah", "number", ())], 1
        )
    ]  # fmt: skip


def answering(world: World, questions: list[CategoryQuestion], **changed: Any) -> dict[str, Any]:
    """A draft that had these questions with it, and its answers."""
    place, since, count = questions
    said = {f"q{place.pk}": ["tepi", "tengah"], f"q{count.pk}": "2,5"}
    day = {f"q{since.pk}_day": "1", f"q{since.pk}_month": "5", f"q{since.pk}_year": "2026"}
    asked = ",".join(str(one.pk) for one in questions)
    return {"category": str(world.cat_road.pk), "asked": asked} | said | day | changed


def test_what_the_category_asks_is_answered_in_the_draft_and_kept(
    phone: Client, world: World, questions: list[CategoryQuestion]
) -> None:
    assert sent(phone, **answering(world, questions)).status_code == 201
    answers = {one.question.code: one.values for one in Complaint.objects.get().answers.all()}
    assert answers == {"letak": ["tepi", "tengah"], "sejak": ["2026-05-01"], "jumlah": ["2.5"]}


def test_an_answer_that_does_not_fit_comes_back_beside_its_question(
    phone: Client, world: World, questions: list[CategoryQuestion]
) -> None:
    name = f"q{questions[2].pk}"
    for typed, sentence in (("banyak", "dijawab dengan angka"), ("", "perlu dijawab")):
        answer = sent(phone, **answering(world, questions, **{name: typed}))
        assert answer.status_code == 422
        assert list(answer.json()["errors"]) == [name]
        assert sentence in answer.json()["errors"][name][0]
    assert not Complaint.objects.exists()


def test_a_question_the_phone_did_not_know_holds_no_report_up(
    phone: Client, world: World, questions: list[CategoryQuestion]
) -> None:
    assert sent(phone, category=str(world.cat_road.pk)).status_code == 201
    asked = answering(world, questions, asked=str(questions[0].pk))
    assert sent(phone, **asked).status_code == 201
    newest = Complaint.objects.latest("pk")
    assert [one.question.code for one in newest.answers.all()] == ["letak"]


@pytest.mark.parametrize("asked", ["", ",,", "x", "1" * 40, "²", "-1", "\x00", "1,2,3,999999"])
def test_nonsense_in_place_of_questions_asks_nothing(
    phone: Client, world: World, questions: list[CategoryQuestion], asked: str
) -> None:
    answer = sent(phone, **answering(world, questions, asked=asked, category=str(world.cat_health.pk)))
    assert answer.status_code == 201
    assert not Complaint.objects.get().answers.exists()


def test_photos_come_along_and_a_file_that_is_none_is_refused_with_the_report(phone: Client) -> None:
    pictures = [SimpleUploadedFile(f"foto-{n}.jpg", photo(), "image/jpeg") for n in range(3)]
    assert sent(phone, photo=pictures).status_code == 201
    assert [file.name for file in Complaint.objects.get().attachments.order_by("pk")] == [p.name for p in pictures]
    mixed = [SimpleUploadedFile("baik.jpg", photo()), SimpleUploadedFile("buruk.jpg", b"MZ")]
    answer = sent(phone, photo=mixed)
    assert answer.status_code == 422
    assert answer.json()["errors"] == {"photo": ["buruk.jpg bukan JPG, PNG, WebP, atau PDF. Pilih berkas lain"]}
    assert Complaint.objects.count() == 1
    assert Attachment.objects.count() == 3
    assert Draft.objects.count() == 1, "of a refused draft nothing stays here"
    for file in Attachment.objects.all():
        file.file.delete(save=False)


def test_a_sixth_photo_is_refused_in_words(phone: Client) -> None:
    six = [SimpleUploadedFile(f"{n}.jpg", photo(20, 20)) for n in range(6)]
    answer = sent(phone, photo=six)
    assert answer.status_code == 422
    assert "paling banyak 5 berkas" in answer.json()["errors"]["photo"][0]
    assert not Attachment.objects.exists()


def test_a_full_disk_holds_no_report_up(phone: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_given: Any, **_more: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "save", full)
    answer = sent(phone, photo=SimpleUploadedFile("foto.jpg", photo()))
    assert answer.status_code == 201
    assert "foto.jpg belum bisa kami simpan" in answer.json()["left_out"][0]


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("regency", "", "Pilih kabupaten atau kotanya"),
        ("regency", "Kabupaten Antah Berantah", "Kabupaten atau kota ini tidak ada di daftar. Ketik lagi, lalu pilih"),
        ("title", "", "Tulis judul singkat"),
        ("title", "a" * 121, "Judulnya terlalu panjang. Paling banyak 120 huruf; sisanya tulis di cerita"),
        ("story", "", "Tulis ceritanya, walau hanya beberapa kalimat"),
        ("story", "a" * 10_001, "Ceritanya terlalu panjang: paling banyak 10.000 huruf. Tidak ada yang kami potong"),
        ("kind", "LAIN", "Pilih salah satu: masalah, usul, atau pertanyaan"),
        ("happened_on_day", "31", "Tanggal ini tidak ada di kalender. Periksa tanggal dan bulannya"),
        ("who", "", "Pilih siapa yang boleh tahu nama Anda"),
        ("read", "", "Pilih siapa yang boleh membaca laporan ini"),
        ("tell", "email", "Tulis alamat email, atau pilih simpan sendiri nomor dan kuncinya"),
        ("landmark", "a" * 201, "Patokannya terlalu panjang. Paling banyak 200 huruf"),
    ],
)
def test_what_the_web_form_refuses_is_refused_in_the_same_words(
    phone: Client, field: str, value: str, sentence: str
) -> None:
    changed: dict[str, Any] = {field: value} | ({"happened_on_month": "4"} if field == "happened_on_day" else {})
    answer = sent(phone, **changed)
    assert answer.status_code == 422
    name = {"happened_on_day": "happened_on", "tell": "email"}.get(field, field)
    assert answer.json()["errors"] == {name: [sentence]}
    assert not Complaint.objects.exists()
    assert not Draft.objects.exists()


def test_the_sentences_come_in_the_language_the_draft_was_written_in(phone: Client) -> None:
    answer = sent(phone, title="", language="en")
    assert answer.json()["errors"]["title"] != ["Tulis judul singkat"]
    assert sent(phone, language="en").status_code == 201
    assert Complaint.objects.get().reporter.language == "en"


def test_words_that_name_several_places_or_none_stay_words(phone: Client, world: World) -> None:
    Region.objects.create(
        code="99.01.02.2002", name="Sukasari", search_name="sukasari", level=Level.DESA, parent=world.cibuni
    )
    sent(phone, query="Sukasari")
    sent(phone, query="Kampung Rimba Dalam", landmark="")
    several, none = Complaint.objects.order_by("pk")
    assert (several.place, several.landmark) == (world.sukamaju, "Sukasari. depan pasar")
    assert (none.place, none.landmark) == (world.sukamaju, "Kampung Rimba Dalam")


def test_a_place_outside_the_chosen_regency_is_not_taken_for_meant(phone: Client, world: World) -> None:
    sent(phone, query="Batu Belah")
    assert Complaint.objects.get().place == world.sukamaju


def test_a_report_about_conduct_is_not_sent_before_its_office_is_chosen(phone: Client, world: World) -> None:
    answer = sent(phone, conduct="on", office_text="")
    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == ["office_text"]
    assert [str(world.pemkab.pk), world.pemkab.name] in answer.json()["choices"]["office"]
    assert sent(phone, conduct="on", office_text="Dinas PU", office=str(world.dinas_pu.pk)).status_code == 201
    case = Complaint.objects.get()
    assert case.not_for == world.dinas_pu


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Lapor-Draf": "bukan-uuid"},
        {"Origin": "https://jahat.test"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_another_sites_request_is_refused(phone: Client, headers: dict[str, str]) -> None:
    answer = sent(phone, headers=headers)
    assert answer.status_code == 403
    assert not Complaint.objects.exists()
    told = {**OURS, "X-Lapor-Draf": str(uuid.uuid4()), **headers}
    assert phone.delete("/lapor/kiriman/", headers=told).status_code == 403


def test_a_form_of_another_site_cannot_carry_the_header(phone: Client) -> None:
    assert phone.post("/lapor/kiriman/", WHOLE).status_code == 403


def test_a_flood_is_asked_to_wait_and_a_repeat_is_not(phone: Client) -> None:
    cache.clear()
    key = str(uuid.uuid4())
    assert sent(phone, key).status_code == 201
    while FILING.take("203.0.113.77"):
        pass

    def from_there(which: str) -> Any:
        told = {**OURS, "X-Lapor-Draf": which}
        return phone.post("/lapor/kiriman/", WHOLE, headers=told, REMOTE_ADDR="203.0.113.77")

    assert from_there(key).status_code == 200
    waiting = from_there(str(uuid.uuid4()))
    assert (waiting.status_code, waiting.headers["Retry-After"]) == (429, "300")
    assert "Tunggu beberapa menit" in json.loads(waiting.content)["say"]
    assert Complaint.objects.count() == 1
