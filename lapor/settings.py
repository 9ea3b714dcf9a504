"""Django's settings: one file, everything that differs between machines comes from LAPOR_* variables.

Each variable may also be given as NAME_FILE, the path of a file that holds the value (secrets in containers).
A bad value is refused by the name of its variable. `coba` (the default) is for trying, developing and testing;
`produksi` accepts no default key; `latihan` is for learning: nothing real in it, and no way out (lapor.training).
"""

import re
from base64 import urlsafe_b64decode
from email.utils import parseaddr
from importlib.util import find_spec
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

import environ
from cryptography.fernet import Fernet
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from environ.fileaware_mapping import FileAwareMapping

from lapor.hosts import Hosts

BASE_DIR = Path(__file__).resolve().parent.parent

WEAK_PASSWORDS = {"", "lapor", "rahasia", "sandi", "password", "postgres", "redis", "admin", "changeme", "ganti-saya"}


class _Variables(FileAwareMapping):  # type: ignore[misc]  # environ ships no types
    """The environment, with NAME_FILE read where given; the line end most editors leave in a file is not part of it."""

    def __getitem__(self, key: str) -> str:
        return str(super().__getitem__(key)).strip()


env = environ.Env()
env.ENVIRON = _Variables()


def _bad(name: str, why: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"{name}: {why}")


def _refuse_weak_password(name: str, url: str) -> None:
    """In produksi no password that stands in somebody's instructions; none at all only where no network is crossed."""
    address = urlsplit(url)
    if address.hostname and (address.password or "").lower() in WEAK_PASSWORDS:
        raise _bad(name, "sandinya kosong atau terlalu mudah ditebak")


def _refuse_bad_port(name: str, url: str) -> None:
    try:
        _ = urlsplit(url).port
    except ValueError as error:
        raise _bad(name, "sesudah titik dua wajib nomor port antara 0 dan 65535") from error


def _number(name: str, default: int, least: int, most: int) -> int:
    said = env.str(name, default="") or str(default)
    if not said.isdecimal() or not least <= int(said) <= most:
        raise _bad(name, f"angka {least} sampai {most}, bukan {said!r}")
    return int(said)


# --- Where we are ---

MODE = env.str("LAPOR_MODE", default="coba")
if MODE not in {"coba", "latihan", "produksi"}:
    raise _bad("LAPOR_MODE", f"hanya 'coba', 'latihan', atau 'produksi', bukan {MODE!r}")
PRODUCTION, TRAINING = MODE == "produksi", MODE == "latihan"

TRIAL_KEY = "hanya-untuk-coba-" + "jangan-dipakai-di-server-" * 2
SECRET_KEY = env.str("LAPOR_SECRET_KEY", default="" if PRODUCTION else TRIAL_KEY)
if PRODUCTION and (len(SECRET_KEY) < 50 or SECRET_KEY == TRIAL_KEY):
    raise _bad("LAPOR_SECRET_KEY", "wajib diisi dengan sedikitnya 50 huruf acak")

# Hashes numbers' keys and finds equal contacts. Changing it makes every key handed out useless.
TRIAL_PEPPER = "hanya-untuk-coba-bukan-untuk-server"
LAPOR_PEPPER = env.str("LAPOR_PEPPER", default="" if PRODUCTION else TRIAL_PEPPER)
if PRODUCTION and (len(LAPOR_PEPPER) < 32 or LAPOR_PEPPER == TRIAL_PEPPER):
    raise _bad("LAPOR_PEPPER", "wajib diisi dengan sedikitnya 32 huruf acak")

# Fernet keys that seal names and contacts, newest first: the first seals, all of them open.
TRIAL_FIELD_KEY = "aGFueWEtdW50dWstY29iYS1idWthbi1zZXJ2ZXItMDE="
LAPOR_FIELD_KEYS = env.list("LAPOR_FIELD_KEYS", default=[] if PRODUCTION else [TRIAL_FIELD_KEY])
if not LAPOR_FIELD_KEYS or (PRODUCTION and TRIAL_FIELD_KEY in LAPOR_FIELD_KEYS):
    raise _bad("LAPOR_FIELD_KEYS", "wajib diisi dengan sedikitnya satu kunci Fernet sendiri")
for _key in LAPOR_FIELD_KEYS:
    try:
        Fernet(_key)
    except ValueError as error:
        raise _bad("LAPOR_FIELD_KEYS", "setiap kunci harus 32 bita acak dalam base64 (url-safe)") from error

DEBUG = env.bool("LAPOR_DEBUG", default=False)
if PRODUCTION and DEBUG:
    raise _bad("LAPOR_DEBUG", "tidak boleh menyala di produksi")

STATE_DIR = Path(env.str("LAPOR_STATE_DIR", default=str(BASE_DIR / "var")))
if TRAINING and STATE_DIR.name != "latihan":
    # Never the folder of a real portal, whoever names it.
    STATE_DIR /= "latihan"
# A district's own host stands in the database (lapor.hosts).
ALLOWED_HOSTS = Hosts(env.list("LAPOR_HOSTS", default=[] if PRODUCTION else ["127.0.0.1", "localhost"]))
if PRODUCTION and (not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS):
    raise _bad("LAPOR_HOSTS", "sebutkan nama host portal, dipisah koma, tanpa '*'")
# How letters and QR codes name the portal, without a slash at the end.
SITE_URL = env.str(
    "LAPOR_SITE_URL",
    default=f"https://{ALLOWED_HOSTS[0]}" if PRODUCTION else "http://127.0.0.1:8000",
).rstrip("/")
if not re.fullmatch(rf"http{'s' if PRODUCTION else 's?'}://[A-Za-z0-9][A-Za-z0-9.-]*(:[0-9]+)?", SITE_URL):
    raise _bad("LAPOR_SITE_URL", "wajib berbentuk https://host, tanpa yang lain di belakangnya")

# The portal for training, if there is one: newly appointed officers are told of it. In training it is this one.
TRAINING_URL = env.str("LAPOR_LATIHAN_ALAMAT", default="").rstrip("/")
if TRAINING_URL and not re.fullmatch(r"https?://[A-Za-z0-9.-]+(:[0-9]+)?", TRAINING_URL):
    raise _bad("LAPOR_LATIHAN_ALAMAT", "wajib berbentuk https://host, tanpa yang lain di belakangnya")

# --- The house ---

INSTALLED_APPS = [
    "routing",
    "complaints",
    "agencies",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "csp",
    "django_htmx",
    "pgtrigger",
]

MIDDLEWARE = [
    "lapor.doors.SubSites",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "lapor.middleware.Compress",
    "lapor.middleware.Headers",
    "csp.middleware.CSPMiddleware",
    "lapor.middleware.Language",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "agencies.middleware.ActingMembershipMiddleware",
    "lapor.middleware.OfficersLeave",
    "agencies.middleware.TwoStepsMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "lapor.urls"
WSGI_APPLICATION = "lapor.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # Our crispy pack lies in templates/forms/lapor/ and crispy asks for it as lapor/….
        "DIRS": [BASE_DIR / "templates", BASE_DIR / "templates" / "forms"],
        "OPTIONS": {
            "loaders": [
                (
                    "lapor.kit.templates.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ],
            # The look's tags and filters, in every template and every part.
            "builtins": ["lapor.templatetags.look"],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = ["lapor"]
CRISPY_TEMPLATE_PACK = "lapor"
CRISPY_FAIL_SILENTLY = False

# --- What is true: PostgreSQL ---

_DATABASE_URL = env.str("LAPOR_DATABASE_URL", default="" if PRODUCTION else "postgresql://lapor@127.0.0.1:5432/lapor")
if not _DATABASE_URL.startswith(("postgresql://", "postgres://")):
    raise _bad("LAPOR_DATABASE_URL", "wajib berbentuk postgresql://nama:sandi@host:port/basisdata")

_refuse_bad_port("LAPOR_DATABASE_URL", _DATABASE_URL)
if PRODUCTION:
    _refuse_weak_password("LAPOR_DATABASE_URL", _DATABASE_URL)
# By its name already; what it really holds is looked at before anything starts (lapor.embedded.apart).
if ("latihan" in urlsplit(_DATABASE_URL).path) is not TRAINING:
    raise _bad("LAPOR_DATABASE_URL", "nama basis data latihan memuat kata 'latihan', yang lain tidak")

# Connections a process keeps (times processes must stay below the server's limit); 0 opens one for each request.
_POOL = _number("LAPOR_DATABASE_POOL", 8, 0, 100)
DATABASES = {
    "default": {
        **environ.Env.db_url_config(_DATABASE_URL),
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            # reconnect_timeout: after an outage the next request tries anew, instead of a back-off grown to minutes.
            **({"pool": {"min_size": 1, "max_size": _POOL, "timeout": 5, "reconnect_timeout": 1}} if _POOL else {}),
            "connect_timeout": 5,
            "application_name": "lapor",
        },
    },
}

# --- What only wakes: Redis or Valkey ---

REDIS_URL = env.str("LAPOR_REDIS_URL", default="" if PRODUCTION else "redis://127.0.0.1:6379/0")
if not REDIS_URL.startswith(("redis://", "rediss://", "unix://")):
    raise _bad("LAPOR_REDIS_URL", "wajib berbentuk redis://:sandi@host:port/0")

_refuse_bad_port("LAPOR_REDIS_URL", REDIS_URL)
if PRODUCTION:
    _refuse_weak_password("LAPOR_REDIS_URL", REDIS_URL)

CELERY_BROKER_URL = REDIS_URL
# Which queue a nudge goes to, by the task's name; what is not named here belongs to the sweep.
CELERY_TASK_ROUTES = {
    "complaints.tasks.receive*": "arrivals",
    "complaints.tasks.check*": "arrivals",
    "complaints.tasks.send*": "notify",
    "agencies.tasks.send*": "notify",
    "routing.tasks.forward*": "forward",
    "routing.tasks.deliver*": "deliver",
    "routing.tasks.morning_letters": "notify",
    "routing.tasks.learn*": "learn",
}
CELERY_TASK_DEFAULT_QUEUE = "sweep"
# Seconds, for every task: asked to end, then ended.
CELERY_TASK_SOFT_TIME_LIMIT, CELERY_TASK_TIME_LIMIT = 220, 240

# Read by lapor.celery, which may be there before the settings are; refused here.
_number("LAPOR_SWEEP_SECONDS", 60, 1, 60)

# Rate limits and counters. Forgetting is allowed, failing is not: without Redis every key reads as absent.
CACHES = {
    "default": {
        "BACKEND": "lapor.kit.cache.ForgivingRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "lapor",
    },
}

# --- People ---

AUTH_USER_MODEL = "agencies.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
# The first keeps them, all of them are read: one kept otherwise is kept anew when its owner signs in.
PASSWORD_HASHERS = ["agencies.passwords.Argon2id", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/akun/"
# After signing in, unless a page was asked for.
OFFICERS_START = "/meja/"
OBSERVERS_START = "/pengawasan/"
OMBUDSMAN_START = "/pengawasan/ombudsman/"
PROGRAMME_OBSERVERS_START = "/pengawasan/program/"
CITIZENS_START = "/laporan-saya/"
LOGOUT_REDIRECT_URL = "/"

ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_ADAPTER = "agencies.adapter.AccountAdapter"
# Citizens sign in by emailed code and have no password; officers get one.
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_FORMS = {
    "login": "agencies.account_forms.LoginForm",
    "signup": "agencies.account_forms.SignupForm",
    "reset_password": "agencies.account_forms.ResetPasswordForm",
    "request_login_code": "agencies.account_forms.RequestLoginCodeForm",
    "confirm_login_code": "agencies.account_forms.ConfirmLoginCodeForm",
    "confirm_email_verification_code": "agencies.account_forms.ConfirmEmailForm",
}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if PRODUCTION else "http"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# An officer's session ends when nobody uses it for so long, and after so long in any case (seconds; 0: no limit). A
# citizen's lasts as long as its cookie.
OFFICER_SESSION_IDLE = 30 * 60 if PRODUCTION else 0
OFFICER_SESSION_LONGEST = 12 * 3600
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "LAPOR!"
# TOTP is required of coordinators and national admins only where it protects somebody.
MFA_REQUIRED_OF_OFFICERS = PRODUCTION

# --- Machines ---

# What a view for machines accepts, answers and counts stands in agencies.machines.MachineView.
REST_FRAMEWORK = {
    "EXCEPTION_HANDLER": "lapor.kit.problems.handle",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "URL_FORMAT_OVERRIDE": None,
}

# --- Messengers: one without its secrets is off, and the page of the channels says which are missing ---

WHATSAPP_TOKEN = env.str("LAPOR_WHATSAPP_TOKEN", default="")
WHATSAPP_PHONE_ID = env.str("LAPOR_WHATSAPP_PHONE_ID", default="")
WHATSAPP_APP_SECRET = env.str("LAPOR_WHATSAPP_APP_SECRET", default="")
WHATSAPP_VERIFY_TOKEN = env.str("LAPOR_WHATSAPP_VERIFY_TOKEN", default="")
WHATSAPP_TEMPLATE = env.str("LAPOR_WHATSAPP_TEMPLATE", default="")
WHATSAPP_URL = env.str("LAPOR_WHATSAPP_URL", default="https://graph.facebook.com/v23.0").rstrip("/")
TELEGRAM_TOKEN = env.str("LAPOR_TELEGRAM_TOKEN", default="")
TELEGRAM_SECRET = env.str("LAPOR_TELEGRAM_SECRET", default="")
TELEGRAM_URL = env.str("LAPOR_TELEGRAM_URL", default="https://api.telegram.org").rstrip("/")
X_TOKEN = env.str("LAPOR_X_TOKEN", default="")
X_USER_TOKEN = env.str("LAPOR_X_USER_TOKEN", default="")
X_USER_ID = env.str("LAPOR_X_USER_ID", default="")
X_URL = env.str("LAPOR_X_URL", default="https://api.x.com").rstrip("/")

# --- Letters ---

_EMAIL_URL = env.str("LAPOR_EMAIL_URL", default="" if PRODUCTION else f"filemail:///{STATE_DIR / 'surat'}")
if not _EMAIL_URL:
    raise _bad("LAPOR_EMAIL_URL", "wajib diisi, misalnya smtp+tls://nama:sandi@host:587")
_post = urlsplit(_EMAIL_URL)
if _post.scheme not in environ.Env.EMAIL_SCHEMES or (_post.scheme.startswith("smtp") and not _post.hostname):
    raise _bad("LAPOR_EMAIL_URL", "wajib berbentuk smtp+tls://nama:sandi@host:587")
_refuse_bad_port("LAPOR_EMAIL_URL", _EMAIL_URL)
vars().update(environ.Env.email_url_config(_EMAIL_URL))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("LAPOR_EMAIL_FROM", default="" if PRODUCTION else "LAPOR! <lapor@localhost>")
if not DEFAULT_FROM_EMAIL:
    raise _bad("LAPOR_EMAIL_FROM", "wajib diisi, misalnya 'LAPOR! <lapor@host>'")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# A mail provider's API in place of SMTP, and its webhook for letters that come in (django-anymail).
LAPOR_EMAIL_ESP = env.str("LAPOR_EMAIL_ESP", default="")
ANYMAIL = {
    **(env.dict("LAPOR_EMAIL_ESP_SETTINGS", default={}) if LAPOR_EMAIL_ESP else {}),
    "REQUESTS_TIMEOUT": EMAIL_TIMEOUT,
}
if LAPOR_EMAIL_ESP:
    if not re.fullmatch(r"[a-z_]{3,20}", LAPOR_EMAIL_ESP) or not find_spec(f"anymail.backends.{LAPOR_EMAIL_ESP}"):
        raise _bad("LAPOR_EMAIL_ESP", f"penyedia surat tidak dikenal: {LAPOR_EMAIL_ESP!r}")
    EMAIL_BACKEND = f"anymail.backends.{LAPOR_EMAIL_ESP}.EmailBackend"
elif PRODUCTION and not _post.scheme.startswith("smtp"):
    raise _bad("LAPOR_EMAIL_URL", "di produksi surat harus benar-benar pergi: smtp+tls://nama:sandi@host:587")

# Letters that come in. Without an inbox nothing is heard, and letters go out as ever (docs/email.md).
LAPOR_EMAIL_INBOX = env.str("LAPOR_EMAIL_INBOX", default="")
LAPOR_EMAIL_REPLY = env.str("LAPOR_EMAIL_REPLY", default="")
for _name, _address in (("LAPOR_EMAIL_INBOX", LAPOR_EMAIL_INBOX), ("LAPOR_EMAIL_REPLY", LAPOR_EMAIL_REPLY)):
    # Nothing after the "+": that place is ours.
    if _address and not re.fullmatch(r"[^\s@+<>,;]{1,12}@[A-Za-z0-9.-]{1,190}", _address):
        raise _bad(_name, "alamat surat tanpa '+', paling banyak 12 huruf di depan '@'")
LAPOR_EMAIL_KEY = env.str("LAPOR_EMAIL_KEY", default="")
if LAPOR_EMAIL_KEY and len(LAPOR_EMAIL_KEY) < 32:
    raise _bad("LAPOR_EMAIL_KEY", "sedikitnya 32 huruf acak")
LAPOR_IMAP_URL = env.str("LAPOR_IMAP_URL", default="")
LAPOR_IMAP_DONE = env.str("LAPOR_IMAP_DONE", default="Diterima")
if LAPOR_IMAP_URL:
    _imap = urlsplit(LAPOR_IMAP_URL)
    if _imap.scheme not in {"imaps", "imap+tls", "imap"} or not _imap.hostname or not _imap.username:
        raise _bad("LAPOR_IMAP_URL", "wajib berbentuk imaps://nama:sandi@host:993/INBOX")
    if PRODUCTION and _imap.scheme == "imap" and _imap.hostname not in {"127.0.0.1", "localhost", "::1"}:
        raise _bad("LAPOR_IMAP_URL", "sandi tidak boleh lewat jaringan tanpa tersandi: pakai imaps:// atau imap+tls://")

# --- SMS ---

# The number citizens text to, as it is printed and as replies are sent from.
SMS_NUMBER = env.str("LAPOR_SMS_NUMBER", default="1708")
if not re.fullmatch(r"\+?[0-9]{3,15}", SMS_NUMBER, re.ASCII):
    raise _bad("LAPOR_SMS_NUMBER", f"nomor singkat atau nomor telepon dengan angka saja, bukan {SMS_NUMBER!r}")
# Which gateway: kannel, json, or coba (the phone in the browser); "": SMS is switched off.
SMS_GATEWAY = env.str("LAPOR_SMS_GATEWAY", default="" if PRODUCTION else "coba")
if SMS_GATEWAY not in {"", "kannel", "json", *(() if PRODUCTION else ("coba",))}:
    raise _bad("LAPOR_SMS_GATEWAY", f"'kannel', 'json', atau kosong, bukan {SMS_GATEWAY!r}")
# What the gateway proves itself with towards us; we towards it with the same (json) or with user and password (kannel).
SMS_SECRET = env.str("LAPOR_SMS_SECRET", default="")
if PRODUCTION and SMS_GATEWAY and len(SMS_SECRET) < 24:
    raise _bad("LAPOR_SMS_SECRET", "wajib diisi dengan sedikitnya 24 huruf acak")
SMS_SEND_URL = env.str("LAPOR_SMS_SEND_URL", default="")
if SMS_SEND_URL and not SMS_SEND_URL.startswith(("http://", "https://")):
    raise _bad("LAPOR_SMS_SEND_URL", "wajib berbentuk http://host:port/cgi-bin/sendsms atau https://…")
SMS_USER, SMS_PASSWORD = env.str("LAPOR_SMS_USER", default=""), env.str("LAPOR_SMS_PASSWORD", default="")
SMS_FROM = env.list("LAPOR_SMS_FROM", default=[])
for _address in SMS_FROM:
    try:
        ip_network(_address, strict=False)
    except ValueError as error:
        raise _bad("LAPOR_SMS_FROM", f"bukan alamat jaringan seperti 10.0.0.7 atau 10.0.0.0/24: {_address}") from error

# --- Calls to browsers (Web Push) ---

# Private key of P-256, 32 bytes in base64url; without it nobody is called. A new one ends what browsers agreed to.
LAPOR_VAPID_KEY = env.str("LAPOR_VAPID_KEY", default="")
try:
    if LAPOR_VAPID_KEY and len(urlsafe_b64decode(LAPOR_VAPID_KEY + "=" * (-len(LAPOR_VAPID_KEY) % 4))) != 32:
        raise ValueError
except ValueError as error:
    raise _bad("LAPOR_VAPID_KEY", "harus 32 bita acak dalam base64 (url-safe)") from error
# Whom a push service may write to about our calls (RFC 8292 section 2.1).
LAPOR_VAPID_SUBJECT = env.str("LAPOR_VAPID_SUBJECT", default=f"mailto:{parseaddr(DEFAULT_FROM_EMAIL)[1]}")
if not re.fullmatch(r"mailto:[^@\s]+@[\w.-]+|https://[\w.-]+", LAPOR_VAPID_SUBJECT):
    raise _bad("LAPOR_VAPID_SUBJECT", "wajib berbentuk mailto:nama@host atau https://host")
# Push services that may be called: what a browser names as its address is not trusted.
LAPOR_PUSH_HOSTS = env.list(
    "LAPOR_PUSH_HOSTS",
    default=["fcm.googleapis.com", "push.services.mozilla.com", "notify.windows.com", "push.apple.com"],
)

# --- Language and time ---

LANGUAGE_CODE = "id"
LANGUAGE_COOKIE_NAME = "bahasa"
LANGUAGE_COOKIE_SECURE = PRODUCTION
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGES = [("id", _("Bahasa Indonesia")), ("en", _("Bahasa Inggris"))]
LOCALE_PATHS = [BASE_DIR / "lapor" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Jakarta"

# --- Files ---

MEDIA_ROOT = STATE_DIR / "berkas"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Set by bin/run and the image once static files are collected: names carry a hash, brotli lies beside them.
_STATIC_DIR = env.str("LAPOR_STATIC_DIR", default="")
STATIC_ROOT = Path(_STATIC_DIR) if _STATIC_DIR else STATE_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "lapor.collected.CollectedStorage"
        if _STATIC_DIR
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_USE_FINDERS = not _STATIC_DIR

# --- The map ---

# Whose tiles lie under the map, and how they want to be named; without any it is drawn from our own borders, and nobody
# else learns who looks at which place.
PETA_UBIN = env.str("LAPOR_PETA_UBIN", default="")
PETA_SUMBER = env.str("LAPOR_PETA_SUMBER", default="")
# One file of pictures instead of a server of tiles; it may lie on our own host.
PETA_ARSIP = PETA_UBIN.endswith(".pmtiles")
_ubin = urlsplit(PETA_UBIN)
_our_own = PETA_ARSIP and re.fullmatch(r"(/[A-Za-z0-9._-]+)+", PETA_UBIN)
if (
    PETA_UBIN
    and not _our_own
    and (
        _ubin.scheme not in ({"https"} if PRODUCTION else {"https", "http"})
        or not re.fullmatch(r"[A-Za-z0-9.-]+(:[0-9]+)?", _ubin.netloc)
        or not (PETA_ARSIP or all(part in PETA_UBIN for part in ("{z}", "{x}", "{y}")))
    )
):
    raise _bad("LAPOR_PETA_UBIN", "wajib berbentuk https://host/{z}/{x}/{y}.png, atau sebuah arsip .pmtiles")
_tile_host = [f"{_ubin.scheme}://{_ubin.netloc}"] if PETA_UBIN and not _our_own else []
if PETA_UBIN and not PETA_SUMBER:
    raise _bad("LAPOR_PETA_SUMBER", "wajib diisi: pemilik ubin peta minta disebut namanya")

# --- Safety ---

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF, NONCE],
        # Pictures out of an archive are fetched as parts of it and shown as blobs.
        "img-src": [SELF, "data:", *(["blob:"] if PETA_ARSIP else _tile_host)],
        "connect-src": [SELF, *(_tile_host if PETA_ARSIP else [])],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_ENGINE = "lapor.kit.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "lapor.views.csrf_failure"
if PRODUCTION:
    # nginx is the one proxy; it writes the caller's address itself (deploy/nginx.conf).
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-sesi"
    CSRF_COOKIE_NAME = "__Host-csrf"
    CSRF_TRUSTED_ORIGINS = [SITE_URL]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(levelname)s %(name)s %(message)s"}},
    "filters": {"discreet": {"()": "lapor.kit.logs.Discreet"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["discreet"]}},
    "root": {"handlers": ["console"], "level": "INFO"},
    # Pillow tells at DEBUG what stands in a photo's EXIF; httpx at INFO every address it calls, and with it the number
    # and words of an SMS (Kannel), the gateway's password, a messenger's token.
    "loggers": {
        "django.server": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
        "PIL": {"level": "INFO"},
        "httpx": {"level": "WARNING"},
    },
}

# Of whoever may move the clock of *latihan*; nobody elsewhere.
TRAINER_CODE = ""
if TRAINING:
    from lapor.training.setup import changed

    vars().update(changed(vars()))
