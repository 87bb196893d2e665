"""Accounts and price lists of an instance, made through the real API."""

import itertools
from typing import Any

from tests.harness.company import Company
from tests.harness.instance import wait_for

UNIT = 10_000
_codes = itertools.count(1)


class Till:
    """An account of one company, with a tariff of its own: `rate` as the API takes it."""

    def __init__(self, company: Company, rate: dict[str, Any], **account: Any) -> None:
        self.company = company
        self.api = company.api
        name = f"Счёт {company.id}-{next(_codes)}"
        self.tariff: int = self.api.post("/billing/tariffs", {"name": name})["id"]
        self.api.post(f"/billing/tariffs/{self.tariff}/rates", {"prefix": "7", **rate})
        values = {"code": name, "tariff_id": self.tariff, "kind": "daily_cap", **account}
        self.id: int = self.api.post("/billing/accounts", values)["id"]
        self.api.patch(company.path, {"billing_account": name})

    def state(self) -> dict[str, Any]:
        found: dict[str, Any] = self.api.get(f"/billing/accounts/{self.id}")
        return found

    def charges(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.api.get(f"/billing/accounts/{self.id}/charges?page_size=500")[
            "items"
        ]
        return found

    def wait_settled(self, timeout: float = 20) -> dict[str, Any]:
        """Until nothing is reserved any more; the account then."""
        wait_for(lambda: self.state()["reserved"] == 0, timeout, lambda: str(self.state()))
        return self.state()
