"""`python -m lapor.embedded run|manage|test …`: what stands behind the three commands in bin/."""

import os
import signal
import sys

from lapor.embedded.process import Trouble
from lapor.variables import take_files


def main() -> int:
    command, *arguments = sys.argv[1:] or ["run"]
    if command != "run":
        # Held back since prepare.py; the portal takes it once it can stop in order.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    try:
        take_files(os.environ)
    except OSError as error:
        print(f"Berkas rahasia tidak dapat dibaca: {error.filename} ({error.strerror}).", file=sys.stderr)
        return 1
    try:
        if command == "run":
            from lapor.embedded.portal import run

            return run(arguments)
        if command == "manage":
            from lapor.embedded.manage import manage

            return manage(arguments)
        if command == "test":
            from lapor.embedded.testing import test

            return test(arguments)
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 1
    print(f"Perintah yang dikenal: run, manage, test; bukan {command!r}.", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
