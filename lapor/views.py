"""The home page and the health pages."""

from django.db import connection
from django.db.utils import Error as DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def home(request: HttpRequest) -> HttpResponse:
    return render(request, "home.html")


def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers. Says nothing about what lies behind it."""
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(request: HttpRequest) -> HttpResponse:
    """200 when a page could be served now, 503 when the database is silent.

    Redis is not asked: without it the portal still takes reports.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("basis data tidak menjawab\n", status=503, content_type="text/plain")
    return HttpResponse("siap\n", content_type="text/plain")
