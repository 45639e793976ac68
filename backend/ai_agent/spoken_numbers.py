"""How are numbers read aloud in English? Amounts, ordinals, years, times, money, units, and digits one by one."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

ONES: Final = (  # noqa: SIM905 - a row of words
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
TENS: Final = "zero ten twenty thirty forty fifty sixty seventy eighty ninety".split()  # noqa: SIM905
SCALES: Final = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"), (1000, "thousand"))
LARGEST: Final = 10**15
"""Numbers from here on are read digit by digit."""

IRREGULAR_ORDINALS: Final = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}
CURRENCIES: Final = {
    "$": ("dollar", "dollars", "cent", "cents"),
    "€": ("euro", "euros", "cent", "cents"),
    "£": ("pound", "pounds", "penny", "pence"),
    "₹": ("rupee", "rupees", "paisa", "paise"),
    "¥": ("yen", "yen", "sen", "sen"),
}
UNITS: Final = {
    "km": ("kilometre", "kilometres"),
    "m": ("metre", "metres"),
    "cm": ("centimetre", "centimetres"),
    "mm": ("millimetre", "millimetres"),
    "kg": ("kilogram", "kilograms"),
    "g": ("gram", "grams"),
    "ms": ("millisecond", "milliseconds"),
    "s": ("second", "seconds"),
    "min": ("minute", "minutes"),
    "h": ("hour", "hours"),
    "kHz": ("kilohertz", "kilohertz"),
    "Hz": ("hertz", "hertz"),
    "KB": ("kilobyte", "kilobytes"),
    "MB": ("megabyte", "megabytes"),
    "GB": ("gigabyte", "gigabytes"),
    "TB": ("terabyte", "terabytes"),
    "°C": ("degree Celsius", "degrees Celsius"),
    "°F": ("degree Fahrenheit", "degrees Fahrenheit"),
    "km/h": ("kilometre an hour", "kilometres an hour"),
}
MAGNITUDES: Final = {"k": "thousand", "K": "thousand", "M": "million", "B": "billion", "bn": "billion"}


def cardinal(number: int) -> str:
    """A whole number in words.

    >>> cardinal(0), cardinal(-42), cardinal(1_250)
    ('zero', 'minus forty-two', 'one thousand two hundred and fifty')
    """
    if number < 0:
        return f"minus {cardinal(-number)}"
    if number >= LARGEST:
        return digits(str(number))
    for size, name in SCALES:
        if number >= size:
            rest = number % size
            joint = " and " if 0 < rest < 100 else " "
            return f"{cardinal(number // size)} {name}" + (joint + cardinal(rest) if rest else "")
    return _under_a_thousand(number)


def _under_a_thousand(number: int) -> str:
    if number >= 100:
        rest = number % 100
        return f"{ONES[number // 100]} hundred" + (f" and {_under_a_thousand(rest)}" if rest else "")
    if number < 20:
        return ONES[number]
    return TENS[number // 10] + (f"-{ONES[number % 10]}" if number % 10 else "")


def digits(written: str) -> str:
    """Digits one by one.

    >>> digits("007")
    'zero zero seven'
    """
    return " ".join(ONES[int(digit)] for digit in written)


def ordinal(number: int) -> str:
    """A place in a row.

    >>> ordinal(1), ordinal(22), ordinal(30)
    ('first', 'twenty-second', 'thirtieth')
    """
    head, joint, last = re.fullmatch(r"(.*?)([- ]?)(\w+)", cardinal(number)).groups()  # type: ignore[union-attr]
    if last in IRREGULAR_ORDINALS:
        last = IRREGULAR_ORDINALS[last]
    else:
        last = f"{last[:-1]}ie" if last.endswith("y") else last
        last += "th"
    return f"{head}{joint}{last}"


def year(number: int) -> str:
    """A year as people say it.

    >>> year(1984), year(1905), year(2007), year(2024), year(1900)
    ('nineteen eighty-four', 'nineteen oh five', 'two thousand and seven', 'twenty twenty-four', 'nineteen hundred')
    """
    century, rest = divmod(number, 100)
    if century % 10 == 0 and rest < 10:
        return cardinal(number)
    if rest == 0:
        return f"{cardinal(century)} hundred"
    return f"{cardinal(century)} {'oh ' if rest < 10 else ''}{cardinal(rest)}"


def amount(written: str) -> str:
    """A number as written, commas and decimals included.

    >>> amount("1,250"), amount("3.05"), amount("-2"), amount("007")
    ('one thousand two hundred and fifty', 'three point zero five', 'minus two', 'zero zero seven')
    """
    sign, unsigned = ("minus ", written[1:]) if written[0] in "-−" else ("", written)
    whole, _, decimals = unsigned.replace(",", "").partition(".")
    words = digits(whole) if len(whole) > 1 and whole.startswith("0") else cardinal(int(whole or "0"))
    return sign + words + (f" point {digits(decimals)}" if decimals else "")


def _read_money(match: re.Match[str]) -> str:
    one, many, small_one, small_many = CURRENCIES[match["currency"]]
    whole, decimals = match["whole"].replace(",", ""), match["decimals"] or ""
    if match["magnitude"]:
        magnitude = MAGNITUDES.get(match["magnitude"], match["magnitude"])
        return f"{amount(whole + ('.' + decimals if decimals else ''))} {magnitude} {many}"
    if decimals and len(decimals) != 2:
        return f"{amount(f'{whole}.{decimals}')} {many}"
    words = f"{cardinal(int(whole))} {one if int(whole) == 1 else many}"
    if not int(decimals or "0"):
        return words
    return f"{words} and {cardinal(int(decimals))} {small_one if int(decimals) == 1 else small_many}"


def _read_time(match: re.Match[str]) -> str:
    hour, minute = int(match["hour"]), int(match["minute"] or "0")
    half = f" {match['half'][0].upper()} M" if match["half"] else ""
    if minute == 0:
        return cardinal(hour) + (half or " o'clock")
    return f"{cardinal(hour)} {'oh ' if minute < 10 else ''}{cardinal(minute)}{half}"


def _read_unit(match: re.Match[str]) -> str:
    one, many = UNITS[match["unit"]]
    return f"{amount(match['number'])} {one if match['number'] == '1' else many}"


def _read_plain(match: re.Match[str]) -> str:
    written = match[0]
    return year(int(written)) if re.fullmatch(r"1[1-9]\d\d|20[0-9]\d", written) else amount(written)


_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_SIGNED = rf"(?<![\w.])[-−](?:{_NUMBER})|\b(?:{_NUMBER})"
_HALF = r"\s?(?P<half>[ap](?:m\b|\.m\.))"

RULES: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...]] = (
    (
        re.compile(
            r"(?P<currency>[$€£₹¥])\s?(?P<whole>\d[\d,]*)(?:\.(?P<decimals>\d+))?"
            r"(?:\s?(?P<magnitude>thousand|million|billion|trillion|bn|[kKMB])\b)?"
        ),
        _read_money,
    ),
    (re.compile(rf"\b(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)(?:{_HALF})?", re.IGNORECASE), _read_time),
    (re.compile(rf"\b(?P<hour>1[0-2]|[1-9])(?P<minute>){_HALF}", re.IGNORECASE), _read_time),
    (re.compile(r"\b(\d+)(?:st|nd|rd|th)\b"), lambda match: ordinal(int(match[1]))),
    (re.compile(rf"({_SIGNED})\s?%"), lambda match: f"{amount(match[1])} percent"),
    (
        re.compile(rf"(?P<number>{_SIGNED})\s?(?P<unit>{'|'.join(sorted(UNITS, key=len, reverse=True))})(?![\w/])"),
        _read_unit,
    ),
    (re.compile(rf"\b({_NUMBER})([kKMB])\b"), lambda match: f"{amount(match[1])} {MAGNITUDES[match[2]]}"),
    (re.compile(r"(?<=\d)\s?[-–]\s?(?=\d{1,4}\b(?!-))"), lambda _: " to "),
    (re.compile(r"\b(\d+)/(\d+)\b"), lambda match: f"{amount(match[1])} over {amount(match[2])}"),
    (re.compile(rf"(?<![\w.])[-−](?:{_NUMBER})"), lambda match: amount(match[0])),
    (re.compile(_NUMBER), _read_plain),
)
"""Tried in this order; each reads what the ones before it left."""


def read_numbers(text: str) -> str:
    """`text` with every number in words.

    >>> read_numbers("On the 3rd of May 1984 at 7:30 pm.")
    'On the third of May nineteen eighty-four at seven thirty P M.'
    """
    for pattern, read in RULES:
        text = pattern.sub(lambda match, read=read: _spaced(match, read(match)), text)  # type: ignore[misc]
    return text


def _spaced(match: re.Match[str], words: str) -> str:
    """Words stand apart from letters that touched the number: "H2O" is "H two O"."""
    before = match.string[match.start() - 1] if match.start() else " "
    after = match.string[match.end()] if match.end() < len(match.string) else " "
    return (" " if before.isalpha() else "") + words + (" " if after.isalpha() else "")
