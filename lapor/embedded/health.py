"""Asks the web process of this container how it is (python3 lapor/embedded/health.py readyz). Standard library only."""

import os
import sys
import urllib.error
import urllib.request


def main() -> int:
    page = sys.argv[1] if len(sys.argv) > 1 else "healthz"
    # Django answers only to the portal's own names.
    host = os.environ.get("LAPOR_HOSTS", "127.0.0.1").split(",")[0]
    question = urllib.request.Request(f"http://127.0.0.1:8000/{page}", headers={"Host": host})
    try:
        with urllib.request.urlopen(question, timeout=4) as answer:  # noqa: S310
            return int(answer.status != 200)
    except (urllib.error.URLError, OSError):
        return 1


if __name__ == "__main__":
    sys.exit(main())
