"""Types of the functions that write priorities: shared by the compiler and its elements."""

from collections.abc import Callable

Add = Callable[[str, str], None]  # add(app, data): the next priority
Exten = Callable[[str], Add]  # begins an extension of the client's own context
