"""Prefixes: whose they are, how they are read, and who may give and end them."""

from __future__ import annotations

import datetime

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from agencies import prefixes
from agencies.actor import Actor
from agencies.loading.prefixes import load_prefixes
from agencies.members import NotAllowed, Refused
from agencies.models import Agency, AuditEntry, Prefix
from agencies.prefix_book import Book, Entry, normal
from tests.world import World, client_of

INHU, NGANJUK, NGAWI, BANDUNG, BARAT, KUMHAM, BATU, PLN = range(1, 9)
BOOK = Book(
    [
        Entry("INHU", INHU),
        Entry("KAB. NGANJUK", NGANJUK),
        Entry("KAB. NGAWI", NGAWI),
        Entry("KAB. BANDUNG", BANDUNG),
        Entry("KAB. BANDUNG BARAT", BARAT),
        Entry("Kumham", KUMHAM),
        Entry("KOTA BATU", BATU),
        Entry("PLN", PLN),
    ]
)
TODAY = datetime.date(2026, 5, 25)


@pytest.mark.parametrize(
    ("text", "office", "rest"),
    [
        ("INHU jalan rusak", INHU, "jalan rusak"),
        ("inhu: jalan rusak", INHU, "jalan rusak"),
        ("  <Inhu> jalan rusak", INHU, "jalan rusak"),
        ("I.N.H.U jalan rusak", INHU, "jalan rusak"),
        ("KAB. NGANJUK lampu mati", NGANJUK, "lampu mati"),
        ("kab nganjuk lampu mati", NGANJUK, "lampu mati"),
        ("Kab.Nganjuk,lampu mati", NGANJUK, "lampu mati"),
        ("KABNGANJUK lampu mati", NGANJUK, "lampu mati"),
        ("Kabupaten Nganjuk: lampu mati", NGANJUK, "lampu mati"),
        ("KAB. BANDUNG jalan rusak", BANDUNG, "jalan rusak"),
        ("KAB. BANDUNG BARAT jalan rusak", BARAT, "jalan rusak"),
        ("kumham antrean paspor", KUMHAM, "antrean paspor"),
        ("PLN\nlampu mati", PLN, "lampu mati"),
        ("INHU", INHU, ""),
    ],
)
def test_letters_count_and_nothing_between_them(text: str, office: int, rest: str) -> None:
    match = BOOK.find(text)
    assert match is not None
    assert (match.entry.agency_id, match.rest, match.typo) == (office, rest, False)


@pytest.mark.parametrize(
    ("text", "office", "typed"),
    [
        ("INHO jalan rusak", INHU, "INHO"),
        ("INU jalan rusak", INHU, "INU"),
        ("INNHU jalan rusak", INHU, "INNHU"),
        ("IHNU jalan rusak", INHU, "IHNU"),
        ("KAB. NGANJUG lampu mati", NGANJUK, "KAB. NGANJUG"),
        ("Kunham antrean", KUMHAM, "Kunham"),
    ],
)
def test_one_slip_is_forgiven_and_told(text: str, office: int, typed: str) -> None:
    match = BOOK.find(text)
    assert match is not None
    assert (match.entry.agency_id, match.typed, match.typo) == (office, typed, True)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "jalan rusak di INHU",
        "INHUjalan rusak",  # no word of its own
        "PLM lampu mati",  # too short to be forgiven
        "IXXU jalan rusak",
        "kota baru kami gelap",  # everyday words, not Kota Batu misspelt
        "kampung kami gelap",
    ],
)
def test_what_is_no_prefix_is_left_in_the_story(text: str) -> None:
    assert BOOK.find(text) is None


def test_where_two_are_as_near_nobody_guesses() -> None:
    book = Book([Entry("SIAK", 1), Entry("SIAP", 2)])
    assert book.find("SIAL jalan rusak") is None
    assert [entry.text for entry in book.near("SIAL jalan rusak")] == ["SIAK", "SIAP"]


def test_a_prefix_of_several_words_is_found_anywhere_for_suggestions() -> None:
    found = BOOK.within("Jalan rusak di Kabupaten Bandung Barat dan kab nganjuk. PLN padam.")
    assert [entry.text for entry in found] == ["KAB. BANDUNG BARAT", "KAB. NGANJUK"]


@given(st.text(max_size=200))
def test_no_text_breaks_the_reading_and_nothing_of_it_is_lost(text: str) -> None:
    match = BOOK.find(text)
    assert isinstance(BOOK.within(text), list)
    if match is not None:
        assert text.endswith(match.rest)
        assert match.typed in text


@given(st.sampled_from(["INHU", "KAB. NGANJUK", "Kumham"]), st.sampled_from([" ", ": ", ".", "  -  "]))
def test_every_prefix_is_read_as_it_is_shown(prefix: str, between: str) -> None:
    match = BOOK.find(f"{prefix.lower()}{between}xyz")
    assert match is not None
    assert (match.entry.text, match.rest, match.typo) == (prefix, "xyz", False)


# --- Giving and ending ---


@pytest.mark.django_db
def test_one_office_owns_what_is_read_the_same(world: World) -> None:
    prefixes.add(world.pemkab, "Kab. Sukamaju", by=world.wati)
    with pytest.raises(Refused, match="sudah menjadi awalan Pemerintah Kabupaten Sukamaju"):
        prefixes.add(world.pemkab_tetangga, "KABSUKAMAJU", by=world.ratna)
    with pytest.raises(Refused, match="yang dibaca sama"):
        prefixes.add(world.pemkab, "kabupaten sukamaju", by=world.wati)


@pytest.mark.django_db
def test_what_was_ended_may_belong_to_another_the_same_day(world: World) -> None:
    first = prefixes.add(world.pemkab, "MAJU", by=world.wati)
    prefixes.end(first, by=world.wati)
    prefixes.add(world.pemkab_tetangga, "Maju", by=world.tono)
    match = prefixes.book("MAJU jalan", first.starts_on).find("MAJU jalan")
    assert match is not None
    assert match.entry.agency_id == world.pemkab_tetangga.pk
    with pytest.raises(Refused, match="sudah berakhir"):
        prefixes.end(first, by=world.wati)
    said = AuditEntry.objects.filter(subject_kind="agency", what__endswith="_prefix").order_by("pk")
    assert [(entry.what, entry.subject_id) for entry in said] == [
        ("add_prefix", world.pemkab.pk),
        ("end_prefix", world.pemkab.pk),
        ("add_prefix", world.pemkab_tetangga.pk),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("..", "paling pendek tiga"),
        ("12345", "sedikitnya satu huruf"),
        ("STATUS", "perintah SMS"),
        ("Balas PU", "perintah SMS"),
        ("jalan", "Terlalu banyak laporan"),
        ("x" * 41, "paling panjang 40"),
        ("🕳🕳🕳", "paling pendek tiga"),
    ],
)
def test_what_would_confuse_citizens_is_refused(world: World, text: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        prefixes.add(world.pemkab, text, by=world.wati)
    assert not Prefix.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["joko", "hana", "tono", "bayu"])
def test_others_may_not(world: World, who: str) -> None:
    with pytest.raises(NotAllowed):
        prefixes.add(world.pemkab, "MAJU", by=getattr(world, who))


@pytest.mark.django_db
def test_a_near_miss_of_ones_own_prefix_is_recognised(world: World) -> None:
    prefixes.add(world.pemkab, "MAJU", by=world.wati)
    today = Prefix.objects.get().starts_on
    assert prefixes.meant(world.pemkab, "MAJO", today) == "MAJU"
    assert prefixes.meant(world.pemkab, "maju", today) == ""
    assert prefixes.meant(world.dinas_pu, "MAJO", today) == ""


# --- The page ---


@pytest.mark.django_db
def test_the_coordinator_adds_and_ends_on_the_offices_page(world: World) -> None:
    wati = client_of(world.wati)
    address = reverse("agencies:prefixes", args=[world.pemkab.pk])
    assert address in wati.get(reverse("agencies:office", args=[world.pemkab.pk])).content.decode()
    assert "Belum ada awalan" in wati.get(address).content.decode()
    assert wati.post(address, {"text": " maju "}).status_code == 302
    page = wati.get(address).content.decode()
    assert "maju Lampu jalan" in page
    assert "maju ditambahkan, Wati Lestari" in page
    public = client_of(world.rudi).get(reverse("agencies:office", args=[world.pemkab.pk])).content.decode()
    assert "ketik <b>maju</b>" in public
    row = Prefix.objects.get()
    assert wati.post(reverse("agencies:prefix_end", args=[world.pemkab.pk, row.pk])).status_code == 302
    assert "Belum ada awalan" in wati.get(address).content.decode()


@pytest.mark.django_db
def test_what_was_typed_stays_beside_its_mistake(world: World) -> None:
    answer = client_of(world.wati).post(reverse("agencies:prefixes", args=[world.pemkab.pk]), {"text": "STATUS"})
    assert answer.status_code == 400
    assert "Kata itu perintah SMS" in answer.content.decode()
    assert 'value="STATUS"' in answer.content.decode()


# --- Those to begin with ---


@pytest.mark.django_db
def test_the_usual_prefixes_are_laid_once(world: World) -> None:
    inhu = Agency.objects.create(
        name="Pemerintah Kabupaten Indragiri Hulu", kind="KABUPATEN", parent=world.root, region=world.tetangga
    )
    by = Actor.system("uji")
    assert set(load_prefixes(by)) >= {"INHU", "KAB. INDRAGIRI HULU", "KAB. SUKAMAJU", "PROV. SUKARAYA", "Kemenjembatan"}
    assert prefixes.of(inhu) == ["INHU", "KAB. INDRAGIRI HULU"]
    ended = Prefix.objects.get(normal="inhu")
    prefixes.end(ended, by=by)
    assert load_prefixes(by) == []
    assert prefixes.of(inhu) == ["KAB. INDRAGIRI HULU"]


def test_the_normal_form_knows_how_governments_are_spelt() -> None:
    assert {normal(text) for text in ("KAB. NGANJUK", "Kabupaten Nganjuk", "kab  nganjuk")} == {"kabnganjuk"}
    assert normal("Propinsi Riau") == normal("PROV. RIAU") == "provriau"
    assert normal("…") == ""
