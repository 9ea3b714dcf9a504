"""A point as people write it: two numbers, degrees with minutes, or a link that a map application shares."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"[-+−]?\d{1,3}(?:[.,]\d+)?")
_WITHOUT_COMMAS = re.compile(r"[-+−]?\d{1,3}(?:\.\d+)?")
# 0°22'16.7"S 102°32'38"E; LS and LU, BT and BB stand for S, N, E and W.
_PART = r"""(\d{1,3})\s*[°º]\s*(?:(\d{1,2})\s*['’′]\s*)?(?:(\d{1,2}(?:[.,]\d+)?)\s*["”″]\s*)?"""
_MINUTES = re.compile(_PART + r"(LS|LU|S|N|U)\W+" + _PART + r"(BT|BB|E|W|T|B)", re.IGNORECASE)
_HEMISPHERE = re.compile(r"(\d)\s*(LS|S)\b", re.IGNORECASE)
_LINK = re.compile(
    r"(?:@|[?&](?:q|ll|query|center)=|geo:|#map=\d+/|!3d)(-?\d+\.\d+)(?:,|%2C|/|!4d)(-?\d+\.\d+)", re.IGNORECASE
)


def read_point(typed: str) -> tuple[float, float] | None:
    """Latitude and longitude, rounded to a tenth of a metre; None: not two numbers. Which are written the other way
    round are turned, since no place has a latitude above 90."""
    text = typed.strip()
    if found := _LINK.search(text):
        return _pair(float(found[1]), float(found[2]))
    if found := _MINUTES.search(text):
        latitude = _degrees(found[1], found[2], found[3]) * (-1 if found[4].upper() in ("LS", "S") else 1)
        longitude = _degrees(found[5], found[6], found[7]) * (-1 if found[8].upper() in ("BB", "W", "B") else 1)
        return _pair(latitude, longitude)
    if "://" in text or "°" in text:
        return None
    numbers = _NUMBER.findall(text)
    if len(numbers) != 2:
        numbers = _WITHOUT_COMMAS.findall(text)
    if len(numbers) != 2:
        return None
    latitude, longitude = (float(number.replace(",", ".").replace("−", "-")) for number in numbers)
    south = _HEMISPHERE.search(text)
    return _pair(-abs(latitude) if south else latitude, longitude)


def shown_point(latitude: float | None, longitude: float | None) -> str:
    """ "-0.3713, 102.5439", as `read_point` reads it; "" where there is none."""
    if latitude is None or longitude is None:
        return ""
    return ", ".join(f"{value:.6f}".rstrip("0").rstrip(".") for value in (latitude, longitude))


def _degrees(degrees: str, minutes: str | None, seconds: str | None) -> float:
    return int(degrees) + int(minutes or 0) / 60 + float((seconds or "0").replace(",", ".")) / 3600


def _pair(latitude: float, longitude: float) -> tuple[float, float]:
    if abs(latitude) > 90 >= abs(longitude):
        latitude, longitude = longitude, latitude
    return round(latitude, 6), round(longitude, 6)
