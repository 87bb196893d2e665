"""Which of the engine's drivers speaks a port's protocol (S60), and how its telephone is called. Pure."""

DRIVERS = {"sip": "PJSIP", "iax2": "IAX2", "h323": "OOH323"}


def channel(kind: str, endpoint: str) -> str:
    """The telephone of a port as Dial, queues and hints name it; its channels begin with this and `-`.

    Raises ValueError for a protocol without a driver.
    """
    try:
        return f"{DRIVERS[kind]}/{endpoint}"
    except KeyError:
        raise ValueError(f"no driver for this protocol: {kind!r}") from None


def through(kind: str, endpoint: str, number: str) -> str:
    """A number called through a trunk."""
    if kind == "sip":
        return f"{DRIVERS[kind]}/{number}@{endpoint}"
    return f"{channel(kind, endpoint)}/{number}"
