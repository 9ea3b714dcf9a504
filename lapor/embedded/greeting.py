"""What a newcomer reads once the portal runs."""

import json
from collections.abc import Mapping, Sequence

from lapor.embedded.state import State

# What is reported there about this comes to that officer's desk by itself (tests/lapor/test_run.py).
PLACE, ABOUT, OFFICER = "Pangkalan Kasai, Seberida", "Jalan Berlubang", "joko@contoh.id"


def greeting(url: str, state: State, more: Sequence[str] = ()) -> str:
    """`more` stands right below the address."""
    accounts = demo_accounts(state)
    lines = [f"Siap: {url}", *more, ""]
    if accounts:
        width = max(len(email) for _, email, _ in accounts)
        passwords = sorted({password for _, _, password in accounts})
        lines += [f"Akun coba (masuk di {url}akun/masuk/; sandi {' atau '.join(passwords)}):"]
        lines += [f"  {email:{width}}  {role}" for role, email, _ in accounts]
        lines += [
            "",
            "Tiga hal untuk dicoba:",
            f"  1. Lapor di {url}lapor/ tanpa akun: di {PLACE}, tentang {ABOUT}. Simpan nomor dan kuncinya.",
            f"  2. Masuk sebagai {OFFICER}, buka {url}meja/, dan jawab laporan itu.",
            f"  3. Lacak laporan itu di {url}lacak/, lalu terima atau sanggah jawabannya.",
            "",
            f"Surat yang terkirim: {state.folder / 'surat'}",
        ]
    lines += [f"Catatan jalannya portal: {state.folder / 'log'}", "Berhenti: Ctrl-C"]
    return "\n".join(lines)


def training_words(url: str, code: str) -> list[str]:
    return [
        f"Peserta memilih perannya di {url}latihan/; tidak perlu akun atau sandi.",
        f"Pelatih: {url}latihan/pelatih/ dengan kode {code}",
    ]


def phone_words(url: str, environment: Mapping[str, str]) -> str:
    """Where the phone in the browser is; not in produksi, and not beside a real gateway."""
    if environment.get("LAPOR_MODE", "coba") == "produksi" or environment.get("LAPOR_SMS_GATEWAY", "coba") != "coba":
        return "Ponsel di peramban hanya ada di coba, tanpa gerbang SMS sungguhan (LAPOR_SMS_GATEWAY)."
    return f"Ponsel untuk mencoba SMS: {url}coba/sms/"


def demo_accounts(state: State) -> list[tuple[str, str, str]]:
    try:
        return [tuple(account) for account in json.loads((state.run / "akun.json").read_text())]
    except (OSError, ValueError):
        return []
