"""What the mode with unlisted variants writes: words, days, numbers, encodings and shapes that no list holds.

"No list" means no list of the product that reads the samples; a test compares the two.
"""

from __future__ import annotations

SHARE = 0.42  # share of each kind's records that are written in an unlisted way

# Each system has a habit of its own: this many words, one number and one day a system, drawn from these tables.
WORDS_PER_SYSTEM = 3
NULL_WORDS = (
    "sin datos",
    "k/A",
    "nicht bekannt",
    "ohne",
    "xx",
    "xxx",
    "n.b.",
    "no data",
    "entfällt",
    "geen",
    "sem dados",
    "brak",
    "non renseigné",
    "to follow",
    "see file",
    "*",
    "~",
    "//",
    "0-0",
    "(fehlt)",
    "nichts",
    "ninguno",
)
NULL_NUMBERS = ("8888", "-5", "77777", "123456", "-8", "888888", "-77", "55555.55")
# Year, month, day; written in the system's own style.
NULL_DAYS = ((1911, 11, 11), (1980, 1, 1), (2000, 1, 1), (2099, 12, 31), (1800, 1, 1), (2222, 2, 2), (1950, 1, 1))
NULL_FORM = {"word": 1.0, "value": 4.0}  # in a column of numbers or times; columns of words take words

LANGUAGES = {"it": 3.0, "nl": 3.0, "pt": 2.0, "pl": 2.0}
LATIN_1_ONLY = frozenset(("it", "nl", "pt"))  # what the old system's character set can write

FIELD_LENGTH = 120  # characters that a field holds

# Written as, read as, times. Nothing here is UTF-8 read as Windows-1252 once, which is the listed way.
MISREADINGS: dict[tuple[str, str, int], float] = {
    ("utf-8", "latin-1", 1): 3.0,
    ("utf-8", "mac_roman", 1): 3.0,
    ("utf-8", "cp1250", 1): 2.0,
    ("utf-8", "cp437", 1): 2.0,
    ("utf-8", "cp1252", 2): 3.0,
    ("mac_roman", "cp1252", 1): 2.0,
    ("cp1252", "mac_roman", 1): 1.0,
    ("cp1252", "cp437", 1): 1.0,
}

UNSEEN_REGIONS = {"midlands": 3.0, "Benelux": 2.0, "Zone C": 2.0, "harbour": 2.0, "EXP/4": 1.0, "highlands": 1.0}
ACCENTED = {"north": "nórth", "south": "söuth", "east": "éast", "west": "wést"}
HYPHENATED = {"north": "no-rth", "south": "sou-th", "east": "ea-st", "west": "we-st"}
# Two letters that change places, one that is doubled, one that is a digit: never nearer to another region.
MISTYPED = {
    "north": ("nroth", "norrth", "n0rth", "nortth"),
    "south": ("suoth", "soutth", "s0uth", "soouth"),
    "east": ("eastt", "eaast", "eas7", "eastr"),
    "west": ("wesst", "westt", "wes7", "wwest"),
}

HOSTILE = {
    "markup": ("<iframe src=javascript:alert(1)></iframe> cannot open my order", "<svg/onload=alert(1)> no picture"),
    "formula": ("+cmd|' /C calc'!A0", '@SUM(1+1)*HYPERLINK("http://example.com")'),
}

# Invented personal data in other shapes: reserved names, numbers kept free for fiction, addresses kept free for
# documentation, and card and account numbers published for tests.
PERSONAL_SENTENCES = {
    "Write to {mail} if something is unclear.": 4.0,
    "My old address {mail} no longer works, use {mail2}": 1.0,
    "Mobile {phone}, best after six.": 4.0,
    "The call came from {phone}": 1.0,
    "Card number {card}, it expires in May.": 4.0,
    "Please send the money to {iban}.": 3.0,
    "My connection at that time was {address}.": 2.0,
}
MAIL_FORMS = (
    "{}+orders@mail.example.org",
    "{}@shop-7.example.net",
    "{}@XN--BCHER-KVA.example",
    "{}@edu.example.test",
)
PHONES = (
    "0044 7700 900{:03d}",
    "(202) 555-0{:03d}",
    "202.555.0{:03d}",
    "07700 900{:03d}",
    "+49-30-23125{:03d}",
    "+33 (0)1 99 00 1{:03d}",
)
CARDS = ("4111-1111-1111-1111", "2223003122003222", "6011 1111 1111 1117", "3782 822463 10005", "5105.1051.0510.5100")
IBANS = (
    "NL91ABNA0417164300",
    "es91 2100 0418 4502 0005 1332",
    "IT60X0542811101000000123456",
    "PL61-1090-1014-0000-0712-1981-2874",
    "CH93 0076 2011 6238 5295 7",
)
ADDRESSES = ("192.0.2.{}", "198.51.100.{}", "203.0.113.{}", "2001:db8::{}")
