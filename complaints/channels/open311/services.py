"""What may be reported: every category in force is a service, its questions are the service's attributes."""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings
from django.db.models import Exists, F, Max, OuterRef, Q
from django.utils.translation import gettext as _

from complaints.channels.open311.formats import said
from complaints.channels.open311.refusals import Missing
from complaints.models import Category, CategoryQuestion
from lapor.kit.text import row_id
from lapor.kit.wording import JAKARTA

# The field of work that no office has: what a report without a category counts as.
ANYTHING_ELSE = "lainnya"
SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"


def in_force(today: datetime.date) -> list[Category]:
    """In the order people choose from: each top category with what lies below it. One statement."""
    asked = CategoryQuestion.objects.current().filter(category=OuterRef("pk"))
    rows = list(
        Category.objects.on(today)
        .select_related("parent")
        .annotate(asks=Exists(asked))
        .order_by(F("parent__order").asc(nulls_first=True), "order", "name")
    )
    below: dict[int | None, list[Category]] = {}
    for row in rows:
        below.setdefault(row.parent_id, []).append(row)
    return [row for top in below.get(None, []) for row in (top, *below.get(top.pk, []))]


def code_of(category: Category | None, otherwise: Category | None = None) -> str:
    """The service_code; of a report without a category that of "anything else", and "0" where there is none."""
    found = category or otherwise
    return str(found.pk) if found else "0"


def anything_else(today: datetime.date) -> Category | None:
    """The category for what fits none: the last of those. One statement."""
    return Category.objects.on(today).top().filter(bidang=ANYTHING_ELSE).order_by("-order").first()


def service(category: Category) -> dict[str, Any]:
    group = category.parent or category
    return {
        "service_code": code_of(category),
        "service_name": said(category.name),
        "description": said(category.notice) or _("Laporan tentang %(name)s.") % {"name": category.name},
        "metadata": bool(getattr(category, "asks", False)),
        "type": "realtime",
        "keywords": keywords(category),
        "group": said(group.name),
    }


def keywords(category: Category) -> str | None:
    """Comma text: the category's own other words, else those of its group."""
    words = [category.keywords] if category.keywords else []
    if category.parent is not None:
        words.append(category.parent.name.replace(",", ""))
    return said(", ".join(words))


def find(code: str, today: datetime.date | None = None) -> Category:
    """The category of a service_code; `today`: only one that is in force. Raises Missing."""
    rows = Category.objects.select_related("parent")
    found = (rows.on(today) if today else rows).filter(pk=row_id(code)).first()
    if found is None:
        raise Missing(_("service_code “%(code)s” tidak dikenal.") % {"code": code[:60]})
    return found


def definition(category: Category) -> dict[str, Any]:
    """One statement."""
    questions = CategoryQuestion.objects.current().filter(category=category).order_by("order")
    return {"service_code": code_of(category), "attributes": [attribute(question) for question in questions]}


def attribute(question: CategoryQuestion) -> dict[str, Any]:
    return {
        "variable": True,
        "code": question.code,
        "datatype": str(question.datatype),
        "required": question.required,
        "datatype_description": said(question.hint),
        "order": question.order,
        "description": said(question.description),
        "values": [{"key": str(value["key"]), "name": said(value["name"])} for value in question.values],
    }


def discovery(endpoint: str, site: str, today: datetime.date) -> dict[str, Any]:
    """Where what is, how a key is come by, and since when the lists are as they are. Two statements."""
    changed = changeset(today)
    return {
        "changeset": changed,
        "contact": _("LAPOR!, kanal pengaduan nasional: %(site)s. Keterangan teknis: %(endpoint)s/discovery.xml.")
        % {"site": f"{site}/cara-kerja/", "endpoint": endpoint},
        "key_service": _(
            "Kunci diberikan oleh koordinator (Kominfo) daerah atau instansi Anda, atau oleh admin nasional. "
            "Daftar instansi: %(url)s."
        )
        % {"url": f"{site}/instansi/"},
        "endpoints": [
            {
                "specification": SPECIFICATION,
                "url": endpoint,
                "changeset": changed,
                "type": "production" if settings.PRODUCTION else "test",
                "formats": ["text/xml", "application/json"],
            }
        ],
    }


def changeset(today: datetime.date) -> str:
    """When services or definitions last changed, sortable: also by the mere coming of a day."""
    begun = Category.objects.filter(starts_on__lte=today).aggregate(
        began=Max("starts_on"), ended=Max("ends_on", filter=Q(ends_on__lte=today)), changed=Max("changed_at")
    )
    asked = CategoryQuestion.objects.aggregate(changed=Max("changed_at"))["changed"]
    days = [day for day in (begun["began"], begun["ended"]) if day]
    moments = [datetime.datetime.combine(day, datetime.time(), tzinfo=JAKARTA) for day in days]
    moments += [at for at in (begun["changed"], asked) if at]
    latest = max(moments, default=datetime.datetime(2011, 11, 1, tzinfo=JAKARTA))
    return latest.astimezone(JAKARTA).strftime("%Y-%m-%d %H:%M")
