"""Who takes part, and the parts to play. Each participant has an account of their own in each part, so that several
play side by side and every act has one author."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agencies.demo import INHU
from agencies.models import Agency, Membership, Role, User
from agencies.models.agency import PEMDA
from lapor.training.models import Participant

COOKIE: Final = "latihan_peserta"
TRAINER: Final = "latihan_pelatih"
DOMAIN: Final = "latihan.contoh.id"
A_YEAR: Final = 365 * 24 * 3600
PU: Final = "Dinas Pekerjaan Umum dan Penataan Ruang"
HEALTH: Final = "Dinas Kesehatan"


@dataclass(frozen=True)
class Part:
    """`office`: None for the root, "" for the pemda itself; `start`: where its day begins."""

    slug: str
    name: str | Promise
    about: str | Promise
    role: Role | None
    office: str | None
    start: str


PARTS: Final = (
    Part(
        "warga",
        _("Warga"),
        _("Melapor, membaca suratnya, melacak dengan nomor dan kunci, lalu menilai jawabannya."),
        None,
        "",
        "/lapor/",
    ),
    Part(
        "admin-opd",
        _("Admin OPD"),
        _("Pejabat penghubung di dinas: membaca laporan, bertanya, menjawab, atau mengembalikan."),
        Role.LIAISON,
        PU,
        "/meja/",
    ),
    Part(
        "kominfo",
        _("Operator Kominfo"),
        _("Admin instansi kabupaten: meneruskan, mengingatkan kantor, dan mengatur pengganti."),
        Role.COORDINATOR,
        "",
        "/meja/",
    ),
    Part(
        "pimpinan",
        _("Pimpinan"),
        _("Kepala dinas: menyetujui jawaban dan melihat yang terlambat."),
        Role.HEAD,
        HEALTH,
        "/meja/",
    ),
    Part(
        "evaluator",
        _("Evaluator"),
        _("Tim pusat: membaca contoh jawaban dan memberi nilai dalam evaluasi tahunan."),
        Role.NATIONAL,
        None,
        "/evaluasi/kelola/",
    ),
)
BY_SLUG: Final = {part.slug: part for part in PARTS}


def address_of(participant: Participant, part: Part) -> str:
    return f"peserta-{participant.pk}-{part.slug}@{DOMAIN}"


def part_of(user: object) -> Part | None:
    """The part somebody signed in plays now; None: nobody of ours."""
    email = getattr(user, "email", "")
    if not email.endswith(f"@{DOMAIN}"):
        return None
    return BY_SLUG.get(email.partition("@")[0].split("-", 2)[-1])


def office_of(part: Part) -> Agency | None:
    """Where the part has its seat; None where that office is missing."""
    if part.office is None:
        return Agency.objects.root()
    pemda = Agency.objects.filter(region_id=INHU, kind__in=PEMDA).first()
    if pemda is None or not part.office:
        return pemda
    return Agency.objects.under(pemda).filter(name=part.office, ends_on__isnull=True).first()


@transaction.atomic
def account(participant: Participant, part: Part) -> User:
    """Their account in this part, with its seat; made on first use, and again after a reset."""
    user, is_new = User.objects.get_or_create(
        email=address_of(participant, part), defaults={"name": str(participant), "password": "!"}
    )
    if user.name != str(participant):
        user.name = str(participant)
        user.save(update_fields=["name"])
    if is_new:
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    office = office_of(part) if part.role else None
    if office is not None and part.role and not Membership.objects.current().filter(user=user).exists():
        Membership.objects.create(user=user, agency=office, role=part.role, starts_on=timezone.localdate())
    return user


# --- By their cookies ---


def find(request: HttpRequest) -> Participant | None:
    try:
        pk = signing.loads(request.COOKIES.get(COOKIE, ""), salt=COOKIE)
    except signing.BadSignature:
        return None
    return Participant.objects.filter(pk=pk).first()


def remember(response: HttpResponseBase, participant: Participant) -> None:
    _keep(response, COOKIE, participant.pk)


def is_trainer(request: HttpRequest) -> bool:
    """Whoever typed the code; with another code everybody types it anew."""
    try:
        return bool(signing.loads(request.COOKIES.get(TRAINER, ""), salt=TRAINER) == _trainers_word())
    except signing.BadSignature:
        return False


def let_train(response: HttpResponseBase) -> None:
    _keep(response, TRAINER, _trainers_word())


def _trainers_word() -> str:
    """Changes with the code, and does not tell it."""
    return salted_hmac(TRAINER, str(settings.TRAINER_CODE)).hexdigest()


def _keep(response: HttpResponseBase, name: str, value: object) -> None:
    response.set_cookie(
        name,
        signing.dumps(value, salt=name),
        max_age=A_YEAR,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
