"""English tickets of the other teams: account, technical and legal."""

from __future__ import annotations

from .texts_en import Team

SERVICE: dict[str, Team] = {
    "account": Team(
        (
            (
                "Cannot [log in|sign in]",
                (
                    "I [cannot|can't] log in [any more|since {weekday}], "
                    "[it says the account is locked|my password is refused]."
                ),
                "I [tried|tested] it with {browser} and [with a second device|on two networks].",
                "After five attempts I get [thrown out|the same message].",
            ),
            (
                "Password reset [mail missing|link expired]",
                "The [password reset|confirmation] mail [never arrives|comes hours late|has a dead link].",
                "[I already checked|Nothing is in] the spam folder.",
                "The mail address in my profile is [right|the old one].",
            ),
            (
                "Close my account",
                "Please [close|delete] my account[ and all saved addresses|, I no longer use it].",
                "My [last|only] order was {order}.",
                "A voucher of {amount} in there may [lapse|be cancelled].",
            ),
            (
                "[New|Change of] address",
                "I [moved|have moved] to {city} and [cannot|want to] change the address in my profile.",
                "The button to save it does nothing in {browser}.",
                "The old one should [go|be deleted].",
            ),
            (
                "[Two|Duplicate] accounts",
                "It seems that I have two [accounts|profiles], please [merge|join] them.",
                "One has {order} in it, the other one is [empty|older].",
                "I use the [first|newer] one only.",
            ),
            (
                "Loyalty points [gone|missing]",
                "My loyalty points for the {product} [are gone|do not show up|were halved].",
                "There [are|should be] about {number} points on it.",
                "Last [month|week] they were still there.",
            ),
            (
                "[Mail address changed|Was I hacked?]",
                (
                    "[Somebody|Someone] [changed|seems to have changed] the "
                    "mail address of my account without [my consent|asking me]."
                ),
                "I got the notice on {weekday}.",
                "[Please|You must] lock it [at once|until this is clear].",
            ),
            (
                "Access for a colleague",
                ("A [colleague|new buyer] in our [office|branch] in {city} needs access to the company account."),
                "She should [see|place] orders up to {large}.",
                "The invitation [bounced|was never sent].",
            ),
            (
                "Verification code never arrives",
                "The verification code [does not reach my phone|is always rejected|comes to my old number].",
                "The number in the profile is [no longer mine|right].",
                "I tried {number} times [today|since {weekday}].",
            ),
            (
                "Newsletter [again|despite opt-out]",
                "I [still get|keep getting] the newsletter although I [unsubscribed|opted out] on {weekday}.",
                "Today it was [another|the third] one about a {product}.",
                "The link at the bottom [is dead|asks me to log in].",
            ),
            (
                "Order history [empty|lost]",
                ("My order history [is empty|stops at last year] since [the new login|the update of my profile]."),
                "I need {order} for [a warranty|my records].",
                "On {browser} it is the same.",
            ),
            (
                "[Business|Company] account",
                "How do I [switch|turn] my private account into a business one?",
                "We are a small [office|shop] in {city}.",
                "The orders so far, such as {order}, should stay in it.",
            ),
        ),
        (
            "My customer number is on order {order}.",
            "The account was opened in {city} [years ago|last spring].",
            "[No|I got no] message explained it.",
        ),
    ),
    "technical": Team(
        (
            (
                "Error {code} at checkout",
                "[At|During] checkout I get error {code} [every time|whenever I press pay] in {browser}.",
                "I already [cleared the cache|restarted everything].",
                "The basket holds a {product} [only|and two small things].",
            ),
            (
                "App [crashes|freezes]",
                (
                    "The app [crashes|freezes|closes] as soon as I [open "
                    "the basket|search for a {product}|scan the code]."
                ),
                "I [reinstalled it|am on the newest version].",
                "It [worked|was fine] until {weekday}.",
            ),
            (
                "{device} [does not switch on|stopped working]",
                "My {device} [does not switch on|stopped working|makes a buzzing noise] after {span}.",
                "I tried another [socket|cable].",
                "The serial number is {number}-{code}.",
            ),
            (
                "Basket [empties itself|lost]",
                ("The basket [loses|drops] the {product} when I [change the quantity|go back one page|log out]."),
                "On {browser} it [works|fails as well].",
                "I had to start over [three|five] times.",
            ),
            (
                "[Blank|White] page in {browser}",
                "[Since|After] the last update {browser} only shows a [white|blank] page.",
                "Other [pages|shops] load [fine|without trouble].",
                "It happens [with and without|even without] a network filter.",
            ),
            (
                "[Pairing|Wifi] fails: {device}",
                (
                    "The {device} will not [pair|connect] with [my "
                    "phone|the wifi], the light [keeps blinking|stays red]."
                ),
                "I [reset|unplugged] it twice.",
                "My old one [connected|paired] within seconds.",
            ),
            (
                "[Upload|Photo] broken",
                "[Uploading|Sending] a photo for the {product} ends with code {code}.",
                "The file is [small|a plain JPEG].",
                "[Three|Two] different pictures gave the same result.",
            ),
            (
                "Search [finds nothing|times out]",
                (
                    "The search [finds nothing|times out] for '{product}' "
                    "although [the item exists|it is on your front page]."
                ),
                "With the filter for {colour} it [breaks|hangs] as well.",
                "In {browser} the list stays [empty|grey].",
            ),
            (
                "Setup [help|question] for {device}",
                "How do I [reset|clean|calibrate] the {device}, the manual does not say?",
                "The [button|switch] behind {part} does nothing.",
                "The video on your page is for [another|an older] model.",
            ),
            (
                "Firmware update [failed|stuck]",
                "The firmware update of the {device} [stopped|hangs] at {number} per cent.",
                "The log says {code} and nothing else.",
                "It has been like this since {weekday}.",
            ),
            (
                "Page [very slow|times out]",
                "The [store page|size chart|3D view] takes [a minute|ages] to load in {browser}.",
                "My line is fast enough for [video|everything else].",
                "Sometimes it ends with {code}.",
            ),
            (
                "Timer of the {device}",
                ("The timer of the {device} [is off by an hour|forgets its settings] [every night|after a power cut]."),
                "The clock itself is [right|set].",
                "A reset helped for [one day|an hour] only.",
            ),
        ),
        (
            "A [video|screenshot] is attached.",
            "The code shown is {code}.",
            "It happens [every time|about every second time].",
        ),
    ),
    "legal": Team(
        (
            (
                "Request for [my data|a copy of my data]",
                ("Under {law} I [ask|request] you to [send me|hand over] all data that you [hold|keep] about me."),
                "I expect it within [one month|30 days].",
                "This includes notes of your [agents|phone calls].",
            ),
            (
                "[Deadline|Final deadline] for {order}",
                (
                    "I [set|hereby set] a [last|final] deadline until {weekday} for "
                    "order {order}, after that [my lawyer takes over|I go to court]."
                ),
                "The sum in dispute is {amount}.",
                "Two [letters|mails] of mine were left unanswered.",
            ),
            (
                "[Breach of contract|Invalid terms]",
                ("[My solicitor|Our legal adviser|The consumer board in {city}] holds that your terms breach {law}."),
                "It concerns the clause about [returns|late fees|delivery].",
                "A [copy|scan] of the opinion is attached.",
            ),
            (
                "[Injury|Accident] with {device}",
                (
                    "The {device} [caused a burn|tipped over and hurt a child|set "
                    "off the fire alarm], and I [claim|ask for] damages of {amount}."
                ),
                "[A witness|The installer] can confirm this.",
                "The doctor's report is attached.",
            ),
            (
                "Misleading [advert|price claim]",
                (
                    "Your advert for the {product} [promised|claimed] a "
                    "price of {amount} that [never existed|nobody could get]."
                ),
                "The supervisory authority in {city} has been [informed|notified].",
                "I kept a copy of the page.",
            ),
            (
                "Photo used without [permission|consent]",
                "You [use|show] my photo of the {product} in an advert without my [permission|consent].",
                "Please take it down before {weekday}.",
                "The usual licence fee is {amount}.",
            ),
            (
                "[Consent withdrawn|Deletion of my data]",
                (
                    "I [revoke|withdraw] my consent to the use of my data "
                    "and ask for [deletion|written proof] within {days} days."
                ),
                "The basis is {law}.",
                "This also covers [partners|advertisers] you shared it with.",
            ),
            (
                "Contract for {order} void",
                (
                    "Order {order} was placed by [my son, who is a "
                    "minor|someone without authority], so the contract is void."
                ),
                "I [refer|point] to {law}.",
                "The {product} can be collected in {city}.",
            ),
            (
                "Claim of {amount} [disputed|rejected]",
                ("I dispute the claim of {amount} from [your collection agency|{invoice}] [in full|on legal grounds]."),
                "I never ordered a {product}.",
                "Any entry in a credit register would be unlawful.",
            ),
            (
                "[Court|Place of jurisdiction]",
                "[Who|Which court] is responsible for disputes about a contract concluded in {city}?",
                "Your terms name {city2}, which {law} does not allow.",
                "It concerns {order}.",
            ),
            (
                "Terms of the guarantee",
                "Your guarantee for the {product} [excludes|limits] rights that I have under {law}.",
                "Please confirm [in writing|by letter] that they stand.",
                "It is {number} months old.",
            ),
            (
                "[Fraud|Identity theft], {order}",
                (
                    "A former [tenant|employee] of ours ordered in our "
                    "name, we [report|reported] it to the police in {city}."
                ),
                "The case number is {invoice}.",
                "Please stop the collection of {amount}.",
            ),
        ),
        (
            "The [letter|notice] was sent by registered post on {weekday}.",
            "I [reserve|keep] all further rights.",
            "I expect an answer from [your legal department|the data protection officer].",
        ),
    ),
}
