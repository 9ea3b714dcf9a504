"""What the centre asks about a category besides the story: add, change, put in order, end. Each change is audited.

A question that changes is ended and asked anew under its code, so that an answer keeps the question it was given to.
Once the centre has changed a category's questions here, the shipped table leaves that category's alone
(`complaints.loaders`). What is asked here is asked by every door: the form, the API, Open311's definitions.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.actor import Actor
from agencies.members import NotAllowed, Refused
from agencies.models import AuditEntry
from complaints.categories import may_change
from complaints.models import Category, CategoryQuestion
from complaints.models.question import LISTS

# More than anybody answers on a phone; and choices one can still look over.
MOST_QUESTIONS = 12
MOST_CHOICES = 40
_SAID = ("code", "datatype", "required", "order", "description", "hint", "values")


@transaction.atomic
def add(
    category: Category,
    *,
    by: Actor,
    description: str,
    datatype: str,
    choices: list[str],
    required: bool = False,
    hint: str = "",
) -> CategoryQuestion:
    """Asked last. Its code, for clients, is made of its words. Raises Refused."""
    category = _locked(category, by)
    asked = list(CategoryQuestion.objects.current().filter(category=category))
    if len(asked) >= MOST_QUESTIONS:
        raise Refused(_("Paling banyak %(most)d pertanyaan untuk satu kategori.") % {"most": MOST_QUESTIONS})
    question = CategoryQuestion(
        category=category,
        code=_code_of(description, set(category.questions.values_list("code", flat=True))),
        datatype=datatype,
        required=required,
        order=max((one.order for one in asked), default=0) + 1,
        description=description,
        hint=hint,
        values=_values(datatype, choices, []),
    )
    _keep(question)
    _audit(by, "add_question", category, after=_said(question))
    return question


@transaction.atomic
def change(
    question: CategoryQuestion,
    *,
    by: Actor,
    description: str,
    datatype: str,
    choices: list[str],
    required: bool = False,
    hint: str = "",
    place: int | None = None,
) -> CategoryQuestion:
    """Asked otherwise from now on, or at another `place` (from 1). Raises Refused, also for one that has ended."""
    category = _locked(question.category, by)
    question = _current(question)
    fresh = CategoryQuestion(
        category=category,
        code=question.code,
        datatype=datatype,
        required=required,
        order=question.order,
        description=description,
        hint=hint,
        values=_values(datatype, choices, question.values),
    )
    before = _said(question)
    if _said(fresh) != before:
        _end(question)
        _keep(fresh)
        question = fresh
    if place is not None:
        _put(question, place)
    if _said(question) != before:
        _audit(by, "change_question", category, before=before, after=_said(question))
    return question


@transaction.atomic
def end(question: CategoryQuestion, *, by: Actor) -> None:
    """Not asked any more; answers that were given stay with their reports. Raises Refused."""
    category = _locked(question.category, by)
    question = _current(question)
    _end(question)
    _audit(by, "end_question", category, before=_said(question))


def _locked(category: Category, by: Actor) -> Category:
    """One at a time for one category, and from now on its questions are the centre's."""
    if not may_change(by):
        raise NotAllowed(_("Kategori hanya diatur oleh admin nasional."))
    category = Category.objects.select_for_update(of=("self",)).get(pk=category.pk)
    if category.ends_on is not None and category.ends_on <= timezone.localdate():
        raise Refused(_("Kategori ini sudah berakhir."))
    if not category.asks_here:
        category.asks_here = True
        category.save(update_fields=["asks_here", "changed_at"])
    return category


def _current(question: CategoryQuestion) -> CategoryQuestion:
    found = CategoryQuestion.objects.current().filter(pk=question.pk).first()
    if found is None:
        raise Refused(_("Pertanyaan ini sudah diubah atau diakhiri orang lain. Lihat daftarnya lagi."))
    return found


def _keep(question: CategoryQuestion) -> None:
    question.full_clean(validate_unique=False, validate_constraints=False)
    question.save(force_insert=True)


def _end(question: CategoryQuestion) -> None:
    question.ended_at = timezone.now()
    question.save(update_fields=["ended_at", "changed_at"])


def _put(question: CategoryQuestion, place: int) -> None:
    """At this place among its sisters, all counted anew from 1; by way of numbers none of them has."""
    others = list(
        CategoryQuestion.objects.current()
        .filter(category=question.category_id)
        .exclude(pk=question.pk)
        .order_by("order")
    )
    others.insert(max(0, min(place - 1, len(others))), question)
    if [one.order for one in others] == list(range(1, len(others) + 1)):
        return
    for beyond in (1000, 0):
        for number, one in enumerate(others, start=1):
            one.order = beyond + number
            one.save(update_fields=["order", "changed_at"])


def _values(datatype: str, choices: list[str], known: list[dict[str, str]]) -> list[dict[str, str]]:
    """Key and name of each choice; one whose name stays keeps its key. Raises Refused."""
    if datatype not in LISTS:
        return []
    if len(choices) < 2:
        raise Refused(_("Tulis sedikitnya dua pilihan, satu di setiap baris."), "choices")
    if len(choices) > MOST_CHOICES:
        raise Refused(_("Paling banyak %(most)d pilihan.") % {"most": MOST_CHOICES}, "choices")
    if len({choice.casefold() for choice in choices}) < len(choices):
        raise Refused(_("Ada pilihan yang sama dua kali."), "choices")
    keys = {value["name"]: value["key"] for value in known}
    taken = set(keys.values())
    values = []
    for choice in choices:
        key = keys.get(choice) or _code_of(choice, taken)
        taken.add(key)
        values.append({"key": key, "name": choice})
    return values


def _code_of(words: str, taken: set[str]) -> str:
    """Its first words in plain small letters: "Seberapa besar lubangnya?" becomes seberapa_besar_lubangnya."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    code = "_".join(re.findall(r"[a-z0-9]+", plain)[:4])[:32].rstrip("_") or "isian"
    number, found = 1, code
    while found in taken:
        number += 1
        found = f"{code}_{number}"
    return found


def _said(question: CategoryQuestion) -> dict[str, Any]:
    return {name: getattr(question, name) for name in _SAID}


def _audit(by: Actor, what: str, category: Category, **said: Any) -> None:
    AuditEntry.objects.create(
        who=by.user, acting_as=by.agency, what=what, subject_kind="category", subject_id=category.pk, **said
    )
