"""bin/manage load_prefixes"""

from typing import Any

from django.core.management.base import BaseCommand

from agencies.actor import Actor
from agencies.loading.prefixes import load_prefixes


class Command(BaseCommand):
    help = "Menaruh awalan SMS yang lazim untuk pemda dan kantor pusat; yang sudah ada atau diakhiri tidak berubah."

    def handle(self, *args: Any, **options: Any) -> None:
        added = load_prefixes(Actor.system("load_prefixes"))
        if options["verbosity"]:
            self.stdout.write(f"Awalan: {len(added)} baru.")
