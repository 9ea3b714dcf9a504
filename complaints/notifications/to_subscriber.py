"""What a mailbox is told that has alerts: what became public since its last letter, as the public list shows it now.

Written from the masked copies when the letter goes out. What was closed to everybody meanwhile is not in it; where
nothing is left there is no letter.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Max, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from complaints import cards, search
from complaints.models import Alert, Appearance, Message, Publication, Subscriber
from complaints.notifications.letters import (
    Bold,
    Button,
    Item,
    Letter,
    Section,
    absolute,
    alert_stop_url,
    alert_url,
    alerts_url,
    line,
)
from lapor.kit import wording
from lapor.kit.text import shorten

# The names of their letters. News carries from which number and up to which: "alert:12.40".
NEWS, ASK, LINK = "alert", "alert_ask", "alert_link"
# Of each sort in one letter; the list shows the rest.
SHOWN = 12
WORDS = 240
# Of what was wished for, in the subject.
NAME = 80


def letter_name(since: int, until: int) -> str:
    return f"{NEWS}:{since}.{until}"


def write(letter: str, alert: Alert, subscriber: Subscriber) -> Letter | None:
    """None when there is nothing to tell, or nothing to ask, any more."""
    name, _colon, about = letter.partition(":")
    if name == ASK:
        return confirmation(alert) if alert.confirmed_at is None and alert.code else None
    if alert.confirmed_at is None:
        return None
    if name == LINK:
        return reminder(subscriber)
    since, _dot, until = about.partition(".")
    return news(alert, subscriber, int(since), int(until))


def confirmation(alert: Alert) -> Letter:
    """The one letter an unconfirmed mailbox gets. What somebody typed is not repeated in it: it may be somebody else's
    mailbox."""
    lines = [
        line(_("seseorang menulis alamat email ini di LAPOR! supaya dikabari tentang laporan warga. Mungkin Anda."))
    ]
    ours = [
        f"{what}: {which}" for what, which in search.facts_of(search.of_alert(alert)) if which != f"“{alert.words}”"
    ]
    if ours:
        lines.append(line("%(facts)s", facts=Bold(" · ".join(ours))))
    lines.append(line(_("Tekan tombol di bawah kalau benar. Sebelum itu tidak ada surat lain yang kami kirim.")))
    return Letter(
        heading=_("Benarkah Anda ingin dikabari lewat email?"),
        greeting=_("Halo,"),
        lines=lines,
        buttons=[Button(_("Ya, kabari saya"), alert_url(alert))],
        after=[
            line(_("Tautan ini berlaku 14 hari dan hanya sekali.")),
            line(_("Bukan Anda? Abaikan surat ini. Alamat ini kami hapus dalam 30 hari.")),
        ],
    )


def reminder(subscriber: Subscriber) -> Letter:
    """The way to the page where alerts are changed, for whoever asked for it or wished for the same once more."""
    return Letter(
        heading=_("Kabar lewat email Anda"),
        greeting=_("Halo,"),
        lines=[
            line(_("alamat email ini sudah dikabari tentang laporan warga yang terbit.")),
            line(_("Di halaman berikut Anda bisa melihat, mengubah, dan menghentikannya.")),
        ],
        buttons=[Button(_("Atur kabar saya"), alerts_url(subscriber))],
        after=[line(_("Bukan Anda yang meminta surat ini? Abaikan saja: tidak ada yang berubah."))],
    )


def news(alert: Alert, subscriber: Subscriber, since: int, until: int) -> Letter | None:
    """Eighteen statements, however much appeared."""
    wanted = search.of_alert(alert)
    found = search.published(wanted).filter(complaint__secret=False, complaint__not_for__isnull=True)
    answers, answered = _answers(found, since, until) if alert.answers else ([], 0)
    reports, new = _reports(found, alert, since, until) if alert.reports else ([], 0)
    moved, came = _moved(found, alert, since, until) if alert.reports and alert.office_id else ([], 0)
    sections = []
    if reports:
        heading = ngettext("%(n)s laporan baru", "%(n)s laporan baru", new) % {"n": wording.number(new)}
        sections.append(Section(heading, reports, _more(new - len(reports))))
    if moved:
        heading = ngettext("%(n)s laporan pindah ke sini", "%(n)s laporan pindah ke sini", came) % {
            "n": wording.number(came)
        }
        sections.append(Section(heading, moved, _more(came - len(moved))))
    if answers:
        heading = ngettext("%(n)s laporan dijawab", "%(n)s laporan dijawab", answered) % {"n": wording.number(answered)}
        sections.append(Section(heading, answers, _more(answered - len(answers))))
    if not sections:
        return None
    name = search.name_of(wanted)
    counted = " · ".join(section.heading for section in sections)
    return Letter(
        heading=f"{counted} · {shorten(name, NAME)}",
        greeting=_("Halo,"),
        lines=[line(_("ini yang terbit di LAPOR! sejak kabar terakhir untuk Anda."))],
        sections=sections,
        buttons=[
            Button(_("Buka daftarnya"), absolute(reverse("complaints:list") + wanted.address().removesuffix("?"))),
            Button(_("Atur kabar saya"), alerts_url(subscriber)),
        ],
        after=[line(_("Nama pelapor tidak pernah kami tulis."))],
        stop_url=alert_stop_url(alert, subscriber),
    )


def _more(left: int) -> str:
    if left <= 0:
        return ""
    return ngettext(
        "Dan %(n)s laporan lagi. Buka daftarnya untuk melihat semuanya.",
        "Dan %(n)s laporan lagi. Buka daftarnya untuk melihat semuanya.",
        left,
    ) % {"n": wording.number(left)}


def _appeared(since: int, until: int) -> QuerySet[Appearance]:
    return Appearance.objects.filter(number__gt=since, number__lte=until)


def _published(since: int, until: int) -> QuerySet[Appearance]:
    return _appeared(since, until).filter(message__isnull=True, offices__isnull=True)


def _said(since: int, until: int) -> QuerySet[Appearance]:
    """Answers that still stand."""
    return _appeared(since, until).filter(message__state=Message.State.SENT, message__audience="PUBLIC")


def _reports(found: QuerySet[Publication], alert: Alert, since: int, until: int) -> tuple[list[Item], int]:
    """New ones, the newest first, and how many. What was answered at once stands among the answers."""
    fresh = found.filter(complaint_id__in=_published(since, until).values("complaint_id"))
    if alert.office_id:
        # What came here since this letter was due is told by the next one.
        later = Appearance.objects.filter(Q(number__gt=until) | Q(number__isnull=True))
        fresh = fresh.exclude(complaint_id__in=later.filter(offices__contains=[alert.office_id]).values("complaint_id"))
    return _newest(fresh, alert, since, until)


def _moved(found: QuerySet[Publication], alert: Alert, since: int, until: int) -> tuple[list[Item], int]:
    """Those that were public and came to the office since; what is new besides stands among the new ones."""
    came = _appeared(since, until).filter(offices__contains=[alert.office_id])
    fresh = found.filter(complaint_id__in=came.values("complaint_id"))
    fresh = fresh.exclude(complaint_id__in=_published(since, until).values("complaint_id"))
    return _newest(fresh, alert, since, until)


def _newest(fresh: QuerySet[Publication], alert: Alert, since: int, until: int) -> tuple[list[Item], int]:
    if alert.answers:
        fresh = fresh.exclude(complaint_id__in=_said(since, until).values("complaint_id"))
    rows = list(_shown(fresh.order_by("-published_at", "-pk")[:SHOWN]))
    count = len(rows) if len(rows) < SHOWN else fresh.count()
    return [_item(card) for card in cards.cards(rows)], count


def _answers(found: QuerySet[Publication], since: int, until: int) -> tuple[list[Item], int]:
    """Cases with a new answer, the one answered last first, and how many."""
    said = _said(since, until).filter(complaint__publication__in=found)
    last = dict(said.values_list("complaint_id").annotate(last=Max("message_id")).order_by("-last")[:SHOWN])
    rows = {row.complaint_id: row for row in _shown(Publication.objects.filter(complaint_id__in=last))}
    talks = dict(Publication.objects.filter(complaint_id__in=last).values_list("complaint_id", "conversation"))
    listed = [rows[key] for key in last if key in rows]
    items = []
    for row, card in zip(listed, cards.cards(listed), strict=True):
        words = [one["body"] for one in talks[row.complaint_id] if one["message"] == last[row.complaint_id]]
        if words:
            items.append(_item(card, shorten(" ".join(words[0].split()), WORDS)))
    count = len(last) if len(last) < SHOWN else said.values("complaint_id").distinct().count()
    return items, count - (len(last) - len(items))


def _shown(found: QuerySet[Publication]) -> Sequence[Publication]:
    return list(found.select_related("complaint__handler").only(*search.SHOWN))


def _item(card: dict[str, Any], said: str = "") -> Item:
    facts = [card["place"], card["office"], str(card["status"])]
    return Item(
        title=card["title"],
        url=absolute(card["url"]),
        facts=" · ".join(one for one in facts if one),
        said=said,
    )
