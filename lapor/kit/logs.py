"""Logs that name nobody: tokens in addresses and the words PostgreSQL quotes back never reach a log line.

Django writes the path of every refused request, and a letter's link is a key. PostgreSQL repeats the row it refused
("DETAIL: Failing row contains …") and the statement around a mistake ("LINE 1: …"), in which a story or a name stands.
"""

from __future__ import annotations

import logging
import re

# /kabar/<token>/… and /langganan/<token>/… of letters, /s/<code> of an SMS, /panggilan/<token>/ of calls to a browser,
# tokens of Open311, and the key of a password that is set anew.
_TOKENS = re.compile(r"(/kabar/|/langganan/|/s/|/panggilan/|/open311/v2/tokens/|/akun/sandi/lupa/kunci/)[^/\s?'\"]+")
# A path's query: words searched for, a number typed; of an address we call, whom and with what.
_QUERY = re.compile(r"(?<=/)\?[^\s'\"]+|(?<=\w)\?[\w.%-]+=[^\s'\"]*")
# What a messenger knows our bot by.
_BOT = re.compile(r"(/bot)\d+:[\w-]+")
# A row may hold line ends, so everything up to the next part of the traceback goes.
_QUOTED = re.compile(
    r"\b(DETAIL|CONTEXT|QUERY|STATEMENT|LINE \d+):(?! …).*?(?=\n\nThe above|\n\nDuring|\nTraceback|\Z)", re.DOTALL
)


class Discreet(logging.Filter):
    """On a handler: rewrites what passes, arguments and traceback included."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = discreet(record.getMessage()), ()
        if record.name == "django.request" and record.levelno < logging.ERROR:
            # Refused or not there is an answer, no fault: nobody asks by which lines of the code it came.
            record.exc_info = record.exc_text = None
        if record.exc_info and not record.exc_text:
            # Formatters use the text that is already there.
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = discreet(record.exc_text)
        return True


def discreet(text: str) -> str:
    """The same line without tokens, queries and quoted rows."""
    return _QUOTED.sub(r"\1: …", _QUERY.sub("?…", _BOT.sub(r"\1…", _TOKENS.sub(r"\1…", text))))
