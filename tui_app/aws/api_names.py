"""Whether a call that somebody wrote down is one that AWS has, as botocore's service models tell; nothing is asked of AWS."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tui_app.text import clean, nearest

if TYPE_CHECKING:
    from botocore.model import OperationModel, Shape

_FIRST_NAME = re.compile(r"\s*([A-Za-z_]\w*)(?!\w*\s*\()")
_LIST = re.compile(r"\s*(\w+)(\[\])?\s*")


def complaint(service: str, operation: str, parameters: Mapping[str, Any], rows: str, columns: Sequence[str]) -> str:
    """What is wrong with the call, its parameters, or the JMESPath expressions on its answer; an empty text where nothing is.

    Expressions are looked at as far as plain names go: the first of `rows`, and those of `columns` on the members of a plain list.
    """
    from botocore.loaders import Loader
    from botocore.model import ServiceModel

    loader = Loader([Loader.BUILTIN_DATA_PATH], include_default_search_paths=False)
    services = loader.list_available_services("service-2")
    if service not in services:
        return _unknown("service called", service, services)
    model = ServiceModel(loader.load_service_model(service, "service-2"), service)
    if operation not in model.operation_names:
        return _unknown(f"operation of {service} called", operation, model.operation_names)
    call = model.operation_model(operation)
    return _parameters(call, parameters) or _expressions(call, rows, columns)


def _parameters(call: OperationModel, parameters: Mapping[str, Any]) -> str:
    from botocore.validate import ParamValidator

    known = dict(call.input_shape.members) if call.input_shape else {}
    unknown = next((name for name in parameters if name not in known), None)
    if unknown is not None:
        return _unknown(f"parameter of {call.name} called", unknown, known)
    missing = next((name for name in (call.input_shape.required_members if call.input_shape else ()) if name not in parameters), None)
    if missing:
        return f"{call.name} needs the parameter {missing}."
    wrong = next((name for name, value in parameters.items() if ParamValidator().validate(value, known[name]).has_errors()), None)
    return f"AWS does not take that value for {wrong} of {call.name}; its type is {known[wrong].type_name}." if wrong else ""


def _expressions(call: OperationModel, rows: str, columns: Sequence[str]) -> str:
    members: Mapping[str, Shape] = call.output_shape.members if call.output_shape else {}
    first = _FIRST_NAME.match(rows)
    if first and first[1] not in members:
        return _unknown(f"member of what {call.name} answers called", first[1], members)
    plain = _LIST.fullmatch(rows)
    row = getattr(members.get(plain[1]), "member", None) if plain else None
    inside: Mapping[str, Shape] = row.members if row is not None and row.type_name == "structure" else {}
    for column in columns if inside else ():
        name = _FIRST_NAME.match(column)
        if name and name[1] not in inside:
            return _unknown(f"member of {plain[1] if plain else rows} called", name[1], inside)
    return ""


def _unknown(what: str, name: str, known: Any) -> str:
    by_fold = {text.casefold(): text for text in known}
    near = by_fold.get(nearest(name.casefold(), by_fold) or "")
    return f"botocore knows no {what} {clean(name, 80)}." + (f" Did you mean {near}?" if near else "")
