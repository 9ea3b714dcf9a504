"""Categories, their questions, and service standards from the shipped tables. Loading twice changes nothing."""

from __future__ import annotations

import csv
import datetime
from pathlib import Path

from django.db import transaction
from django.db.models import Q

from agencies import bidang
from agencies.loading import Outcome
from complaints.models import Category, CategoryQuestion, ServiceStandard
from complaints.signals import standard_set

DATA = Path(__file__).resolve().parent / "data"


def _table(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _day(text: str) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


@transaction.atomic
def load_categories(today: datetime.date) -> Outcome:
    """Two levels, parents first. A category the table no longer has ends today. What the centre added, changed or
    ended on its page is the centre's: the table has no say in it."""
    outcome = Outcome()
    shipped = Category.objects.exclude(shipped_as="")
    known = {
        category.shipped_as: category
        for category in shipped.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=today) | Q(kept_here=True))
    }
    tops = {key.removeprefix("|"): category for key, category in known.items() if key.startswith("|")}
    rows = _table("categories.csv")
    keywords = {(row["parent"], row["category"]): row["keywords"] for row in _table("keywords.csv")}
    for level in (False, True):
        fresh: list[Category] = []
        for row in rows:
            if bool(row["parent"]) is not level:
                continue
            if row["bidang"] not in bidang.names():
                raise ValueError(f"categories.csv: unknown bidang {row['bidang']}")
            said = {
                "bidang": row["bidang"],
                "level_hint": row["level_hint"],
                "notice": row["notice"],
                "keywords": keywords.get((row["parent"], row["name"]), ""),
                "order": int(row["order"]),
                "ends_on": _day(row["ends_on"]),
            }
            key = f"{row['parent']}|{row['name']}"
            old = known.pop(key, None)
            if old is None:
                fresh.append(
                    Category(
                        parent=tops[row["parent"]] if level else None,
                        name=row["name"],
                        shipped_as=key,
                        starts_on=datetime.date.fromisoformat(row["starts_on"]),
                        **said,
                    )
                )
            elif not old.kept_here and any(getattr(old, field) != value for field, value in said.items()):
                for field, value in said.items():
                    setattr(old, field, value)
                old.save()
                outcome.changed.append(old.name)
            else:
                outcome.unchanged += 1
        for category in Category.objects.bulk_create(fresh):
            outcome.added.append(category.name)
            if not level:
                tops[category.name] = category
    for gone in known.values():
        if gone.kept_here:
            continue
        gone.ends_on = today
        gone.save(update_fields=["ends_on", "changed_at"])
        outcome.ended.append(gone.name)
    return outcome


@transaction.atomic
def load_questions(now: datetime.datetime) -> Outcome:
    """A question that changed is ended and asked anew, so that answers keep the one they were given to.

    Raises ValueError for a category that is not there, and ValidationError for a question that makes no sense.
    """
    outcome = Outcome()
    categories = {
        (category.parent.name if category.parent else "", category.name): category
        for category in Category.objects.on(now.date()).select_related("parent")
    }
    current = CategoryQuestion.objects.current().filter(category__asks_here=False)
    known = {(question.category_id, question.code): question for question in current}
    fresh: list[CategoryQuestion] = []
    for row in _table("questions.csv"):
        category = categories.get((row["parent"], row["category"]))
        if category is None:
            raise ValueError(f"questions.csv: unknown category {row['category']}")
        if category.asks_here:
            # Somebody of the centre wrote its questions: the table has no say in them any more.
            outcome.unchanged += 1
            continue
        question = CategoryQuestion(
            category=category,
            code=row["code"],
            datatype=row["datatype"],
            required=row["required"] == "1",
            order=int(row["order"]),
            description=row["description"],
            hint=row["hint"],
            values=[
                dict(zip(("key", "name"), value.split("=", 1), strict=True))
                for value in row["values"].split("|")
                if value
            ],
        )
        old = known.pop((category.pk, question.code), None)
        if old is not None and all(getattr(old, name) == getattr(question, name) for name in _OF_A_QUESTION):
            outcome.unchanged += 1
            continue
        question.full_clean(validate_unique=False, validate_constraints=False)
        fresh.append(question)
        if old is None:
            outcome.added.append(str(question))
        else:
            _end(old, now)
            outcome.changed.append(str(question))
    for gone in known.values():
        _end(gone, now)
        outcome.ended.append(str(gone))
    CategoryQuestion.objects.bulk_create(fresh)
    return outcome


_OF_A_QUESTION = ("datatype", "required", "order", "description", "hint", "values")


def _end(question: CategoryQuestion, now: datetime.datetime) -> None:
    question.ended_at = now
    question.save(update_fields=["ended_at", "changed_at"])


@transaction.atomic
@transaction.atomic
def load_standards() -> Outcome:
    """National rows only. One that exists for its date keeps its days: a change of the law is a row with a new date,
    announced like one that was typed in: what was judged by the law before it is judged anew."""
    outcome = Outcome()
    for row in _table("standards.csv"):
        standard, is_new = ServiceStandard.objects.get_or_create(
            kind=row["kind"],
            supervised=row["supervised"] == "1",
            clock=row["clock"],
            agency=None,
            starts_on=datetime.date.fromisoformat(row["starts_on"]),
            defaults={"working_days": int(row["working_days"]), "legal_basis": row["legal_basis"]},
        )
        if is_new:
            standard_set.send(sender=ServiceStandard, standard=standard)
            outcome.added.append(str(standard))
        elif standard.legal_basis != row["legal_basis"]:
            standard.legal_basis = row["legal_basis"]
            standard.save(update_fields=["legal_basis"])
            outcome.changed.append(str(standard))
        else:
            outcome.unchanged += 1
    return outcome
