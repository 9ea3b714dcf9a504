"""A letter: what it says, as text and as HTML, from one source. Its words stand in `to_reporter` and `to_officers`.

One act a letter, the subject is the heading, no picture, legible as text (look.md section 5). Whoever gets it has a
signed, expiring link in place of a key. Nothing of a secret case's text and no reporter's name of an anonymous one is
in it (case.md section 6).
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from complaints.channels.contract import Parcel
from complaints.models import Alert, Complaint, Notification, Reporter, Subscriber, Supporter
from lapor.kit import signing

# How long a link opens the case it was sent for; after that number and key, or a newer letter, do.
TRACK_LASTS = datetime.timedelta(days=60)
CONFIRM_LASTS = datetime.timedelta(days=14)
STOP_LASTS = datetime.timedelta(days=365)
# How long a letter's link opens the page of a mailbox's alerts; each letter brings a new one.
MANAGE_LASTS = datetime.timedelta(days=60)
# The officer's page, by the fixed names of house.md section 4: its url name belongs to an app above.
DESK = "/meja/"


class Bold(str):
    """What the eye should find: a date, an office, a number."""


class Link(str):
    """An address that is written out, and pressed where it can be."""


@dataclass(frozen=True)
class Line:
    """A paragraph. `html` has its bold parts and addresses marked, `text` is the same without."""

    text: str
    html: SafeString


def line(sentence: str, **given: str) -> Line:
    """A translated sentence with its named placeholders filled in; in HTML Bold ones stand out, a Link is one."""
    marked = {name: _marked(value) for name, value in given.items()}
    html = escape(sentence) % marked if given else escape(sentence)
    return Line(sentence % given if given else sentence, mark_safe(html))  # escaped above, part by part


def _marked(value: str) -> SafeString:
    if isinstance(value, Bold):
        return format_html("<strong>{}</strong>", value)
    return format_html('<a href="{0}">{0}</a>', value) if isinstance(value, Link) else escape(value)


@dataclass(frozen=True)
class Quote:
    """What somebody wrote, and below it who and when."""

    body: str
    by: str


@dataclass(frozen=True)
class Button:
    label: str
    url: str


@dataclass(frozen=True)
class Item:
    """One of many that a letter lists: its name leads to it, `facts` stand below, then what was said."""

    title: str
    url: str
    facts: str
    said: str = ""


@dataclass(frozen=True)
class Section:
    """A list in a letter, under its own heading; `more` says what was left out."""

    heading: str
    items: Sequence[Item]
    more: str = ""


@dataclass(frozen=True)
class Letter:
    """`over`: the small line above the heading; `lines` stand before the quote and buttons, `after` behind them."""

    heading: str
    lines: Sequence[Line]
    buttons: Sequence[Button]
    over: str = ""
    greeting: str = ""
    quote: Quote | None = None
    sections: Sequence[Section] = field(default_factory=tuple)
    after: Sequence[Line] = field(default_factory=tuple)
    stop_url: str = ""
    # At most 160 GSM-7 characters, for a door that carries no more (`notifications.short`); "" where the heading says
    # enough. May hold contract.LINK, for which room was left.
    short: str = ""
    # What must be said whatever the room: contract.Parcel.
    alert: str = ""
    # Where an answer to this letter finds the case; "" where it goes nowhere.
    reply_to: str = ""
    # The foot says why it came and what is never asked for; an officer's says where to change it.
    to_officer: bool = False


def parcel_of(letter: Letter, row: Notification, address: str, *, guarded: bool = False) -> Parcel:
    """Ready to go out by whichever door, in the language that is active. The reference is the row's own: a second try
    is the same letter."""
    context = {"letter": letter, "site": settings.SITE_URL}
    headers = {}
    if letter.stop_url:
        headers = {
            "List-Unsubscribe": f"<{letter.stop_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
    said = [letter.heading, *(one.text for one in letter.lines)]
    if letter.quote is not None:
        said.append(f"“{letter.quote.body}”")
    said += [one.text for one in letter.after]
    return Parcel(
        address=address,
        # One line, whatever somebody called an office: a header that is broken in two is sent by no server.
        subject=" ".join(letter.heading.split()),
        text=tidy(render_to_string("letters/letter.txt", context)),
        html=render_to_string("letters/letter.html", context),
        short=letter.short or letter.heading,
        words="\n\n".join(said),
        buttons=[(button.label, button.url) for button in letter.buttons],
        headers=headers,
        reference=row.message_id,
        alert=letter.alert,
        reply_to=letter.reply_to,
        language=get_language() or "id",
        letter=row.letter,
        guarded=guarded,
    )


def answerable(letter: Letter, address: str) -> Letter:
    """The letter with the address its answer goes to, and a sentence that says what answering does."""
    if not address:
        return letter
    if letter.to_officer:
        sentence = _(
            "Membalas surat ini berarti menjawab pelapor atas nama kantor Anda. Jawaban lewat surat tidak diterbitkan. "
            "Berlaku tujuh hari, selama laporannya belum berubah."
        )
    else:
        sentence = _("Ada yang ingin ditambahkan? Balas saja surat ini; foto boleh dilampirkan.")
    return replace(letter, reply_to=address, after=[*letter.after, line(sentence)])


def tidy(text: str) -> str:
    """At most one empty line between paragraphs, none at the ends."""
    kept: list[str] = []
    for row in (row.rstrip() for row in text.strip().splitlines()):
        if row or (kept and kept[-1]):
            kept.append(row)
    return "\n".join(kept) + "\n"


# --- Links ---


def track_url(reporter: Reporter, towards: str = "") -> str:
    """Opens the reporter's page of this case; `towards` is the place on it ("terima", "belum", "balas")."""
    url = absolute(reverse("complaints:enter", args=[_token("track", reporter)]))
    return f"{url}?ke={towards}" if towards else url


def confirm_url(reporter: Reporter) -> str:
    return absolute(reverse("complaints:confirm", args=[_token("confirm", reporter)]))


def stop_url(reporter: Reporter) -> str:
    return absolute(reverse("complaints:unsubscribe", args=[_token("stop", reporter)]))


def desk_url(complaint: Complaint | None = None) -> str:
    return absolute(DESK + (f"{complaint.number}/" if complaint else ""))


def sign_in_url() -> str:
    """Where an officer without a password comes in."""
    return absolute(reverse("account_request_login_code"))


def support_url(supporter: Supporter) -> str:
    """Where whoever wants to follow a case says that the address is theirs."""
    return absolute(reverse("complaints:support_confirm", args=[_support_token("support", supporter)]))


def support_stop_url(supporter: Supporter) -> str:
    return absolute(reverse("complaints:support_stop", args=[_support_token("support-stop", supporter)]))


def alert_url(alert: Alert) -> str:
    """Where whoever asked for an alert says that the address is theirs; opens once."""
    return absolute(reverse("complaints:alert_confirm", args=[signing.sign("alert", alert.pk, alert.code)]))


def alerts_url(subscriber: Subscriber) -> str:
    """Where a mailbox's alerts are seen, changed and stopped."""
    return absolute(reverse("complaints:alerts_kept", args=[alerts_token(subscriber)]))


def alerts_token(subscriber: Subscriber) -> str:
    return signing.sign("alerts", subscriber.pk, subscriber.mark)


def alert_stop_url(alert: Alert, subscriber: Subscriber) -> str:
    """Ends this one alert, by one press of a mail program's own button too."""
    token = signing.sign("alert-stop", alert.pk, subscriber.mark)
    return absolute(reverse("complaints:alert_stop", args=[token]))


def absolute(path: str) -> str:
    return f"{settings.SITE_URL}{path}"


def reporter_of(purpose: str, token: str) -> Reporter | None:
    """Who a link was made for: "track", "confirm" or "stop". None when it is forged, expired, or the address changed
    or was erased since."""
    lasts = {"track": TRACK_LASTS, "confirm": CONFIRM_LASTS, "stop": STOP_LASTS}[purpose]
    parts = signing.read(purpose, token, lasts)
    if parts is None or len(parts) != 2:
        return None
    reporter = Reporter.objects.select_related("complaint").filter(pk=int(parts[0]), erased_at__isnull=True).first()
    return reporter if reporter is not None and mark_of(reporter) == parts[1] else None


def mark_of(reporter: Reporter) -> str:
    """Changes with the address: a link sent to an old one opens nothing."""
    return (reporter.email_fingerprint or reporter.door_fingerprint)[:12]


def _token(purpose: str, reporter: Reporter) -> str:
    return signing.sign(purpose, reporter.pk, mark_of(reporter))


def supporter_of(purpose: str, token: str) -> Supporter | None:
    """Who a link was made for: "support" or "support-stop". None when it is forged, expired, or they took it back."""
    lasts = {"support": CONFIRM_LASTS, "support-stop": STOP_LASTS}[purpose]
    parts = signing.read(purpose, token, lasts)
    if parts is None or len(parts) != 2:
        return None
    found = Supporter.objects.select_related("complaint").filter(pk=int(parts[0]), ended_at__isnull=True).first()
    return found if found is not None and found.fingerprint[:12] == parts[1] else None


def subscriber_of(token: str) -> Subscriber | None:
    """Whose page of alerts a link opens; None when it is forged, expired, or the mailbox was forgotten."""
    parts = signing.read("alerts", token, MANAGE_LASTS)
    if parts is None or len(parts) != 2:
        return None
    found = Subscriber.objects.filter(pk=int(parts[0])).first()
    return found if found is not None and found.mark == parts[1] else None


def alert_of(purpose: str, token: str) -> Alert | None:
    """What a link was made for: "alert" (to confirm it, once) or "alert-stop". None when it is forged, expired, used,
    or the alert has ended."""
    parts = signing.read(purpose, token, {"alert": CONFIRM_LASTS, "alert-stop": STOP_LASTS}[purpose])
    if parts is None or len(parts) != 2:
        return None
    rows = Alert.objects.standing().select_related("subscriber", "place", "office__region", "category")
    found = rows.filter(pk=int(parts[0]), subscriber__isnull=False).first()
    if found is None or found.subscriber is None:
        return None
    known = found.code if purpose == "alert" else found.subscriber.mark
    return found if known and known == parts[1] else None


def _support_token(purpose: str, supporter: Supporter) -> str:
    return signing.sign(purpose, supporter.pk, supporter.fingerprint[:12])
