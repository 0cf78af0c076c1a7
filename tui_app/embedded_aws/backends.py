"""moto as the embedded AWS uses it: loaded without the parts that cost seconds or packages, and emptied between two runs."""

from __future__ import annotations

import gc
import importlib.util
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

_import_lock = threading.RLock()
_MODULES = {"lambda": "awslambda"}


def load_moto() -> Callable[..., Iterable[bytes]]:
    """Import moto with IAM and STS, forget what an earlier run left in it, and return its WSGI application.

    Raises:
        ImportError: the extra `demo` is not installed.
    """
    _stand_in_for_the_openapi_validator()
    from moto.core import model_instances
    from moto.core.base_backend import BackendDict
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

    _forget(BackendDict)
    model_instances.reset_model_data()
    application: Callable[..., Iterable[bytes]] = DomainDispatcherApplication(create_backend_app)
    return application


def load_backend(service: str) -> Any:
    """The backends of one service in moto (its own name: `lambda`, `cloudwatch`), imported when it is first asked for."""
    from moto import backends

    loaded = f"moto.{_MODULES.get(service, service)}.models" in sys.modules
    with _import_lock, _lean_imports(service):
        backend = backends.get_backend(service)  # type: ignore[call-overload, unused-ignore]
    if not loaded:
        settle()
    return backend


def settle() -> None:
    """Tell the garbage collector that what has been loaded so far stays: it would go through moto's tables again and again."""
    gc.freeze()


def _forget(backends: Any) -> None:
    # BackendDict.reset() builds every backend anew before it drops them; dropping them is enough, and quick.
    for backend in list(backends._instances):  # noqa: SLF001 - moto has no public way
        backend.clear()
        for registry in ("bucket_accounts", "master_accounts"):
            getattr(backend, registry, {}).clear()
    backends._instances.clear()  # noqa: SLF001 - as above


@contextmanager
def _lean_imports(service: str) -> Iterator[None]:
    """While moto's EC2 is imported, one boto3 session serves all its questions about regions: each new one reads megabytes.

    And the hundreds of public images that moto would make for every account and region are left out.
    """
    if service == "ec2" and "moto.ec2" not in sys.modules:
        import boto3

        usual, shared = boto3.Session, boto3.Session()
        boto3.Session = lambda *args, **kwargs: usual(*args, **kwargs) if args or kwargs else shared  # type: ignore[misc, assignment]
        try:
            from moto.ec2.models.amis import AmiBackend
        finally:
            boto3.Session = usual  # type: ignore[misc]
        AmiBackend._load_amis = lambda _self: None  # type: ignore[method-assign, assignment] # noqa: SLF001 - moto has only an environment variable for it
    yield


def _stand_in_for_the_openapi_validator() -> None:
    """The API Gateway of moto, which its CloudFormation imports, wants an OpenAPI validator for ImportRestApi alone.

    The real one brings pydantic and twenty megabytes; without it the documents are taken as they are.
    """
    name = "openapi_spec_validator"
    if name not in sys.modules and importlib.util.find_spec(name) is None:
        package, validation, exceptions = ModuleType(name), ModuleType(f"{name}.validation"), ModuleType(f"{name}.validation.exceptions")
        package.validate = lambda _document: None  # type: ignore[attr-defined]
        exceptions.OpenAPIValidationError = type("OpenAPIValidationError", (Exception,), {})  # type: ignore[attr-defined]
        sys.modules.update({module.__name__: module for module in (package, validation, exceptions)})
