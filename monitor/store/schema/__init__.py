"""The schema: one module a migration, named and applied in the order of their numbers, each in a transaction.

Dates are ISO 8601 in UTC as text. Columns that are large come last, so that the small ones are read without them.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from sqlite_utils import Migrations

MIGRATIONS = Migrations("monitor")

for _module in sorted(module.name for module in iter_modules(__path__)):
    import_module(f"{__name__}.{_module}")
