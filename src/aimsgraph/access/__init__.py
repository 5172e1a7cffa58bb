"""Who may ask a server what: keys, issuers of tokens, and the file that names them."""

from aimsgraph.access.address import fault_of, is_loopback
from aimsgraph.access.current import Current
from aimsgraph.access.file import default_place, read_rules
from aimsgraph.access.issuer import Issuer
from aimsgraph.access.keeping import add, keys, owner, revoke, rotate
from aimsgraph.access.rules import ANONYMOUS, Rules, Unrecognised

__all__ = [
    "ANONYMOUS",
    "Current",
    "Issuer",
    "Rules",
    "Unrecognised",
    "add",
    "default_place",
    "fault_of",
    "is_loopback",
    "keys",
    "owner",
    "read_rules",
    "revoke",
    "rotate",
]
