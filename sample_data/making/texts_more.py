"""Italian, Dutch, Portuguese and Polish wording of the support tickets, in the notation of the other languages.

Only the mode with unlisted variants uses them. No capital letter with an accent opens a sentence where reading its
UTF-8 bytes as Windows-1252 would hit one of the five bytes that this encoding leaves undefined.
"""

from __future__ import annotations

OPENERS: dict[str, tuple[str, ...]] = {
    "it": ("Buongiorno, ", "Salve, ", "Gentile assistenza, ", "Buonasera, ", ""),
    "nl": ("Goedemiddag, ", "Hallo, ", "Beste klantenservice, ", "Geachte heer of mevrouw, ", ""),
    "pt": ("Bom dia, ", "Boa tarde, ", "Prezada equipe, ", "Caros senhores, ", ""),
    "pl": ("Dzień dobry, ", "Witam, ", "Szanowni Państwo, ", "Dobry wieczór, ", ""),
}

CLOSERS: dict[str, tuple[str, ...]] = {
    "it": (
        "Resto in attesa di una vostra risposta [al più presto|entro venerdì].",
        "Che cosa devo fare adesso?",
        "Ho già telefonato [due|tre] volte senza ricevere aiuto.",
        "Vi ringrazio per la disponibilità.",
        "Sono cliente da [quattro|sette] anni e non mi era mai successo.",
        "Il numero della pratica è {invoice}.",
        "Così non posso proprio andare avanti.",
        "Se serve, posso mandarvi [le foto|lo scontrino].",
        "È urgente, perché parto [lunedì|fra tre giorni].",
        "Non capisco perché nessuno mi risponda.",
    ),
    "nl": (
        "Ik hoor graag [zo snel mogelijk|deze week] van u.",
        "Wat moet ik nu doen?",
        "Ik heb al [twee|drie] keer gebeld, maar niemand kon mij helpen.",
        "Alvast bedankt voor uw moeite.",
        "Ik ben al [vier|zeven] jaar klant bij jullie.",
        "Het dossiernummer is {invoice}.",
        "Zo gaat het toch echt niet langer.",
        "Indien nodig stuur ik [foto’s|de kassabon] mee.",
        "Het heeft haast, want wij vertrekken [maandag|over drie dagen].",
        "Ik begrijp niet waarom er niemand reageert.",
    ),
    "pt": (
        "Fico à espera de uma resposta [o mais rápido possível|ainda esta semana].",
        "O que devo fazer agora?",
        "Já liguei [duas|três] vezes e ninguém soube ajudar.",
        "Muito obrigado pela atenção.",
        "Sou cliente há [quatro|sete] anos e nunca tive problemas.",
        "O número do processo é {invoice}.",
        "Assim não dá para continuar.",
        "Se for preciso, envio [as fotografias|o recibo].",
        "Tenho pressa, pois viajo [na segunda-feira|daqui a três dias].",
        "Não entendo por que razão ninguém responde.",
    ),
    "pl": (
        "Proszę o odpowiedź [jak najszybciej|jeszcze w tym tygodniu].",
        "Co mam teraz zrobić?",
        "Dzwoniłem już [dwa|trzy] razy i nikt nie potrafił mi pomóc.",
        "Z góry dziękuję za pomoc.",
        "Jestem klientem od [czterech|siedmiu] lat.",
        "Numer sprawy to {invoice}.",
        "Tak dalej być nie może.",
        "W razie potrzeby prześlę [zdjęcia|paragon].",
        "Sprawa jest pilna, bo wyjeżdżamy [w poniedziałek|za trzy dni].",
        "Nie rozumiem, dlaczego nikt nie odpowiada.",
    ),
}

# One row per language and team: subjects, each with its body.
TICKETS: dict[str, dict[str, tuple[tuple[str, str], ...]]] = {
    "it": {
        "billing": (
            ("Addebito doppio", "la mia carta è stata addebitata due volte per l'ordine {order}, ogni volta {amount}."),
            ("Fattura {invoice}", "la fattura {invoice} riporta un indirizzo sbagliato e un importo di {amount}."),
            ("Rimborso mai arrivato", "aspetto da [due|tre] settimane il rimborso di {amount} che mi avete promesso."),
            ("Buono sconto", "il buono sconto non è stato applicato e ho pagato {amount} in più."),
            ("Ricevuta mancante", "mi serve la ricevuta dell'ordine {order} per [la ditta|il commercialista]."),
        ),
        "shipping": (
            ("Pacco fermo", "il pacco {order} è fermo a {city} da [una settimana|dieci giorni]."),
            ("Consegna sbagliata", "il corriere ha lasciato la merce [dal vicino|davanti al cancello] a {city}."),
            ("Dov'è il mio ordine?", "il tracciamento dice consegnato, ma qui non è arrivato niente."),
            ("Cambio indirizzo", "vorrei ricevere l'ordine {order} a {city} invece che a casa."),
            ("Spedizione in ritardo", "la consegna era prevista per ieri e nessuno mi ha avvisato."),
        ),
        "account": (
            ("Accesso bloccato", "non riesco più a entrare nel mio profilo, il sito dice che è bloccato."),
            ("Password", "il messaggio per cambiare la password [non arriva mai|arriva vuoto]."),
            ("Cancellazione", "vorrei cancellare il mio profilo con tutti gli indirizzi salvati."),
            ("Dati personali", "ho cambiato cognome e il modulo non accetta quello nuovo."),
            ("Newsletter", "continuo a ricevere pubblicità anche se mi sono già disiscritta."),
        ),
        "technical": (
            ("Errore {code}", "al momento di pagare compare sempre l'errore {code} con {browser}."),
            ("Applicazione", "l'applicazione si chiude da sola appena apro [il carrello|le fotografie]."),
            ("Pagina bianca", "dopo l'ultimo aggiornamento vedo soltanto una pagina bianca."),
            ("Ricerca", "la ricerca non trova più nulla, nemmeno con il nome completo."),
            ("Caricamento", "le fotografie che carico restano sempre a metà."),
        ),
        "returns": (
            ("Reso {order}", "voglio restituire l'ordine {order}, perché [è rotto|manca un pezzo]."),
            ("Etichetta di reso", "l'etichetta per il reso non si lascia stampare."),
            ("Colore sbagliato", "mi avete mandato il colore sbagliato e vorrei cambiarlo."),
            ("Ritiro a domicilio", "il corriere non è mai passato a ritirare il pacco a {city}."),
            ("Sostituzione", "preferisco un articolo nuovo al posto del rimborso di {amount}."),
        ),
        "legal": (
            ("Diffida", "se non pagate {amount} entro dieci giorni, mi rivolgerò al giudice."),
            ("Copia dei dati", "chiedo una copia di tutti i dati che avete raccolto su di me."),
            ("Garanzia legale", "la garanzia di due anni vale anche per i prodotti in saldo."),
            ("Contratto", "il contratto è stato rinnovato senza il mio consenso."),
            ("Risarcimento", "chiedo il risarcimento dei danni causati dal prodotto difettoso."),
        ),
    },
    "nl": {
        "billing": (
            ("Dubbel betaald", "voor bestelling {order} is twee keer {amount} van mijn rekening afgeschreven."),
            ("Factuur {invoice}", "op factuur {invoice} staat een verkeerd bedrag, namelijk {amount}."),
            ("Geld niet terug", "ik wacht al [twee|drie] weken op de terugbetaling van {amount}."),
            ("Kortingscode", "de kortingscode werd niet verrekend, waardoor ik te veel heb betaald."),
            ("Betaalbewijs", "voor [mijn werkgever|de belasting] heb ik een betaalbewijs nodig."),
        ),
        "shipping": (
            ("Pakket staat stil", "mijn pakket {order} ligt al [een week|tien dagen] in {city}."),
            ("Verkeerd bezorgd", "de bezorger heeft de doos [bij de buren|in de regen] neergezet in {city}."),
            ("Waar blijft mijn bestelling?", "volgens de website is alles bezorgd, maar hier is niets aangekomen."),
            ("Ander adres", "kan bestelling {order} naar {city} worden gestuurd in plaats van naar huis?"),
            ("Te laat", "de levering zou gisteren komen en niemand heeft mij gewaarschuwd."),
        ),
        "account": (
            ("Inloggen lukt niet", "ik kan niet meer inloggen, want mijn account zou geblokkeerd zijn."),
            ("Wachtwoord", "de mail om het wachtwoord te wijzigen [komt nooit aan|is leeg]."),
            ("Account verwijderen", "verwijder alstublieft mijn account en alle bewaarde adressen."),
            ("Naam wijzigen", "sinds mijn huwelijk klopt mijn achternaam niet meer."),
            ("Nieuwsbrief", "ik krijg nog steeds reclame, hoewel ik mij heb afgemeld."),
        ),
        "technical": (
            ("Foutmelding {code}", "bij het afrekenen verschijnt telkens foutmelding {code} in {browser}."),
            ("App sluit af", "de app sluit zichzelf zodra ik [de winkelwagen|mijn foto’s] open."),
            ("Lege pagina", "na de laatste update zie ik alleen nog een lege pagina."),
            ("Zoeken", "de zoekfunctie vindt niets meer, ook niet met de volledige naam."),
            ("Uploaden", "de foto’s die ik wil uploaden blijven halverwege hangen."),
        ),
        "returns": (
            ("Retour {order}", "ik wil bestelling {order} terugsturen, omdat [hij stuk is|er iets ontbreekt]."),
            ("Retourlabel", "het retourlabel laat zich niet afdrukken."),
            ("Verkeerde kleur", "jullie hebben de verkeerde kleur gestuurd en ik wil graag ruilen."),
            ("Ophalen", "de koerier is nooit langsgekomen om het pakket in {city} op te halen."),
            ("Omruilen", "ik heb liever een nieuw exemplaar dan {amount} terug."),
        ),
        "legal": (
            ("Ingebrekestelling", "als u niet binnen tien dagen {amount} betaalt, ga ik naar de rechter."),
            ("Mijn gegevens", "ik vraag een kopie van alle gegevens die u over mij bewaart."),
            ("Wettelijke garantie", "de wettelijke garantie geldt ook voor afgeprijsde artikelen."),
            ("Contract", "het contract is zonder mijn toestemming verlengd."),
            ("Schadevergoeding", "ik eis vergoeding van de schade die het kapotte toestel heeft veroorzaakt."),
        ),
    },
    "pt": {
        "billing": (
            ("Cobrança em dobro", "o meu cartão foi cobrado duas vezes pelo pedido {order}, sempre {amount}."),
            ("Fatura {invoice}", "a fatura {invoice} mostra um valor errado de {amount}."),
            ("Reembolso", "espero há [duas|três] semanas pelo reembolso de {amount}."),
            ("Cupão de desconto", "o desconto não foi aplicado e paguei {amount} a mais."),
            ("Recibo", "preciso do recibo do pedido {order} para [a empresa|o contabilista]."),
        ),
        "shipping": (
            ("Encomenda parada", "a encomenda {order} está parada em {city} há [uma semana|dez dias]."),
            ("Entrega errada", "o estafeta deixou a caixa [com o vizinho|à chuva] em {city}."),
            ("Onde está o meu pedido?", "o sistema diz que foi entregue, mas aqui não chegou nada."),
            ("Mudança de morada", "gostaria de receber o pedido {order} em {city} e não em casa."),
            ("Atraso", "a entrega estava marcada para ontem e ninguém me avisou."),
        ),
        "account": (
            ("Conta bloqueada", "não consigo entrar na minha conta, o site diz que está bloqueada."),
            ("Senha", "a mensagem para mudar a senha [nunca chega|chega vazia]."),
            ("Apagar conta", "quero apagar a minha conta e todas as moradas guardadas."),
            ("Mudança de nome", "casei-me e o formulário não aceita o meu novo apelido."),
            ("Publicidade", "continuo a receber publicidade apesar de já ter cancelado."),
        ),
        "technical": (
            ("Erro {code}", "ao pagar aparece sempre o erro {code} com {browser}."),
            ("Aplicação", "a aplicação fecha sozinha quando abro [o carrinho|as fotografias]."),
            ("Página em branco", "depois da última atualização vejo apenas uma página em branco."),
            ("Pesquisa", "a pesquisa já não encontra nada, nem com o nome completo."),
            ("Envio de imagens", "as imagens que tento enviar ficam sempre a meio."),
        ),
        "returns": (
            ("Devolução {order}", "quero devolver o pedido {order}, porque [veio partido|falta uma peça]."),
            ("Etiqueta", "não consigo imprimir a etiqueta de devolução."),
            ("Cor errada", "enviaram a cor errada e gostaria de trocar."),
            ("Recolha", "ninguém passou para recolher a caixa em {city}."),
            ("Troca", "prefiro um artigo novo em vez dos {amount} de volta."),
        ),
        "legal": (
            ("Notificação", "se não pagarem {amount} dentro de dez dias, vou recorrer ao tribunal."),
            ("Cópia dos dados", "peço uma cópia de todas as informações que guardam sobre mim."),
            ("Garantia legal", "a garantia de três anos também vale para artigos em promoção."),
            ("Contrato", "o contrato foi renovado sem a minha autorização."),
            ("Indemnização", "exijo uma indemnização pelos danos que o aparelho causou."),
        ),
    },
    "pl": {
        "billing": (
            ("Podwójna opłata", "za zamówienie {order} pobrano z mojej karty dwa razy {amount}."),
            ("Faktura {invoice}", "na fakturze {invoice} widnieje błędna kwota {amount}."),
            ("Zwrot pieniędzy", "od [dwóch|trzech] tygodni czekam na zwrot {amount}."),
            ("Kod rabatowy", "rabat nie został naliczony i zapłaciłem o {amount} za dużo."),
            ("Potwierdzenie", "potrzebuję potwierdzenia zapłaty dla [firmy|księgowej]."),
        ),
        "shipping": (
            ("Paczka stoi", "moja paczka {order} od [tygodnia|dziesięciu dni] leży w {city}."),
            ("Zła dostawa", "kurier zostawił karton [u sąsiada|na deszczu]."),
            ("Gdzie jest przesyłka?", "według strony przesyłka została doręczona, ale nic do mnie nie dotarło."),
            ("Zmiana adresu", "czy zamówienie {order} można wysłać na inny adres niż domowy?"),
            ("Opóźnienie", "dostawa miała być wczoraj i nikt mnie nie uprzedził."),
        ),
        "account": (
            ("Logowanie", "nie mogę się zalogować, strona twierdzi, że konto jest zablokowane."),
            ("Hasło", "wiadomość do zmiany hasła [nigdy nie przychodzi|jest pusta]."),
            ("Usunięcie konta", "proszę usunąć moje konto i wszystkie zapisane adresy."),
            ("Zmiana nazwiska", "po ślubie formularz nie przyjmuje mojego nowego nazwiska."),
            ("Reklamy", "wciąż dostaję reklamy, chociaż zrezygnowałam z nich w maju."),
        ),
        "technical": (
            ("Błąd {code}", "przy płatności stale pojawia się błąd {code} w {browser}."),
            ("Aplikacja", "aplikacja zamyka się sama, gdy otwieram [koszyk|zdjęcia]."),
            ("Pusta strona", "po ostatniej aktualizacji widzę tylko pustą stronę."),
            ("Wyszukiwarka", "wyszukiwarka niczego już nie znajduje, nawet po pełnej nazwie."),
            ("Wgrywanie zdjęć", "zdjęcia, które wgrywam, zatrzymują się w połowie."),
        ),
        "returns": (
            ("Zwrot {order}", "chcę oddać zamówienie {order}, bo [jest uszkodzone|brakuje jednej części]."),
            ("Etykieta", "etykiety zwrotnej nie da się wydrukować."),
            ("Zły kolor", "przysłano mi zły kolor i chciałbym go wymienić."),
            ("Odbiór", "kurier nigdy nie przyjechał po paczkę."),
            ("Wymiana", "wolę nowy egzemplarz zamiast zwrotu {amount}."),
        ),
        "legal": (
            ("Wezwanie", "jeśli w ciągu dziesięciu dni nie zapłacicie {amount}, pójdę do sądu."),
            ("Kopia danych", "proszę o kopię wszystkich danych, które o mnie przechowujecie."),
            ("Rękojmia", "rękojmia obowiązuje także przy towarach przecenionych."),
            ("Umowa", "umowa została przedłużona bez mojej zgody."),
            ("Odszkodowanie", "żądam odszkodowania za szkody, które spowodowało wadliwe urządzenie."),
        ),
    },
}
