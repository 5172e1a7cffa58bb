"""Commands that prove that nobody rewrote the history: ``verify``, ``head``, ``bundle``, ``hash``."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

import aimsgraph
from aimsgraph.cli.options import graph_command, json_option, opened, store_option
from aimsgraph.cli.terminal import answers, print_json, say
from aimsgraph.errors import UsageError
from aimsgraph.model.proof import HashedFiles

if TYPE_CHECKING:
    from aimsgraph.engine import Graph
    from aimsgraph.model.changeset import Verification

PASSPHRASE_VARIABLE = "AIMSGRAPH_KEY_PASSPHRASE"  # noqa: S105 - the name of a variable
_FILE = click.Path(path_type=Path)

heads_option = click.option(
    "--heads", type=_FILE, multiple=True, help="A file of heads noted earlier and kept elsewhere; repeatable."
)


@click.command()
@click.argument("bundle", required=False, type=_FILE)
@heads_option
@click.option(
    "--public-key", "keys", type=_FILE, multiple=True, help="Each head must be signed by this key (PEM)."
)
@store_option
@json_option
def verify(
    store: Path | str, bundle: Path | None, heads: tuple[Path, ...], keys: tuple[Path, ...], as_json: bool
) -> None:
    """Check that nobody altered the content or the history: recompute every hash, compare every quad.

    Checks the store, or a BUNDLE exported from one. With --heads it also finds a history that was rewritten as a whole.
    """
    if bundle is not None:
        answer = aimsgraph.verify_bundle(bundle, heads=heads, public_keys=keys)
    else:
        answer = opened(store).verify(heads=heads, public_keys=keys)
    if as_json:
        print_json(answer)
    else:
        _tell(answer)
    if not answer.intact:
        click.get_current_context().exit(1)


def _tell(answer: Verification) -> None:
    if not answer.intact:
        click.echo(f"ALTERED. The first difference: {answer.first_difference}")
    else:
        click.echo(f"Intact: {answer.changesets} changesets, head {answer.head}.")
    for one in answer.against:
        outcome = "agrees" if one.fault is None else "DOES NOT AGREE"
        signed = f", by key {one.fingerprint}" if one.fingerprint else ""
        click.echo(
            f"The head of changeset {one.changeset}, noted on {one.noted} by {one.by}: {outcome}; "
            f"signature: {one.worth}{signed}."
        )
    if answer.intact and not answer.against:
        say("No head noted elsewhere was compared (--heads): a history rewritten as a whole would not show.")
    if any(one.worth == "of an unknown key" for one in answer.against):
        say("Name the key that you know to be the right one (--public-key): anybody can sign with some key.")


@click.group()
def head() -> None:
    """Note the hash of the newest changeset in a file that is kept elsewhere, signed or not."""


@head.command(name="key")
@click.argument("file", type=_FILE)
@click.option(
    "--passphrase", "encrypt", is_flag=True, help=f"Encrypt it; asks, unless ${PASSPHRASE_VARIABLE} is set."
)
@json_option
def make_key(file: Path, encrypt: bool, as_json: bool) -> None:
    """Make a pair of Ed25519 keys: FILE, which signs heads and stays secret, and FILE.pub, which checks them."""
    made = aimsgraph.make_key(file, _passphrase(new=True) if encrypt else None)
    if as_json:
        print_json(made)
        return
    click.echo(f"Made {made.private} (keep it secret) and {made.public} (give it away).")
    click.echo(f"Fingerprint of the public key: {made.fingerprint}")


@head.command(name="note")
@click.argument("file", type=_FILE)
@click.option("--key", type=_FILE, default=None, help="Sign with this private key (PEM).")
@click.option("--by", default=None, help="Who notes it (default: you).")
@click.option("--all", "every", is_flag=True, help="Note every changeset, not the newest alone.")
@graph_command
def note(graph: Graph, file: Path, key: Path | None, by: str | None, every: bool, as_json: bool) -> None:
    """Add the head of the store to FILE, to be kept where whoever writes the store cannot reach it."""
    noted = graph.note_heads(file, key=key, by=by, passphrase=_passphrase, every=every)
    if as_json:
        print_json(noted)
        return
    newest = noted.heads[-1]
    click.echo(f"Noted in {noted.path}: changeset {newest.changeset} is {newest.hash}.")


def _passphrase(*, new: bool = False) -> str:
    given = os.environ.get(PASSPHRASE_VARIABLE)
    if given is not None:
        return given
    if not sys.stdin.isatty():
        raise UsageError(
            "The key needs a passphrase, and there is no terminal to ask at.",
            hint=f"Give it in ${PASSPHRASE_VARIABLE}.",
        )
    return str(click.prompt("Passphrase of the key", hide_input=True, confirmation_prompt=new, err=True))


@click.command()
@click.argument("file", type=_FILE)
@heads_option
@graph_command
def bundle(graph: Graph, file: Path, heads: tuple[Path, ...], as_json: bool) -> None:
    """Write content and whole history to FILE.zip, which can be checked without this store and without aimsgraph."""
    written = graph.bundle(file, heads=heads)
    if as_json:
        print_json(written)
        return
    click.echo(
        f"Wrote {written.path} ({written.bytes:,} bytes): {written.changesets} changesets, "
        f"{written.statements} statements, head {written.head}."
    )


@click.command(name="hash")
@click.argument("files", nargs=-1, required=True, type=_FILE)
@click.option(
    "--as-stored", is_flag=True, help="Spell literals as a store would: 1.50 as 1.5, @en-GB as @en-gb."
)
@click.option("--format", "format_", default=None, help="The format of all files, when names do not tell.")
@json_option
def hash_(files: tuple[Path, ...], as_stored: bool, format_: str | None, as_json: bool) -> None:
    """Hash what RDF FILES state (RDFC-1.0): the same in any format, order, and naming of blank nodes."""
    found = HashedFiles(
        files=tuple(aimsgraph.hash_file(file, format=format_, as_stored=as_stored) for file in files)
    )
    if as_json:
        print_json(found)
        return
    for one in found.files:
        answers().print(f"{one.hash}  {one.path}", soft_wrap=True)
