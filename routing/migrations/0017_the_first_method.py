"""The first version of how a year is evaluated. Of the centre's own method no weights could be read: these are the
portal's, to be replaced by another version as soon as somebody has a legal basis for others."""

from django.db import migrations
from django.utils import timezone

BODY = {
    "dimensions": {"speed": 30, "settlement": 30, "voice": 20, "organisation": 20},
    "indicators": {
        "verified": 15,
        "answered": 35,
        "answer_days": 25,
        "turns": 25,
        "followed": 40,
        "settled": 35,
        "quality": 25,
        "accepted": 40,
        "uncontested": 30,
        "rated": 30,
        "decrees": 20,
        "active": 20,
        "evidence": 40,
        "rightly": 20,
    },
    "sizes": [["A", 1000], ["B", 300], ["C", 100], ["D", 30]],
    "least": 30,
    "bands": [["Sangat baik", 85], ["Baik", 70], ["Sedang", 55], ["Kurang", 0]],
    "days": [[1, 100], [5, 60], [10, 20], [20, 0]],
    "office": {"turns": 60, "turn_days": 40},
    "opens_by": [1, 31],
}


def first(apps, schema_editor):
    apps.get_model("routing", "Method").objects.get_or_create(
        number=1,
        defaults={
            "from_year": 2011,
            "legal_basis": "Aturan portal ini. Ukurannya dari evaluasi pengelolaan SP4N-LAPOR! (persentase dan lama tindak "
            "lanjut, mutu jawaban, SK dan keaktifan akun, rencana aksi); bobot resminya belum terbaca, juga dalam "
            "Permen PANRB 5/2025.",
            "reason": "Versi pertama.",
            "body": BODY,
            "made_at": timezone.now(),
        },
    )


class Migration(migrations.Migration):
    dependencies = [("routing", "0016_a_years_evaluation")]

    # Nothing is taken back: a method is append-only, and the migration before drops its table.
    operations = [migrations.RunPython(first, migrations.RunPython.noop)]
