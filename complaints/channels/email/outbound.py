"""Letters by SMTP, or by a mail provider's API (django-anymail). A second try carries the same Message-ID; one refused
address stops nobody else's letter."""

from __future__ import annotations

import smtplib
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from complaints.channels.contract import DoorRefused, DoorSilent, Parcel
from complaints.channels.email.mime import message_ids

if TYPE_CHECKING:
    from anymail.exceptions import AnymailAPIError


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
        except _provider().AnymailRecipientsRefused as error:
            raise DoorRefused("the provider refused the address", lasting=True) from error
        except _provider().AnymailAPIError as error:
            self.close()
            raise _from_provider(error) from error
        except _provider().AnymailError as error:
            # What the provider has no way to send, whoever it is for.
            raise DoorRefused(type(error).__name__, lasting=False) from error
        except (ValueError, smtplib.SMTPNotSupportedError) as error:
            # An address no mail can be written to: a line break in it, letters the server has no words for.
            raise DoorRefused(type(error).__name__, lasting=True) from error
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise DoorSilent(f"{type(error).__name__}: {error}") from error
        # Only a provider gives an id of its own.
        return str(getattr(getattr(mail, "anymail_status", None), "message_id", None) or "")

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
    before = [*message_ids(parcel.answers), *message_ids(parcel.thread)]
    if before:
        headers |= {"In-Reply-To": before[-1], "References": " ".join(before)}
    if settings.LAPOR_EMAIL_ESP == "postmark":
        # Otherwise it puts an id of its own in the place of ours, and no answer finds its letter.
        headers["X-PM-KeepID"] = "true"
    mail = EmailMultiAlternatives(
        parcel.subject,
        parcel.text,
        settings.DEFAULT_FROM_EMAIL,
        [parcel.address],
        headers=headers,
        reply_to=[parcel.reply_to] if parcel.reply_to else None,
    )
    if parcel.html:
        mail.attach_alternative(parcel.html, "text/html")
    return mail


def _provider() -> Any:
    """What a provider's API may raise. Looked at only once something was: the library brings a whole HTTP client along,
    and every process knows this door."""
    from anymail import exceptions

    return exceptions


def _from_provider(error: AnymailAPIError) -> DoorSilent | DoorRefused:
    """The provider's own trouble and its limits pass; a letter it calls wrong is tried again too, but is no outage."""
    code = error.status_code or 0
    if 400 <= code < 500 and code not in (401, 403, 408, 429):
        return DoorRefused(f"provider {code}", lasting=False)
    return DoorSilent(f"provider {code or type(error).__name__}")


def _words(code: int, said: bytes | str) -> str:
    return f"{code} {said.decode(errors='replace') if isinstance(said, bytes) else said}"
