"""The crispy pack: what a screen reader and a keyboard find in our forms (/komponen/'s, one field of each kind)."""

from datetime import date

import pytest
from crispy_forms.utils import render_crispy_form
from django import forms
from django.template.loader import render_to_string

from lapor.kit.widgets import DayField, Story
from lapor.specimens import SpecimenForm
from tests.lapor.markup import Page

TODAY = date(2026, 5, 25)


def drawn(form: forms.Form) -> Page:
    return Page(render_to_string("lapor/errors.html", {"form": form}) + render_crispy_form(form))


@pytest.fixture
def empty_form() -> SpecimenForm:
    form = SpecimenForm({})
    assert not form.is_valid()
    return form


def test_each_link_of_the_summary_lands_on_something_that_takes_focus(empty_form: SpecimenForm) -> None:
    page = drawn(empty_form)
    links = [link.attributes["href"] for link in page.all("a")]
    assert len(links) == len(empty_form.errors) == 5
    for link in links:
        assert page.ids[link.removeprefix("#")].tag in {"input", "textarea", "select"}, link


def test_the_link_of_a_group_lands_on_its_first_choice(empty_form: SpecimenForm) -> None:
    page = drawn(empty_form)
    links = {link.attributes["href"] for link in page.all("a")}
    assert {"#id_kind_0", "#id_urgency_0", "#id_happened_on_0_0"} <= links


def test_the_link_of_a_group_without_a_choice_lands_on_what_is_wrong() -> None:
    class Choosing(forms.Form):
        office = forms.ChoiceField(widget=forms.RadioSelect, error_messages={"required": "Pilih kantornya"})

    page = drawn(Choosing({}))
    (link,) = page.all("a")
    assert link.attributes["href"] == "#id_office_error"
    assert "id_office_error" in page.ids


def test_the_summary_takes_focus_and_its_role_stands_inside(empty_form: SpecimenForm) -> None:
    page = drawn(empty_form)
    summary = page.ids["galat"]
    assert summary.attributes["tabindex"] == "-1"
    assert "autofocus" in summary.attributes
    assert "role" not in summary.attributes
    alert = next(element for element in page.elements if element.attributes.get("role") == "alert")
    assert alert.inside[-1] is summary


def test_a_form_without_errors_has_no_summary() -> None:
    assert "galat" not in drawn(SpecimenForm()).ids


@pytest.mark.parametrize("data", [None, {}])
def test_no_description_points_at_nothing(data: dict[str, str] | None) -> None:
    page = drawn(SpecimenForm(data))
    described = [e for e in page.elements if e.attributes.get("aria-describedby")]
    assert described
    for element in described:
        for target in element.attributes["aria-describedby"].split():
            assert target in page.ids, (element.tag, target)


def test_every_id_is_given_once(empty_form: SpecimenForm) -> None:
    page = drawn(empty_form)
    ids = [element.attributes["id"] for element in page.elements if "id" in element.attributes]
    assert len(ids) == len(set(ids))


def test_radios_and_grouped_boxes_stand_in_a_fieldset_with_its_legend(empty_form: SpecimenForm) -> None:
    page = drawn(empty_form)
    radios = [e for e in page.all("input") if e.attributes.get("type") == "radio"]
    assert radios
    for radio in radios:
        fieldset = radio.within("fieldset")
        assert fieldset is not None
        assert page.elements[fieldset.position + 1].tag == "legend"


def test_every_input_has_a_label(empty_form: SpecimenForm) -> None:
    page = drawn(empty_form)
    targets = {label.attributes.get("for") for label in page.all("label")}
    for control in page.all("input", "select", "textarea"):
        if control.attributes.get("type") == "hidden":
            continue
        assert control.attributes["id"] in targets or control.within("label"), control.attributes


def test_hint_and_error_come_before_the_input(empty_form: SpecimenForm) -> None:
    ids = drawn(empty_form).ids
    for name in ("title", "story"):
        assert ids[f"id_{name}_helptext"].position < ids[f"id_{name}_error"].position < ids[f"id_{name}"].position


def test_optional_fields_say_so_and_required_ones_do_not() -> None:
    html = render_crispy_form(SpecimenForm())
    assert html.count("(boleh kosong)") == 4  # rating, office, file, tell; a lone tick box speaks for itself


def test_a_story_tells_its_limit_without_script_and_never_cuts() -> None:
    class StoryForm(forms.Form):
        story = forms.CharField(widget=Story(limit=10_000))

    html = render_crispy_form(StoryForm())
    assert "Paling banyak 10.000 huruf" in html
    assert "maxlength" not in html


class DayForm(forms.Form):
    on = DayField(label="Kapan?", today=TODAY)


@pytest.mark.parametrize(
    ("pick", "day", "month", "year", "found"),
    [
        ("today", "", "", "", date(2026, 5, 25)),
        ("yesterday", "", "", "", date(2026, 5, 24)),
        ("other", "3", "04", "2026", date(2026, 4, 3)),
        ("", "3", "4", "2026", date(2026, 4, 3)),  # boxes filled in, radio forgotten
    ],
)
def test_a_day_is_picked_or_written(pick: str, day: str, month: str, year: str, found: date) -> None:
    form = DayForm({"on_pick": pick, "on_day": day, "on_month": month, "on_year": year})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["on"] == found


@pytest.mark.parametrize(
    ("pick", "day", "month", "year", "sentence"),
    [
        ("", "", "", "", "Pilih tanggal kejadian. Perkiraan boleh"),
        ("other", "", "", "", "Lengkapi tanggal, bulan, dan tahun"),
        ("other", "3", "", "2026", "Lengkapi tanggal, bulan, dan tahun"),
        ("other", "31", "2", "2026", "Tanggal ini tidak ada di kalender. Periksa tanggal dan bulannya"),
        ("other", "tiga", "4", "2026", "Tanggal ini tidak ada di kalender. Periksa tanggal dan bulannya"),
        ("other", "1", "1", "0", "Tanggal ini tidak ada di kalender. Periksa tanggal dan bulannya"),
        ("other", "26", "5", "2026", "Tanggal ini belum terjadi. Periksa bulan dan tahunnya"),
    ],
)
def test_a_wrong_day_is_told_what_is_wrong(pick: str, day: str, month: str, year: str, sentence: str) -> None:
    form = DayForm({"on_pick": pick, "on_day": day, "on_month": month, "on_year": year})
    assert form.errors["on"] == [sentence]


def test_a_day_shown_again_keeps_its_boxes() -> None:
    page = drawn(DayForm(initial={"on": date(2026, 4, 3)}))
    boxes = [page.ids[f"id_on_{n}"].attributes["value"] for n in (1, 2, 3)]
    assert boxes == ["3", "4", "2026"]
    picked = [e for e in page.all("input") if e.attributes.get("type") == "radio" and "checked" in e.attributes]
    assert [e.attributes["value"] for e in picked] == ["other"]


def test_a_refused_day_keeps_what_was_typed() -> None:
    page = drawn(DayForm({"on_pick": "other", "on_day": "31", "on_month": "2", "on_year": "2026"}))
    assert page.ids["id_on_1"].attributes["value"] == "31"
