"""English wording of the support tickets.

``[a|b]`` means one of the alternatives, ``{slot}`` one entry of SLOTS. Some entries carry accents on
purpose: clean text has them too, so that an accent alone never marks a defect.
"""

from __future__ import annotations

from typing import NamedTuple

SLOTS: dict[str, tuple[str, ...]] = {
    "product": (
        "café table",
        "crème serving bowl",
        "oak bookshelf",
        "desk lamp",
        "Göteborg chair",
        "fondue set",
        "electric kettle",
        "wool blanket",
        "garden bench",
        "coffee grinder",
        "Müsli jar set",
        "wall clock",
        "steel pan",
        "office chair",
        "linen curtains",
        "hallway mirror",
        "piñata kit",
        "toaster",
        "bath towel set",
        "standing desk",
        "rug (160 x 230)",
        "Brûlée torch",
        "picture frame",
        "side table",
        "air purifier",
        "baking tray",
        "children's bed",
        "laundry basket",
        "sofa cover",
        "plant stand",
    ),
    "device": (
        "desk lamp",
        "electric kettle",
        "coffee grinder",
        "toaster",
        "standing desk",
        "Brûlée torch",
        "air purifier",
        "bathroom scale",
        "robot vacuum",
        "heated blanket",
        "Malmö radio alarm",
        "crêpe maker",
    ),
    "city": (
        "Zürich",
        "Leeds",
        "Utrecht",
        "Málaga",
        "Köln",
        "Orléans",
        "Ghent",
        "Porto",
        "Graz",
        "Bristol",
        "Malmö",
        "Turin",
        "Dublin",
        "Nîmes",
        "Antwerp",
        "Salamanca",
        "Münster",
        "Aarhus",
        "Leipzig",
        "York",
    ),
    "weekday": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"),
    "span": (
        "three days",
        "a week",
        "ten days",
        "two weeks",
        "almost a month",
        "five working days",
        "12 days",
        "more than a week",
        "three weeks",
        "48 hours",
    ),
    "days": ("7", "10", "14", "30"),
    "browser": ("Firefox", "Chrome", "Safari", "Edge", "the Android app", "the iPhone app", "my tablet"),
    "colour": ("grey", "dark green", "white", "natural oak", "navy", "sand", "black", "terracotta"),
    "part": (
        "one leg",
        "the screws",
        "the lid",
        "the power cable",
        "the left panel",
        "a shelf board",
        "the handle",
        "the remote",
        "two cushions",
        "the hinge",
    ),
    "carrier": ("courier", "parcel service", "driver", "delivery company", "carrier"),
    "law": (
        "consumer law",
        "data protection law",
        "the 14-day withdrawal right",
        "the warranty rules",
        "distance selling rules",
        "your own terms and conditions",
    ),
}

GREETINGS: tuple[str, ...] = (
    "Hello",
    "Hi",
    "Hi team",
    "Good morning",
    "Dear support team",
    "Hi there",
    "Good evening",
    "Hey",
    "Dear Sir or Madam",
    "Hello support",
)

CLOSERS: tuple[str, ...] = (
    "Please [get back to me|reply|answer] [today|soon|this week|before {weekday}].",
    "Thanks [in advance|for your help|a lot].",
    ("I have [already written|already called|tried the chat] [twice|once|three times] [without an answer|in vain]."),
    "What [should|can] I do [now|next]?",
    "I would [really|very much] appreciate a [quick|clear|written] answer.",
    "A [short|quick] confirmation [by mail|in writing] would be [great|enough].",
    "This is [getting|becoming] [rather|quite|really] annoying.",
    ("I have been a customer for [two|four|six|nine] years and [this has not happened before|expected better]."),
    "Let me know if you need [photos|the receipt|more details|anything else from me].",
    "I am [only|best] reachable [in the evening|after 5 pm|on weekday mornings].",
    "[No|There is no] rush, but please [do not forget it|keep me posted].",
    "Could someone [from your team|who can decide this] [look into it|take a look|call me back]?",
    "[Otherwise|If not,] I will [cancel the whole order|dispute the payment|buy elsewhere].",
    ("I need [this|it] [sorted|settled|solved] [before {weekday}|by the end of the month|before we move to {city}]."),
    "[My previous ticket|The last request] was closed [without a word|too early|by mistake].",
)

# Subjects of people in a hurry, for any team.
PLAIN_SUBJECTS: tuple[str, ...] = (
    "[Question|Problem|Issue] with {order}",
    "Help [needed|please]",
    "[Complaint|Request]",
    "My order {order}",
    "{order}",
    "[Please read|Please help]",
    "Message from the contact form",
)


class Team(NamedTuple):
    """Wording of one team's tickets.

    Parameters
    ----------
    cases : tuple
        Subject, first sentence, and details that go with it.
    details : tuple
        Sentences that go with any case of the team.
    """

    cases: tuple[tuple[str, ...], ...]
    details: tuple[str, ...]
