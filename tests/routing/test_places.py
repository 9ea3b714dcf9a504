"""Where a point lies and what place a text names, over the shipped borders and names; never in the web process."""

from __future__ import annotations

import csv
import gzip
import random
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from routing.places import gazetteer, naming, points
from routing.places.naming import find

ROOT = Path(__file__).resolve().parents[2]
KNOWN_POINTS = ROOT.parent / "shared" / "data" / "boundaries" / "gps_points_dev.csv"


# --- points ---


@pytest.fixture(scope="module")
def borders() -> points.Borders:
    return points.shipped()


@pytest.mark.parametrize(
    ("latitude", "longitude", "code"),
    [
        (-0.3713, 102.5439, "14.02"),  # Rengat
        (-6.9764, 108.4848, "32.08"),  # Kuningan
        (-6.1754, 106.8272, "31.71"),  # Monas
        (-7.7829, 110.3671, "34.71"),  # the Tugu of Yogyakarta, a kota inside a kabupaten
        (-2.5337, 140.7181, "91.71"),  # Jayapura, on the coast
    ],
)
def test_a_point_lies_in_its_regency(borders: points.Borders, latitude: float, longitude: float, code: str) -> None:
    spot = borders.at(latitude, longitude)
    assert spot is not None
    assert spot.regency == code
    assert spot.sure.startswith(code)


def test_the_points_that_are_known(borders: points.Borders) -> None:
    if not KNOWN_POINTS.exists():
        pytest.skip(f"{KNOWN_POINTS} is not there")
    with KNOWN_POINTS.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    found = {row["place"]: borders.at(float(row["lat"]), float(row["lng"])) for row in rows}
    assert {row["place"]: row["regency_code"] for row in rows} == {
        place: spot.regency if spot else None for place, spot in found.items()
    }


def test_near_the_coast_the_nearest_is_meant_and_far_out_nobody(borders: points.Borders) -> None:
    pier = borders.at(-7.55, 106.45)  # off Ujung Genteng
    assert pier is not None
    assert pier.away > points.NEAR_COAST
    assert pier.sure == ""
    assert borders.at(-9.0, 100.0) is None  # the ocean
    assert borders.at(51.5, 0.0) is None  # London


def test_on_a_border_only_what_both_sides_share_is_sure(tmp_path: Path) -> None:
    file = tmp_path / "batas.csv.gz"
    with gzip.open(file, "wt", encoding="utf-8") as rows:
        rows.write(
            "code,hole,ring\n"
            '99.01.01,f,"((100,0),(101,0),(101,1),(100,1))"\n'
            '99.01.01,t,"((100.4,0.4),(100.6,0.4),(100.6,0.6),(100.4,0.6))"\n'
            '99.02.01,f,"((100.4,0.4),(100.6,0.4),(100.6,0.6),(100.4,0.6))"\n'
            '99.01.02,f,"((101,0),(102,0),(102,1),(101,1))"\n'
        )
    land = points.read(file)
    assert land.at(0.1, 100.1) == points.Spot("99.01.01")
    assert land.at(0.5, 100.5) == points.Spot("99.02.01")  # an enclave is not what lies around it
    edge = land.at(0.2, 101.0005)
    assert edge == points.Spot("99.01.02", 0, ("99.01.01",))
    assert edge is not None
    assert edge.sure == "99.01"
    between = land.at(0.5, 100.4001)
    assert between is not None
    assert between.sure == "99"
    outside = land.at(-0.01, 100.5)
    assert outside is not None
    assert (outside.code, outside.sure) == ("99.01.01", "99.01.01")
    assert 1_000 < outside.away < 1_200
    assert land.at(-0.01, 100.5, reach=500) is None


@settings(max_examples=60, deadline=None)
@given(st.floats(-90, 90), st.floats(-180, 180))
def test_any_point_has_an_answer_or_none(latitude: float, longitude: float) -> None:
    spot = points.shipped().at(latitude, longitude)
    if spot is not None:
        assert 0 <= spot.away <= points.REACH
        assert spot.code.startswith(spot.sure)
        assert spot.code not in spot.beside


# --- texts ---


@pytest.mark.parametrize(
    ("text", "code", "narrow"),
    [
        ("Jalan rusak di Desa Bukit Meranti, Kec. Seberida, Inhu", "14.02", "14.02.06.2006"),
        ("kel. sekip hulu kec rengat kab. indragiri hulu", "14.02", "14.02.01.1008"),
        # The narrower name tells which of two: a kabupaten and a kota are both called so.
        ("lampu mati di ngaliyan semarang", "33.74", "33.74.15"),
        ("Pare, Kediri: taman tidak terawat", "35.06", "35.06.17"),
        ("Kota Kediri, kec. Pesantren", "35.71", "35.71.03"),
        ("banjir di kab malang", "35.07", ""),
        # As people write: for short, apart, together.
        ("jembatan roboh didesa taba pasmah kec talang empat bkl tengah", "17.09", None),
        ("jln berlubang di jaksel", "31.74", ""),
        ("Mohon tertibkan parkir di Bau Bau", "74.72", ""),
        ("kpd BKD TebingTinggi soal pensiun", "12.76", ""),
        ("Kecamatan Seberang Ulu I Palembang", "16.71", "16.71.02"),
        # A street is no place, what stands behind it is.
        ("Jalan Kuningan, Kec. Setiabudi Jakarta Selatan", "31.74", "31.74.02"),
        ("Di Provinsi Jawa Timur belum ada", "35", ""),
    ],
)
def test_a_text_names_its_place(text: str, code: str, narrow: str | None) -> None:
    named = find(text)
    assert named is not None
    assert named.code == code
    assert named.certainty >= naming.WORTH
    if narrow is not None:
        assert named.narrow == narrow


@pytest.mark.parametrize(
    "text",
    [
        "Jl. Sudirman rusak",
        "Jalan Kuningan macet",
        "jln. raya bogor berlubang",
        "gang medan gelap",
        "Bank Jatim antre, makan nasi padang dulu",
        "Pak Solok tidak di tempat",
        "batu besar jatuh, sial malang nasib kami",
        "kelurahan mau dikerjakan minggu ini",
        "",
        "...",
    ],
)
def test_streets_shops_people_and_everyday_words_are_no_places(text: str) -> None:
    named = find(text)
    assert named is None or named.certainty < naming.WORTH


def test_a_name_that_many_places_have_is_not_told_alone_but_by_what_is_known() -> None:
    alone = find("Pelayanan di kelurahan Rejosari lambat")
    assert alone is None or alone.certainty < naming.WORTH
    known = find("Pelayanan di kelurahan Rejosari lambat", known=["33.74"])
    assert known is not None
    assert known.code == "33.74"
    assert known.certainty > (alone.certainty if alone else 0) * 4


def test_two_kabupaten_named_alike_plainly_leave_it_open() -> None:
    named = find("Saya domisili Kendal dan kuliah di Purwakarta")
    assert named is not None
    assert named.certainty < 0.6


def test_the_words_that_spoke_for_it_are_told() -> None:
    text = "Lapor: lampu jalan padam. Kel. Peterongan, kec. Semarang Selatan"
    named = find(text)
    assert named is not None
    assert [span.text for span in named.spans] == ["Kel. Peterongan", "kec. Semarang Selatan"]
    assert all(text[span.start : span.end] == span.text for span in named.spans)


def _listed(file: str) -> list[tuple[str, str]]:
    with (gazetteer.FOLDER / file).open(encoding="utf-8", newline="") as rows:
        return [(row["code"], row["name"]) for row in csv.DictReader(rows)]


REGENCIES, DISTRICTS = _listed("regencies.csv"), _listed("districts.csv")
NAME_OF = dict(REGENCIES)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(DISTRICTS), st.sampled_from(["Kec. {0}, {1}", "kecamatan {0} di {1}", "{1} kec. {0}"]))
def test_every_kecamatan_named_with_its_regency_is_found(district: tuple[str, str], phrase: str) -> None:
    code, name = district
    # "Kamu", "Ibu", "Ma'u": words before they are names.
    assume(name.lower().replace("'", "") not in naming._NO_NAME and "(" not in name)
    named = find("Mohon perbaikan, " + phrase.format(name, NAME_OF[code[:5]]))
    assert named is not None
    assert (named.code, named.narrow) == (code[:5], code)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(REGENCIES), st.booleans())
def test_every_regency_named_whole_is_found(regency: tuple[str, str], small: bool) -> None:
    code, name = regency
    text = f"Jalan rusak di {name} sejak Senin"
    named = find(text.lower() if small else text)
    assert named is not None
    assert named.code == code


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300), st.lists(st.sampled_from(["14", "14.02", "33.74", "x", ""]), max_size=2))
def test_any_text_is_read_without_harm(text: str, known: list[str]) -> None:
    named = find(text, known)
    if named is not None:
        assert 0 < named.certainty <= naming.MOST
        assert 0 <= named.narrow_certainty <= named.certainty
        assert named.narrow == "" or named.narrow.startswith(f"{named.code}.")
        assert named.spans
        assert all(text[span.start : span.end] == span.text for span in named.spans)


@settings(max_examples=30, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_unrelated_sentences_does_not_matter(chance: random.Random) -> None:
    sentences = ["Lampu padam sejak Senin.", "Rumah saya di Kec. Seberida, Indragiri Hulu.", "Terima kasih banyak."]
    chance.shuffle(sentences)
    named = find(" ".join(sentences))
    assert named is not None
    assert named.narrow == "14.02.06"
