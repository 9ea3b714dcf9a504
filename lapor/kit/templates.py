"""Templates as a process that serves them for days keeps them: without what only Django's page for debugging reads."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from django.template.base import Node, TextNode
from django.template.loaders import cached

if TYPE_CHECKING:
    from django.template.base import Template


class Loader(cached.Loader):
    """Django's cached loader. What it keeps of a template is a quarter smaller: neither the source, which stands in its
    file, nor the token each node was made of; what stands in many templates is kept once (bench/weight.py)."""

    def get_template(self, template_name: str, skip: list[Any] | None = None) -> Template:
        """The compiled template, as Django gives it. Raises TemplateDoesNotExist."""
        found = super().get_template(template_name, skip)
        if found.source and not self.engine.debug:
            _thin(found)
        return found


def _thin(template: Template) -> None:
    for node in template.nodelist.get_nodes_by_type(Node):
        node.token = None
        if isinstance(node, TextNode):
            node.s = sys.intern(node.s)
    # Last: another thread may look at the same template, and do the same once more.
    template.source = ""
