"""Between Masalah and Periksa: what else is asked about the chosen category, where something is.

Whoever chooses a category without questions never sees this page.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from complaints.channels.web.submission import STEP, questions_for
from complaints.forms import QuestionsForm
from complaints.views import submit
from complaints.views.holding import draft_of


@never_cache
@require_http_methods(submit.GET_OR_POST)
def details(request: HttpRequest) -> HttpResponse:
    draft = draft_of(request)
    if draft is None:
        messages.warning(request, _("Mulai dari tempatnya dulu."))
        return redirect("complaints:place")
    if draft.complaint_id:
        return redirect("complaints:done")
    questions = questions_for(draft)
    if not questions:
        return submit._go("complaints:check", draft)
    if request.method == "POST":
        form = QuestionsForm(questions, request.POST)
        valid = form.is_valid()
        kept = draft.step_fields(STEP)
        answers = {**kept.get("answers", {}), **form.answers}
        draft.keep(STEP, {"seen": questions[0].category_id, "answers": answers})
        if valid:
            return submit._go("complaints:check", draft)
    else:
        form = QuestionsForm(questions, initial=QuestionsForm.initial_of(questions, draft.step_fields(STEP)))
    context = {"form": form, "about": questions[0].category.name}
    return submit._page(request, "complaints/submit_details.html", draft, context)
