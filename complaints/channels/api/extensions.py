"""What the schema library must be told beside the views; loaded with the schema and not before."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension


class KeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # its registry ships no types
    target_class = "agencies.machines.KeyAuthentication"
    name = "kunci"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "Kunci API milik sebuah instansi: lapor_…"}
