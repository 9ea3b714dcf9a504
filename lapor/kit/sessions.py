"""Sessions in the database, of which a copy of the database tells nothing and opens none.

What a session holds (who it is, the code that was just sent to them) is sealed under the field keys; its name is kept
as a keyed hash, so that only the browser that has the cookie can name it.
"""

from __future__ import annotations

import json
from typing import Any

from django.contrib.sessions.backends import db
from django.db import models
from django.utils import timezone

from lapor.kit.compiled import Blank, Compiled
from lapor.kit.sealing import InvalidToken, fingerprint, seal, unseal

# As long as the column; 160 bits.
_LENGTH = 40


def stored_name(session_key: str) -> str:
    """What stands in the table for this cookie."""
    return fingerprint(session_key, "session")[:_LENGTH]


def _named() -> models.QuerySet[Any, Any]:
    name, now = Blank("name", models.CharField()), Blank("now", models.DateTimeField())
    rows: models.QuerySet[Any, Any] = SessionStore.get_model_class().objects.filter(
        session_key=name, expire_date__gt=now
    )
    return rows


def _taken() -> models.QuerySet[Any, Any]:
    rows: models.QuerySet[Any, Any] = SessionStore.get_model_class().objects.filter(
        session_key=Blank("name", models.CharField())
    )
    return rows.values_list("session_key")


_BY_NAME: Compiled[Any] = Compiled(_named)
_TAKEN: Compiled[Any] = Compiled(_taken)


class SessionStore(db.SessionStore):
    def encode(self, session_dict: dict[str, Any]) -> str:
        return seal(json.dumps(session_dict))

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        """Empty for what no key of ours opens: its owner signs in again."""
        token = session_data.decode() if isinstance(session_data, bytes) else session_data
        try:
            return dict(json.loads(unseal(token) or "{}"))
        except (InvalidToken, ValueError):
            return {}

    def _get_session_from_db(self) -> Any:
        for row in _BY_NAME(name=stored_name(self.session_key or ""), now=timezone.now()):
            return row
        self._session_key = None
        return None

    def exists(self, session_key: str) -> bool:
        return bool(_TAKEN(name=stored_name(session_key)))

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        row = super().create_model_instance(data)
        row.session_key = stored_name(row.session_key)
        return row

    def delete(self, session_key: str | None = None) -> None:
        name = session_key or self.session_key
        if name:
            self.model.objects.filter(session_key=stored_name(name)).delete()
