"""docs/alur.md says what the tables say."""

from pathlib import Path

from django.conf import settings

from complaints.alur import document


def test_the_paper_is_written_from_the_tables() -> None:
    written = (Path(settings.BASE_DIR) / "docs" / "alur.md").read_text(encoding="utf-8")
    assert written == document(), "Jalankan: bin/manage write_alur"
