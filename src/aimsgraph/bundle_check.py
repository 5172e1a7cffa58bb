"""Check a bundle that aimsgraph exported, without aimsgraph: content, history and noted heads must fit.

    python bundle_check.py BUNDLE [--heads FILE]… [--public-key FILE]… [--limit BYTES]

Python 3.11 or later. It needs nothing but the standard library, and for signatures the package ``cryptography``; it
writes nothing and unpacks nothing. Exit status: 0 intact, 1 altered, 2 not readable. A bundle is a zip file with
``content.nq`` (the content, N-Quads, sorted), ``history.jsonl`` (a record per changeset), ``patches/N.patch`` (the
quads that changeset N added, ``A``, and removed, ``D``), perhaps ``heads.jsonl`` (heads noted earlier), and
``manifest.json``. Take this file from where you trust it: the one in a bundle came with what it checks.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import re
import sys
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

#: So many bytes a bundle may come to when unpacked.
LIMIT = 4 * 1024**3
#: How the DER of each Ed25519 public key begins, 44 bytes in all.
KEY_START = bytes.fromhex("302a300506032b6570032100")
#: The fields of a head, in the order in which they are signed, and those that a signed one has besides.
FIELDS = ("changeset", "hash", "time", "noted", "by")
SIGNED = {"public_key", "signature"}
#: Parts for people, which the manifest alone covers.
EXTRA = {"README.txt", "bundle_check.py"}

Head = dict[str, Any]


class AlteredError(Exception):
    """The first thing that was altered."""


class UnreadableError(Exception):
    """A file that is missing, or is not what it should be: nothing can be said."""


@dataclass
class Report:
    """What was found; ``fault`` names the first difference, ``against`` has each head with what it is worth."""

    changesets: int = 0
    head: str = "sha256:" + hashlib.sha256(b"").hexdigest()
    statements: int | None = None
    agreed: int = 0
    fault: str | None = None
    against: list[Head] = field(default_factory=list)


def statement(head: Head) -> bytes:
    """Return the text that is signed for a head."""
    lines = [f"{name}: {head[name]}\n" for name in FIELDS]
    return ("aimsgraph head\n" + "".join(lines)).encode("utf-8")


def read_heads(content: str, name: str) -> list[Head]:
    """Read heads, one JSON object a line."""
    heads = []
    for number, line in enumerate(content.rstrip("\n").split("\n"), start=1):
        try:
            head = json.loads(line)
        except (ValueError, RecursionError):
            raise UnreadableError(f"{name}, line {number}: this is not JSON.") from None
        if not isinstance(head, dict) or set(head) not in (set(FIELDS), set(FIELDS) | SIGNED):
            raise UnreadableError(f"{name}, line {number}: a head has the fields {', '.join(FIELDS)}.")
        texts = [value for key, value in head.items() if key != "changeset"]
        fits = type(head["changeset"]) is int and head["changeset"] > 0
        if not fits or not all(isinstance(text, str) and text.isprintable() for text in texts):
            raise UnreadableError(f"{name}, line {number}: a field of this head is not as it should be.")
        heads.append(head)
    return heads


def read_public_key(text: str, name: str) -> bytes:
    """Return the DER of an Ed25519 public key in PEM."""
    found = re.fullmatch(r"-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\s]+)-----END PUBLIC KEY-----\s*", text)
    key = der("".join(found[1].split())) if found else None
    if key is None:
        raise UnreadableError(f"{name} is not the PEM of an Ed25519 public key.")
    return key


def der(text: str) -> bytes | None:
    """Return the bytes of an Ed25519 public key in base64, or None when it is none."""
    try:
        key = base64.b64decode(text, validate=True)
    except ValueError:
        return None
    return key if key.startswith(KEY_START) and len(key) == 44 else None


def worth(head: Head, keys: list[bytes]) -> str:
    """Say what the signature of a head is worth: none, wrong, good (by a key given), or by which other key it is."""
    if "signature" not in head:
        return "none"
    key = der(head["public_key"])
    if key is None:
        return "wrong"
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    except ImportError:
        if keys:
            raise UnreadableError("Signatures need the package cryptography.") from None
        return "not checked"
    try:
        signature = base64.b64decode(head["signature"], validate=True)
        Ed25519PublicKey.from_public_bytes(key[len(KEY_START) :]).verify(signature, statement(head))
    except (InvalidSignature, ValueError):
        return "wrong"
    return "good" if key in keys else "of another key" if keys else "of an unknown key"


def compare(report: Report, heads: list[Head], hashes: list[str], keys: list[bytes]) -> str | None:
    """Compare the hashes of all changesets, oldest first, with heads noted earlier; return the first difference."""
    if keys and not heads:
        return "A public key was given, and there is no head that it could have signed."
    first = None
    for head in sorted(heads, key=lambda one: one["changeset"]):
        number, now, signed, fault = head["changeset"], len(hashes), worth(head, keys), None
        told = f"noted on {head['noted']} by {head['by']}"
        if signed == "wrong" or (keys and signed != "good"):
            fault = f"The head of changeset {number}, {told}, has a signature that is not good: {signed}."
        elif number > now:
            fault = f"Changeset {number} was {head['hash']} when its head was {told}, and there are only {now} now."
        elif hashes[number - 1] != head["hash"]:
            fault = f"Changeset {number} was {head['hash']} when its head was {told}, and is {hashes[number - 1]} now."
        else:
            report.agreed = number
        report.against.append(head | {"worth": signed, "fault": fault})
        first = first or fault
    if first and report.agreed:
        first += f" Up to changeset {report.agreed} the history is as it was noted."
    return first


class Bundle:
    """A zip file of which only the expected parts are read, each once, each no longer than it says."""

    def __init__(self, path: Path, limit: int = LIMIT) -> None:
        try:
            self.zip = zipfile.ZipFile(path)
        except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            raise UnreadableError(f"{path} is not a bundle that can be read: {error}.") from None
        parts = self.zip.infolist()
        self.names = {part.filename for part in parts}
        self.files: dict[str, Head] = {}  # what the manifest must say of each
        if sum(part.file_size for part in parts) > limit:
            raise UnreadableError(f"{path} would come to more than {limit} bytes (--limit).")
        if len(self.names) != len(parts):
            raise AlteredError("The bundle holds a part twice.")

    def read(self, name: str) -> bytes:
        """Return a part; the zip's own checksum is checked."""
        try:
            part = self.zip.getinfo(name)
            if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) or part.flag_bits & 1:
                raise AlteredError(f"{name} is encrypted or packed in an unusual way.")
            with self.zip.open(part) as file:
                text = file.read(part.file_size + 1)  # so that never more than this is unpacked
        except KeyError:
            raise AlteredError(f"{name} is missing.") from None
        except (OSError, EOFError, ValueError, RuntimeError, zipfile.BadZipFile, zlib.error) as error:
            raise AlteredError(f"{name} is damaged ({error}).") from None
        if name != "manifest.json":  # which cannot name itself
            self.files[name] = {"bytes": len(text), "sha256": hashlib.sha256(text).hexdigest()}
        return text


def canonical(value: object) -> bytes:
    """Return canonical JSON: sorted keys, no spaces, UTF-8."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8")


def history(bundle: Bundle) -> tuple[list[str], set[bytes]]:
    """Check the chain; return the hash of each changeset, and the content that all of them come to."""
    hashes: list[str] = []
    content: set[bytes] = set()
    for number, line in enumerate(bundle.read("history.jsonl").split(b"\n")[:-1], start=1):
        try:
            record = json.loads(line)
            given = record.pop("hash")
            if canonical(record | {"hash": given}) != line or record["number"] != number:
                raise ValueError
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise AlteredError(f"The record of changeset {number} is missing, misplaced or broken.") from None
        patch = bundle.read(f"patches/{number}.patch")
        if hashlib.sha256(patch).hexdigest() != record.get("patch"):
            raise AlteredError(f"The patch of changeset {number} is not the one that was written.")
        if record.get("parent") != (hashes[-1] if hashes else None):
            raise AlteredError(f"Changeset {number} does not follow from the one before it.")
        if given != "sha256:" + hashlib.sha256(canonical(record)).hexdigest():
            raise AlteredError(f"The record of changeset {number} was altered: its hash does not fit.")
        hashes.append(given)
        replay(patch, content, number)
    return hashes, content


def shown(line: bytes) -> str:
    """Return a line of N-Quads as a text."""
    return line.decode("utf-8", "replace")


def replay(patch: bytes, content: set[bytes], number: int) -> None:
    """Apply a patch to the content: what it removes must be there, what it adds must not."""
    for line in patch.split(b"\n")[:-1]:
        mark, quad = line[:2], line[2:]
        if mark not in (b"A ", b"D ") or (quad in content) == (mark == b"A "):
            raise AlteredError(f"The patch of changeset {number} does not fit what was there: {shown(line)}")
        (content.add if mark == b"A " else content.remove)(quad)


def heads_within(bundle: Bundle) -> list[Head]:
    """Read the heads that are in the bundle itself."""
    if "heads.jsonl" not in bundle.names:
        return []
    try:
        return read_heads(bundle.read("heads.jsonl").decode("utf-8"), "heads.jsonl")
    except (UnreadableError, UnicodeDecodeError) as error:
        raise AlteredError(str(error)) from None


def compare_content(bundle: Bundle, expected: set[bytes]) -> None:
    """Compare ``content.nq`` with what the patches come to."""
    text = bundle.read("content.nq")
    lines = text.split(b"\n")[:-1]
    if extra := next((line for line in lines if line not in expected), None):
        raise AlteredError(f"The content has a statement that no changeset added: {shown(extra)}")
    if missing := expected.difference(lines):
        raise AlteredError(f"The content lacks a statement that a changeset added: {shown(min(missing))}")
    if b"".join(line + b"\n" for line in sorted(expected)) != text:
        raise AlteredError("The content is not sorted, or has a line twice or half a line.")


def compare_manifest(bundle: Bundle, hashes: list[str], head: str) -> None:
    """Compare the manifest with all parts, and see that there are no others."""
    for name in sorted(EXTRA & bundle.names):
        bundle.read(name)
    if strange := bundle.names - set(bundle.files) - {"manifest.json"}:
        raise AlteredError(f"The bundle holds a part that does not belong there: {min(strange)!r}")
    expected = {"bundle": 1, "changesets": len(hashes), "files": bundle.files, "head": head}
    if bundle.read("manifest.json") != canonical(expected) + b"\n":
        raise AlteredError("The manifest is not the one of these files.")


def check(path: Path, heads: list[Head], keys: list[bytes], limit: int = LIMIT) -> Report:
    """Check a bundle, against ``heads`` noted elsewhere and those in it; with ``keys`` each must be signed by one."""
    report = Report()
    try:
        bundle = Bundle(path, limit)
        with bundle.zip:
            hashes, content = history(bundle)
            report.changesets, report.statements = len(hashes), len(content)
            report.head = hashes[-1] if hashes else report.head
            if fault := compare(report, heads + heads_within(bundle), hashes, keys):
                raise AlteredError(fault)
            compare_content(bundle, content)
            compare_manifest(bundle, hashes, report.head)
    except AlteredError as fault:
        report.fault = str(fault)
    return report


def main() -> int:
    """Check the bundle named on the command line, and say what was found."""
    parser = argparse.ArgumentParser(description="Check a bundle that aimsgraph exported.")
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--heads", type=Path, action="append", default=[], help="heads noted elsewhere")
    parser.add_argument("--public-key", type=Path, action="append", default=[], help="who signed each head")
    parser.add_argument("--limit", type=int, default=LIMIT, help="bytes that the bundle may come to")
    given = parser.parse_args()
    try:
        heads = [head for file in given.heads for head in read_heads(file.read_text("utf-8"), str(file))]
        keys = [read_public_key(file.read_text("utf-8"), str(file)) for file in given.public_key]
        report = check(given.bundle, heads, keys, given.limit)
    except (UnreadableError, OSError, UnicodeDecodeError) as error:
        print(f"Cannot tell: {error}")
        return 2
    if report.fault:
        print(f"ALTERED. The first difference: {report.fault}")
        return 1
    print(f"Intact: {report.changesets} changesets, {report.statements} statements, head {report.head}.")
    for head in report.against:
        print(f"Changeset {head['changeset']} is as noted on {head['noted']}; signature: {head['worth']}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
