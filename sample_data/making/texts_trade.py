"""English tickets of the teams that deal with orders: billing, shipping and returns."""

from __future__ import annotations

from .texts_en import Team

TRADE: dict[str, Team] = {
    "billing": Team(
        (
            (
                "[Charged|Billed] twice for {order}",
                ("[I was|We were|My card was] charged [twice|two times] for order {order}, each time {amount}."),
                "The bank [confirmed|says] that both payments went through on {weekday}.",
                "[One|The second] booking [must be|is surely] a mistake.",
            ),
            (
                "Wrong amount on invoice {invoice}",
                "Invoice {invoice} shows {amount}, but [the order confirmation says|we agreed on] {amount2}.",
                "Until this is [clear|corrected] I [cannot|will not] pay.",
                "[Shipping|A second item] seems to be counted in although it was [free|cancelled].",
            ),
            (
                "Refund [not received|still open] for {order}",
                "The refund of {amount} for the {product} [has not arrived|is still missing] after {span}.",
                "The warehouse [confirmed|booked in] my return on {weekday}.",
                "I paid by [card|bank transfer|instant payment], so it should be quick.",
            ),
            (
                "[Payment|Card] declined",
                (
                    "My [card|direct debit|bank transfer] was [declined|rejected] "
                    "although there is enough [money|credit] on it."
                ),
                "The same card works in other shops.",
                "The amount was {amount} for a {product}.",
            ),
            (
                "VAT number on [the invoice|my bill]",
                ("I [need|require] a [corrected|new] invoice for {order} with our [VAT number|company address]."),
                "[The tax office|Our auditor] will not accept the document as it is.",
                "The company moved to {city} [last month|this spring].",
            ),
            (
                "[Reminder|Dunning letter] although paid",
                "You sent me a payment reminder for {invoice}, which I [paid|settled] on {weekday}.",
                "The [transfer|debit] over {amount} is on my statement.",
                "[Please|Kindly] cancel the late fee of {amount}.",
            ),
            (
                "Voucher [not deducted|ignored]",
                (
                    "The [discount|voucher|gift card] of {amount} was not "
                    "[deducted|taken off] when I paid for the {product}."
                ),
                "The code was [accepted|shown as valid] in the basket.",
                "It is valid until the end of the [month|year].",
            ),
            (
                "Instalment plan",
                "[Can|Could] I pay {large} for order {order} in [three|four|six] instalments?",
                "The first one could start on {weekday}.",
                "Your [page|shop] only offers it above {large2}.",
            ),
            (
                "[Unknown|Strange] [charge|debit] of {amount}",
                ("There is a [charge|debit] of {amount} on my statement that I [cannot place|do not recognise]."),
                "My last order was {order}, [months ago|and that is paid].",
                "The text next to it only says {invoice}.",
            ),
            (
                "Fee on my [last bill|statement]",
                (
                    "[Why|How come] is there a [handling|processing|late] "
                    "fee of {amount} on [my bill|invoice {invoice}]?"
                ),
                "Nobody mentioned it when I ordered the {product}.",
                "It was not there on [earlier|previous] invoices.",
            ),
            (
                "Change [payment method|bank details]",
                ("I [switched|changed] banks and want [future payments|the monthly plan] taken from the new account."),
                "The old account closes on {weekday}.",
                "The form for it [is greyed out|does not save].",
            ),
            (
                "[Statement|Invoices] for our bookkeeping",
                (
                    "The [bookkeeper|accountant] in our office in {city} asks "
                    "for [all invoices|a statement] of the last quarter."
                ),
                "{invoice} is the only one we [found|have].",
                "A single [PDF|file] would be best.",
            ),
        ),
        (
            "The payment reference is {invoice}.",
            "I attach [a screenshot|the statement|the booking].",
            "The sum matters to me.",
        ),
    ),
    "shipping": Team(
        (
            (
                "Parcel [lost|stuck|delayed]",
                "[My|Our] parcel with the {product} has been [stuck|waiting] in {city} for {span}.",
                "The depot [does not answer the phone|knows nothing about it].",
                "The {carrier} says that [you|the sender] must open an enquiry.",
            ),
            (
                "Tracking [does not move|shows nothing]",
                "The tracking for {order} [has not changed|shows no movement] since {weekday}.",
                "It [only says 'in transit'|lists {city} as the last stop].",
                "The [promised|planned] day has [passed|come and gone].",
            ),
            (
                "Left [in the rain|with a stranger]",
                (
                    "The {carrier} [left|dropped] the {product} [at the "
                    "wrong door|in the rain|with a neighbour nobody knows]."
                ),
                "I [was|stayed] at home all day.",
                "The box is [soaked|gone|torn open].",
            ),
            (
                "Marked delivered, [nothing here|not received]",
                (
                    "According to the tracking {order} was delivered on "
                    "{weekday}, but [nothing came|I have not received anything]."
                ),
                "[Neighbours|The concierge] did not take anything for me.",
                "The signature is not [mine|readable].",
            ),
            (
                "[Wrong|Old] delivery address",
                ("[Can|Could] you [send|redirect] order {order} to [my office|a pick-up point|my new flat] in {city}?"),
                "The address in the order is [the old one|missing the house number].",
                "I moved [last week|on {weekday}].",
            ),
            (
                "{product} [not delivered|still missing]",
                "The {product} was promised for {weekday} and [is not here|still has not come].",
                "It is a [present|birthday gift].",
                "[Nobody|No one] told me about a delay.",
            ),
            (
                "Only [half|part] of {order} came",
                "Only [one|two] of [three|four] boxes [arrived|came], the {product} is [missing|not there].",
                "The delivery note [lists|shows] all of them.",
                "When does the [rest|other part] of {order} come?",
            ),
            (
                "[Shipping|Delivery] to {city}?",
                "[Do|Can] you deliver [a|the] {product} to {city}, and how long does it take?",
                "It would have to be here before {weekday}.",
                "I found [no|nothing about the] costs for such a large box.",
            ),
            (
                "Missed the {carrier}",
                "The {carrier} [came|rang] while I was [out|at work] and left no [card|note].",
                "Which depot has {order} now?",
                "A second attempt on {weekday} would suit me.",
            ),
            (
                "Express delivery [late|not express]",
                (
                    "I [ordered|paid for] express delivery, but {order} has "
                    "[not left your warehouse|been at the depot for {span}]."
                ),
                "Express cost me {amount} extra.",
                "Without it I would have bought in {city}.",
            ),
            (
                "[Change|Move] delivery date",
                "Please [hold back|delay] the delivery of {order}, we are [away|on holiday] until {weekday}.",
                "[Nobody|No neighbour] can take it in.",
                "A pick-up point in {city} would do as well.",
            ),
            (
                "[Box|Parcel] [crushed|opened] on the way",
                ("The box with the {product} was [open|crushed|soaked] when the {carrier} handed it over in {city}."),
                "The {carrier} [noted|refused to note] it.",
                "I have not dared to unpack {order} yet.",
            ),
        ),
        (
            "The order number is {order}.",
            "The address is [correct|up to date] in my order.",
            "The {carrier} was friendly but could not help.",
        ),
    ),
    "returns": Team(
        (
            (
                "Return {product}",
                (
                    "I [want|would like] to [return|send back] the {product} "
                    "from order {order}[, it is too big|, I do not like it|]."
                ),
                "It was [never used|unpacked only].",
                "The [packaging|original box] is [still there|torn].",
            ),
            (
                "{product} [arrived broken|damaged]",
                "The {product} [arrived|came] [broken|scratched|with a crack], {part} [is damaged|is bent].",
                "I have photos of the damage.",
                "I would [take|accept] a discount of {amount} instead.",
            ),
            (
                "[Wrong|Different] item in the box",
                "Instead of the {product} in {colour} I [got|received] [a different one|the {product2}].",
                "The label on the box is [right|for {order}].",
                "Please send the right one before {weekday}.",
            ),
            (
                "Return label [missing|expired|does not print]",
                "The return label for {order} [cannot be printed|has expired|was not in the box].",
                "The [return period|14 days] ends on {weekday}.",
                "The [shop|pick-up point] in {city} needs a printed one.",
            ),
            (
                "[Exchange|Swap] for another [size|colour]",
                "[Can|Could] I exchange the {product} for one in {colour}?",
                "I would pay the difference of {amount}.",
                "It is [unused|still in its box].",
            ),
            (
                "Missing part: {part}",
                "{part} of the {product} [is missing|was not in the box|does not fit].",
                "Without it I cannot [build it up|use it].",
                "A spare part would be enough, no need to send all of {order} back.",
            ),
            (
                "Return of {order} not booked in",
                "I sent the {product} back on {weekday}[ from {city}|], when will it be [booked in|checked]?",
                "The {carrier} delivered it to you [days ago|on time].",
                "The receipt number is {invoice}.",
            ),
            (
                "[Warranty|Guarantee] case {product}",
                "The {product} broke after {span}, [is that a warranty case?|I ask for a replacement.]",
                "It was [used normally|only used once].",
                "The receipt is {invoice}.",
            ),
            (
                "Pick-up of [return|bulky item]",
                ("Who [picks up|collects] the {product}, it is too heavy for the [post office|parcel shop] in {city}?"),
                "I am at home on {weekday}.",
                "Two people are needed to carry it.",
            ),
            (
                "[Withdrawal|Cancel] {order}",
                ("I [changed my mind|withdraw from the purchase] and have not even opened the box with the {product}."),
                "It came on {weekday}, so the 14 days still run.",
                "Please refund {amount} once it is back.",
            ),
            (
                "Return rejected",
                "Your warehouse [rejected|sent back] my return of {order} [without a reason|as 'used'].",
                "The {product} was [unpacked once|never used].",
                "I have photos from the day I sent it.",
            ),
            (
                "Colour [differs|not as shown]",
                (
                    "The {colour} of the {product} is [nothing like|very "
                    "different from] the photo, so it [goes|is going] back."
                ),
                "Next to [our sofa|the window] it looks {colour2}.",
                "Is there a sample before I order again?",
            ),
        ),
        (
            "The order number is {order}.",
            "I bought it in {city}.",
            "The return form [does not list it|has no field for it].",
        ),
    ),
}
