"""Fields as machines send them: strict about types, Indonesian about errors, and a name nobody knows is an error too.

A misspelt "anonimous" must not cost somebody their secret, so what is not known is refused and never left out.
"""

from __future__ import annotations

import datetime
import math
import re
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from agencies.models import Agency, Region
from complaints.models import Category
from complaints.models.lifecycle.acting import clean_text

_REQUIRED = {
    "required": gettext_lazy("Wajib diisi."),
    "null": gettext_lazy("Tidak boleh kosong (null). Hilangkan isian ini bila tidak dipakai."),
}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
# What a column of ids holds.
_MOST_ID = 2**63 - 1


class Strict(serializers.Serializer[Any]):
    """An object of which every member is known."""

    default_error_messages = {"invalid": gettext_lazy("Kirim sebuah objek JSON."), **_REQUIRED}

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, dict):
            raise serializers.ValidationError({"non_field_errors": [_("Kirim sebuah objek JSON.")]}, code="invalid")
        unknown = {
            name: serializers.ErrorDetail(_("Isian ini tidak dikenal. Periksa ejaannya."), code="unknown")
            for name in data
            if name not in self.fields
        }
        try:
            value = super().to_internal_value(data)
        except serializers.ValidationError as error:
            known = error.detail if isinstance(error.detail, dict) else {"non_field_errors": error.detail}
            raise serializers.ValidationError({**known, **unknown}) from error
        if unknown:
            raise serializers.ValidationError(unknown)
        return value


class Text(serializers.CharField):
    """Words. NUL and unpaired surrogates, which no database keeps, are left out like on the web."""

    default_error_messages = {
        **_REQUIRED,
        "invalid": gettext_lazy("Tulis sebagai teks."),
        "blank": gettext_lazy("Tidak boleh kosong."),
        "max_length": gettext_lazy("Terlalu panjang: paling banyak {max_length} huruf. Tidak ada yang kami potong."),
        "min_length": gettext_lazy("Terlalu pendek: sedikitnya {min_length} huruf."),
    }

    def run_validation(self, data: Any = serializers.empty) -> Any:
        if isinstance(data, str):
            data = clean_text(data)
        return super().run_validation(data)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Email(serializers.EmailField):
    default_error_messages = {
        **_REQUIRED,
        "invalid": gettext_lazy("Alamat email itu belum lengkap. Contoh: nama@contoh.id."),
        "blank": gettext_lazy("Tidak boleh kosong."),
    }

    def run_validation(self, data: Any = serializers.empty) -> Any:
        return super().run_validation(clean_text(data) if isinstance(data, str) else data)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Yes(serializers.BooleanField):
    default_error_messages = {**_REQUIRED, "invalid": gettext_lazy("Tulis true atau false.")}

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class Whole(serializers.IntegerField):
    default_error_messages = {
        **_REQUIRED,
        "invalid": gettext_lazy("Tulis sebuah bilangan bulat."),
        "min_value": gettext_lazy("Sedikitnya {min_value}."),
        "max_value": gettext_lazy("Paling banyak {max_value}."),
    }

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return int(data)


class Degrees(serializers.FloatField):
    default_error_messages = {
        **_REQUIRED,
        "invalid": gettext_lazy("Tulis derajat sebagai bilangan, misalnya -6.2."),
        "min_value": gettext_lazy("Di luar Indonesia: sedikitnya {min_value}."),
        "max_value": gettext_lazy("Di luar Indonesia: paling banyak {max_value}."),
    }

    def to_internal_value(self, data: Any) -> float:
        if isinstance(data, bool) or not isinstance(data, int | float) or not math.isfinite(data):
            self.fail("invalid")
        return round(float(data), 6)


class Day(serializers.DateField):
    default_error_messages = {
        **_REQUIRED,
        "invalid": gettext_lazy("Tulis tanggal seperti 2026-05-29."),
        "datetime": gettext_lazy("Tulis tanggal saja, tanpa jam."),
    }

    def to_internal_value(self, value: Any) -> datetime.date:
        if not isinstance(value, str) or not _DAY.fullmatch(value):
            self.fail("invalid", format="YYYY-MM-DD")
        day: datetime.date = super().to_internal_value(value)
        return day


class OneOf(serializers.ChoiceField):
    default_error_messages = {**_REQUIRED, "invalid_choice": gettext_lazy("Pilih salah satu yang disebut di skema.")}

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid_choice", input=data)
        return super().to_internal_value(data)


class Many(serializers.ListField):
    default_error_messages = {
        **_REQUIRED,
        "not_a_list": gettext_lazy("Tulis sebagai daftar."),
        "max_length": gettext_lazy("Paling banyak {max_length}."),
    }


class FileId(serializers.UUIDField):
    """What an upload was answered with."""

    default_error_messages = {**_REQUIRED, "invalid": gettext_lazy("Bukan nomor berkas dari /api/v1/berkas/.")}

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid", value=data)
        return super().to_internal_value(data)


class _Found(Whole):
    """An id that must be one of ours; cleans to the row."""

    default_error_messages = {"unknown": gettext_lazy("Tidak ada yang bernomor ini.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1, max_value=_MOST_ID, **kwargs)

    def run_validation(self, data: Any = serializers.empty) -> Any:
        value = super().run_validation(data)
        if not isinstance(value, int):
            return value
        found = self.find(value)
        if found is None:
            self.fail("unknown")
        return found

    def find(self, value: int) -> Any:
        raise NotImplementedError


class Office(_Found):
    default_error_messages = {"unknown": gettext_lazy("Instansi ini tidak ada. Cari nomornya di /api/v1/instansi/.")}

    def find(self, value: int) -> Agency | None:
        today = timezone.localdate()
        return Agency.objects.active_on(today).filter(pk=value, parent__isnull=False).select_related("region").first()


class Topic(_Found):
    default_error_messages = {"unknown": gettext_lazy("Kategori ini tidak ada. Lihat /api/v1/kategori/.")}

    def find(self, value: int) -> Category | None:
        return Category.objects.on(timezone.localdate()).filter(pk=value).first()


class Place(Text):
    """A code of the list of wilayah ("14.02.05.2001"); cleans to the Region."""

    default_error_messages = {"unknown": gettext_lazy("Kode wilayah ini tidak ada. Cari di /api/v1/wilayah/.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=13, **kwargs)

    def run_validation(self, data: Any = serializers.empty) -> Any:
        value = super().run_validation(data)
        if not isinstance(value, str):
            return value
        found = Region.objects.current().filter(pk=value).first()
        if found is None:
            self.fail("unknown")
        return found
