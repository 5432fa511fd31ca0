"""Wording of the newcomer's export, in the notation of the support tickets."""

from __future__ import annotations

PRODUCT_LINES = {"Home": 34.0, "Garden": 24.0, "Kitchen": 27.0, "Office": 15.0}
COUNTRIES = {"Germany": 30.0, "Netherlands": 18.0, "France": 16.0, "Austria": 12.0, "Spain": 10.0, "UK": 14.0}

# The products of each line; a message that names none may come from any of them.
LINE_PRODUCTS: dict[str, tuple[str, ...]] = {
    "Garden": ("garden bench", "plant stand", "café table", "Göteborg chair", "piñata kit"),
    "Kitchen": (
        "crème serving bowl",
        "fondue set",
        "electric kettle",
        "coffee grinder",
        "Müsli jar set",
        "steel pan",
        "toaster",
        "Brûlée torch",
        "baking tray",
    ),
    "Office": ("office chair", "standing desk", "desk lamp", "air purifier"),
}
OPENINGS: tuple[str, ...] = (
    "[Overall|All in all] I am [happy|satisfied|content] with the {product}.",
    "The {product} [is great|does its job|looks better than in the catalogue].",
    "[Sadly|Unfortunately] the {product} [wobbles|squeaks|lost its colour] after {span}.",
    "We [bought|ordered] the {product} for our [flat|office|garden house] in {city}.",
    "[Delivery|Shipping] to {city} took {span}[, which is too long|, as promised|].",
    "The [assembly|manual] of the {product} is [a riddle|clear|missing a page].",
    "I [expected|hoped for] [more|better quality] at a price of {amount}.",
    "Your shop in {city} was [very helpful|closed|out of everything].",
    "{part} of the {product} [broke|came loose] [on the first day|within {span}].",
    "My [mother|neighbour|colleague] [recommended|warned me about] the {product}.",
    "[Is it intended|Is it normal] that the {product} [smells of glue|gets so hot|came without screws]?",
    "The {colour} {product} [goes well with|clashes with] [our sofa|the rest of the set].",
    "Packaging: [far too much plastic|excellent|torn on two sides].",
    "[Third|Second] {product} from you and [still happy|the last one].",
)
FOLLOW_UPS: tuple[str, ...] = (
    "[Would|I would] buy again.",
    "[Please|You should] offer it in {colour}.",
    "The price of {amount} is [fair|steep].",
    "Two stars.",
    "Five stars from us.",
    "The [hotline|chat] could not help.",
    "I sent a photo on {weekday}.",
    "A spare part would be [enough|nice].",
    "[Better|Clearer] instructions would help.",
    "The colour is off.",
    "Keep it up!",
    "I will [not order again|think twice].",
    "The voucher over {amount} made up for it.",
    "It [survived|did not survive] the winter in {city}.",
)
AGENT_NOTES: dict[str, float] = {
    "": 38.0,
    "called back": 8.0,
    "closed": 10.0,
    "refund offered": 6.0,
    "passed on to product team": 7.0,
    "no action": 7.0,
    "asked for photo": 6.0,
    "voucher sent": 5.0,
    "see earlier case": 4.0,
    "wants a call": 3.0,
    "praise, forwarded": 4.0,
    "dup?": 2.0,
}
