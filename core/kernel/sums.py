"""Sums that the database makes itself, inside a CHECK, where no subquery may stand."""

from typing import Any

from django.db import models


class SumOfLines(models.Func):
    """The money of a document's lines (`[{"total_minor": …}, …]`), added up by PostgreSQL.

    Sixteen lines. More of them give -1, never a sum.
    """

    MOST = 16
    output_field = models.BigIntegerField()

    def as_sql(self, compiler: Any, *args: Any, **context: Any) -> tuple[str, tuple[Any, ...]]:  # type: ignore[override]  # stubs
        column, params = compiler.compile(self.source_expressions[0])
        each = " + ".join(f"coalesce(({column}->{i}->>'total_minor')::bigint, 0)" for i in range(self.MOST))
        sql = f"(CASE WHEN jsonb_array_length({column}) > {self.MOST} THEN -1 ELSE {each} END)"
        return sql, tuple(params) * (self.MOST + 1)


class SumOfManyLines(SumOfLines):
    """The same for forty lines: a sale with its add-ons."""

    MOST = 40
