"""Draw the installed app's icons from the mark, and take its two screenshots from our own pages.

    .venv/bin/python docs/gambar/aplikasi.py           icons and screenshots
    .venv/bin/python docs/gambar/aplikasi.py ikon      icons alone; starts no portal

Writes static/icons/*.png and static/layar/*.png. Needs Chromium. Look at what it made.
"""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
ICONS, SCREENS = ROOT / "static" / "icons", ROOT / "static" / "layar"

sys.path.insert(0, str(ROOT))
from docs.gambar.ambil import portal  # noqa: E402
from tests.browser import QUIET, chromium  # noqa: E402

BADGE = (ICONS / "mark.svg").read_text(encoding="utf-8")
INSIDE = BADGE.partition('rx="7" fill="#0b5a61"/>')[2].removesuffix("</svg>\n").removesuffix("</svg>")
# A launcher may cut the picture to any shape inside 80 % of it: ground to the edges, the mark in the middle.
MASKABLE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-2.8 -4.5 41 41"><rect x="-3" y="-5" width="42" height="42"'
    f' fill="#0b5a61"/>{INSIDE}</svg>'
)
# Beside a notification Android shows only where a picture is not transparent: the drum, its slit cut out.
ALONE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="2.5 -.5 33 33"><mask id="m"><rect width="36" height="36"'
    ' fill="#fff"/><path d="M11.9 10.4a2.1 2.1 0 0 1 4.2 0l-.8 8.9a1.3 1.3 0 0 1-2.6 0z"/><circle cx="14" cy="24.2"'
    ' r="1.9"/></mask><g fill="#fff" stroke="#fff" stroke-linecap="round"><path d="M14 5V1.5" stroke-width="2.5"/>'
    '<rect x="7" y="4.5" width="14" height="25.5" rx="7" stroke="none" mask="url(#m)"/>'
    '<path d="M29.6 6.4 24 13" stroke-width="3.6"/></g></svg>'
)
DRAWN = {
    "app-192": (BADGE, 192),
    "app-512": (BADGE, 512),
    "maskable-192": (MASKABLE, 192),
    "maskable-512": (MASKABLE, 512),
    "touch-180": (MASKABLE, 180),
    "alone-96": (ALONE, 96),
}


def draw(browser: Browser) -> None:
    for name, (svg, size) in DRAWN.items():
        page = browser.new_page(viewport={"width": size, "height": size})
        page.set_content(f"<style>*{{margin:0}}svg{{display:block;width:{size}px;height:{size}px}}</style>{svg}")
        picture = Image.open(io.BytesIO(page.screenshot(omit_background=True)))
        # 64 colours: the mark has four and their edges.
        picture.quantize(64, method=Image.Quantize.FASTOCTREE).save(ICONS / f"{name}.png", optimize=True)
        page.close()


def photograph(browser: Browser) -> None:
    """The two shapes a store or a browser's install sheet shows: a phone's and a desktop's."""
    SCREENS.mkdir(exist_ok=True)
    with portal() as url:
        for name, width, height, scale, path in (
            ("sempit-beranda", 360, 720, 2, "/"),
            ("sempit-lapor", 360, 720, 2, "/lapor/"),
            ("lebar-beranda", 1280, 800, 1, "/"),
            ("lebar-laporan", 1280, 800, 1, "/laporan/"),
        ):
            context = browser.new_context(
                viewport={"width": width, "height": height}, device_scale_factor=scale, locale="id-ID"
            )
            page = context.new_page()
            page.goto(url + path)
            taken = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
            taken.quantize(128, kmeans=3).save(SCREENS / f"{name}.png", optimize=True)
            context.close()


def main() -> None:
    path = chromium()
    if path is None:
        raise SystemExit("Chromium tidak ada (apt install chromium).")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(QUIET), chromium_sandbox=os.geteuid() != 0)
        draw(browser)
        if sys.argv[1:] != ["ikon"]:
            photograph(browser)
        browser.close()


if __name__ == "__main__":
    main()
