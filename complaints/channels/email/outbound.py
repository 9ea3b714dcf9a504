"""Letters by SMTP. A second try carries the same Message-ID; one refused address stops nobody else's letter."""

from __future__ import annotations

import smtplib

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from complaints.channels.contract import DoorRefused, DoorSilent, Parcel


class Post:
    """An open connection, kept over the letters of one run and opened anew after a fault."""

    def __init__(self) -> None:
        self._backend: BaseEmailBackend | None = None

    def send(self, parcel: Parcel) -> str:
        mail = _as_mail(parcel)
        try:
            if self._backend is None:
                self._backend = get_connection(timeout=settings.EMAIL_TIMEOUT)
                self._backend.open()
            self._backend.send_messages([mail])
        except smtplib.SMTPRecipientsRefused as error:
            self.close()
            code, said = next(iter(error.recipients.values()), (450, b""))
            raise DoorRefused(_words(code, said), lasting=500 <= code < 600) from error
        except smtplib.SMTPDataError as error:
            self.close()
            raise DoorRefused(
                _words(error.smtp_code, error.smtp_error), lasting=500 <= error.smtp_code < 600
            ) from error
        except (ValueError, smtplib.SMTPNotSupportedError) as error:
            # An address no mail can be written to: a line break in it, letters the server has no words for.
            raise DoorRefused(type(error).__name__, lasting=True) from error
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise DoorSilent(f"{type(error).__name__}: {error}") from error
        return ""

    def close(self) -> None:
        backend, self._backend = self._backend, None
        if backend is not None:
            try:
                backend.close()
            except (smtplib.SMTPException, OSError):
                # It was broken already; there is nothing left to close in order.
                return


def _as_mail(parcel: Parcel) -> EmailMultiAlternatives:
    headers = {
        "Message-ID": parcel.reference,
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        **parcel.headers,
    }
    if parcel.answers:
        headers |= {"In-Reply-To": parcel.answers, "References": parcel.answers}
    mail = EmailMultiAlternatives(
        parcel.subject, parcel.text, settings.DEFAULT_FROM_EMAIL, [parcel.address], headers=headers
    )
    if parcel.html:
        mail.attach_alternative(parcel.html, "text/html")
    return mail


def _words(code: int, said: bytes | str) -> str:
    return f"{code} {said.decode(errors='replace') if isinstance(said, bytes) else said}"
