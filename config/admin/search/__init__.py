"""The search in the head of every page: customers, orders, contacts and tags."""

from config.admin.search.kinds import may_search
from config.admin.search.views import search_options, search_page

__all__ = ["may_search", "search_options", "search_page"]
