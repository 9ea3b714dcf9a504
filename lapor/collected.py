"""How static files are stored once collected: named by their content, ours compressed beside them."""

from typing import Any

from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

FOREIGN = ("admin/", "django_htmx/", "account/", "mfa/")


class OursCompressed(Compressor):  # type: ignore[misc]  # whitenoise ships no types
    """What libraries bring is rarely asked for, and squeezing it takes longer than everything else at a first start."""

    def should_compress(self, filename: str) -> bool:
        return not filename.startswith(FOREIGN) and bool(super().should_compress(filename))


class CollectedStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise ships no types
    def create_compressor(self, **options: Any) -> Compressor:
        return OursCompressed(**options)
