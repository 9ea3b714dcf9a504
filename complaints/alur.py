"""docs/alur.md, written from the transition tables: the paper can't say anything else than the code does."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import override

from complaints.transitions import (
    ACTS,
    ANY,
    FIRST_UNSENT,
    OPEN,
    RETURN,
    SAME,
    SUBMIT,
    TERMINAL,
    TOLD,
    TRANSITIONS,
    Status,
    Transition,
)

TARGETS = {
    SAME: "tetap",
    RETURN: "kembali ke status sebelum ditanya",
    FIRST_UNSENT: "forwarded (atau submitted bila belum pernah diteruskan)",
    TOLD: "seperti kata tabelnya",
}

HEAD = """# Alur laporan

Halaman ini ditulis dari tabel di `complaints/transitions.py` oleh `bin/manage write_alur`; jangan disunting dengan
tangan. Tabel yang sama dibaca oleh kata kerja laporan, tombol di meja petugas, dan tes yang mencoba setiap tindakan
dari setiap status oleh setiap peran.

## Status

| status | nama di layar | |
|---|---|---|
"""


def document() -> str:
    """The whole page as Markdown, in Indonesian, ending with a line break."""
    with override("id"):
        lines = [HEAD.rstrip("\n")]
        lines += [f"| `{s.value}` | {s.label} | {'akhir' if s in TERMINAL else 'terbuka'} |" for s in Status]
        lines += ["", "## Perpindahan status", "", *_table([SUBMIT, *TRANSITIONS.values()])]
        lines += ["", "## Tindakan yang tidak mengubah status", "", *_table(ACTS.values()), ""]
        lines += ["## Gambar", "", "```mermaid", "stateDiagram-v2", *_diagram(), "```", ""]
    return "\n".join(lines)


def _table(rows: Iterable[Transition]) -> list[str]:
    lines = ["| tindakan | di layar | dari | ke | oleh | jam | perlu | sebab |", "|---|---|---|---|---|---|---|---|"]
    for row in rows:
        who = ", ".join(w.value for w in row.who)
        needs = ", ".join(row.needs) or "–"
        target = TARGETS.get(row.target, row.target)
        lines.append(
            f"| {row.verb} | {row.label} | {_sources(row)} | {target} | {who} | {row.clocks} | {needs} | {row.why} |"
        )
    return lines


def _sources(row: Transition) -> str:
    if not row.sources:
        return "–"
    if set(row.sources) == set(ANY):
        return "semua"
    if set(row.sources) == set(OPEN):
        return "semua yang terbuka"
    return ", ".join(s.value for s in row.sources)


def _diagram() -> list[str]:
    lines = ["    [*] --> submitted: submit"]
    for row in TRANSITIONS.values():
        for source in row.sources:
            if row.target in Status.values and row.target != source:
                lines.append(f"    {source.value} --> {row.target}: {row.verb}")
    return lines
