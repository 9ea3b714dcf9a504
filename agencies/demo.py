"""Demo districts with their officers. Every person is invented; the accounts exist only in *coba*."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import transaction

from agencies.actor import Actor
from agencies.loading.prefixes import load_prefixes
from agencies.loading.starter_set import lay_starter_set
from agencies.models import (
    Agency,
    Area,
    Decree,
    Kind,
    Membership,
    Programme,
    Region,
    Role,
    SubSite,
    TeamMember,
    User,
)
from agencies.models.agency import PEMDA
from agencies.subsites import set_subsite

PASSWORD = "coba-lapor-2026"  # noqa: S105 (printed on purpose; produksi refuses it)
DOMAIN = "contoh.id"

INHU, HSU, KUNINGAN, SUMBAR, SULTRA = "14.02", "63.08", "32.08", "13", "74"
SINCE = datetime.date(2024, 1, 1)
LIAISONS_OF_INHU = 55

# A branch of a body of the centre: reports from these districts reach it, those from elsewhere the head office.
BRANCH = "BPJS Kesehatan Kabupaten Indragiri Hulu"
BRANCH_SERVES = (INHU, "14.09")

# The priority programme that the account of the Kantor Staf Presiden observes.
ROADS = "jalan-daerah"
PROGRAMMES: dict[str, dict[str, str]] = {
    ROADS: {
        "name": "Inpres Jalan Daerah",
        "description": "Jalan dan jembatan provinsi, kabupaten, dan desa yang rusak, putus, atau berbahaya.",
        "legal_basis": "Inpres 3/2023 tentang Percepatan Peningkatan Konektivitas Jalan Daerah",
    }
}
# Email, name, region code of the pemda (or a name under the root; "" is the root), office there, role, title or the
# code of the programme it observes, and the words by which the account is offered ("": it is not).
Person = tuple[str, str, str, str, Role, str, str]
OFFICERS: list[Person] = [
    ("joko", "Joko Prasetyo", INHU, "Dinas Pekerjaan Umum dan Penataan Ruang", Role.LIAISON, "", "Pejabat Penghubung"),
    ("hana", "Hana Permata", INHU, "Dinas Pekerjaan Umum dan Penataan Ruang", Role.HEAD, "Kepala Dinas", "Pimpinan"),
    ("surya", "Surya Darma", INHU, "Dinas Pekerjaan Umum dan Penataan Ruang", Role.HEAD, "Sekretaris", "Sekretaris"),
    ("wati", "Wati Lestari", INHU, "", Role.COORDINATOR, "", "Admin Instansi (Kominfo)"),
    ("rahma", "Rahmawati", HSU, "Dinas Kesehatan", Role.LIAISON, "", "Pejabat Penghubung"),
    ("fauzan", "Fauzan Noor", HSU, "Dinas Pekerjaan Umum dan Penataan Ruang", Role.LIAISON, "", ""),
    ("mardiana", "Mardiana", HSU, "Dinas Kependudukan dan Pencatatan Sipil", Role.LIAISON, "", ""),
    ("syahrani", "Syahrani", HSU, "Dinas Sosial", Role.LIAISON, "", ""),
    ("hadi", "Hadi Rahman", HSU, "", Role.COORDINATOR, "", "Admin Instansi (Kominfo)"),
    ("euis", "Euis Komariah", KUNINGAN, "Dinas Pendidikan", Role.LIAISON, "", "Pejabat Penghubung"),
    ("asep", "Asep Sunandar", KUNINGAN, "Dinas Pekerjaan Umum dan Penataan Ruang", Role.LIAISON, "", ""),
    ("dadan", "Dadan Ramdani", KUNINGAN, "Dinas Lingkungan Hidup", Role.LIAISON, "", ""),
    ("neneng", "Neneng Hasanah", KUNINGAN, "Dinas Sosial", Role.LIAISON, "", ""),
    ("iwan", "Iwan Setiawan", KUNINGAN, "Dinas Perhubungan", Role.LIAISON, "", ""),
    ("kurnia", "Kurnia Dewi", KUNINGAN, "", Role.COORDINATOR, "", "Admin Instansi (Kominfo)"),
    ("yusnita", "Yusnita", SUMBAR, "Dinas Energi dan Sumber Daya Mineral", Role.LIAISON, "", ""),
    ("afrizal", "Afrizal", SUMBAR, "Dinas Pekerjaan Umum dan Penataan Ruang", Role.LIAISON, "", "Pejabat Penghubung"),
    ("desi", "Desi Fitriani", SUMBAR, "", Role.COORDINATOR, "", "Admin Instansi (Kominfo)"),
    ("laode", "La Ode Rahmat", SULTRA, "", Role.COORDINATOR, "", "Admin Instansi (Kominfo)"),
    ("maya", "Maya Sukmawati", "Kementerian Pekerjaan Umum", "", Role.COORDINATOR, "", "Admin Instansi"),
    ("bagas", "Bagas Nugroho", "Kementerian Sosial", "", Role.LIAISON, "", "Pejabat Penghubung"),
    ("nur", "Nur Aisyah", "Badan Penyelenggara Jaminan Sosial Kesehatan", "", Role.LIAISON, "", ""),
    ("rika", "Rika Amelia", "Badan Penyelenggara Jaminan Sosial Kesehatan", BRANCH, Role.LIAISON, "", "Petugas cabang"),
    ("ratna", "Ratna Dewanti", "", "", Role.NATIONAL, "", "Admin Nasional (PANRB)"),
    ("seno", "Seno Aji", "", "", Role.NATIONAL, "", "Admin Nasional (PANRB)"),
    ("laksmi", "Laksmi Hapsari", "", "", Role.OBSERVER, ROADS, "Pengawas (Kantor Staf Presiden)"),
    ("bayu", "Bayu Pratama", "", "", Role.OBSERVER, "", "Pengawas (Ombudsman)"),
    ("intan", "Intan Kusumaningrum", "Ombudsman Republik Indonesia", "", Role.OBSERVER, "", "Pemeriksa (Ombudsman)"),
    ("gita", "Gita Savitri", "", "", Role.OBSERVER, "", "Tim pengungkapan (WBS)"),
    ("made", "Made Wirawan", "", "", Role.OBSERVER, "", "Tim pengungkapan (WBS)"),
]
# Who reads disclosures (WBS) at the centre.
TEAM = ("gita", "made")
# Two districts with a door of their own, in colours far apart.
SITES: dict[str, dict[str, Any]] = {
    INHU: {
        "slug": "inhu",
        "name": "Lapor Inhu",
        "greeting": "Sampaikan di sini. Semua kantor di Inhu wajib menjawab sebelum batas waktunya.",
        "colour": "#0a6b3d",
        "phones": [["Loket Diskominfo Inhu", "0769 000 0000"]],
    },
    KUNINGAN: {
        "slug": "kuningan",
        "name": "Kuningan Melapor",
        "greeting": "Wargi Kuningan, mangga diserat. Kantornya menjawab sebelum batas waktu.",
        "colour": "#7a1f4b",
        "accent": "#f2b84b",
        "phones": [["Loket Kuningan", "0232 000 000"]],
    },
}
CITIZENS = [("sari", "Sari Wulandari"), ("rudi", "Rudi Hartono")]

_FIRST = "Andi Budi Citra Dian Eka Fitri Gilang Heri Indah Jefri Kartika Lukman Mira Nanda Okta Putri Rizki Sinta Tri"
_LAST = "Saputra Lubis Siregar Hasan Maulana Ramadhani Simatupang Yuliana"


def accounts() -> list[tuple[str, str, str]]:
    """(role in words with its office, email, password) of those worth trying first."""
    found = [(f"Warga, {name}", f"{key}@{DOMAIN}", PASSWORD) for key, name in CITIZENS]
    place = {
        INHU: "Kab. Indragiri Hulu",
        HSU: "Kab. Hulu Sungai Utara",
        KUNINGAN: "Kab. Kuningan",
        SUMBAR: "Prov. Sumatera Barat",
        SULTRA: "Prov. Sulawesi Tenggara",
    }
    for key, _name, where, office, _role, _title, words in OFFICERS:
        if words:
            at = ", ".join(part for part in (words, office, place.get(where, where)) if part)
            found.append((at, f"{key}@{DOMAIN}", PASSWORD))
    return found


@transaction.atomic
def seed() -> int:
    """Lay the districts and staff them; returns how many memberships are new. Running it again changes nothing."""
    by = Actor.system("seed_demo")
    offices: dict[tuple[str, str], Agency] = {("", ""): Agency.objects.root()}
    for agency in Agency.objects.filter(kind__in=PEMDA, region__in=(INHU, HSU, KUNINGAN, SUMBAR, SULTRA)):
        offices[agency.region_id or "", ""] = agency
        lay_starter_set(agency, by)
        for office in Agency.objects.under(agency).exclude(pk=agency.pk).filter(ends_on__isnull=True):
            offices[agency.region_id or "", office.name] = office
    names = {where for _, _, where, *_ in OFFICERS if where and not where[0].isdigit()}
    for agency in Agency.objects.filter(name__in=names, ends_on__isnull=True, parent=offices["", ""]):
        offices[agency.name, ""] = agency
    bpjs = offices.get(("Badan Penyelenggara Jaminan Sosial Kesehatan", ""))
    if bpjs is not None:
        offices[bpjs.name, BRANCH] = _branch(bpjs)

    hashed = make_password(PASSWORD)
    before = Membership.objects.count()
    for key, name in CITIZENS:
        _account(key, name, hashed)
    decree = _decrees_of_inhu(offices[INHU, ""])
    programmes = _programmes()
    for key, name, where, office_name, role, note, _words in OFFICERS:
        if (where, office_name) not in offices:
            continue
        user, office = _account(key, name, hashed), offices[where, office_name]
        # One observer may have several programmes by now: whoever has any membership of this kind is left alone.
        if Membership.objects.filter(user=user, agency=office, role=role, ends_on=None).exists():
            continue
        Membership.objects.create(
            user=user,
            agency=office,
            role=role,
            starts_on=SINCE,
            decree=decree if where == INHU else None,
            programme=programmes.get(note),
            title=note if role == Role.HEAD else "",
        )
    _liaisons_of_inhu(offices[INHU, ""], decree, hashed)
    _team(offices["", ""])
    for code, said in SITES.items():
        if (code, "") in offices and not SubSite.objects.filter(agency=offices[code, ""]).exists():
            set_subsite(offices[code, ""], by=by, active=True, **said)
    load_prefixes(by)
    return Membership.objects.count() - before


def _branch(body: Agency) -> Agency:
    branch = Agency.objects.filter(parent=body, name=BRANCH).first()
    if branch is None:
        branch = Agency.objects.create(parent=body, name=BRANCH, kind=Kind.UNIT)
        regions = Region.objects.filter(pk__in=BRANCH_SERVES)
        Area.objects.bulk_create([Area(agency=branch, region=region, starts_on=SINCE) for region in regions])
    return branch


def _programmes() -> dict[str, Programme]:
    return {
        code: Programme.objects.get_or_create(code=code, defaults={**said, "starts_on": SINCE})[0]
        for code, said in PROGRAMMES.items()
    }


def _account(key: str, name: str, hashed: str) -> User:
    user, is_new = User.objects.get_or_create(email=f"{key}@{DOMAIN}", defaults={"name": name, "password": hashed})
    if is_new:
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def _team(root: Agency) -> None:
    """The centre's team, which reads disclosures (WBS)."""
    decree, _ = Decree.objects.get_or_create(
        agency=root,
        number="SK 1/WBS/2024",
        defaults={"decided_on": SINCE, "about": "Tim pengungkapan pelanggaran (WBS) di pusat"},
    )
    for user in User.objects.filter(email__in=[f"{key}@{DOMAIN}" for key in TEAM]):
        if not TeamMember.objects.filter(user=user, agency=root, ends_on=None).exists():
            TeamMember.objects.create(user=user, agency=root, decree=decree, starts_on=SINCE)


def _decrees_of_inhu(pemda: Agency) -> Decree:
    first, _ = Decree.objects.get_or_create(
        agency=pemda,
        number="KPTS 42/I/2017",
        defaults={
            "decided_on": datetime.date(2017, 1, 16),
            "about": "Tim Pengelola Layanan Aspirasi dan Pengaduan Online Rakyat (LAPOR!) Kabupaten Indragiri Hulu",
        },
    )
    second, _ = Decree.objects.get_or_create(
        agency=pemda,
        number="KPTS 324/VII/2021",
        defaults={
            "decided_on": datetime.date(2021, 7, 12),
            "about": "Perubahan atas Keputusan Bupati Nomor KPTS 42/I/2017 tentang Tim Pengelola LAPOR!",
            "amends": first,
        },
    )
    return second


def _liaisons_of_inhu(pemda: Agency, decree: Decree, hashed: str) -> None:
    """One at each of 55 offices, Pak Joko's among them; the parts of the secretariat come last."""
    staffed = set(
        Membership.objects.filter(agency__path__startswith=pemda.path, role=Role.LIAISON, ends_on=None).values_list(
            "agency", flat=True
        )
    )
    offices = Agency.objects.under(pemda).filter(ends_on__isnull=True).exclude(pk=pemda.pk).order_by("kind", "pk")
    people = _people()
    for office in offices:
        if len(staffed) == LIAISONS_OF_INHU:
            return
        key, name = next(people)
        if office.pk not in staffed:
            Membership.objects.create(
                user=_account(key, name, hashed), agency=office, role=Role.LIAISON, starts_on=SINCE, decree=decree
            )
            staffed.add(office.pk)


def _people() -> Iterator[tuple[str, str]]:
    for last in _LAST.split():
        for first in _FIRST.split():
            yield f"{first}.{last}".lower(), f"{first} {last}"
