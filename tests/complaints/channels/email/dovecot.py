"""A real mail server for tests: dovecot, letters in by LMTP, out by IMAP; as whoever runs it, on loopback alone."""

from __future__ import annotations

import grp
import os
import pwd
import shutil
import smtplib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lapor.embedded.process import Child, free_port, own_port, wait_until
from tests.conftest import WORKER
from tests.missing import missing

ROOT = Path(__file__).resolve().parents[4]
PROGRAM = shutil.which("dovecot") or "/usr/sbin/dovecot"
PASSWORD = "sandi-kotak&surat"

CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
ssl = no
disable_plaintext_auth = no
protocols = imap lmtp
listen = 127.0.0.1
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 0
first_valid_gid = 0
mail_location = maildir:{folder}/mail/%n
auth_username_format = %Ln
mail_max_userip_connections = 50
recipient_delimiter = +
lmtp_save_to_detail_mailbox = no
passdb {{
  driver = static
  args = password={{PLAIN}}{password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%n allow_all_users=yes
}}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
service stats {{
  unix_listener stats-writer {{
    mode = 0666
  }}
}}
namespace inbox {{
  inbox = yes
  separator = /
}}
"""


class Dovecot:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        first = own_port(27000, ROOT / WORKER)
        self.imap, self.lmtp = free_port(first), free_port(first + 5)
        # As root the letters belong to nobody: dovecot refuses to write them as uid 0.
        who = pwd.getpwnam("nobody") if os.getuid() == 0 else pwd.getpwuid(os.getuid())
        mail = folder / "mail"
        mail.mkdir()
        if os.getuid() == 0:
            folder.chmod(0o755)
            os.chown(mail, who.pw_uid, who.pw_gid)
        config = folder / "dovecot.conf"
        config.write_text(
            CONFIGURATION.format(
                folder=folder,
                user=who.pw_name,
                group=grp.getgrgid(who.pw_gid).gr_name,
                uid=who.pw_uid,
                gid=who.pw_gid,
                password=PASSWORD,
                imap=self.imap,
                lmtp=self.lmtp,
            )
        )
        self.child = Child("dovecot", [PROGRAM, "-F", "-c", str(config)], folder / "said", folder=folder)

    def url(self, user: str = "lapor", folder: str = "INBOX") -> str:
        secret = PASSWORD.replace("&", "%26")
        return f"imap://{user}:{secret}@127.0.0.1:{self.imap}/{folder}"

    def deliver(self, raw: bytes, *, to: str = "lapor@kanal.test", sender: str = "warga@contoh.test") -> None:
        """As the mail server in front would. Raises when dovecot refuses."""
        with smtplib.LMTP("127.0.0.1", self.lmtp, timeout=10) as lmtp:
            assert not lmtp.sendmail(sender, [to], raw)

    def count(self, folder: str = "") -> int:
        """Letters lying in a folder of the mailbox; "" is the inbox."""
        home = self.folder / "mail" / "lapor" / folder
        return sum(len(list((home / part).iterdir())) for part in ("new", "cur") if (home / part).is_dir())

    def validity(self, number: int) -> None:
        """Give the inbox another UIDVALIDITY, as a mailbox has that was restored."""
        for index in (self.folder / "mail" / "lapor").glob("dovecot*"):
            index.unlink()
        listing = self.folder / "mail" / "lapor" / "dovecot-uidlist"
        listing.write_text(f"3 V{number} N1 G0123456789abcdef0123456789abcdef\n")

    def serves(self) -> bool:
        try:
            with smtplib.LMTP("127.0.0.1", self.lmtp, timeout=10) as lmtp:
                return lmtp.noop()[0] == 250
        except (OSError, smtplib.SMTPException):
            return False


@contextmanager
def running() -> Iterator[Dovecot]:
    if not Path(PROGRAM).exists():
        missing("dovecot", "dovecot-imapd dovecot-lmtpd")
    # A short path: sockets in it may be 107 bytes long and no more.
    with tempfile.TemporaryDirectory(prefix="surat-", dir="/tmp", ignore_cleanup_errors=True) as name:
        server = Dovecot(Path(name))
        server.child.start()
        try:
            assert wait_until(server.serves, 15, [server.child]), server.child.said()
            yield server
        finally:
            server.child.stop(5)
