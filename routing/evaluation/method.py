"""The method: which indicators with which weight, size groups, bands, the rubric. Dated data (`routing.models.Method`);
this file knows its shape, reads it, and lets the centre write another version."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from agencies.actor import Actor
from agencies.models import Agency, AuditEntry
from agencies.permissions import Capability, membership_may
from complaints.transitions import Incomplete, NotAllowed
from routing.evaluation.indicators import DIMENSIONS, INDICATORS
from routing.models import Evidence, Method

# Fewer cases than this are never compared, whatever a version says.
LEAST: Final = 30
# What the points of one kind of evidence mean, from 0 on.
RUBRIC: Final[Mapping[str, Sequence[str]]] = {
    Evidence.Kind.DECREE: (
        gettext_noop("Tidak ada, atau sudah tidak berlaku."),
        gettext_noop("Ada dan berlaku, tetapi tanpa nama petugas setiap perangkat daerah."),
        gettext_noop("Ada dan berlaku, dengan nama petugas sebagian besar perangkat daerah."),
        gettext_noop("Ada dan berlaku, dengan nama petugas semua perangkat daerah dan kecamatan."),
    ),
    Evidence.Kind.COMMITMENT: (
        gettext_noop("Tidak ada."),
        gettext_noop("Ditandatangani kepala daerah saja."),
        gettext_noop("Ditandatangani sebagian kepala perangkat daerah."),
        gettext_noop("Ditandatangani semua kepala perangkat daerah."),
    ),
    Evidence.Kind.PLAN: (
        gettext_noop("Tidak ada."),
        gettext_noop("Ada, tanpa tanggal atau penanggung jawab."),
        gettext_noop("Ada, dengan tanggal dan penanggung jawab."),
        gettext_noop("Ada, dengan tanggal dan penanggung jawab, dan terbukti dijalankan."),
    ),
    Evidence.Kind.OUTREACH: (
        gettext_noop("Tidak ada."),
        gettext_noop("Satu kali atau satu cara saja."),
        gettext_noop("Beberapa kali, dengan sedikitnya dua cara (radio, sekolah, desa, media sosial)."),
        gettext_noop("Sepanjang tahun, beberapa cara, sampai ke kecamatan dan desa."),
    ),
}
MOST: Final = 3
# Indicators by which an office can be judged: of its own turns alone.
OF_OFFICES: Final = ("turns", "turn_days", "rightly")
# Names of bands that versions so far use.
BANDS: Final = (gettext_noop("Sangat baik"), gettext_noop("Baik"), gettext_noop("Sedang"), gettext_noop("Kurang"))


def band_name(name: str) -> str:
    """Of a version's data, in the reader's language where we know it."""
    return _(name)


@dataclass(frozen=True)
class Body:
    """A version, read."""

    dimensions: Mapping[str, float]
    indicators: Mapping[str, float]
    sizes: Sequence[tuple[str, int]]
    least: int
    bands: Sequence[tuple[str, float]]
    days: Sequence[tuple[float, float]]
    office: Mapping[str, float]
    opens_by: tuple[int, int]

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> Body:
        return cls(
            said["dimensions"],
            said["indicators"],
            [(code, least) for code, least in said["sizes"]],
            said["least"],
            [(name, begins) for name, begins in said["bands"]],
            [(days, points) for days, points in said["days"]],
            said["office"],
            (said["opens_by"][0], said["opens_by"][1]),
        )

    def size_of(self, cases: int) -> str:
        """The code of the size group; blank: too few to be compared."""
        if cases < self.least:
            return ""
        return next((code for code, least in self.sizes if cases >= least), "")

    def band_of(self, index: float) -> str:
        return next((name for name, begins in self.bands if index >= begins), self.bands[-1][0])

    def opening_of(self, year: int) -> datetime.date:
        month, day = self.opens_by
        return datetime.date(year + 1, month, day)

    def range_of(self, code: str) -> tuple[int, int | None]:
        """Fewest and most cases of a size group; None: no end."""
        before: int | None = None
        for one, least in self.sizes:
            if one == code:
                return least, before
            before = least - 1
        return 0, self.least - 1


def faults(said: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(field, sentence) of what does not fit together; none: it does."""
    found: list[tuple[str, str]] = []
    if set(said["dimensions"]) != set(DIMENSIONS) or sum(said["dimensions"].values()) != 100:
        found.append(("dimensions", _("Bobot keempat dimensi harus berjumlah 100.")))
    for code, name in DIMENSIONS.items():
        weights = [said["indicators"].get(one.code, 0) for one in INDICATORS.values() if one.dimension == code]
        if sum(weights) != 100:
            found.append((code, _("Bobot indikator dalam %(name)s harus berjumlah 100.") % {"name": _(name).lower()}))
    begins = [least for _code, least in said["sizes"]]
    if begins != sorted(set(begins), reverse=True) or begins[-1] != said["least"]:
        found.append(("sizes", _("Batas kelompok harus menurun, dan yang terakhir sama dengan batas paling sedikit.")))
    if said["least"] < LEAST:
        found.append(("least", _("Paling sedikit 30 laporan: di bawah itu angkanya terlalu goyah.")))
    days, worth = [one for one, _points in said["days"]], [points for _day, points in said["days"]]
    if len(days) < 2 or days != sorted(set(days)) or worth != sorted(set(worth), reverse=True) or worth[-1] != 0:
        found.append(("days", _("Dalam tabel hari, harinya naik dan nilainya turun, sampai 0 di baris terakhir.")))
    if not set(said["office"]) <= set(OF_OFFICES) or sum(said["office"].values()) != 100:
        found.append(("office", _("Bobot ukuran kantor harus berjumlah 100.")))
    points = [begin for _name, begin in said["bands"]]
    if points != sorted(set(points), reverse=True) or points[-1] != 0:
        found.append(("bands", _("Batas predikat harus menurun.")))
    return found


@transaction.atomic
def another(
    *, by: Actor, from_year: int, legal_basis: str, reason: str, body: Mapping[str, Any], now: datetime.datetime
) -> Method:
    """A new version. Years that are counted already keep theirs. Raises NotAllowed, Incomplete(field)."""
    root = Agency.objects.select_for_update().get(pk=Agency.objects.root().pk)
    if by.membership is None or not membership_may(by.membership, Capability.PUBLISH_EVALUATIONS, root):
        raise NotAllowed(_("Anda tidak berwenang mengubah cara menghitung evaluasi."))
    for field, text in (("legal_basis", legal_basis), ("reason", reason)):
        if not text.strip():
            raise Incomplete(field, _("Tulis dasar dan alasannya: keduanya dibaca umum."))
    for field, sentence in faults(body):
        raise Incomplete(field, sentence)
    number = (Method.objects.aggregate(most=Max("number"))["most"] or 0) + 1
    made = Method.objects.create(
        number=number,
        from_year=from_year,
        legal_basis=legal_basis.strip(),
        reason=reason.strip(),
        body=dict(body),
        made_by=by.user,
        made_at=now,
    )
    AuditEntry.objects.create(
        at=now,
        who=by.user,
        acting_as=by.agency,
        what="method",
        subject_kind="method",
        subject_id=made.pk,
        reason=reason.strip(),
        after={"number": number, "from_year": from_year},
    )
    return made
