"""Reasons the portal gives by itself: to each reader in their own language, to whoever reports without percentages."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation

from complaints import because
from complaints.because import SENTENCES, Because
from complaints.models import Event
from complaints.views import telling
from routing import case_page, dispatch, history, subject
from routing.models import Disposition, Suggestion
from tests.filing import filed
from tests.world import World, client_of

BY_WORDS = because.because("words", office="Dinas PU", bidang="Jalan", words="lubang", percent=72)


class Anything(dict[str, Any]):
    def __missing__(self, name: str) -> Any:
        return 7


@pytest.mark.parametrize("language", ["id", "en"])
def test_no_sentence_tells_who_reports_how_sure_the_portal_was(language: str) -> None:
    with translation.override(language):
        for code, sentence in SENTENCES.items():
            assert str(sentence.full) % Anything(), code
            plain = sentence.full if sentence.plain is None else sentence.plain
            assert "%" not in str(plain) % Anything(), code


def test_plain_words_for_who_reports_and_the_certainty_for_the_officer() -> None:
    assert BY_WORDS.plainly() == "Kata-kata laporan ini mirip laporan yang biasanya ditangani Dinas PU."
    assert BY_WORDS.fully() == (
        "Bidang “Jalan” ditangani Dinas PU; kata yang berbicara: lubang. Kemungkinan benar 72%."
    )
    with translation.override("en"):
        assert BY_WORDS.plainly() == "The words of this report are like those of reports Dinas PU usually handles."
        assert BY_WORDS.sentence.endswith("Kemungkinan benar 72%."), "what is written down is in one language"


def test_what_was_kept_is_read_again_and_sentences_stand_within_sentences() -> None:
    conditions = because.because("with_words", words="“got”") + because.because("from_place", place="Mekarsari")
    rule = because.because("rule", owner="Pemkab", target="Dinas PU", conditions=conditions)
    again = Because.read((rule + BY_WORDS).kept)
    assert again.plainly() == (
        "Laporan dengan kata “got” dari Mekarsari ditangani Dinas PU. "
        "Kata-kata laporan ini mirip laporan yang biasanya ditangani Dinas PU."
    )


@pytest.mark.parametrize(
    "kept", [None, "", "named", {}, [1], [["named"]], [["entah", {}]], [["named", {}]], [["named", None]]]
)
def test_what_is_not_known_any_more_is_told_as_it_was_said_then(kept: Any) -> None:
    said = {"reason": "Pelapor menyebut Dinas PU.", "because": kept}
    assert because.told(said, plainly=True) == because.told(said, plainly=False) == "Pelapor menyebut Dinas PU."
    assert because.told({"because": kept}, plainly=True) == ""


@pytest.mark.django_db
def test_a_reason_of_before_reads_as_it_was_written(world: World) -> None:
    old = Event(verb="forward", particulars={"reason": "Bidang “Jalan” ditangani Dinas PU."})
    assert telling.detail(old) == "Bidang “Jalan” ditangani Dinas PU."
    guess = Suggestion(reason="Mungkin bidang “Jalan” (40%).")
    assert guess.why == guess.plain == "Mungkin bidang “Jalan” (40%)."


@pytest.mark.django_db
def test_the_reporter_the_officer_and_the_one_who_accepts(world: World, monkeypatch: Any) -> None:
    field = subject.Field("pekerjaan_umum", "kabkota", 0.97)
    sure = subject.Subject((field,), ("pekerjaan_umum",), 0.97, 0.9, ("jalan berlubang",), "PENGADUAN", 0.0, 0.0)
    monkeypatch.setattr(subject, "of", lambda title, body: sure)
    case = filed(world, addressed_to=None, category=None)
    event = case.events.get(verb="forward")
    office = world.dinas_pu.name
    assert telling.detail(event) == f"Kata-kata laporan ini mirip laporan yang biasanya ditangani {office}."
    [line] = history.lines(case, [event])
    assert "Kemungkinan benar 97%." in line.detail
    with translation.override("en"):
        assert telling.detail(event) == f"The words of this report are like those of reports {office} usually handles."
        why = case_page.why_here(case, Disposition.objects.open().get(complaint=case), [event])
        assert "97% likely" in why.reason
    page = client_of(world.joko).get(f"/meja/{case.number}/").content.decode()
    assert "Kemungkinan benar 97%." in page


@pytest.mark.django_db
def test_what_an_officer_accepts_is_given_to_the_reporter_in_plain_words(world: World) -> None:
    case = filed(world, addressed_to=None, category=None)
    assert case.handler == world.pemkab
    Suggestion.objects.filter(complaint=case).delete()
    likely = because.because("likely_text", bidang="Jalan", percent=40)
    Suggestion.objects.create(
        complaint=case, agency=world.dinas_pu, source="MODEL", score=0.4, reason=likely.sentence, because=likely.kept
    )
    page = client_of(world.wati).get(f"/meja/{case.number}/").content.decode()
    assert ">Mungkin bidang “Jalan” (40%), menurut isi laporan.<" in page
    assert ">Mungkin tentang bidang “Jalan”.</textarea>" in page
    forward = reverse("routing:forward", args=[case.number])
    chosen = client_of(world.wati).get(f"{forward}?kantor={world.dinas_pu.pk}").content.decode()
    assert "Mungkin tentang bidang “Jalan”." in chosen
    assert "40%" not in chosen.partition("<textarea")[2]


@pytest.mark.django_db
def test_what_the_system_does_is_told_in_the_readers_language_too(world: World) -> None:
    case = filed(world)
    event = dispatch.move_out(case, cause="UNSTAFFED", why=because.because("ended", office="Dinas PU"), to=world.pemkab)
    assert event is not None
    assert event.particulars["reason"] == "Dinas PU berakhir."
    with translation.override("en"):
        assert telling.detail(event) == "Dinas PU has ended."
