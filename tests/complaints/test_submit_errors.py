"""Mistakes while writing a report: each has its own sentence beside its field, and nothing typed is lost."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django import forms
from django.core.cache import caches
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.html import escape

from agencies import finding
from agencies.models import Level, Region
from complaints import forms as ours
from complaints.models import Attachment, Complaint, Draft
from lapor.kit.widgets import DayField
from tests.complaints.test_submit import CHECK, PNG, STORY, at_check, at_story
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(world: World) -> Client:
    return Client()


def post(browser: Client, url: str, data: dict[str, Any]) -> str:
    response = browser.post(url, data, follow=True)
    assert response.status_code == 200, response.headers
    assert {there for there, _status in response.redirect_chain} <= {url}
    return response.content.decode()


# --- Own sentences ---

FORMS = [f for f in vars(ours).values() if isinstance(f, type) and issubclass(f, forms.Form) and f.base_fields]
DJANGO = {
    str(message)
    for kind in (forms.CharField, forms.ChoiceField, forms.EmailField, forms.BooleanField, forms.MultiValueField)
    for base in kind.__mro__
    for message in getattr(base, "default_error_messages", {}).values()
} | {"Enter a valid email address.", "Masukkan alamat email yang valid."}
BAD = ["", "\x00", "x" * 20_000, "�", "bukan@", "-1", "99999999999999999999", "<b>"]


@pytest.mark.parametrize("form_class", FORMS, ids=lambda f: f.__name__)
@pytest.mark.sampled
def test_no_field_falls_back_to_djangos_sentences(form_class: type[forms.Form], world: World) -> None:
    for bad in BAD:
        data: dict[str, str] = {}
        for name, field in form_class.base_fields.items():
            parts = ("_pick", "_day", "_month", "_year") if isinstance(field, DayField) else ("",)
            data |= {f"{name}{part}": "other" if part == "_pick" else bad for part in parts}
        form = form_class(data)
        form.is_valid()
        said = {str(error) for errors in form.errors.values() for error in errors}
        assert not said & DJANGO
        assert not any(
            re.match(r"(Ensure|Pastikan|This|Bidang|Select|Pilih pilihan|Enter|Masukkan|Null)", s) for s in said
        )


@pytest.mark.parametrize("form_class", FORMS, ids=lambda f: f.__name__)
def test_every_field_that_can_fail_says_how_itself(form_class: type[forms.Form]) -> None:
    for name, field in form_class.base_fields.items():
        wanted = set()
        if field.required and not isinstance(field, forms.BooleanField | DayField):
            wanted.add("required")
        if getattr(field, "max_length", None):
            wanted.add("max_length")
        if isinstance(field, forms.ChoiceField):
            wanted.add("invalid_choice")
        if isinstance(field, forms.EmailField):
            wanted.add("invalid")
        own = {code for code in wanted if str(field.error_messages[code]) not in DJANGO}
        assert own == wanted, name


# --- Lokasi ---


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "Pilih tempatnya dulu"),
        ({"query": "zzz tak ada"}, "belum kami temukan"),
        ({"query": "Su", "searched": "Su"}, "Ada beberapa tempat bernama itu"),
        ({"act": "cari"}, "Tulis nama tempatnya, lalu cari"),
        ({"act": "turun", "down": "00"}, "Tempat ini tidak ada di daftar"),
        ({"place": "00.00"}, "Pilih tempatnya dulu"),
        ({"query": "x" * 130}, "terlalu panjang"),
        ({"landmark": "x" * 201, "query": "pasar lama"}, "Patokannya terlalu panjang"),
    ],
)
def test_place_mistakes(browser: Client, typed: dict[str, str], sentence: str) -> None:
    assert sentence in post(browser, "/lapor/", typed)


def test_a_name_of_several_places_is_asked_about_before_it_is_a_mistake(browser: Client) -> None:
    page = post(browser, "/lapor/", {"query": "Su"})
    assert "Pilih salah satu, lalu simpan" in page
    assert "perlu diperbaiki" not in page
    assert 'name="place"' in page
    assert "lalu cari lagi" not in page


def test_where_more_places_have_the_name_than_are_shown_it_says_what_to_add(browser: Client, world: World) -> None:
    Region.objects.bulk_create(
        Region(
            code=f"99.01.01.{number}",
            name="Sumber Rejo",
            search_name="sumber rejo",
            level=Level.DESA,
            parent=world.mekarsari,
        )
        for number in range(3001, 3002 + finding.LIMIT)
    )
    page = post(browser, "/lapor/", {"act": "cari", "query": "Sumber Rejo"})
    assert page.count('name="place"') == finding.LIMIT
    assert f"Hanya {finding.LIMIT} yang pertama" in page


@pytest.mark.parametrize(
    "typed",
    [
        "pasar lama",
        "Kel. Pasar Lama",
        "kel pasar lama kec mekarsari",
        "Pasar Lama, Kab. Sukamaju",
        "pasar lama mekarsari",
    ],
)
def test_a_place_is_found_as_people_type_it(browser: Client, world: World, typed: str) -> None:
    page = post(browser, "/lapor/", {"act": "cari", "query": typed})
    assert "Kel. Pasar Lama, Kec. Mekarsari, Kab. Sukamaju" in page
    assert f'value="{world.pasar_lama.pk}" checked' in page


def test_a_place_is_picked_down_the_list(browser: Client, world: World) -> None:
    page = post(browser, "/lapor/", {"act": "turun", "down": "99"})
    assert "Kabupaten Sukamaju" in page
    page = post(browser, "/lapor/", {"act": "turun", "down": "99.01.01"})
    assert "Pasar Lama" in page
    assert 'value="99.01.01" checked' in page


def test_a_position_is_only_a_help(browser: Client, world: World) -> None:
    browser.post("/lapor/", {"place": world.pasar_lama.pk, "latitude": "nan", "longitude": "1e999"})
    assert Draft.objects.get().step_fields("lokasi")["latitude"] is None
    browser.post("/lapor/", {"place": world.pasar_lama.pk, "latitude": "-0.48", "longitude": "102.4"})
    assert Draft.objects.get().step_fields("lokasi")["longitude"] == 102.4


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"query": "zzz tak ada", "landmark": "dekat sumur", "point": "x, y"}, "Koordinat ini tidak terbaca"),
        ({"query": "zzz tak ada", "landmark": "dekat sumur"}, "belum kami temukan"),
        ({"query": "Su", "landmark": "dekat sumur"}, "Pilih salah satu, lalu simpan"),
        ({"query": "Pasar Lama", "landmark": "dekat sumur", "act": "cari"}, "Kel. Pasar Lama, Kec. Mekarsari"),
    ],
)
def test_where_no_place_is_chosen_yet_the_page_is_asked_for_anew(
    browser: Client, world: World, typed: dict[str, str], sentence: str
) -> None:
    assert "draf" not in browser.get("/lapor/").cookies
    answer = browser.post("/lapor/", typed | {"kantor": world.dinas_pu.pk})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/lapor/")
    for _again in range(2):
        page = browser.get("/lapor/").content.decode()
        assert page.count(sentence) >= 1
        assert all(f'value="{typed[name]}"' in page for name in typed.keys() - {"act"})
        assert f'name="kantor" value="{world.dinas_pu.pk}"' in page
    browser.post("/lapor/", {"place": world.pasar_lama.pk, "landmark": "dekat sumur"})
    page = browser.get("/lapor/").content.decode()
    assert f'value="{world.pasar_lama.pk}" checked' in page
    assert "lalu simpan" not in page
    assert "perlu diperbaiki" not in page


def test_a_list_picked_down_begins_again_from_the_provinces(browser: Client, world: World) -> None:
    browser.get("/lapor/")
    page = post(browser, "/lapor/", {"act": "turun", "down": "99"})
    assert "Di Prov. Sukaraya, lebih tepatnya" in page
    link = re.search(r'<a href="([^"#]+)#daftar">Ulang dari provinsi', page)
    assert link is not None
    begun = browser.get(link[1]).content.decode()
    assert '<option value="99">' in begun
    assert 'id="daftar" open' in begun


def test_letters_that_cannot_be_kept_are_told_of_in_the_answer_itself(browser: Client) -> None:
    browser.get("/lapor/")
    answer = browser.post("/lapor/", {"query": "Pasar\x00 Lama"})
    assert answer.status_code == 200
    assert "tidak bisa kami simpan" in answer.content.decode()


# --- Masalah ---


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"kind": ""}, "Pilih apa yang ingin Anda sampaikan"),
        ({"kind": "KELUHAN"}, "Pilih salah satu: masalah, usul, atau pertanyaan"),
        ({"title": ""}, "Tulis judul singkat"),
        ({"title": "x" * 121}, "Judulnya terlalu panjang"),
        ({"story": "  "}, "Tulis ceritanya"),
        ({"story": "ü" * 10_001}, "Ceritanya terlalu panjang"),
        ({"happened_on_pick": ""}, "Pilih tanggal kejadian"),
        ({"happened_on_pick": "other", "happened_on_day": "31"}, "Lengkapi tanggal, bulan, dan tahun"),
        (
            {
                "happened_on_pick": "other",
                "happened_on_day": "31",
                "happened_on_month": "2",
                "happened_on_year": "2026",
            },
            "Tanggal ini tidak ada di kalender",
        ),
        (
            {"happened_on_pick": "other", "happened_on_day": "1", "happened_on_month": "1", "happened_on_year": "2999"},
            "Tanggal ini belum terjadi",
        ),
        ({"category": "999999"}, "Kategori ini tidak ada di daftar"),
        ({"office_text": "x" * 201}, "Nama kantornya terlalu panjang"),
        ({"office": "999999"}, "Kantor ini tidak ada di daftar"),
        ({"office": "bukan-angka"}, "Kantor ini tidak ada di daftar"),
        ({"act": "kantor", "office_text": "Antah Berantah"}, "belum kami temukan"),
        ({"act": "kantor"}, "Tulis nama kantornya, lalu cari"),
    ],
)
def test_story_mistakes_keep_what_was_typed(
    browser: Client, world: World, typed: dict[str, str], sentence: str
) -> None:
    page = post(at_story(browser, world), "/lapor/masalah/", STORY | typed)
    assert sentence in page
    for name in {"title", "story"} - typed.keys():
        assert escape(STORY[name]) in page


def test_a_story_of_10_000_letters_with_line_ends_fits(browser: Client, world: World) -> None:
    story = "a\r\n" * 5000
    at_check(browser, world, story=story[:-2] + "b").post("/lapor/periksa/", CHECK)
    assert len(Complaint.objects.get().body) == 10_000


def test_a_story_of_20_kb_comes_back_whole(browser: Client, world: World) -> None:
    story = "Lubang di jalan. " * 1200
    page = post(at_story(browser, world), "/lapor/masalah/", STORY | {"story": story})
    assert story.strip() in page
    assert story == Draft.objects.get().step_fields("masalah")["story"]


@pytest.mark.parametrize("field", ["title", "story", "office_text"])
@pytest.mark.parametrize("sign", ["\x00", "\ud800"])
def test_signs_that_cannot_be_kept_are_said_and_sending_again_works(
    browser: Client, world: World, field: str, sign: str
) -> None:
    at_story(browser, world)
    raw = f"Jalan{sign} rusak".encode("utf-8", "surrogatepass")
    body = "&".join(f"{k}={v}" for k, v in STORY.items() if k != field).encode()
    quoted = "".join(f"%{byte:02X}" for byte in raw).encode()
    response = browser.post(
        "/lapor/masalah/",
        body + b"&" + field.encode() + b"=" + quoted,
        "application/x-www-form-urlencoded",
        follow=True,
    )
    page = response.content.decode()
    assert response.status_code == 200
    assert "tidak bisa kami simpan" in page
    assert "Jalan rusak" in page
    assert "\x00" not in page


FILES = [
    ("kosong.pdf", b"", "kosong. Pilih berkas lain"),
    ("foto.jpg", b"MZ\x90\x00 program", "bukan JPG, PNG, WebP, atau PDF"),
    ("surat.docx", b"PK\x03\x04", "bukan JPG, PNG, WebP, atau PDF"),
    ("gambar.svg", b"<svg onload=alert(1)>", "bukan JPG, PNG, WebP, atau PDF"),
    ("potong.jpg", b"\xff\xd8\xff\xe0" + b"x" * 5000, "terpotong di jalan"),
    ("potong.png", PNG[:20], "terpotong di jalan"),
    ("potong.pdf", b"%PDF-1.7\n" + b"x" * 5000, "terpotong di jalan"),
    ("potong.webp", b"RIFF\xff\xff\x00\x00WEBP", "terpotong di jalan"),
    ("besar.png", PNG + b"0" * 10_000_000, "lebih dari 10 MB"),
    ("../../etc/passwd", b"", "passwd kosong"),
]


@pytest.mark.parametrize(("name", "content", "sentence"), FILES, ids=[f"{n}-{len(c)}" for n, c, _ in FILES])
def test_a_bad_file_is_refused_in_words_and_the_rest_stays(
    browser: Client, world: World, name: str, content: bytes, sentence: str
) -> None:
    at_story(browser, world)
    page = post(browser, "/lapor/masalah/", STORY | {"file": SimpleUploadedFile(name, content)})
    if content or "kosong" not in page:
        assert sentence in page
        assert "<title>Ada yang perlu diperbaiki:" in page
    assert STORY["story"] in page
    assert Draft.objects.get().attachments.count() == 0


def test_the_sixth_file_is_refused_and_five_stay(browser: Client, world: World) -> None:
    at_story(browser, world)
    files = [SimpleUploadedFile(f"{n}.png", PNG) for n in range(6)]
    page = post(browser, "/lapor/masalah/", STORY | {"act": "unggah", "file": files})
    assert "5.png tidak ikut: paling banyak 5 berkas" in page
    kept = list(Draft.objects.get().attachments.all())
    assert len(kept) == 5
    for file in kept:
        file.file.delete()


def test_a_full_disk_refuses_the_file_and_takes_the_report(
    browser: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: Any, **kwargs: Any) -> str:
        raise OSError(28, "No space left on device")

    at_story(browser, world)
    monkeypatch.setattr(FileSystemStorage, "save", full)
    page = post(browser, "/lapor/masalah/", STORY | {"act": "unggah", "file": SimpleUploadedFile("a.png", PNG)})
    assert "belum bisa kami simpan" in page
    browser.post("/lapor/masalah/", STORY)
    browser.post("/lapor/periksa/", CHECK)
    assert Complaint.objects.count() == 1


# --- Periksa ---


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"who": ""}, "Pilih siapa yang boleh tahu nama Anda"),
        ({"who": "x"}, "Pilih salah satu: petugas boleh tahu"),
        ({"read": ""}, "Pilih siapa yang boleh membaca"),
        ({"read": "x"}, "Pilih salah satu: semua orang"),
        ({"tell": ""}, "Pilih bagaimana Anda ingin tahu kabarnya"),
        ({"tell": "x"}, "Pilih salah satu: email"),
        ({"tell": "email"}, "Tulis alamat email, atau pilih simpan sendiri"),
        ({"tell": "email", "email": "sari@"}, "Alamat email ini belum lengkap"),
        ({"tell": "email", "email": "a\nBcc: b@c.id"}, "Alamat email ini belum lengkap"),
        ({"tell": "email", "email": "a" * 260 + "@c.id"}, "Alamat email ini"),
        ({"name": "x" * 121}, "Namanya terlalu panjang"),
    ],
)
def test_check_mistakes_keep_what_was_typed(
    browser: Client, world: World, typed: dict[str, str], sentence: str
) -> None:
    page = post(at_check(browser, world), "/lapor/periksa/", CHECK | typed)
    assert sentence in page
    assert "Yang sudah Anda tulis tetap tersimpan" in page
    if "name" not in typed:
        assert 'value="Sari"' in page
    assert not Complaint.objects.exists()


@pytest.mark.parametrize(
    ("step", "wrong"),
    [("/lapor/masalah/", STORY | {"title": "", "conduct": "on"}), ("/lapor/periksa/", CHECK | {"tell": "email"})],
)
def test_a_mistake_leaves_nothing_to_be_sent_again_behind(
    browser: Client, world: World, step: str, wrong: dict[str, str]
) -> None:
    at_check(browser, world)
    answer = browser.post(step, wrong)
    assert (answer.status_code, answer.headers["Location"]) == (302, step)
    page = browser.get(step).content.decode()
    assert "<title>Ada yang perlu diperbaiki:" in page
    assert browser.get(step).content.decode().count("Ada yang perlu diperbaiki") == page.count(
        "Ada yang perlu diperbaiki"
    )
    browser.post(step, STORY if step == "/lapor/masalah/" else CHECK | {"act": "simpan"})
    assert "Ada yang perlu diperbaiki" not in browser.get(step).content.decode()


def test_without_cookies_a_mistake_comes_back_in_the_answer_itself(browser: Client, world: World) -> None:
    at_check(browser, world)
    signed = re.search(r'name="draft" value="([^"]+)"', browser.get("/lapor/periksa/").content.decode())
    assert signed is not None
    answer = Client().post("/lapor/periksa/", CHECK | {"tell": "email", "draft": signed[1]})
    assert answer.status_code == 200
    assert "Tulis alamat email, atau pilih simpan sendiri" in answer.content.decode()
    answer = Client().post("/lapor/", {})
    assert answer.status_code == 200
    assert "Pilih tempatnya dulu" in answer.content.decode()


def test_skipping_ahead_leads_back_to_what_is_missing(browser: Client, world: World) -> None:
    assert browser.get("/lapor/masalah/").headers["Location"] == "/lapor/"
    assert browser.get("/lapor/periksa/").headers["Location"] == "/lapor/"
    assert browser.get("/lapor/selesai/").headers["Location"] == "/lapor/"
    at_story(browser, world)
    assert browser.get("/lapor/periksa/").headers["Location"] == "/lapor/masalah/"


@pytest.mark.parametrize("step", ["/lapor/", "/lapor/masalah/", "/lapor/periksa/"])
def test_an_old_form_returns_what_was_typed(world: World, step: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    response = strict.post(step, {"story": "Cerita yang panjang sekali"}, headers={"origin": "http://testserver"})
    assert response.status_code == 403
    assert "Cerita yang panjang sekali" in response.content.decode()


def test_a_chosen_category_stays_chosen(browser: Client, world: World) -> None:
    page = post(at_story(browser, world), "/lapor/masalah/", STORY | {"title": "", "category": str(world.cat_road.pk)})
    assert f'<option value="{world.cat_road.pk}" selected>' in page
    assert '<optgroup label="Pekerjaan Umum dan Penataan Ruang">' in page


@pytest.mark.slow
def test_one_address_cannot_fill_the_disk(world: World, settings: Any, tmp_path: Any) -> None:
    """Sixty files at once, each in a draft of its own; the village next door goes on."""
    settings.MEDIA_ROOT = tmp_path
    caches["default"].clear()

    def bring(address: str) -> str:
        files = [SimpleUploadedFile(f"{n}.png", PNG) for n in range(5)]
        answer = Client(REMOTE_ADDR=address).post("/lapor/masalah/", {"act": "unggah", "file": files})
        return str(answer.content.decode())

    for _ in range(12):
        assert "banyak berkas" not in bring("203.0.113.5")
    assert "banyak berkas" in bring("203.0.113.5")
    assert Attachment.objects.count() == 60
    assert "banyak berkas" not in bring("203.0.113.6")
