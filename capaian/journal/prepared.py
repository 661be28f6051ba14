"""Questions on the way of every completed step: Django builds their SQL once for each connection, not each time.

Building a statement takes Django several times as long as SQLite needs to answer it.
"""

from collections.abc import Callable, Collection, Sequence
from itertools import chain, islice, repeat
from threading import local
from typing import Any, Final, NamedTuple

from django.db import connection
from django.db.models import Model, QuerySet
from django.db.transaction import TransactionManagementError

Value = int | str


class _Built(NamedTuple):
    compiler: Any
    sql: str
    params: tuple[Any, ...]
    names: list[str]


class Prepared:
    """A question with places for values; `build` gives its query set for the marks that stand in those places.

    The marks are of the values' types, different from each other and from every other parameter of the statement.
    Related rows are not read along: `select_related` is refused.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Any]], *marks: Value) -> None:
        self.build: Final = build
        self.marks: Final = marks
        self.kept: Final = local()

    def ask(self, *values: Value) -> list[Any]:
        """Return the rows: instances, or tuples of a `values_list`. A locking question needs a transaction."""
        built = self._built()
        compiler = built.compiler
        if compiler.query.select_for_update and not connection.in_atomic_block:
            raise TransactionManagementError("a locking question is asked in a transaction")
        given = dict(zip(self.marks, values, strict=True))
        params = tuple(given.get(each, each) for each in built.params)
        compiler.as_sql = lambda *_, **__: (built.sql, params)
        rows = list(compiler.results_iter(tuple_expected=True))
        if not built.names:
            return rows
        return [compiler.query.model.from_db(connection.alias, built.names, row) for row in rows]

    def _built(self) -> _Built:
        """Return the statement as this thread's connection wants it, built when it is first asked there."""
        # a new connection may be of another database
        if getattr(self.kept, "connection", None) is not connection.connection or connection.connection is None:
            connection.ensure_connection()
            self.kept.connection, self.kept.built = connection.connection, self._build()
        built: _Built = self.kept.built
        return built

    def _build(self) -> _Built:
        query = self.build(*self.marks).query
        if query.select_related:
            raise ValueError("a prepared question reads one table's rows")
        compiler = query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        if sorted(map(str, self.marks)) != sorted(str(each) for each in params if each in self.marks):
            raise ValueError(f"not one place for each mark: {sql}")
        names = [] if query.values_select else [column.target.attname for column, _, _ in compiler.select]
        return _Built(compiler, sql, tuple(params), names)


class PreparedMany:
    """A question about rows whose numbers are given as a list; `build` gives its query set for such a list.

    A statement is built for lists of up to 8, 32, 128 … numbers; a shorter list repeats its first one.
    """

    SHORTEST, STEP = 8, 4

    def __init__(self, build: Callable[[Sequence[int]], QuerySet[Any, Any]]) -> None:
        self.build: Final = build
        self.built: Final[dict[int, Prepared]] = {}

    def ask(self, numbers: Collection[int]) -> list[Any]:
        """Return the rows, without a question where there is no number."""
        if not numbers:
            return []
        width = self.SHORTEST
        while width < len(numbers):
            width *= self.STEP
        if width not in self.built:
            self.built[width] = Prepared(lambda *marks: self.build(marks), *range(-1, -width - 1, -1))
        return self.built[width].ask(*islice(chain(numbers, repeat(next(iter(numbers)))), width))


def lay_rows(owner: Model, name: str, rows: Sequence[Model]) -> None:
    """Let `owner.<name>.all()` answer with rows that were read already, as `prefetch_related` does."""
    answer = getattr(owner, name).model._base_manager.all()  # noqa: SLF001
    answer._result_cache, answer._prefetch_done = list(rows), True  # noqa: SLF001
    owner.__dict__.setdefault("_prefetched_objects_cache", {})[name] = answer
