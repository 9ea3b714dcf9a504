"""The lines of the desk's list as HTML.

Written in Python and not in the template: fifty lines of fourteen values each are a third of what the page costs when
a template looks every one of them up, and the desk is the page officers open most. Every value is escaped here.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.template.loader import get_template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lapor.kit import wording
from routing import queue

Shown = tuple[queue.Row, SafeString, str]


def draw(lines: Iterable[Shown], *, below: bool, picks: bool) -> SafeString:
    """Table rows for these cases, each with its badge and the address of its page. `below`: with the office's name;
    `picks`: with a box to tick, of the form "sekaligus"."""
    # A card says who holds it only where somebody does.
    pick, nobody, none = escape(_("Pilih")), "–", ' class="none"'
    fresh = f' <b class="fresh">{escape(_("baru"))}</b>'
    office, holder, received = escape(_("Kantor")), escape(_("Pemegang")), escape(_("Diterima"))
    lock = get_template("icons/lock.svg").render() + " "
    where = f'<td data-l="{office}">{{}}</td>' if below else ""
    drawn = []
    for row, badge, url in lines:
        title = escape(row.title)
        box = (
            f'<input class="pick" type="checkbox" form="sekaligus" name="laporan" value="{escape(row.number)}"'
            f' aria-label="{pick} {title}">'
            if picks
            else ""
        )
        chips = "".join(f' <span class="chip">{escape(name)}</span>' for name in row.programmes)
        if row.account:
            called = _("penjelasan diminta sampai %(day)s") % {"day": row.account}
            chips += f' <span class="chip{" late" if row.account_late else ""}">{escape(called)}</span>'
        if row.supporters:
            follow = ngettext("%(shown)s orang juga mengalami", "%(shown)s orang juga mengalami", row.supporters)
            chips += f' <span class="chip">{escape(follow % {"shown": wording.number(row.supporters)})}</span>'
        drawn.append(
            f'<tr><td class="when">{box}{badge}</td>'
            f'<th scope="row"><a href="{escape(url)}">{lock if row.secret else ""}{title}</a>'
            f"{fresh if row.is_new else ''}{chips}"
            f' <span class="place">{escape(row.where)}</span></th>'
            f'<td class="state">{escape(row.status)}</td>'
            f"{where.format(escape(row.office)) if where else ''}"
            f'<td{"" if row.officer else none} data-l="{holder}">{escape(row.officer) or nobody}</td>'
            f'<td class="on" data-l="{received}">{escape(row.received)}</td></tr>'
        )
    return mark_safe("".join(drawn))
