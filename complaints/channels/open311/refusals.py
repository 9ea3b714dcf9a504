"""Why a call is not done: a status, and a sentence for each thing that is wrong with it."""

from __future__ import annotations

from rest_framework.exceptions import APIException


class Wrong(APIException):
    status_code = 400

    def __init__(self, *sentences: object) -> None:
        super().__init__()
        self.sentences = [str(sentence) for sentence in sentences]


class NoKey(Wrong):
    status_code = 403


class Missing(Wrong):
    status_code = 404
