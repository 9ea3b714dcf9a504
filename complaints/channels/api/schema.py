"""The schema of /api/v1/ in OpenAPI 3.1, from the views themselves: citizens' and agencies' alike."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import threading
from typing import Any

from django.conf import settings
from django.utils import translation

log = logging.getLogger(__name__)

PREFIX = "/api/v1/"

SETTINGS: dict[str, Any] = {
    "TITLE": "API LAPOR!",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "DESCRIPTION": (
        "Mengirim, mengikuti, dan menjawab laporan warga. Isi permintaan dan jawaban berbentuk JSON dalam UTF-8; "
        "setiap galat berbentuk application/problem+json (RFC 9457). Setiap alamat berakhir dengan garis miring. "
        "Nama dan kalimat untuk orang berbahasa Indonesia; Accept-Language tidak dibaca, program membaca kodenya."
    ),
    "SCHEMA_PATH_PREFIX": PREFIX,
    "COMPONENT_SPLIT_REQUEST": True,
    # As the urls stand: what comes first in use comes first on the page.
    "SORT_OPERATIONS": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "PREPROCESSING_HOOKS": ["complaints.channels.api.schema.only_ours"],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "complaints.channels.api.schema.finish",
    ],
    "ENUM_NAME_OVERRIDES": {
        "StatusEnum": "complaints.transitions.Status",
        "KindEnum": "complaints.models.Kind",
        "PromiseKindEnum": "complaints.models.ClockKind",
        "AgencyKindEnum": "agencies.models.Kind",
        "FileStateEnum": "complaints.models.Attachment.State",
        "SideEnum": "complaints.models.Message.Side",
        "TaskStateEnum": "complaints.models.Contribution.State",
    },
    "TAGS": [
        {"name": "Laporan", "description": "Mengirim laporan dan mengikutinya dengan nomor dan kunci. Tanpa akun."},
        {"name": "Tindakan pelapor", "description": "Yang bisa dilakukan pelapor dengan kunci laporannya."},
        {"name": "Terbitan", "description": "Yang boleh dibaca semua orang: teks tersamar, tanpa nama."},
        {"name": "Data rujukan", "description": "Wilayah, instansi, kategori, status; dengan ETag."},
        {"name": "Antrean instansi", "description": "Untuk sistem instansi, dengan kunci API-nya sendiri."},
        {
            "name": "Bantuan antarinstansi",
            "description": "Untuk sistem instansi yang diminta membantu laporan di kantor lain.",
        },
    ],
}


def only_ours(endpoints: list[Any], **more: Any) -> list[Any]:
    """Addresses under /api/v1/ alone, each told what its view remembered; other standards describe themselves."""
    from drf_spectacular.utils import extend_schema

    ours = [endpoint for endpoint in endpoints if endpoint[0].startswith(PREFIX)]
    found = []
    for path, regex, method, callback in ours:
        view = getattr(callback.cls, method.lower())
        description = getattr(view, "described", None)
        if description is None:
            continue
        if "schema" not in getattr(view, "kwargs", {}):
            setattr(callback.cls, method.lower(), extend_schema(**description.told())(view))
        found.append((path, regex, method, callback))
    return found


def finish(result: dict[str, Any], **more: Any) -> dict[str, Any]:
    """What the library leaves to us: a docstring's first line is the summary, an answer has a word of its own, and a
    member nobody knows is an error (`fields.Strict`)."""
    for methods in result["paths"].values():
        for operation in methods.values():
            summary, _blank, text = operation.get("description", "").partition("\n\n")
            operation["summary"] = summary
            operation["description"] = " ".join(text.split()) or summary
            for status, answer in operation["responses"].items():
                # The library says that an answer is empty, in English.
                said = answer.get("description", "").replace("No response body", "")
                answer["description"] = said or _ANSWERED.get(status, "Jawaban.")
    for name, shape in result["components"]["schemas"].items():
        if name.endswith("Request") and shape.get("type") == "object":
            shape["additionalProperties"] = False
    return result


_ANSWERED = {"200": "Jawaban.", "201": "Dibuat.", "304": "Belum berubah.", "204": "Selesai, tanpa isi."}


_one_at_a_time = threading.Lock()
_made: dict[str, Any] = {}


def schema() -> dict[str, Any]:
    """Made once a process, when somebody first asks, by a process of its own that ends: the libraries that make it are
    needed for nothing else, and a web worker would carry them (docs/keputusan/0033)."""
    with _one_at_a_time:
        if not _made:
            _made.update(_from_outside() or make())
    return {**_made, "servers": [{"url": settings.SITE_URL}]}


def _from_outside() -> dict[str, Any]:
    """Empty where it can't be had so: then it is made here."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", __name__],
            cwd=settings.BASE_DIR,
            env=os.environ | {"DJANGO_SETTINGS_MODULE": "lapor.settings", "PYTHONPATH": str(settings.BASE_DIR)},
            capture_output=True,
            timeout=30,
            check=True,
        )
        made: dict[str, Any] = json.loads(done.stdout)
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        log.warning("the schema of the API is made in the web process: %s", type(error).__name__)
        return {}
    return made


def make() -> dict[str, Any]:
    """From the views, without the address of this portal."""
    from drf_spectacular.generators import SchemaGenerator
    from drf_spectacular.settings import patched_settings

    from complaints.channels.api import extensions  # noqa: F401  registers itself

    with translation.override(settings.LANGUAGE_CODE), patched_settings(SETTINGS):
        made: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return made


if __name__ == "__main__":
    import django
    from rest_framework.utils.encoders import JSONEncoder

    django.setup()
    json.dump(make(), sys.stdout, cls=JSONEncoder)
