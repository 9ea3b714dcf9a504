"""bin/manage lay_starter_set 14.02"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from agencies.actor import Actor
from agencies.loading.starter_set import lay_starter_set
from agencies.models import Agency
from agencies.models.agency import PEMDA


class Command(BaseCommand):
    help = "Menaruh perangkat daerah yang lazim (PP 18/2016) di bawah pemda dengan kode wilayah ini."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("wilayah", help="kode wilayah, misalnya 14.02")

    def handle(self, *args: Any, **options: Any) -> None:
        pemda = Agency.objects.filter(region=options["wilayah"], kind__in=PEMDA, ends_on__isnull=True).first()
        if pemda is None:
            raise CommandError(f"Tidak ada pemda dengan kode wilayah {options['wilayah']}.")
        planted = lay_starter_set(pemda, Actor.system("lay_starter_set"))
        self.stdout.write(f"{pemda.name}: {len(planted)} kantor baru.")
