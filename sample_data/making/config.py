"""Every size, rate, effect and price of the samples, with what it stands for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

DEFAULT_SEED = 20261001

TEAMS = ("billing", "shipping", "account", "technical", "returns", "legal")
REGIONS = ("north", "south", "east", "west")
TEXT_COLUMNS = ("subject", "body")


@dataclass(frozen=True)
class Sizes:
    """Number of records in each file."""

    curated: int = 600
    web: int = 500
    mail: int = 400
    legacy: int = 300
    feedback: int = 900
    used_tickets: int = 2900  # tickets routed in the fortnight of the pilot's own log
    traces: int = 400  # requests whose trace was kept


@dataclass(frozen=True)
class Period:
    """A stretch of time, first moment included, last one not."""

    start: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        """Length of the period."""
        return self.end - self.start


def _utc(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, tzinfo=UTC)


SIZES = Sizes()
RAW_PERIOD = Period(_utc(2025, 9, 1), _utc(2026, 10, 1))  # the 13 months of raw records
CURATED_PERIOD = Period(_utc(2026, 4, 1), _utc(2026, 7, 1))  # the quarter the curated set was picked from
LOG_PERIOD = Period(_utc(2026, 9, 14), _utc(2026, 9, 28))  # the fortnight of the pilot's own log
FEEDBACK_PERIOD = Period(_utc(2026, 3, 1), _utc(2026, 11, 1))  # the 8 months of the newcomer's export
BILLED_MONTH = Period(_utc(2026, 10, 1), _utc(2026, 11, 1))  # the 31 days of the newcomer's usage export

# Ticket numbers grow with time: first number of the raw period, and new tickets a minute after it.
FIRST_TICKET_NUMBER = 10_000
TICKETS_PER_MINUTE = 0.144

# How busy each month is against the average (January first): holiday trade, then returns.
MONTH_WEIGHT = (1.25, 0.95, 0.9, 0.9, 0.95, 0.95, 0.85, 0.8, 0.95, 1.0, 1.35, 1.6)
# Share of tickets by weekday (Monday first) and by hour of the day (UTC).
WEEKDAY_WEIGHT = (1.18, 1.12, 1.06, 1.0, 0.94, 0.28, 0.22)
HOUR_WEIGHT = (1, 1, 1, 1, 2, 4, 10, 24, 42, 52, 55, 50, 42, 46, 50, 48, 42, 33, 24, 18, 13, 8, 4, 2)

# Share of tickets by team, and how some months tilt it.
TEAM_WEIGHT = {
    "billing": 22.0,
    "shipping": 26.0,
    "account": 15.0,
    "technical": 15.0,
    "returns": 16.0,
    "legal": 6.0,
}
TEAM_TILT: dict[int, dict[str, float]] = {
    11: {"shipping": 1.3},
    12: {"shipping": 1.6},
    1: {"returns": 1.9},
    2: {"returns": 1.3},
}
REGION_WEIGHT = {"north": 30.0, "south": 27.0, "east": 20.0, "west": 23.0}
CHANNEL_WEIGHT = {"web": 52.0, "mail": 36.0, "phone": 12.0}  # curated only; raw systems are their channel

# Where a wrong answer goes.
CONFUSION: dict[str, dict[str, float]] = {
    "billing": {"legal": 4, "account": 3, "returns": 3, "shipping": 1, "technical": 1},
    "shipping": {"returns": 5, "billing": 2, "technical": 1, "account": 1, "legal": 1},
    "account": {"technical": 5, "billing": 3, "legal": 1, "shipping": 1},
    "technical": {"account": 5, "returns": 3, "billing": 2, "shipping": 1},
    "returns": {"shipping": 5, "billing": 3, "technical": 2, "legal": 1},
    "legal": {"billing": 6, "returns": 2, "account": 2, "shipping": 1},
}


@dataclass(frozen=True)
class Values:
    """Order values in euros: lognormal, and a few business orders ten times as large."""

    log_median: float = 4.15
    log_sigma: float = 0.85
    business_share: float = 0.06
    business_factor: float = 10.0


@dataclass(frozen=True)
class Model:
    """How often the pilot is right, and how sure it says it is."""

    confidence_power: float = 9.0  # confidence is u**(1/9): mean 0.90, as right as it says on curated
    curated_accuracy: float = 0.90
    unexplained_shift: float = 0.02  # raw records without any defect are this much harder
    raw_spread: float = 0.5  # how much of the confidence still tells right from wrong on raw records
    floor: float = 0.05  # P(right) never falls below this
    confidence_drop: float = 0.04  # confidence lost per unit of P(right) lost: next to nothing
    top: float = 0.999


VALUES = Values()
MODEL = Model()


@dataclass(frozen=True)
class Rival:
    """Another model that could take the pilot's place: how its answers hang together with the pilot's."""

    name: str
    keeps: float  # P(right) where the pilot is right
    mends: float  # P(right) where the pilot is wrong
    same_mistake: float = 0.7  # ... and where both are wrong, how often it gives the very same answer
    own_mind: float = 0.4  # how much of its confidence is its own, and not shared with the pilot
    sureness: tuple[float, float] = (0.72, 0.999)
    doubt: float = 0.15  # confidence lost at most where it is wrong


# About two points worse than the pilot on raw records, and about six points better.
CANDIDATES = (Rival("distilled", keeps=0.95, mends=0.07), Rival("larger", keeps=0.985, mends=0.27))


@dataclass(frozen=True)
class Kind:
    """One defect: records hit among the 1,200, and points of P(right) each of them costs."""

    count: int
    points: float


# Missing and disguised values are drawn together: this many records miss at least one value (23.2 %) ...
RECORDS_WITH_MISSING = 278
SECOND_MISSING = 0.12  # ... this share of them misses a second one,
DISGUISED_SHARE = 0.40  # ... and this share of the values is not empty but disguised.
MISSING_COLUMN_WEIGHT = {
    "body": 22.0,
    "subject": 22.0,
    "region": 24.0,
    "order_value_eur": 22.0,
    "created_at": 10.0,
}
MISSING_POINTS = {"body": 45.0, "subject": 18.0, "region": 10.0, "order_value_eur": 10.0, "created_at": 8.0}
DISGUISED_POINTS = {
    "body": 35.0,
    "subject": 12.0,
    "region": 12.0,
    "order_value_eur": 12.0,
    "created_at": 12.0,
}
DISGUISED_TEXT = {"N/A": 6.0, "-": 5.0, "unknown": 5.0, "tbd": 1.5, "#NV": 1.5, "(none)": 1.5}
DISGUISED_NUMBER = {"9999": 8.0, "N/A": 3.0, "-": 3.0, "#NV": 1.0, "tbd": 1.0}
DISGUISED_TIME = {"1900-01-01": 8.0, "unknown": 1.0, "-": 1.0}

# Damage to what the model reads costs most. Kinds with 0 points are there as controls: a duplicated or late
# record is answered as well as any other.
KINDS: dict[str, Kind] = {
    "other_language": Kind(128, 30.0),
    "truncated": Kind(100, 20.0),
    "mojibake": Kind(102, 25.0),
    "replacement_character": Kind(30, 15.0),
    "html_entity": Kind(36, 10.0),
    "unseen_category": Kind(90, 8.0),
    "category_variant": Kind(60, 4.0),
    "date_format": Kind(40, 6.0),
    "number_format": Kind(40, 6.0),
    "spreadsheet_mangling": Kind(24, 8.0),
    "does_not_parse": Kind(15, 40.0),
    "markup": Kind(1, 20.0),
    "formula": Kind(1, 20.0),
    "personal_data": Kind(32, 0.0),
    "exact_duplicate": Kind(24, 0.0),
    "duplicate_key": Kind(18, 0.0),
    "near_duplicate": Kind(24, 0.0),
    "late": Kind(22, 0.0),
    "out_of_order": Kind(40, 0.0),
}
LANGUAGE_WEIGHT = {"es": 5.0, "de": 4.0, "fr": 3.0}
UNSEEN_REGIONS = {"Region 7": 5.0, "central": 3.0, "overseas": 3.0, "islands": 2.0, "R-12": 1.0}
# How many of the 15 rows that do not parse sit in which file (JSON lines always parse).
BROKEN_ROWS = {"web": 8, "legacy": 7}
# Where the copies go.
COPY_SHARE = {"web": 0.42, "mail": 0.33, "legacy": 0.25}
LATE_DAYS = (5.0, 40.0)  # a late record arrives this many days after its own time
LATE_MARGIN_DAYS = 45.0  # no late record so near the end that nothing follows it
OUT_OF_ORDER_PLACES = (2, 6)  # an out-of-order record slips behind this many others

SCRIPT_BODY = "<script>alert('x')</script><img src=x onerror=alert(1)> my basket shows strange signs"
FORMULA_BODY = '=HYPERLINK("http://example.com","click")'

# Invented personal data: reserved example domains, numbers kept free for fiction, and the card and account
# numbers that payment companies publish for tests.
MAILBOXES = (
    "m.keller",
    "sofia.r",
    "jan.devries",
    "c.moreau",
    "p.olsen",
    "lena.hart",
    "t.novak",
    "ines.costa",
)
DOMAINS = ("example.com", "example.org")
PHONES = ("+44 7700 900{:03d}", "+49 30 23125 {:03d}", "+1 202 555 0{:03d}", "+33 1 99 00 1{:03d}")
CARDS = (
    "4111 1111 1111 1111",
    "5555 5555 5555 4444",
    "4012888888881881",
    "4242 4242 4242 4242",
    "378282246310005",
)
IBANS = ("DE89 3704 0044 0532 0130 00", "GB82 WEST 1234 5698 7654 32", "FR1420041010050500013M02606")


@dataclass(frozen=True)
class Llm:
    """Tokens, prices and failures of the routed fortnight."""

    model: str = "gpt-4.1-2025-04-14"
    max_output: int = 600
    prefix: int = 2304  # tokens of the shared instructions: a multiple of the cache block
    cache_block: int = 128
    cache_least: int = 1024  # nothing shorter is cached
    cached_share: float = 0.52  # share of calls whose prefix was found in the cache
    full_prefix_share: float = 0.85  # ... of these, how many found all of it
    examples_median: float = 2330.0  # tokens of the similar tickets put into the prompt
    examples_sigma: float = 0.30
    ticket_median: float = 150.0
    ticket_sigma: float = 0.45
    output_median: float = 238.0
    output_sigma: float = 0.28
    day_sigma: float = 0.06  # how much the token mix differs from day to day
    input_price: float = 2.00  # USD per million tokens
    cached_price: float = 0.50
    output_price: float = 8.00
    retried: float = 0.040  # share of tickets that need a second attempt
    rate_limited: float = 0.60  # ... of these, failed by the rate limit (the others ran out of output tokens)
    lost: int = 6  # tickets that end failed after two attempts


@dataclass(frozen=True)
class Stage:
    """One stage of a request: median in milliseconds, and its own and shared lognormal spread."""

    name: str
    median_ms: float
    own_sigma: float
    shared_sigma: float


@dataclass(frozen=True)
class Tracing:
    """The kept traces: gaps between stages, and how requests end badly."""

    gap_ms: tuple[float, float] = (2.0, 12.0)
    deadline_ms: float = 15_000.0
    margin_ms: float = 400.0  # requests that end by themselves end at least this long before the deadline
    timeouts: int = 5
    refused: int = 4  # the ticket system answers 503 when the result is written back


LLM = Llm()
TRACING = Tracing()
FETCH = Stage("fetch_ticket", 240.0, 0.25, 0.50)
RETRIEVE = Stage("retrieve_similar", 600.0, 0.30, 0.56)
ROUTE = Stage("llm_route", 1850.0, 0.27, 0.52)
WRITE = Stage("write_back", 330.0, 0.28, 0.50)


@dataclass(frozen=True)
class Feedback:
    """The newcomer's 900 rows: shares (or counts) hit by each defect, and the usage behind the export."""

    day_first: float = 0.34  # 03/09/2026 instead of ISO
    no_date: float = 0.012  # 1900-01-01
    missing: float = 0.035  # empty, per cell of message, product line, country and amount
    disguised: float = 0.03  # N/A and the like, per cell of the same columns
    mojibake: float = 0.14  # of the messages with accents
    decimal_comma: float = 0.26
    currency_sign: float = 0.22
    blank_variant: float = 0.08
    personal_data: int = 22
    exact_copies: int = 16
    key_copies: int = 13
    ragged: int = 14
    model: str = "gpt-4.1-mini-2025-04-14"
    weekday_requests: tuple[int, int] = (430, 880)
    weekend_requests: tuple[int, int] = (25, 95)
    input_per_request: float = 1480.0
    output_per_request: float = 165.0
    cached_share: float = 0.34


FEEDBACK = Feedback()


@dataclass(frozen=True)
class Arm:
    """One way of working: minutes to route a ticket in the last week, and how much longer each week before took."""

    name: str
    minutes: float
    learning: float = 0.0
    spread: float = 0.75  # standard deviation of one ticket over the mean


@dataclass(frozen=True)
class Rate:
    """How often people of the pilot's arm did something, in the first week and in the last."""

    metric: str
    first: float
    last: float


@dataclass(frozen=True)
class Comparison:
    """The six weeks in which every second ticket took the pilot's way: faster, but less than hoped."""

    weeks: int = 6
    first_week: int = 34
    tickets: tuple[int, int] = (660, 760)  # of one arm and week
    treated: str = "pilot"
    arms: tuple[Arm, ...] = (Arm("pilot", 3.25, learning=0.035), Arm("today", 4.2))
    rates: tuple[Rate, ...] = (Rate("usage rate", 0.66, 0.74), Rate("override rate", 0.24, 0.17))


COMPARISON = Comparison()
