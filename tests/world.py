"""The cast and the small country it lives in (region codes 98 and 99, which the real list does not have).

    def test_something(world: World) -> None:
        complaint.answer(by=world.joko, …)      officers are Actors, each through one membership
        client.force_login(world.sari)          citizens are Users

Sari complains; Pak Joko answers for the Dinas PU of Kabupaten Sukamaju, Bu Hana heads it; Bu Wati oversees the
kabupaten from its Kominfo; Bu Ratna and Pak Seno sit at the centre, Pak Bayu observes there; Rudi is a stranger.
"""

from __future__ import annotations

import csv
import datetime
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.test import Client
from django.utils.crypto import get_random_string

from agencies.actor import Actor
from agencies.loading.holidays import load_holidays
from agencies.loading.offices import ensure_root
from agencies.models import Agency, Holiday, Kind, Level, Membership, Programme, Region, Role, User
from agencies.sessions import BEGAN, SEEN
from complaints.loaders import load_categories, load_standards
from complaints.models import Category, ServiceStandard
from lapor.kit.sessions import SessionStore

ROOT = Path(__file__).resolve().parent.parent
LONG_AGO = datetime.date(2020, 1, 1)

# code, name, level, zone
REGIONS = (
    ("99", "Sukaraya", Level.PROVINSI, "Asia/Jakarta"),
    ("99.01", "Kabupaten Sukamaju", Level.KABUPATEN, "Asia/Jakarta"),
    ("99.01.01", "Mekarsari", Level.KECAMATAN, "Asia/Jakarta"),
    ("99.01.01.1001", "Pasar Lama", Level.KELURAHAN, "Asia/Jakarta"),
    ("99.01.01.2001", "Sukasari", Level.DESA, "Asia/Jakarta"),
    ("99.01.02", "Cibuni", Level.KECAMATAN, "Asia/Jakarta"),
    ("99.01.02.2001", "Cibuni Hilir", Level.DESA, "Asia/Jakarta"),
    ("99.02", "Kabupaten Tetangga", Level.KABUPATEN, "Asia/Jakarta"),
    ("99.02.01", "Tetangga Barat", Level.KECAMATAN, "Asia/Jakarta"),
    ("99.02.01.2001", "Batu Belah", Level.DESA, "Asia/Jakarta"),
    ("98", "Fajar Timur", Level.PROVINSI, "Asia/Jayapura"),
    ("98.01", "Kabupaten Ujung Timur", Level.KABUPATEN, "Asia/Jayapura"),
    ("98.01.01", "Teluk Pagi", Level.KECAMATAN, "Asia/Jayapura"),
    ("98.01.01.2001", "Karang Pagi", Level.DESA, "Asia/Jayapura"),
)

CATEGORIES = (
    "Jalan Berlubang",
    "Pekerjaan Umum dan Penataan Ruang",
    "Kesehatan",
    "Sosial dan Kesejahteraan",
    "Energi dan Sumber Daya Alam",
    "Topik Lainnya",
)


@dataclass
class World:
    """Plain objects, saved. Offices by what they are, officers as Actors, citizens as Users."""

    # Places
    province: Region
    sukamaju: Region
    mekarsari: Region
    pasar_lama: Region
    sukasari: Region
    cibuni: Region
    tetangga: Region
    batu_belah: Region
    ujung_timur: Region
    karang_pagi: Region
    # Offices
    root: Agency
    pemprov: Agency
    pemkab: Agency
    dinas_pu: Agency
    bidang_jalan: Agency  # a UNIT below the Dinas PU, without officers
    dinas_kesehatan: Agency
    dinas_sosial: Agency  # without officers
    inspektorat: Agency
    kominfo: Agency
    kecamatan: Agency  # of Mekarsari, without officers
    pemkab_tetangga: Agency
    dinas_pu_tetangga: Agency
    pemkab_timur: Agency  # in WIT, without officers
    ministry: Agency  # without officers
    bumn: Agency
    # Citizens
    sari: User
    rudi: User
    # Officers
    joko: Actor  # LIAISON of dinas_pu
    hana: Actor  # HEAD of dinas_pu
    wati: Actor  # COORDINATOR of pemkab
    dewi: Actor  # LIAISON of dinas_kesehatan
    agus: Actor  # LIAISON of inspektorat
    tono: Actor  # COORDINATOR of pemkab_tetangga
    yanto: Actor  # LIAISON of dinas_pu_tetangga
    lina: Actor  # LIAISON of bumn
    ratna: Actor  # NATIONAL
    seno: Actor  # NATIONAL
    bayu: Actor  # OBSERVER at the root
    # Categories
    cat_road: Category  # pekerjaan_umum, below cat_works
    cat_works: Category
    cat_health: Category
    cat_social: Category
    cat_power: Category
    cat_other: Category  # Topik Lainnya: bidang "lainnya", which no office has

    def membership(self, user: User, agency: Agency, role: Role, **extra: object) -> Membership:
        """One more membership, current unless said otherwise."""
        extra.setdefault("starts_on", LONG_AGO)
        return Membership.objects.create(user=user, agency=agency, role=role, **extra)

    def officer(self, name: str, agency: Agency, role: Role = Role.LIAISON, **extra: object) -> Actor:
        """One more officer, with an account of their own."""
        return Actor.officer(self.membership(citizen(name), agency, role, **extra))


def citizen(name: str) -> User:
    """One more user without a membership, who cannot sign in by password (tests use `force_login`)."""
    user = User(email=f"{name.lower().replace(' ', '.')}@contoh.test", name=name, password="!")
    user.save()
    return user


def programme(code: str, **more: Any) -> Programme:
    """A priority programme in force, the same at every call."""
    return Programme.objects.get_or_create(code=code, defaults={"name": code, "starts_on": LONG_AGO, **more})[0]


def client_of(who: User | Actor) -> Client:
    """A browser in which this person is signed in; officers act through the membership of their Actor.

    The session is what signing in leaves, without the way there: hundreds of tests begin with it.
    """
    client = Client()
    user = who.user if isinstance(who, Actor) else who
    assert user is not None
    session, now = SessionStore(get_random_string(32)), int(time.time())
    session._session_cache = {}  # type: ignore[attr-defined]  # nothing is stored of it yet
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session[BEGAN] = session[SEEN] = now
    if isinstance(who, Actor) and who.membership is not None:
        session["membership"] = who.membership.pk
    session.create_model_instance(dict(session.items())).save(force_insert=True)
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key or ""
    return client


@cache
def holiday_rows() -> tuple[dict[str, str], ...]:
    with (ROOT / "agencies/data/holidays/holidays_2024_2027.csv").open(encoding="utf-8") as file:
        return tuple(csv.DictReader(file))


@cache
def holiday_set() -> frozenset[datetime.date]:
    """National holidays and cuti bersama 2024-2027, as the table has them."""
    return frozenset(datetime.date.fromisoformat(row["date"]) for row in holiday_rows())


def load_reference_for_tests() -> None:
    """What every test database holds from the start: the root, the holidays, the standards, the categories.

    Without the 83,762 villages and the real agencies: whoever needs them loads them.
    """
    ensure_root()
    if not Holiday.objects.exists():
        load_holidays()
    if not ServiceStandard.objects.exists():
        load_standards()
    if not Category.objects.exists():
        load_categories(LONG_AGO)


def build() -> World:
    """The whole cast in about fifteen statements. Reference rows that are missing are made."""
    load_reference_for_tests()
    place = {
        code: Region(
            code=code,
            name=name,
            search_name=name.lower().removeprefix("kabupaten "),
            level=level,
            parent_id=code.rpartition(".")[0] or None,
            zone=zone,
        )
        for code, name, level, zone in REGIONS
    }
    Region.objects.bulk_create(place.values())

    root = Agency.objects.root()
    pemprov = Agency(
        name="Pemerintah Provinsi Sukaraya",
        short_name="Pemprov Sukaraya",
        kind=Kind.PROVINSI,
        parent=root,
        region=place["99"],
    )
    pemkab, pemkab_tetangga, pemkab_timur = (
        Agency(
            name=f"Pemerintah {place[code].name}",
            short_name=place[code].name.replace("Kabupaten", "Pemkab"),
            kind=Kind.KABUPATEN,
            parent=root,
            region=place[code],
        )
        for code in ("99.01", "99.02", "98.01")
    )
    dinas_pu = opd(pemkab, "Dinas Pekerjaan Umum dan Penataan Ruang", "Dinas PU", "pekerjaan_umum")
    bidang_jalan = Agency(
        name="Bidang Jalan dan Jembatan", kind=Kind.UNIT, parent=dinas_pu, region=place["99.01"], urusan="bidang"
    )
    dinas_kesehatan = opd(pemkab, "Dinas Kesehatan", "Dinkes", "kesehatan")
    dinas_sosial = opd(pemkab, "Dinas Sosial", "Dinsos", "sosial")
    inspektorat = opd(pemkab, "Inspektorat Daerah", "Inspektorat", "", urusan="inspektorat")
    kominfo = opd(pemkab, "Dinas Komunikasi dan Informatika", "Diskominfo", "kominfo")
    pemkab.coordinators_at = kominfo
    kecamatan = opd(pemkab, "Kecamatan Mekarsari", "", "kecamatan_kelurahan", urusan="kecamatan")
    kecamatan.region = place["99.01.01"]
    dinas_pu_tetangga = opd(pemkab_tetangga, "Dinas Pekerjaan Umum", "Dinas PU", "pekerjaan_umum")
    ministry = Agency(
        name="Kementerian Jembatan Nasional",
        short_name="Kemenjembatan",
        aliases=["Kementerian Jembatan"],
        kind=Kind.KEMENTERIAN,
        parent=root,
        bidang=["perhubungan"],
    )
    bumn = Agency(
        name="PT Listrik Sukaraya (Persero)",
        short_name="Listrik Sukaraya",
        kind=Kind.BUMN,
        parent=root,
        bidang=["energi_listrik"],
    )
    Agency.objects.plant(
        [
            pemprov,
            pemkab,
            pemkab_tetangga,
            pemkab_timur,
            ministry,
            bumn,
            dinas_pu,
            bidang_jalan,
            dinas_kesehatan,
            dinas_sosial,
            inspektorat,
            kominfo,
            kecamatan,
            dinas_pu_tetangga,
        ]
    )

    cast: list[tuple[str, str, Agency | None, Role | None, str]] = [
        ("sari", "Sari Wulandari", None, None, ""),
        ("rudi", "Rudi Hartono", None, None, ""),
        ("joko", "Joko Prasetyo", dinas_pu, Role.LIAISON, ""),
        ("hana", "Hana Permata", dinas_pu, Role.HEAD, "Kepala Dinas"),
        ("wati", "Wati Lestari", pemkab, Role.COORDINATOR, ""),
        ("dewi", "Dewi Anggraini", dinas_kesehatan, Role.LIAISON, ""),
        ("agus", "Agus Salim", inspektorat, Role.LIAISON, ""),
        ("tono", "Tono Wijaya", pemkab_tetangga, Role.COORDINATOR, ""),
        ("yanto", "Yanto Nugroho", dinas_pu_tetangga, Role.LIAISON, ""),
        ("lina", "Lina Marlina", bumn, Role.LIAISON, ""),
        ("ratna", "Ratna Dewanti", root, Role.NATIONAL, ""),
        ("seno", "Seno Aji", root, Role.NATIONAL, ""),
        ("bayu", "Bayu Pratama", root, Role.OBSERVER, ""),
    ]
    users = {key: User(email=f"{key}@contoh.test", name=name, password="!") for key, name, *_ in cast}
    User.objects.bulk_create(users.values())
    memberships = {
        key: Membership(user=users[key], agency=agency, role=role, starts_on=LONG_AGO, title=title)
        for key, _, agency, role, title in cast
        if agency is not None and role is not None
    }
    Membership.objects.bulk_create(memberships.values())
    officers = {key: Actor.officer(membership) for key, membership in memberships.items()}
    categories = {category.name: category for category in Category.objects.filter(name__in=CATEGORIES)}
    return World(
        province=place["99"],
        sukamaju=place["99.01"],
        mekarsari=place["99.01.01"],
        pasar_lama=place["99.01.01.1001"],
        sukasari=place["99.01.01.2001"],
        cibuni=place["99.01.02"],
        tetangga=place["99.02"],
        batu_belah=place["99.02.01.2001"],
        ujung_timur=place["98.01"],
        karang_pagi=place["98.01.01.2001"],
        root=root,
        pemprov=pemprov,
        pemkab=pemkab,
        dinas_pu=dinas_pu,
        bidang_jalan=bidang_jalan,
        dinas_kesehatan=dinas_kesehatan,
        dinas_sosial=dinas_sosial,
        inspektorat=inspektorat,
        kominfo=kominfo,
        kecamatan=kecamatan,
        pemkab_tetangga=pemkab_tetangga,
        dinas_pu_tetangga=dinas_pu_tetangga,
        pemkab_timur=pemkab_timur,
        ministry=ministry,
        bumn=bumn,
        sari=users["sari"],
        rudi=users["rudi"],
        cat_road=categories["Jalan Berlubang"],
        cat_works=categories["Pekerjaan Umum dan Penataan Ruang"],
        cat_health=categories["Kesehatan"],
        cat_social=categories["Sosial dan Kesejahteraan"],
        cat_power=categories["Energi dan Sumber Daya Alam"],
        cat_other=categories["Topik Lainnya"],
        **officers,
    )


def opd(pemda: Agency, name: str, short_name: str, bidang: str, urusan: str = "") -> Agency:
    """An unsaved OPD of this pemda."""
    return Agency(
        name=name,
        short_name=short_name,
        kind=Kind.OPD,
        parent=pemda,
        region=pemda.region,
        bidang=[bidang] if bidang else [],
        urusan=urusan,
    )


@pytest.fixture
def world(request: pytest.FixtureRequest, db: None) -> World:
    """The cast, saved; what a test does to it is gone after the test."""
    scene = request.getfixturevalue("with_the_cast") if "with_the_cast" in request.fixturenames else None
    if scene is None:
        return build()
    found = scene.world
    assert isinstance(found, World)
    return found
