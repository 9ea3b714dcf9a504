"""Cells of the long tables as HTML: what a column tells, its name for a phone, and words for who hears a link alone.

Drawn in Python: fifty offices have seven hundred cells, and a template looks up every value of each by its name.
"""

from collections.abc import Iterable

from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe

from lapor.kit.bars import Block, Part


def cell(
    label: str, shown: str, classes: str = "n", *, url: str = "", words: str = "", link: str = "", more: str = ""
) -> SafeString:
    """One cell. `classes`, our own: n (a number), late, up, none (nothing to tell), or empty; `url` makes `shown` a
    link of the class `link`, which says `words` too to who does not see the table; `more` stands after it."""
    named, drawn = f' class="{classes}"' if classes else "", str(conditional_escape(shown))
    if url:
        link = f' class="{link}"' if link else ""
        drawn = f'<a{link} href="{escape(url)}">{drawn}<span class="vh"> {escape(words)}</span></a>'
    return mark_safe(f'<td{named} data-l="{escape(label)}">{drawn}{conditional_escape(more)}</td>')


def age_bar(parts: Iterable[Part]) -> SafeString:
    """The ages of what is open, from `bars.stack`: a drawing for the eye alone."""
    drawn = "".join(f'<rect class="{one.tone}" x="{one.x}" width="{one.width}" height="10"/>' for one in parts)
    return mark_safe(
        f'<svg class="age" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">{drawn}</svg>'
    )


def columns(blocks: Iterable[Block]) -> SafeString:
    """Six small columns, one a month."""
    drawn = "".join(
        f'<rect class="{one.tone}" x="{n}0" width="8" y="{one.y}" height="{one.height}"/>'
        for n, one in enumerate(blocks)
    )
    return mark_safe(
        f'<svg class="spark" viewBox="0 0 60 100" preserveAspectRatio="none" aria-hidden="true">{drawn}</svg>'
    )
