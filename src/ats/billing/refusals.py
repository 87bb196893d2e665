"""Why a call was not let out, in words (Russian, English). The code stands in the call's path as `!code`.

Rooms with rules of their own (limits) add their codes here, so that call detail can tell all of them.
"""

WORDS: dict[str, tuple[str, str]] = {
    "no_account": ("расчётного счёта клиента нет", "the client's billing account does not exist"),
    "account_off": ("расчётный счёт отключён", "the billing account is switched off"),
    "no_rate": ("в тарифе нет этого направления", "the tariff has no rate for this number"),
    "no_price": (
        "предел денег считать нечем: внешний биллинг цены не называет, а в тарифах станции её нет",
        "the limit of money cannot be counted: the outside billing names no price, and no tariff here has one",
    ),
    "no_money": ("на счёте недостаточно денег", "there is not enough money on the account"),
    "client_off": ("клиент отключён", "the client is switched off"),
    "radius_refused": ("внешний биллинг отказал", "the outside billing has refused"),
    "radius_money": ("внешний биллинг: недостаточно денег", "the outside billing: not enough money"),
    "radius_account": ("внешний биллинг: счёт не найден", "the outside billing: no such account"),
    "radius_in_use": (
        "внешний биллинг: счёт занят другим вызовом",
        "the outside billing: the account is in use",
    ),
    "radius_expired": ("внешний биллинг: срок счёта истёк", "the outside billing: the account has expired"),
    "radius_blocked": (
        "внешний биллинг: направление запрещено",
        "the outside billing: this number is blocked",
    ),
    "radius_silent": ("внешний биллинг не отвечает", "the outside billing does not answer"),
    "busy": ("учёт стоимости перегружен", "the billing is overloaded"),
    "down": ("учёт стоимости не отвечает", "the billing does not answer"),
}


def words(code: str, language: str) -> str:
    """The reason in the language; a code nobody explains comes back as it is."""
    found = WORDS.get(code)
    return found[0 if language == "ru" else 1] if found else code
