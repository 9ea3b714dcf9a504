"""Every LAPOR_ variable there is: its name and what it is for. A name that is not here is warned of."""

from collections.abc import Iterable, MutableMapping
from pathlib import Path

VARIABLES = {
    "LAPOR_MODE": "coba (bawaan), latihan, atau produksi",
    "LAPOR_LATIHAN_KODE": "kode pelatih di latihan, sedikitnya 8 huruf; bin/run latihan membuatnya sendiri",
    "LAPOR_LATIHAN_ALAMAT": "alamat portal latihan, disebut di surat pengangkatan petugas; kosong: panduan saja",
    "LAPOR_PORT": "port halaman web di 127.0.0.1; bawaan 8000, yang terpakai dilewati",
    "LAPOR_STATE_DIR": "folder untuk semua yang disimpan; bawaan var/",
    "LAPOR_PYTHON": "Python yang dipakai bin/run",
    "LAPOR_DATABASE_URL": "postgresql://nama:sandi@host:port/basisdata; kosong: PostgreSQL bawaan",
    "LAPOR_DATABASE_POOL": "sambungan basis data per proses; bawaan 8",
    "LAPOR_POSTGRES_BIN": "folder program PostgreSQL yang dipakai sebagai ganti bawaan",
    "LAPOR_REDIS_URL": "redis://:sandi@host:port/0; kosong: Valkey bawaan",
    "LAPOR_SWEEP_SECONDS": "tiap berapa detik yang terlewat dicari lagi; bawaan 60",
    "LAPOR_VALKEY_BIN": "program valkey-server yang dipakai sebagai ganti bawaan",
    "LAPOR_SECRET_KEY": "kunci sesi dan tautan bertanda tangan, sedikitnya 50 huruf acak",
    "LAPOR_PEPPER": "kunci sidik nomor dan kontak, sedikitnya 32 huruf acak",
    "LAPOR_FIELD_KEYS": "kunci Fernet penyegel nama dan kontak, terbaru di depan, dipisah koma",
    "LAPOR_HOSTS": "nama host portal, dipisah koma",
    "LAPOR_SITE_URL": "alamat portal seperti tertulis di surat",
    "LAPOR_EMAIL_URL": "smtp+tls://nama:sandi@host:587; coba: surat ditaruh di var/surat",
    "LAPOR_EMAIL_FROM": "pengirim surat",
    "LAPOR_EMAIL_INBOX": "alamat surat masuk, misalnya lapor@contoh.go.id; kosong: surat masuk mati",
    "LAPOR_EMAIL_REPLY": "dasar alamat balasan bertanda; bawaan balas@ domain surat masuk",
    "LAPOR_EMAIL_KEY": "kunci HMAC bagi server surat yang mengirim surat mentah ke /kanal/email/mentah/",
    "LAPOR_EMAIL_ESP": "penyedia surat (django-anymail): postmark, mailgun, brevo …; sebagai ganti SMTP",
    "LAPOR_EMAIL_ESP_SETTINGS": "setelannya, NAMA=nilai dipisah koma; WEBHOOK_SECRET=nama:sandi untuk surat masuk",
    "LAPOR_IMAP_URL": "imaps://nama:sandi@host:993/INBOX, kotak surat masuk",
    "LAPOR_IMAP_DONE": "folder untuk surat yang sudah diambil; bawaan Diterima, kosong: ditandai dibaca saja",
    "LAPOR_SMS_NUMBER": "nomor SMS warga; bawaan 1708",
    "LAPOR_SMS_GATEWAY": "kannel atau json; kosong: SMS mati (coba: ponsel di peramban)",
    "LAPOR_SMS_SECRET": "rahasia bersama gerbang SMS, sedikitnya 24 huruf acak",
    "LAPOR_SMS_SEND_URL": "alamat gerbang untuk mengirim, misalnya http://10.0.0.7:13013/cgi-bin/sendsms",
    "LAPOR_SMS_USER": "nama pengirim di Kannel (sendsms-user)",
    "LAPOR_SMS_PASSWORD": "sandi pengirim di Kannel",
    "LAPOR_SMS_FROM": "alamat jaringan gerbang yang boleh memanggil, dipisah koma; kosong: semua",
    "LAPOR_VAPID_KEY": "kunci pribadi kabar di gawai, 32 bita P-256 dalam base64 (url-safe); kosong: tidak ada",
    "LAPOR_VAPID_SUBJECT": "mailto: atau https: untuk dihubungi layanan kabar peramban; bawaan LAPOR_EMAIL_FROM",
    "LAPOR_PUSH_HOSTS": "host layanan kabar peramban yang boleh dipanggil, dipisah koma",
    "LAPOR_WHATSAPP_TOKEN": "token akses WhatsApp Cloud API; kosong: saluran WhatsApp mati",
    "LAPOR_WHATSAPP_PHONE_ID": "id nomor telepon di WhatsApp Cloud API",
    "LAPOR_WHATSAPP_APP_SECRET": "rahasia aplikasi, penanda tangan panggilan dari WhatsApp",
    "LAPOR_WHATSAPP_VERIFY_TOKEN": "token yang Anda tulis waktu mendaftarkan webhook WhatsApp",
    "LAPOR_WHATSAPP_TEMPLATE": "nama templat yang sudah disetujui, untuk kabar sesudah 24 jam",
    "LAPOR_WHATSAPP_URL": "alamat WhatsApp Cloud API beserta versinya",
    "LAPOR_TELEGRAM_TOKEN": "token bot Telegram; kosong: saluran Telegram mati",
    "LAPOR_TELEGRAM_SECRET": "secret_token webhook bot Telegram",
    "LAPOR_TELEGRAM_URL": "alamat Bot API Telegram",
    "LAPOR_X_TOKEN": "token X untuk membaca sebutan; kosong: saluran X mati",
    "LAPOR_X_USER_TOKEN": "token X untuk menjawab atas nama akun",
    "LAPOR_X_USER_ID": "id akun X yang disebut warga",
    "LAPOR_X_URL": "alamat X API",
    "LAPOR_PETA_UBIN": "ubin peta: https://host/{z}/{x}/{y}.png, atau arsip .pmtiles; kosong: peta dari batas saja",
    "LAPOR_PETA_SUMBER": "nama pemilik ubin peta, seperti yang dimintanya",
    "LAPOR_STATIC_DIR": "folder berkas statis yang sudah dikumpulkan",
    "LAPOR_TEST_CLOCK": "jam lain bagi bin/test, misalnya 2026-12-31 23:55; perlu libfaketime",
    "LAPOR_DEBUG": "halaman galat rinci; tidak boleh di produksi",
}


def take_files(environment: MutableMapping[str, str]) -> None:
    """Put the content of each NAME_FILE in place of it, for programs that read NAME. Raises OSError naming the file."""
    for name in VARIABLES:
        if path := environment.pop(f"{name}_FILE", ""):
            environment[name] = Path(path).read_text(encoding="utf-8").strip()


def unknown(names: Iterable[str]) -> list[str]:
    """LAPOR_ names nobody reads: misspelt, or of another version."""
    known = VARIABLES.keys() | {f"{name}_FILE" for name in VARIABLES}
    return sorted(name for name in names if name.startswith("LAPOR_") and name not in known)
