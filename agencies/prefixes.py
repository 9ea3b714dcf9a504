"""The verbs on prefixes: give one to an office, end it, each with its audit row; and the book of those in force."""

from __future__ import annotations

import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import prefix_book
from agencies.actor import Actor
from agencies.members import NotAllowed, Refused
from agencies.models import Agency, AuditEntry, Prefix, PrefixQuerySet
from agencies.offices import may_change
from agencies.prefix_book import Book, Entry

SHORTEST = 3


def book(text: str, day: datetime.date) -> Book:
    """Those in force that `text` may begin with: the exact ones, or all where there is none. At most two statements."""
    active = Prefix.objects.active_on(day)
    exact = active.filter(normal__in=[head.normal for head in prefix_book.beginnings(text)])
    return _book(exact) or _book(active) or Book([])


def whole_book(day: datetime.date) -> Book:
    return _book(Prefix.objects.active_on(day)) or Book([])


def _book(rows: PrefixQuerySet) -> Book | None:
    entries = [Entry(text, agency) for text, agency in rows.values_list("text", "agency_id")]
    return Book(entries) if entries else None


def of(agency: Agency, day: datetime.date | None = None) -> list[str]:
    """The prefixes of an office in force, as they are shown."""
    return list(agency.prefixes.active_on(day or timezone.localdate()).values_list("text", flat=True))


def meant(agency: Agency, typed: str, day: datetime.date) -> str:
    """The prefix of this office that `typed` stands for where it was not quite it; "" where it was, or none is near."""
    read = prefix_book.normal(typed)
    owned = {prefix_book.normal(text): text for text in of(agency, day)}
    if not read or read in owned:
        return ""
    return next((text for known, text in owned.items() if prefix_book.one_slip(known, read)), "")


def add(agency: Agency, text: str, *, by: Actor) -> Prefix:
    """From today on this word stands for the office. Raises Refused("…", "text") where it can't."""
    _ask(by, agency)
    today = timezone.localdate()
    if not agency.is_active_on(today):
        raise Refused(_("Kantor ini sudah berakhir."))
    shown = " ".join(text.replace("\x00", "").split())
    read = prefix_book.normal(shown)
    if len(shown) > prefix_book.LONGEST or len(read) > prefix_book.LONGEST:
        raise Refused(_("Awalan paling panjang 40 huruf."), "text")
    if len(read) < SHORTEST or not any(ch.isalpha() for ch in read):
        raise Refused(_("Awalan paling pendek tiga huruf atau angka, dan sedikitnya satu huruf."), "text")
    if read in prefix_book.RESERVED or prefix_book.normal(shown.split()[0]) in prefix_book.RESERVED:
        raise Refused(_("Kata itu perintah SMS, jadi tidak bisa menjadi awalan."), "text")
    if read in prefix_book.EVERYDAY:
        raise Refused(
            _("Terlalu banyak laporan dimulai dengan kata itu. Tambahkan nama daerah atau kantornya."), "text"
        )
    try:
        with transaction.atomic():
            taken = Prefix.objects.select_related("agency").filter(normal=read, ends_on__isnull=True).first()
            if taken is not None:
                raise Refused(_taken(taken, agency), "text")
            prefix = Prefix.objects.create(agency=agency, text=shown, normal=read, starts_on=today, created_by=by.user)
            _audit(by, "add_prefix", prefix)
    except IntegrityError:
        # Two at the same moment: the unique key let the other one in.
        raise Refused(_("Awalan itu baru saja diambil kantor lain."), "text") from None
    return prefix


def end(prefix: Prefix, *, by: Actor) -> None:
    """From now on it stands for nobody. Raises Refused."""
    _ask(by, prefix.agency)
    with transaction.atomic():
        row = Prefix.objects.select_for_update(of=("self",)).select_related("agency").get(pk=prefix.pk)
        if row.ends_on is not None:
            raise Refused(_("Awalan ini sudah berakhir."))
        row.ends_on = max(timezone.localdate(), row.starts_on)
        row.save(update_fields=["ends_on"])
        _audit(by, "end_prefix", row)


def _taken(prefix: Prefix, agency: Agency) -> str:
    if prefix.agency_id == agency.pk:
        return _("Kantor ini sudah punya awalan %(text)s, yang dibaca sama.") % {"text": prefix.text}
    return _("%(text)s sudah menjadi awalan %(office)s.") % {"text": prefix.text, "office": prefix.agency.name}


def _ask(by: Actor, agency: Agency) -> None:
    if not may_change(by, agency):
        raise NotAllowed(_("Anda tidak berwenang mengatur awalan kantor ini."))


def _audit(by: Actor, what: str, prefix: Prefix) -> None:
    AuditEntry.objects.create(
        who=by.user,
        acting_as=by.agency,
        what=what,
        subject_kind="agency",
        subject_id=prefix.agency_id,
        after={"prefix": prefix.text, "ends_on": prefix.ends_on.isoformat() if prefix.ends_on else None},
    )
