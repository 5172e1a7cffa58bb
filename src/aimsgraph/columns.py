"""The columns of a table of RDF terms, typed as Python and pandas have them.

A term is whatever has its text as ``str`` and, where it is a literal, perhaps a ``datatype``: rdflib's terms do, and
those of :mod:`aimsgraph.client`.
"""

from __future__ import annotations

import importlib
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from aimsgraph.errors import MissingExtraError
from aimsgraph.vocab import XSD

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd

    Rows = Sequence[Sequence[object]]


def _truth(text: str) -> bool:
    return {"true": True, "1": True, "false": False, "0": False}[text]


_READERS: Final[dict[str, Callable[[str], Any]]] = {
    XSD + "integer": int,
    XSD + "decimal": Decimal,
    XSD + "double": float,
    XSD + "float": float,
    XSD + "boolean": _truth,
    XSD + "date": date.fromisoformat,
    XSD + "dateTime": datetime.fromisoformat,
}


def value(term: object) -> object:
    """Return the Python value of a term: int, Decimal, float, bool, date, datetime or str; None for unbound.

    A literal whose spelling does not fit its type is a string.
    """
    if term is None:
        return None
    reader = _READERS.get(str(getattr(term, "datatype", None)))
    if reader is not None:
        try:
            return reader(str(term))
        except (ValueError, KeyError, ArithmeticError):
            return str(term)
    return str(term)


def typed_columns(columns: Sequence[str], rows: Rows) -> dict[str, tuple[type, list[Any]]]:
    """Return each column's one Python type and values; numbers of several types become float, else strings.

    Whole numbers past 64 bits become strings, so that none is changed.
    """
    answer: dict[str, tuple[type, list[Any]]] = {}
    for index, name in enumerate(columns):
        terms = [row[index] for row in rows]
        values = [value(term) for term in terms]
        types = {type(item) for item in values if item is not None}
        if types == {int} and all(item is None or -(2**63) <= item < 2**63 for item in values):  # type: ignore[operator]
            answer[name] = (int, values)
        elif types and types <= {int, Decimal, float} and types != {int}:
            answer[name] = (float, [None if item is None else float(item) for item in values])  # type: ignore[arg-type]
        elif types in ({bool}, {date}) or (types == {datetime} and _same_zone(values)):
            answer[name] = (types.pop(), values)
        else:
            answer[name] = (str, [None if term is None else str(term) for term in terms])
    return answer


def _same_zone(values: list[object]) -> bool:
    return len({item.tzinfo is None for item in values if isinstance(item, datetime)}) == 1


def to_pandas(columns: Sequence[str], rows: Rows) -> pd.DataFrame:
    """Return a data frame with the types Int64, Float64, boolean, datetime64 or string."""
    pandas = extra("pandas", "pandas")
    types = {int: "Int64", float: "Float64", bool: "boolean", str: "string"}
    series = {}
    for name, (kind, values) in typed_columns(columns, rows).items():
        if kind in types:
            series[name] = pandas.Series(values, dtype=types[kind])
        else:
            utc = any(isinstance(item, datetime) and item.tzinfo is not None for item in values)
            series[name] = pandas.Series(pandas.to_datetime(pandas.Series(values, dtype=object), utc=utc))
    return pandas.DataFrame(series, columns=list(columns))  # type: ignore[no-any-return]


def extra(module: str, name: str) -> Any:
    """Return a module of the optional part ``name``.

    :raises MissingExtraError: it is not installed.
    """
    try:
        return importlib.import_module(module)
    except ImportError:
        raise MissingExtraError(
            f"This needs {module.partition('.')[0]}, which is not installed.",
            hint=f"Install it: pip install 'aimsgraph[{name}]'.",
        ) from None
