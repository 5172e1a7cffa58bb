"""The errors of a server, as the errors that the engine would have raised."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import requests
from urllib3.exceptions import ReadTimeoutError

from aimsgraph.errors import AimsgraphError, Problem, StoreUnusableError, TimeLimitError, error_class
from aimsgraph.model.finding import Finding

if TYPE_CHECKING:
    from aimsgraph.client.address import Address

#: So many characters are told of an answer that is no problem document.
_MOST_SAID: Final = 200


def problem_of(response: requests.Response) -> AimsgraphError:
    """Return the error that an answer stands for."""
    content = _content(response)
    if isinstance(content.get("code"), str):
        return error_of({"status": response.status_code, **content})
    said = " ".join(response.text.split())[:_MOST_SAID] or "nothing more"
    return AimsgraphError(
        f"The server answers with status {response.status_code}: {said}",
        hint="Is this the address of an aimsgraph server, and of a version that has this route?",
    )


def error_of(content: dict[str, Any]) -> AimsgraphError:
    """Return the error of problem details: of the class with their code, else of the root."""
    code, hint = str(content["code"]), content.get("hint")
    kind = error_class(code)
    detail = str(content.get("detail", content.get("title", code)))
    if kind is AimsgraphError:
        detail = f"{detail.rstrip('.')} ({code}, status {content.get('status')})."
    problems = tuple(Problem(str(one)) for one in content.get("problems") or ())
    error = kind(detail, hint=str(hint) if hint is not None else None, problems=problems)
    vars(error)["code"] = code  # also one that has no class of its own here
    if findings := content.get("findings"):
        vars(error)["findings"] = tuple(Finding.model_validate(one) for one in findings)
    return error


def _content(response: requests.Response) -> dict[str, Any]:
    try:
        content = response.json()
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def unreachable(address: Address, error: requests.RequestException) -> AimsgraphError:
    """Return the error for a request that got no answer; nothing of what was sent is told."""
    if isinstance(error, requests.Timeout):
        return _slow(address)
    if isinstance(error, requests.exceptions.SSLError):
        return _unusable(
            address,
            "its certificate is not one that this machine trusts",
            "Give verify=FILE of certificates.",
        )
    if isinstance(error, requests.ConnectionError):
        return _unusable(address, "no connection can be made", "Check the address, and that the server runs.")
    return broken(address, type(error).__name__)


def cut_off(address: Address, error: requests.RequestException) -> AimsgraphError:
    """Return the error for an answer that began and did not end."""
    if any(isinstance(reason, ReadTimeoutError) for reason in error.args):
        return _slow(address)
    return broken(address, type(error).__name__)


def _slow(address: Address) -> TimeLimitError:
    return TimeLimitError(
        f"The server at {address} takes too long to answer.",
        hint="Ask for less, or give the client another timeout=SECONDS.",
    )


def broken(address: Address, why: str) -> AimsgraphError:
    """Return the error for an answer that is not whole, which a server may only notice after its status is sent."""
    hint = "It may have met a limit of the server on its way: ask for less, or see the server's log."
    return _unusable(address, f"its answer broke off ({why})", hint)


def _unusable(address: Address, why: str, hint: str) -> StoreUnusableError:
    return StoreUnusableError(f"The server at {address} cannot be used: {why}.", hint=hint)
