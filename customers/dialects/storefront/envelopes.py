"""The envelopes of this dialect's responses, and the query parameters that choose a page.

Published clients read three forms, and the contract serves all of them: bare fields, `item`, and lists with
two kinds of paging numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from customers.api.paging import pages_of
from customers.api.query import Query

DEFAULT_LIMIT, MAX_LIMIT = 50, 200


def item_envelope(item: dict[str, Any]) -> dict[str, Any]:
    return {**item, "item": item}


@dataclass(frozen=True)
class OffsetPage:
    """The page of a list that a request asks for: `limit` rows, beginning at `offset`."""

    limit: int
    offset: int

    @classmethod
    def from_query(cls, query: Query) -> OffsetPage:
        """Read `limit`, and `offset` or `page`. Raises ApiError.

        An `offset` above 0 wins over `page`. Generated clients send `offset=0` beside the page they want.
        """
        limit = query.integer("limit", DEFAULT_LIMIT, low=1, high=MAX_LIMIT)
        page = query.integer("page", default=1, low=1)
        offset = query.integer("offset", default=0, low=0)
        return cls(limit, offset or (page - 1) * limit)

    def slice(self, rows: Any) -> Any:
        return rows[self.offset : self.offset + self.limit]

    def list_envelope(self, items: list[dict[str, Any]], total: int) -> dict[str, Any]:
        page = self.offset // self.limit + 1
        return {
            "items": items,
            "total": total,
            "limit": self.limit,
            "offset": self.offset,
            "pagination": {
                "page": page,
                "limit": self.limit,
                "total": total,
                "totalPages": pages_of(total, self.limit),
                "hasNext": self.offset + self.limit < total,
                "hasPrev": self.offset > 0,
            },
        }
