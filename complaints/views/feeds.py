"""What is newly published, for feed readers: the public list, with its words and filters, as Atom (RFC 4287).

From Publication alone, as the list. An entry keeps its identity whatever becomes of the case; a case that is closed to
everybody is in the next feed no more. Pages of older entries follow RFC 5005.
"""

from __future__ import annotations

import hashlib
import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agencies import subsites
from complaints import cards, search
from complaints.models import Kind, Publication
from complaints.notifications.letters import absolute
from complaints.views import browse
from lapor.kit.text import shorten

# Seconds a reader's own program may keep it; it asks once in a while, and most answers are "nothing new".
KEPT_FOR = 300
WORDS = 400
# What XML 1.0 (section 2.2) does not hold.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Feed(Atom1Feed):
    """With the address of older entries, where there are any."""

    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        if self.feed["older"]:
            handler.addQuickElement("link", "", {"rel": "next", "href": self.feed["older"]})


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """Twenty entries, newest first. 400 in plain words where a place or an office fits none or several. At most 17
    statements."""
    site = subsites.of(request)
    wanted = search.read(request.GET, site.agency if site else None)
    if wanted.is_unclear:
        said = _("“%(typed)s” tidak kami kenal, atau ada beberapa. Ambil alamat umpan dari halaman daftar laporan.")
        return HttpResponse(
            said % {"typed": wanted.place_typed or wanted.office_typed},
            status=400,
            content_type="text/plain; charset=utf-8",
        )
    wanted = search.Wanted(**{**vars(wanted), "order": search.NEWEST})
    among, _total = search.narrowed(wanted)
    page = search.page(wanted, among, request.GET.get("setelah", ""), timezone.localdate())
    made = _atom(wanted, page).encode()
    etag = f'"{hashlib.sha256(made).hexdigest()[:32]}"'
    answer = get_conditional_response(request, etag) or HttpResponse(made, content_type="application/atom+xml")
    answer["ETag"] = etag
    browse.keep_briefly(request, answer)
    if "max-age" in answer["Cache-Control"]:
        answer["Cache-Control"] = f"private, max-age={KEPT_FOR}"
    return answer


def _atom(wanted: search.Wanted, page: search.Page) -> str:
    here = browse.feed_address(wanted)
    older = f"{here}{'&' if '?' in here else '?'}setelah={page.next_cursor}" if page.next_cursor else ""
    made = Feed(
        title=_plain(f"{browse.title_of(wanted)} · LAPOR!"),
        link=absolute(reverse("complaints:list") + wanted.address().removesuffix("?")),
        description="",
        language=get_language(),
        feed_url=absolute(here),
        subtitle=_("Laporan warga yang baru diterbitkan, tanpa nama dan tanpa data pribadi."),
        feed_guid=absolute(here),
        older=absolute(older) if older else "",
    )
    texts = dict(Publication.objects.filter(pk__in=[row.pk for row in page.rows]).values_list("pk", "body"))
    for row, card in zip(page.rows, cards.cards(page.rows), strict=True):
        facts = [card["place"], card["office"], str(card["status"])]
        made.add_item(
            title=_plain(row.title),
            link=absolute(card["url"]),
            description=_plain(f"{' · '.join(one for one in facts if one)}\n\n{shorten(texts[row.pk], WORDS)}"),
            unique_id=absolute(card["url"]),
            pubdate=row.published_at,
            updateddate=row.published_at,
            categories=[str(Kind(row.kind).label)],
            author_name=_("Warga"),
        )
    return made.writeString("utf-8")


def _plain(text: str) -> str:
    return _NOT_XML.sub("", text)
