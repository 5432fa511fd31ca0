"""Spanish, German and French wording of the support tickets, in the notation of the English one.

The pilot was only ever shown English text, so these bodies are a defect of the raw records.
"""

from __future__ import annotations

OPENERS: dict[str, tuple[str, ...]] = {
    "es": ("Hola, ", "Buenos días, ", "Estimado equipo, ", "Buenas tardes, ", ""),
    "de": ("Guten Tag, ", "Hallo, ", "Sehr geehrte Damen und Herren, ", "Grüß Gott, ", ""),
    "fr": ("Bonjour, ", "Bonsoir, ", "Madame, Monsieur, ", "Chère équipe, ", ""),
}

CLOSERS: dict[str, tuple[str, ...]] = {
    "es": (
        "Espero su respuesta [cuanto antes|esta semana].",
        "¿Qué [puedo|debo] hacer ahora?",
        "Ya he llamado [dos|tres] veces [sin éxito|y nadie contesta].",
        "Muchas gracias por su ayuda.",
        "Soy cliente desde hace [cinco|ocho] años.",
        "El número de referencia es {invoice}.",
    ),
    "de": (
        "Bitte [melden Sie sich|antworten Sie] [möglichst bald|noch diese Woche].",
        "Was soll ich jetzt tun?",
        "Ich habe schon [zweimal|dreimal] [angerufen|geschrieben], leider ohne Erfolg.",
        "Vielen Dank für Ihre Mühe.",
        "Ich bin seit [fünf|acht] Jahren Kunde bei Ihnen.",
        "Die Belegnummer lautet {invoice}.",
    ),
    "fr": (
        "Merci de me répondre [rapidement|cette semaine].",
        "Que dois-je faire maintenant ?",
        "J'ai déjà appelé [deux|trois] fois [sans succès|en vain].",
        "Merci d'avance pour votre aide.",
        "Je suis cliente depuis [cinq|huit] ans.",
        "Le numéro de référence est {invoice}.",
    ),
}

# One row per language and team: subjects, each with its body.
TICKETS: dict[str, dict[str, tuple[tuple[str, str], ...]]] = {
    "es": {
        "billing": (
            (
                "Cobro [doble|repetido] {order}",
                "me han cobrado dos veces el pedido {order}, cada vez {amount}.",
            ),
            (
                "Factura {invoice}",
                "la factura {invoice} no coincide con el importe del pedido, faltan {amount}.",
            ),
            (
                "Reembolso [pendiente|no recibido]",
                "todavía no he recibido el reembolso de {amount} de mi última compra.",
            ),
        ),
        "shipping": (
            ("¿Dónde está mi paquete?", "mi paquete {order} lleva [una semana|diez días] parado en {city}."),
            (
                "Envío {order} [retrasado|perdido]",
                "según el seguimiento el pedido {order} fue entregado, pero aquí no ha llegado nada.",
            ),
            (
                "Problema con el repartidor",
                "el repartidor dejó la caja [bajo la lluvia|en otra dirección] en {city}.",
            ),
        ),
        "account": (
            (
                "No puedo entrar en mi cuenta",
                "no puedo iniciar sesión, la página dice que mi cuenta está bloqueada.",
            ),
            ("Cambio de contraseña", "el correo para cambiar la contraseña [nunca llega|llega vacío]."),
            ("Borrar mi cuenta", "quiero borrar mi cuenta y todas mis direcciones [en {city}|guardadas]."),
        ),
        "technical": (
            ("Error {code}", "al pagar aparece siempre el error {code} en {browser}."),
            (
                "La aplicación [falla|se cierra]",
                "la aplicación se cierra cada vez que abro [la cesta|el menú], código {code}.",
            ),
            ("El aparato no funciona", "el aparato del pedido {order} no enciende desde [ayer|el lunes]."),
        ),
        "returns": (
            (
                "Devolución {order}",
                "quiero devolver el artículo del pedido {order}, llegó [roto|con un golpe].",
            ),
            (
                "Artículo [roto|equivocado]",
                "la etiqueta de devolución de {order} ha caducado y no puedo imprimirla.",
            ),
            (
                "Cambio de [color|artículo]",
                "me enviaron otro color y quiero cambiar el artículo del pedido {order}.",
            ),
        ),
        "legal": (
            (
                "Reclamación formal",
                "presento una reclamación formal por el pedido {order} y pido una indemnización de {amount}.",
            ),
            (
                "Protección de datos",
                (
                    "solicito una copia de todos mis datos personales "
                    "según la ley de protección de datos, pedido {order}."
                ),
            ),
            (
                "Carta de mi abogado",
                "mi abogado en {city} considera que sus condiciones no son válidas, expediente {invoice}.",
            ),
        ),
    },
    "de": {
        "billing": (
            (
                "Doppelte Abbuchung {order}",
                "für die Bestellung {order} wurden mir zweimal {amount} abgebucht.",
            ),
            (
                "Rechnung {invoice} [falsch|fehlt]",
                "auf der Rechnung {invoice} fehlt der Gutschein über {amount}.",
            ),
            (
                "Rückzahlung [offen|fehlt]",
                "die Rückzahlung von {amount} ist immer noch nicht auf meinem Konto.",
            ),
        ),
        "shipping": (
            (
                "Wo bleibt mein Paket?",
                "mein Paket {order} liegt seit [einer Woche|zehn Tagen] in {city} fest.",
            ),
            (
                "Lieferung {order} [verspätet|verschwunden]",
                "laut Sendungsverfolgung wurde {order} zugestellt, angekommen ist aber nichts.",
            ),
            (
                "Ärger mit dem Fahrer",
                ("der Fahrer hat das Paket in {city} einfach [vor die Tür gestellt|beim falschen Nachbarn abgegeben]."),
            ),
        ),
        "account": (
            (
                "Anmeldung nicht möglich",
                "ich kann mich nicht mehr anmelden, das Konto ist angeblich gesperrt.",
            ),
            ("Konto gesperrt", "die Mail zum Zurücksetzen des Kennworts kommt [nie an|viel zu spät]."),
            (
                "Konto löschen",
                "bitte löschen Sie mein Konto und alle Adressen [in {city}|aus den Bestellungen].",
            ),
        ),
        "technical": (
            ("Fehler {code}", "beim Bezahlen erscheint in {browser} jedes Mal der Fehler {code}."),
            ("App stürzt ab", "die App stürzt ab, sobald ich den Warenkorb öffne, Meldung {code}."),
            (
                "Gerät [defekt|startet nicht]",
                ("das Gerät aus der Bestellung {order} lässt sich seit [gestern|Montag] nicht mehr einschalten."),
            ),
        ),
        "returns": (
            (
                "Rücksendung {order}",
                "ich möchte den Artikel aus {order} zurückgeben, er kam [beschädigt|zerkratzt] an.",
            ),
            (
                "Artikel [beschädigt|falsch geliefert]",
                "das Rücksendeetikett zu {order} ist abgelaufen und lässt sich nicht drucken.",
            ),
            (
                "Umtausch {order}",
                "statt der bestellten Größe kam eine andere, ich möchte {order} umtauschen.",
            ),
        ),
        "legal": (
            (
                "Fristsetzung {order}",
                ("hiermit setze ich Ihnen für {order} eine letzte Frist, danach übernimmt mein Anwalt in {city}."),
            ),
            (
                "Auskunft über meine Daten",
                (
                    "ich bitte um Auskunft über alle gespeicherten Daten "
                    "nach der Datenschutzgrundverordnung, Vorgang {invoice}."
                ),
            ),
            ("Widerspruch gegen Forderung", "ich bestreite die Forderung über {amount} in voller Höhe."),
        ),
    },
    "fr": {
        "billing": (
            ("Double prélèvement {order}", "j'ai été débité deux fois de {amount} pour la commande {order}."),
            (
                "Facture {invoice}",
                "la facture {invoice} ne correspond pas au montant payé, il manque {amount}.",
            ),
            (
                "Remboursement [non reçu|en attente]",
                "je n'ai toujours pas reçu le remboursement de {amount}.",
            ),
        ),
        "shipping": (
            ("Où est mon colis ?", "mon colis {order} est bloqué à {city} depuis [une semaine|dix jours]."),
            (
                "Livraison {order} [en retard|perdue]",
                "selon le suivi, la commande {order} a été livrée, mais je n'ai rien reçu.",
            ),
            (
                "Problème avec le livreur",
                "le livreur a laissé le carton [sous la pluie|chez un inconnu] à {city}.",
            ),
        ),
        "account": (
            ("Connexion impossible", "je n'arrive plus à me connecter, mon compte serait bloqué."),
            (
                "Compte bloqué",
                "le courriel de réinitialisation du mot de passe [n'arrive jamais|arrive trop tard].",
            ),
            (
                "Suppression du compte",
                "merci de supprimer mon compte et mes adresses [à {city}|enregistrées].",
            ),
        ),
        "technical": (
            ("Erreur {code}", "au moment de payer, l'erreur {code} s'affiche dans {browser}."),
            ("L'application se ferme", "l'application se ferme dès que j'ouvre le panier, code {code}."),
            ("Appareil en panne", "l'appareil de la commande {order} ne s'allume plus depuis [hier|lundi]."),
        ),
        "returns": (
            (
                "Retour {order}",
                "je souhaite renvoyer l'article de la commande {order}, il est arrivé [cassé|abîmé].",
            ),
            ("Article [cassé|abîmé]", "l'étiquette de retour de {order} a expiré et ne s'imprime pas."),
            ("Échange {order}", "j'ai reçu une autre couleur et je voudrais échanger la commande {order}."),
        ),
        "legal": (
            (
                "Mise en demeure {order}",
                "je vous mets en demeure pour la commande {order} et réclame {amount} de dédommagement.",
            ),
            (
                "Accès à mes données",
                "je demande une copie de toutes mes données personnelles, dossier {invoice}.",
            ),
            (
                "Courrier de mon avocat",
                "mon avocat à {city} estime que vos conditions générales sont abusives, réf. {invoice}.",
            ),
        ),
    },
}
