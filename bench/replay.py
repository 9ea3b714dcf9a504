"""The 795 real reports of 2017 through a running portal: where they go, how often that agrees with LAPOR!'s own admin,
how many a second, and how long from filing to a desk.

    .venv/bin/python bench/replay.py [RATE, default 8 a second]

A whole portal (bin/run: web, workers, broker, database) in a folder of its own, which is deleted at the end: the texts
were written by citizens. Each report is filed over HTTP through the API with its title and text alone, as somebody
would who chose no category and no place. Every central office gets an officer, every pemda a coordinator, and every
pemda that the admin named its usual offices with an officer each: measured is where reports go, not who signed up.

Twice, and the difference matters:
  with the weights that come with the portal, which were TRAINED ON these very reports: what one sees, too good to
  expect of others;
  with weights that have not seen them (five grouped folds: near copies stay together; mixing, sureness and thresholds
  are settled inside the learning part). Each fold's weights are put in force in the running portal, and its reports
  are filed while they are. THIS is the figure to expect.

Reads ../shared/data/complaints_lapor2017_dev; without it there is nothing to replay.
"""

from __future__ import annotations

import asyncio
import csv
import datetime
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.ground import ROOT, p

REPORTS = ROOT.parent / "shared/data/complaints_lapor2017_dev/complaints.csv"
LIMIT = 2.0
CONNECTIONS = 4
# Seconds between two looks at what was decided.
LOOK = 0.02
LEVEL_OF_KIND = {
    "KEMENTERIAN": "pusat",
    "LEMBAGA": "pusat",
    "BUMN": "bumn",
    "PROVINSI": "provinsi",
    "KABUPATEN": "kabkota",
    "KOTA": "kabkota",
}


@dataclass(frozen=True)
class Row:
    """One report, and what the admin chose: `office` is that office in our data, None where it is not there;
    `pemda`: the pemda it belongs to."""

    title: str
    text: str
    agency: str
    bidang: str
    level: str
    office: int | None = None
    pemda: int | None = None


def main(rate: float) -> None:
    if not REPORTS.exists():
        sys.exit(f"Tidak ada {REPORTS}: tak ada yang diputar ulang.")
    with portal() as (host, port):
        started = time.perf_counter()
        staff([row.agency for row in read()])
        rows = resolved(read())
        known = sum(row.office is not None for row in rows)
        print(f"{len(rows)} laporan; {known} di antaranya diberikan admin kepada kantor yang ada dalam data kami")
        print(f"(menyiapkan petugas {time.perf_counter() - started:.0f} detik)")
        key = program()
        print("\n== BOBOT BAWAAN, yang dilatih dari laporan-laporan ini juga: terlalu baik untuk diharapkan ==")
        seen = wave(rows, host, port, key, rate)
        tell(rows, seen.numbers)
        pace([seen], f"{rate:g} laporan per detik")
        print("\n== BOBOT YANG TIDAK PERNAH MELIHATNYA (lima lipatan berkelompok): inilah yang boleh diharapkan ==")
        waves = []
        for weights, held in folds(rows):
            put_in_force(weights)
            part = wave([rows[at] for at in held], host, port, key, None)
            waves.append(Wave({held[at]: number for at, number in part.numbers.items()}, part.decided))
        tell(rows, {at: number for one in waves for at, number in one.numbers.items()})
        pace(waves, "secepat-cepatnya, lima gelombang")
        print("\nYang tetap pernah melihat data ini: kosakata (penyusunnya membaca sekitar lima puluh laporan) dan")
        print("batas yakin tempat (0,9; dipilih dengan melihat 119 laporan yang menyebut tempatnya).")


def read() -> list[Row]:
    with REPORTS.open(encoding="utf-8-sig", newline="") as file:
        found = csv.DictReader(file)
        return [Row(one["title"], one["text"], one["agency"], one["bidang"], one["level"]) for one in found]


# --- The portal ---


@contextmanager
def portal() -> Iterator[tuple[str, int]]:
    """The address of a portal whose data nobody keeps; Django in this process speaks to its database."""
    # Ended from outside it must still take the texts away.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Dihentikan."))
    state = Path(tempfile.mkdtemp(prefix="lapor-replay-"))
    # Or, run by root, PostgreSQL's own account could not reach it and the data would lie, and stay, elsewhere.
    state.chmod(0o755)
    running = subprocess.Popen(
        [ROOT / "bin" / "run"],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"LAPOR_STATE_DIR": str(state)},
    )
    assert running.stdout is not None
    try:
        found = next(found for line in running.stdout if (found := re.match(r"Siap: http://([\d.]+):(\d+)/", line)))
        threading.Thread(target=running.stdout.read, daemon=True).start()
        os.environ.update(json.loads((state / "run" / "portal.json").read_text())["environment"])
        os.environ |= {"DJANGO_SETTINGS_MODULE": "lapor.settings", "LAPOR_DATABASE_POOL": "0"}
        import django

        django.setup()
        yield found[1], int(found[2])
    finally:
        running.send_signal(signal.SIGINT)
        running.wait(30)
        shutil.rmtree(state, ignore_errors=True)


def staff(named: list[str]) -> None:
    """An officer wherever a report may go."""
    from django.utils import timezone

    from agencies.actor import Actor
    from agencies.loading.starter_set import lay_starter_set
    from agencies.models import Agency, Membership, Role, User
    from agencies.models.agency import PEMDA

    today = timezone.localdate()
    root, by = Agency.objects.root(), Actor.system("bench")
    pemdas = {agency.pk: agency for agency in Agency.objects.active_on(today).filter(kind__in=PEMDA)}
    for pk in {found for name in named if (found := pemda_of(name, list(pemdas.values()))) is not None}:
        lay_starter_set(pemdas[pk], by)
    # One person sits everywhere: nobody asks here who answers.
    user = User.objects.create(email="replay@contoh.id", name="Petugas", password="!")
    offices = Agency.objects.active_on(today).exclude(pk=root.pk)
    Membership.objects.bulk_create(
        Membership(
            user=user,
            agency=office,
            role=Role.COORDINATOR if office.kind in PEMDA else Role.LIAISON,
            starts_on=today - datetime.timedelta(days=1),
        )
        for office in offices
    )


def program() -> str:
    """The key of a system that may file as much as is ever allowed."""
    from agencies import clients
    from agencies.actor import Actor
    from agencies.models import Agency, Membership, Role

    ratna = Membership.objects.filter(role=Role.NATIONAL).order_by("pk").first()
    assert ratna is not None
    return str(
        clients.register(
            by=Actor.officer(ratna),
            agency=Agency.objects.root(),
            name="Putar ulang",
            permissions=["file"],
            hourly_limit=clients.MOST_HOURLY,
        )[1]
    )


async def file_all(rows: list[Row], host: str, port: int, key: str, rate: float | None) -> dict[int, str]:
    """Position of each report → its number. `rate`: so many a second; None: as fast as it takes them."""
    numbers: dict[int, str] = {}
    left = iter(enumerate(rows))
    began = time.perf_counter()

    async def citizen() -> None:
        reader, writer = await asyncio.open_connection(host, port)
        for at, row in left:
            wait = began + at / rate - time.perf_counter() if rate else 0
            if wait > 0:
                await asyncio.sleep(wait)
            body = json.dumps({"title": row.title[:160], "body": row.text}).encode()
            head = (
                f"POST /api/v1/laporan/ HTTP/1.1\r\nHost: {host}:{port}\r\nAuthorization: Bearer {key}\r\n"
                f"Idempotency-Key: {uuid.uuid4()}\r\nContent-Type: application/json\r\n"
                f"Content-Length: {len(body)}\r\nConnection: keep-alive\r\n\r\n"
            )
            writer.write(head.encode() + body)
            answer = await reader.readuntil(b"\r\n\r\n")
            length = re.search(rb"(?i)content-length: (\d+)", answer)
            said = await reader.readexactly(int(length[1]) if length else 0)
            if not answer.startswith(b"HTTP/1.1 201"):
                sys.exit(f"Tidak diterima: {answer[:60]!r} {said[:300]!r}")
            numbers[at] = json.loads(said)["number"]
        writer.close()

    await asyncio.gather(*[citizen() for _ in range(CONNECTIONS)])
    return numbers


def drained() -> None:
    """Until no report waits for the worker."""
    from routing.models import Disposition

    began = time.perf_counter()
    while Disposition.objects.unweighed().exists():
        if time.perf_counter() - began > 600:
            sys.exit("Tidak habis dalam 10 menit.")
        time.sleep(0.1)


# --- Weights that have not seen what they read ---


def folds(rows: list[Row]) -> Iterator[tuple[Any, list[int]]]:
    """Weights of four fifths, and the positions of the fifth they never saw."""
    import numpy as np

    from routing.classifier import learning
    from routing.classifier.vocabulary import Example

    reports = learning.grouped([Example(row.title, row.text, row.bidang, row.level) for row in rows])
    everyone = np.arange(len(reports))
    for _learn, test in learning.Learner(reports).folds(everyone):
        held = {int(at) for at in test}
        trained, _said = learning.train([one for at, one in enumerate(reports) if at not in held])
        yield trained, sorted(held)


def put_in_force(trained: Any) -> None:
    """As a night would: the running workers read them with their next report."""
    from django.utils import timezone

    from routing.classifier import weights
    from routing.models import TrainedModel

    now = timezone.now()
    TrainedModel.objects.filter(state=TrainedModel.State.CURRENT).update(
        state=TrainedModel.State.RETIRED, retired_at=now
    )
    TrainedModel.objects.create(
        state=TrainedModel.State.CURRENT,
        weights=weights.to_bytes(trained),
        examples=trained.about["examples"],
        held_back=0,
        learnt_until=now,
        figures={"about": trained.about, "thresholds": {name: vars(one) for name, one in trained.thresholds.items()}},
    )


# --- What the admin chose, in our data ---


def plain(name: str) -> str:
    """For comparing: small letters, one spelling of kab., no brackets."""
    said = re.sub(r"\(.*?(\)|$)", " ", name.casefold())
    said = re.sub(r"\bkab\b\.?", "kabupaten", said)
    said = re.sub(r"\b(pt|persero|tbk|republik indonesia|ri)\b", " ", said)
    return " ".join(re.sub(r"[\W_]+", " ", said).split())


def pemda_of(name: str, pemdas: list[Any]) -> int | None:
    """The pemda whose kabupaten, kota or provinsi stands in the name, the longest first."""
    said = f" {plain(name)} "
    places: dict[str, int] = {plain(pemda.region.name) if pemda.region else "": pemda.pk for pemda in pemdas}
    found = [place for place in places if place and f" {place} " in said]
    provinces = [f"provinsi {place}" for place in places if place and f" provinsi {place} " in said]
    if provinces:
        return places[max(provinces, key=len).removeprefix("provinsi ")]
    return places[max(found, key=len)] if found else None


def resolved(rows: list[Row]) -> list[Row]:
    """The same with the admin's office looked up by its name or an alias; nothing is guessed."""
    from dataclasses import replace

    from django.utils import timezone

    from agencies.models import Agency
    from agencies.models.agency import PEMDA

    today = timezone.localdate()
    everyone = list(Agency.objects.all().select_related("region", "succeeded_by"))
    pemdas = [agency for agency in everyone if agency.kind in PEMDA and agency.is_active_on(today)]
    central: dict[str, int] = {}
    local: dict[int, dict[str, int]] = defaultdict(dict)
    by_path = {pemda.path: pemda for pemda in pemdas}
    for agency in sorted(everyone, key=lambda one: -one.path_length):
        living: Agency | None = agency
        while living is not None and not living.is_active_on(today):
            living = living.succeeded_by
        if living is None or living.parent_id is None:
            continue
        names = {plain(name) for name in (agency.name, agency.short_name, *agency.aliases) if name}
        above = next((pemda for path, pemda in by_path.items() if agency.path.startswith(path)), None)
        for name in names:
            if above is None:
                central[name] = living.pk
            elif agency.pk == above.pk:
                local[above.pk][plain(agency.name)] = living.pk
            else:
                local[above.pk][name] = living.pk
    found = []
    for row in rows:
        name = plain(row.agency)
        office, pemda = central.get(name), pemda_of(row.agency, pemdas)
        if office is None and pemda is not None and row.level in ("kabkota", "provinsi"):
            place = next(plain(one.region.name) for one in pemdas if one.pk == pemda and one.region)
            bare = plain(name.replace(place, " ")).removesuffix(" provinsi").strip()
            office = local[pemda].get(bare) or local[pemda].get(name)
            if bare in ("pemerintah", "pemerintah provinsi", "walikota", "bupati"):
                office = pemda
        found.append(replace(row, office=office, pemda=pemda if row.level in ("kabkota", "provinsi") else None))
    return found


# --- What came of it ---


def tell(rows: list[Row], numbers: dict[int, str]) -> None:
    from agencies.models import Agency
    from complaints.models import Complaint
    from complaints.number import read_number
    from routing.models import Suggestion

    stored = {at: read for at, number in numbers.items() if (read := read_number(number))}
    cases = {case.number: case for case in Complaint.objects.filter(number__in=stored.values())}
    offices = {agency.pk: agency for agency in Agency.objects.all()}
    guesses: dict[int, list[Suggestion]] = defaultdict(list)
    for guess in Suggestion.objects.filter(complaint__number__in=stored.values(), rank__lte=3).order_by("rank"):
        guesses[guess.complaint_id].append(guess)

    def level(office: Any) -> str:
        chain = [offices[pk] for pk in (*office.ids_above, office.pk)]
        return next((LEVEL_OF_KIND[one.kind] for one in chain if one.kind in LEVEL_OF_KIND), "")

    where, alone = Counter[str](), []
    district, first = Counter[str](), Counter[str]()
    for at, number in stored.items():
        row, case = rows[at], cases[number]
        handler, guessed = offices[case.handler_id], [one.agency_id for one in guesses[case.pk]]
        if case.status == "forwarded":
            where["diteruskan sendiri"] += 1
            alone.append((row, handler, level(handler), guesses[case.pk][0].source))
            continue
        where["ke meja koordinator" if handler.parent_id is not None else "ke meja nasional"] += 1
        if handler.parent_id is not None:
            district["semua"] += 1
            if row.level not in ("kabkota", "provinsi"):
                district["urusan pusat atau BUMN"] += 1
            elif row.pemda is not None:
                district["pemdanya diketahui"] += 1
                district["benar"] += row.pemda == handler.pk
        first["semua"] += 1
        if row.office is not None:
            first["kantornya ada"] += 1
            first["usulan pertama"] += guessed[:1] == [row.office]
            first["di antara tiga"] += row.office in guessed
        if guessed:
            office = offices[guessed[0]]
            first["ada usulan"] += 1
            first["bidang"] += row.bidang in office.bidang
            first["tingkat"] += level(office) == row.level
    total = len(stored)
    for name in ("diteruskan sendiri", "ke meja koordinator", "ke meja nasional"):
        print(f"{name:22} {where[name]:4}  {where[name] / total:6.1%}")
    print("Dari yang diteruskan sendiri, sama dengan pilihan admin LAPOR!, menurut tingkat putusan:")
    for name in ("pusat", "bumn", "provinsi", "kabkota", ""):
        here = [one for one in alone if not name or one[2] == name]
        if not here:
            print(f"  {name or 'semua':8}   0")
            continue
        both = sum(row.level == at and row.bidang in office.bidang for row, office, at, _source in here)
        at_level = sum(row.level == at for row, _office, at, _source in here)
        in_field = sum(row.bidang in office.bidang for row, office, _at, _source in here)
        there = [(row, office) for row, office, _at, _source in here if row.office is not None]
        exact = sum(row.office == office.pk for row, office in there)
        print(
            f"  {name or 'semua':8} {len(here):3}: tingkat {share(at_level, len(here))}, bidang "
            f"{share(in_field, len(here))}, keduanya {share(both, len(here))}, kantor persis {share(exact, len(there))}"
        )
    sources = Counter(source for *_rest, source in alone)
    print("  diputuskan oleh: " + (", ".join(f"{name} {count}" for name, count in sources.most_common()) or "-"))
    print(
        f"Di meja koordinator: pemda yang sama {share(district['benar'], district['pemdanya diketahui'])}; bagi admin "
        f"urusan pusat atau BUMN {share(district['urusan pusat atau BUMN'], district['semua'])}"
    )
    print(
        f"Dari yang tinggal di meja: usulan pertama ada {share(first['ada usulan'], first['semua'])}; dari itu tingkat "
        f"{share(first['tingkat'], first['ada usulan'])}, bidang {share(first['bidang'], first['ada usulan'])}; kantor "
        f"persis: usulan pertama {share(first['usulan pertama'], first['kantornya ada'])}, di antara tiga "
        f"{share(first['di antara tiga'], first['kantornya ada'])}"
    )


def share(part: int, whole: int) -> str:
    return f"{part} dari {whole} ({part / whole:.1%})" if whole else "0 dari 0"


class Watch(threading.Thread):
    """Sees each report the moment everybody sees that the worker has decided on it: its stint is weighed in the same
    transaction. What the events carry is when a decision began."""

    def __init__(self) -> None:
        from routing.models import Disposition

        super().__init__(daemon=True)
        filed = Disposition.objects.filter(verb="submit").values_list("complaint", flat=True)
        self.first = max(filed, default=0)
        self.seen: dict[int, datetime.datetime] = {}
        self.over = threading.Event()

    def run(self) -> None:
        from django.db import connection
        from django.utils import timezone

        from routing.models import Disposition

        stints = Disposition.objects.filter(verb="submit", weighed_at__isnull=False)
        while True:
            is_last_look = self.over.is_set()
            now = timezone.now()
            for pk in stints.filter(complaint__gt=self.first).values_list("complaint", flat=True):
                self.seen.setdefault(pk, now)
            if is_last_look:
                connection.close()
                return
            time.sleep(LOOK)


@dataclass
class Wave:
    """Reports filed one after the other: their numbers by position, and when each was decided."""

    numbers: dict[int, str]
    decided: dict[int, datetime.datetime]


def wave(rows: list[Row], host: str, port: int, key: str, rate: float | None) -> Wave:
    watch = Watch()
    watch.start()
    numbers = asyncio.run(file_all(rows, host, port, key, rate))
    drained()
    watch.over.set()
    watch.join()
    return Wave(numbers, watch.seen)


def pace(waves: list[Wave], how: str) -> None:
    """From filing to the desk, and decisions a second."""
    from complaints.models import Event
    from complaints.number import read_number

    waited, took = [], 0.0
    for one in waves:
        stored = [read_number(number) for number in one.numbers.values()]
        filed = dict(
            Event.objects.filter(complaint__number__in=stored, verb="submit").values_list("complaint", "recorded_at")
        )
        waited += [(one.decided[pk] - filed[pk]).total_seconds() for pk in filed]
        took += (max(one.decided.values()) - min(filed.values())).total_seconds()
    print(
        f"{how}: dari kirim sampai meja p50 {p(waited, 50):.2f} detik, p95 {p(waited, 95):.2f} detik (batas {LIMIT:g} "
        f"pada beban wajar); {len(waited) / took:.1f} putusan per detik"
    )


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 8.0)
