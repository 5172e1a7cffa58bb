"""Commands that keep a store: ``backup``, ``restore``, ``compact``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

import aimsgraph
from aimsgraph.cli.options import StorePlace, graph_command, json_option, store_option
from aimsgraph.cli.tables import counted
from aimsgraph.cli.terminal import print_json, say

if TYPE_CHECKING:
    from aimsgraph.engine import Graph
    from aimsgraph.model.changeset import Copied


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@graph_command
def backup(graph: Graph, folder: Path, as_json: bool) -> None:
    """Copy the store to the new FOLDER, while others read and write.

    The copy is a store of its own: look at it with --store FOLDER, or bring it back with `aimsgraph restore FOLDER`.
    """
    _tell(graph.back_up(folder), as_json)


@click.command()
@click.argument("backup", type=StorePlace())
@store_option
@json_option
def restore(backup: Path | str, store: Path | str, as_json: bool) -> None:
    """Bring a BACKUP back, to where --store says and nothing stands.

    BACKUP is the folder of a backup or a store, a bundle, or the address of a server; so is where it goes, but for a
    bundle. So a store is moved to a server, or back. It is verified first.
    """
    _tell(aimsgraph.restore(backup, store), as_json)


@click.command()
@graph_command
def compact(graph: Graph, as_json: bool) -> None:
    """Put the files of the store in order: worth it after many small changes."""
    done = graph.compact()
    if as_json:
        print_json(done)
    else:
        files = counted(done.joined, "file")
        say(
            f"Joined {files} of patches to others: {done.bytes_before:,} bytes before, {done.bytes_after:,} now."
        )


def _tell(copied: Copied, as_json: bool) -> None:
    if as_json:
        print_json(copied)
    else:
        say(
            f"Wrote {copied.path} ({copied.bytes:,} bytes): {copied.changesets} changesets, head {copied.head}."
        )
