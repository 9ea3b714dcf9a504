"""Cases like this one, among so many published ones (issue: candidates among 1 M p95 ≤ 100 ms).

    bench/duplicates.py [publications …] [--plans]      default 100000; by hand also 1000000
    bench/duplicates.py --quality [FILE.csv]            pairs of the same trouble told twice; a table: id, title, text

Places are as uneven as the country: 10,000 kelurahan in 1,000 kecamatan of 50 towns, the n-th with about 1/n of the
cases, so that the busiest alone has a tenth of them. Asked are a story of rare words, one of common words, one of both,
place and category alone, in the busiest kelurahan and in a quiet one, and whole kota without a kelurahan.
"""

from __future__ import annotations

import csv
import sys
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.ground import Taken, compare, ground, p, report, timed
from bench.search import COMMON, MIDDLE, RARE, publish, vocabulary

LIMIT = 100.0
TOWNS, KECAMATAN, KELURAHAN = 50, 20, 10
TIMES = 60


def spread(cases: int) -> list[str]:
    """Places for the cases, uneven; the busiest first."""
    from django.db import connection

    from agencies.models import Level, Region

    rows, codes = [], []
    for town in range(TOWNS):
        kota = f"97.{town + 1:02d}"
        rows.append(Region(code=kota, name=f"Kota {town}", level=Level.KOTA))
        for n in range(KECAMATAN):
            around = f"{kota}.{n + 1:02d}"
            rows.append(Region(code=around, name=f"Kec {town}-{n}", level=Level.KECAMATAN, parent_id=kota))
            for m in range(KELURAHAN):
                codes.append(f"{around}.{1001 + m}")
                rows.append(Region(code=codes[-1], name=f"Kel {m}", level=Level.KELURAHAN, parent_id=around))
    Region.objects.bulk_create(rows)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE spot AS SELECT * FROM unnest(%s::text[]) WITH ORDINALITY s(code, n)", [codes])
        cursor.execute("CREATE UNIQUE INDEX ON spot (n)")
        cursor.execute("SELECT setseed(0.28)")
        cursor.execute(
            """
            UPDATE complaints_complaint c SET place_id = s.code
            FROM (SELECT id, least(%(n)s, floor(exp(random() * ln(%(n)s))))::bigint AS n
                  FROM complaints_complaint) drawn
            JOIN spot s ON s.n = drawn.n WHERE drawn.id = c.id
            """,
            {"n": len(codes)},
        )
    return codes


def measure(count: int, *, plans: bool) -> dict[str, Taken]:
    measured: dict[str, Taken] = {}
    with ground(cases=count, durable=False) as world:
        from django.db import connection
        from django.utils import timezone

        from agencies.models import Region
        from complaints import likeness
        from complaints.models import Complaint, Publication

        codes = spread(count)
        words = vocabulary()
        publish(count, words)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
        likeness.forget_frequencies()
        named = (codes[0], codes[len(codes) // 2], codes[0][:5], codes[0][:8])
        busy, quiet, town, around = (Region.objects.get(pk=code) for code in named)
        rare = " ".join(words[RARE : RARE + 12])
        common = " ".join(words[COMMON : COMMON + 30])
        mixed = " ".join([*words[COMMON : COMMON + 15], *words[MIDDLE : MIDDLE + 10], *words[RARE : RARE + 4]])
        asked: dict[str, dict[str, Any]] = {
            "rare words, busy kelurahan": {"text": rare, "place": busy},
            "rare words, quiet kelurahan": {"text": rare, "place": quiet},
            "common words, busy kelurahan": {"text": common, "place": busy},
            "common words, quiet kelurahan": {"text": common, "place": quiet},
            "a story of both, busy": {"text": mixed, "place": busy, "category": world.cat_power},
            "a story of both, a kecamatan": {"text": mixed, "place": around, "category": world.cat_power},
            "a story of both, a whole kota": {"text": mixed, "place": town, "category": world.cat_power},
            "place and category, busy": {"text": "", "place": busy, "category": world.cat_power},
            "place alone, quiet": {"text": "", "place": quiet},
        }
        print(f"{count:,} publications, {Publication.objects.filter(place=busy).count():,} in the busiest kelurahan")
        now = timezone.now()
        for label, more in asked.items():
            taken = measured[label] = timed(partial(likeness.similar_published, now=now, **more), times=TIMES)
            report(label, taken, LIMIT)
        case = Complaint.objects.filter(place=busy, status="forwarded", secret=False).first()
        assert case is not None
        for name, who in (("the centre", world.ratna), ("an office", world.joko)):
            label = f"officer's candidates, {name}"
            taken = measured[label] = timed(partial(likeness.candidates_for, case, who, now=now), times=TIMES)
            report(label, taken, LIMIT)
        worst = max(p(taken, 95) for taken in measured.values())
        print(f"worst p95 {worst:.1f} ms (batas {LIMIT:.0f})")
        if plans:
            explain(mixed, busy, now)
    return measured


def explain(text: str, place: Any, now: Any) -> None:
    from django.db import connection

    from complaints import likeness

    asked = likeness.asked_of(text, place.pk, None, now.date())
    said = likeness.said_of(asked, now)
    with connection.cursor() as cursor:
        for name, sql in (("near", likeness.NEAR_SQL), ("by words", likeness.WORDS_SQL)):
            cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {sql}", said)
            print(f"\n{name} ({said['query'] if name == 'by words' else len(said['codes'])})")
            print("\n".join(line for (line,) in cursor.fetchall()))


# --- Quality ---


# The same trouble told twice, each in its own words and at its own place; beside each, other trouble of that place.
class Pair(NamedTuple):
    title: str
    told: str
    other_title: str
    told_again: str


PAIRS = (
    Pair(
        "Lampu jalan mati",
        "Lampu penerangan jalan umum di depan SMP 2 padam sudah seminggu, gelap sekali kalau malam.",
        "PJU padam depan SMPN 2",
        "Tolong diperbaiki lampu jalan dekat sekolah SMP 2, sudah beberapa hari mati dan rawan begal.",
    ),
    Pair(
        "Jalan berlubang dekat pasar",
        "Ada lubang besar di jalan depan pasar, dua motor sudah jatuh minggu ini.",
        "Jln rusak di pasar",
        "Jalanan pasar bolong dalam sekali, td pagi ada ibu2 jatuh dr motor. mohon ditambal",
    ),
    Pair(
        "Sampah tidak diangkut",
        "Sudah sepuluh hari sampah di TPS menumpuk dan bau, truk tidak datang.",
        "TPS penuh bau busuk",
        "Tumpukan sampah di tempat pembuangan belum diangkut truk dari minggu lalu, baunya sampai ke rumah.",
    ),
    Pair(
        "Air PDAM mati",
        "Air PAM di perumahan kami tidak mengalir sejak Senin, warga beli air galon.",
        "Ledeng tidak keluar air",
        "Sudah tiga hari air PDAM tidak ngalir di komplek. Mandi susah, tolong dicek pipanya.",
    ),
    Pair(
        "Antrean KTP lama",
        "Cetak KTP elektronik di kantor kecamatan katanya blanko habis, sudah dua bulan menunggu.",
        "Blangko e-KTP kosong",
        "Saya mengurus ktp-el sejak dua bulan lalu tetapi blangko kosong terus di kecamatan.",
    ),
    Pair(
        "Banjir depan kantor pos",
        "Setiap hujan jalan depan kantor pos banjir karena saluran air tersumbat.",
        "Got mampet",
        "Selokan di kantor pos mampet penuh lumpur, hujan sebentar langsung banjir sebetis.",
    ),
    Pair(
        "Pohon tumbang",
        "Pohon besar di pinggir jalan miring dan hampir roboh menimpa kabel listrik.",
        "Pohon mau roboh",
        "Mohon ditebang, ada pohon miring dekat kabel PLN, takut tumbang kena rumah.",
    ),
    Pair(
        "Puskesmas tutup",
        "Puskesmas sering tutup sebelum jam sebelas, pasien ditolak petugas loket.",
        "Loket puskesmas tutup awal",
        "Datang jam setengah sebelas loket pendaftaran puskesmas sudah tutup, pasien disuruh pulang.",
    ),
    Pair(
        "Pungutan di sekolah",
        "Sekolah meminta uang perpisahan lima ratus ribu per siswa dan wajib dibayar.",
        "Uang perpisahan SD dipaksa",
        "Anak saya diwajibkan bayar uang perpisahan 500 ribu oleh sekolah, kalau tidak rapor ditahan.",
    ),
    Pair(
        "Jembatan gantung rusak",
        "Papan jembatan gantung lepas, anak sekolah menyeberang sambil berpegangan tali.",
        "Papan jembatan lepas",
        "Jembatan gantung ke seberang papannya bolong banyak, bahaya buat anak2 sekolah.",
    ),
    Pair(
        "Parkir liar",
        "Trotoar di depan rumah sakit dipakai parkir motor, kursi roda tidak bisa lewat.",
        "Trotoar RS jadi parkiran",
        "Motor parkir sembarangan di atas trotoar rumah sakit, pejalan kaki terpaksa turun ke jalan.",
    ),
    Pair(
        "Lampu merah rusak",
        "Lampu lalu lintas di simpang empat mati total sejak kemarin, macet parah.",
        "Traffic light mati",
        "Lampu merah perempatan padam, kendaraan semrawut dan macet. Tolong petugas.",
    ),
)


def quality(table: Path | None) -> None:
    """Of each pair the first is published among all others; how often the second finds it, first and among three. Of a
    table: each report against all others at one place, which ones are called alike, for a person to judge; no text."""
    from bench.ground import give_defaults

    with ground():
        from agencies.models import Region
        from complaints import likeness

        give_defaults("complaints_complaint", "complaints_publication")
        near = list(Region.objects.filter(level__in=["DESA", "KELURAHAN"], pk__startswith="99.01").order_by("pk"))
        if table is None:
            put([(f"p{n}", pair.title, pair.told, near[0].pk) for n, pair in enumerate(PAIRS)])
            ranks, false = [], 0
            for pair in PAIRS:
                found = likeness.similar_published(f"{pair.other_title}\n{pair.told_again}", near[0], limit=3)
                named = [one.publication.title for one in found]
                ranks.append(named.index(pair.title) + 1 if pair.title in named else 0)
                false += sum(name != pair.title for name in named)
                print(f"{pair.title:30} rank {ranks[-1] or '-'}  " + " ".join(f"{one.score:.2f}" for one in found))
            first, three = ranks.count(1), len(ranks) - ranks.count(0)
            print(f"{len(PAIRS)} pairs: first {first}, among three {three}, other trouble called alike {false}")
            return
        with table.open(encoding="utf-8", newline="") as file:
            rows = [(row["id"], row["title"], row["text"].replace("\x00", " ")) for row in csv.DictReader(file)]
        put([(key, title, text, near[0].pk) for key, title, text in rows])
        pairs: dict[tuple[str, str], float] = {}
        for key, title, text in rows:
            for one in likeness.similar_published(f"{title}\n{text}", near[0], limit=4):
                other = one.publication.complaint.former_number
                if other != key:
                    pairs[min(key, other), max(key, other)] = one.score
        reports = {key for pair in pairs for key in pair}
        print(f"{len(rows)} reports put at one place: {len(reports)} have one called alike")
        for (key, other), score in sorted(pairs.items(), key=lambda pair: -pair[1])[:25]:
            print(f"{score:.2f}  {key}  {other}")


def put(rows: list[tuple[str, str, str, str]]) -> None:
    from django.db import connection
    from django.utils import timezone

    from agencies.models import Agency
    from complaints.models import Complaint, Publication
    from complaints.publishing import _vector

    office = Agency.objects.filter(parent__isnull=False).first()
    assert office is not None
    for n, (key, title, body, place) in enumerate(rows):
        case = Complaint.objects.create(
            number=f"Q{n:010d}"[:11], key_hash=str(n), title=title[:160], body=body, place_id=place, handler=office,
            channel="web", status="forwarded", former_number=key[:40],
        )  # fmt: skip
        Publication.objects.create(
            complaint=case, title=title[:160], body=body, place_id=place, kind=case.kind,
            search=_vector(title, body), published_at=timezone.now(),
        )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE complaints_publication")


if __name__ == "__main__":
    given = sys.argv[1:]
    if "--quality" in given:
        quality(next((Path(one) for one in given if one.endswith(".csv")), None))
    else:
        sizes = [int(word) for word in given if word.isdigit()] or [100_000]
        compare({size: measure(size, plans="--plans" in given) for size in sizes})
