"""What the settings of *latihan* are besides those of *coba*; nothing here asks Django for anything."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.core.exceptions import ImproperlyConfigured

from lapor.training import clock
from lapor.variables import VARIABLES

# Whoever gives one of these has the environment of a real portal in hand: said aloud, not passed over.
WAYS_OUT: Final = (
    "LAPOR_EMAIL_URL",
    "LAPOR_EMAIL_ESP",
    "LAPOR_EMAIL_INBOX",
    "LAPOR_EMAIL_KEY",
    "LAPOR_IMAP_URL",
    "LAPOR_SMS_SEND_URL",
    "LAPOR_SMS_SECRET",
    "LAPOR_VAPID_KEY",
    # Of every channel with a service behind it, also of one to come.
    *(name for name in VARIABLES if name.endswith("_TOKEN")),
)
# Seconds; the clock may jump over weeks while somebody is signed in.
A_LONG_TIME: Final = 3650 * 24 * 3600


def changed(given: Mapping[str, Any]) -> dict[str, Any]:
    """Raises ImproperlyConfigured, naming the variable."""
    env = given["env"]
    for name in WAYS_OUT:
        if env.str(name, default=""):
            raise ImproperlyConfigured(f"{name}: tidak boleh diisi di latihan, supaya tidak ada yang keluar dari sini")
    if env.str("LAPOR_SMS_GATEWAY", default="coba") != "coba":
        raise ImproperlyConfigured("LAPOR_SMS_GATEWAY: di latihan hanya ponsel di peramban ('coba')")
    code = env.str("LAPOR_LATIHAN_KODE", default="")
    if len(code) < 8:
        raise ImproperlyConfigured("LAPOR_LATIHAN_KODE: wajib diisi dengan sedikitnya 8 huruf: kode bagi pelatih")
    clock.install()
    hosts, middleware = list(given["ALLOWED_HOSTS"]), list(given["MIDDLEWARE"])
    site = env.str("LAPOR_SITE_URL", default="").rstrip("/") or (
        f"https://{hosts[0]}" if env.str("LAPOR_HOSTS", default="") else str(given["SITE_URL"])
    )
    # Inside the compression, outside of everything that makes a page.
    middleware.insert(middleware.index("lapor.middleware.Compress") + 1, "lapor.training.middleware.Training")
    cache = {**given["CACHES"]["default"], "KEY_PREFIX": "latihan"}
    return {
        "TRAINER_CODE": code,
        "SITE_URL": site,
        "TRAINING_URL": site,
        "INSTALLED_APPS": ["lapor.training", *given["INSTALLED_APPS"]],
        "MIDDLEWARE": middleware,
        "ROOT_URLCONF": "lapor.training.urls",
        "CACHES": {"default": cache},
        "EMAIL_BACKEND": "lapor.training.post.Caught",
        "SMS_GATEWAY": "coba",
        "LAPOR_VAPID_KEY": "",
        # A browser has one set of cookies for all ports of a machine.
        "SESSION_COOKIE_NAME": "latihan_sesi",
        "CSRF_COOKIE_NAME": "latihan_csrf",
        "SESSION_COOKIE_AGE": A_LONG_TIME,
        # A room full of people has one address: nobody waits for the others.
        "ACCOUNT_RATE_LIMITS": False,
        **(_behind_a_proxy(site) if site.startswith("https://") else {}),
    }


def _behind_a_proxy(site: str) -> dict[str, Any]:
    return {
        "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https"),
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "CSRF_TRUSTED_ORIGINS": [site],
        "ACCOUNT_DEFAULT_HTTP_PROTOCOL": "https",
    }
