#!/usr/bin/env python3
"""Set up aimsgraph in this folder's .venv and run it; needs only Python 3.11+ with pip and venv.

    python3 bootstrap.py demo      install, then run the tour of the example organisation
    python3 bootstrap.py test      install the developers' tools too, then run every check and test
    python3 bootstrap.py run ...   install, then run `aimsgraph ...`

What is installed is pinned, with hashes, in requirements/. Calling it again is quick: nothing is installed
twice. Set AIMSGRAPH_VENV to put the environment elsewhere.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = Path(os.environ.get("AIMSGRAPH_VENV", str(ROOT / ".venv")))
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
OLDEST = (3, 11)


def call(*command: object) -> None:
    """Run a command and end this program with its exit status when it fails."""
    done = subprocess.run([str(part) for part in command], cwd=str(ROOT), check=False)
    if done.returncode != 0:
        sys.exit(f"bootstrap: this failed with exit status {done.returncode}: {' '.join(map(str, command))}")


def install(lock: str) -> None:
    """Make the environment and install the pinned packages of one lock file, then aimsgraph itself."""
    pins = ROOT / "requirements" / lock
    stamp = VENV / f"{lock}.installed"
    wanted = hashlib.sha256(pins.read_bytes() + (ROOT / "pyproject.toml").read_bytes()).hexdigest()
    wanted += f" {ROOT}"  # an editable install points here: a copied folder installs anew
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return
    if not (BIN / ("python.exe" if os.name == "nt" else "python")).exists():
        print(f"Setting up {VENV} …", flush=True)
        call(sys.executable, "-m", "venv", VENV)
    print(f"Installing the packages pinned in requirements/{lock} …", flush=True)
    pip = [BIN / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    # The lock file names every package: pip only fetches them. Were it to resolve them again, a newer release of
    # what one of them wants with an extra would be taken for a package without a hash.
    pip.append("--no-deps")
    call(*pip, "--require-hashes", "--requirement", pins)
    call(*pip, "--no-build-isolation", "--editable", ROOT)
    stamp.write_text(wanted, encoding="utf-8")


def main(arguments: list) -> int:
    """Do what the first word asks for; anything else prints how to use this."""
    what, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    if what == "demo":
        install("run.txt")
        return subprocess.call([str(BIN / "aimsgraph"), "demo", *rest])
    if what == "run":
        install("run.txt")
        return subprocess.call([str(BIN / "aimsgraph"), *rest])
    if what == "test":
        install("dev.txt")
        return subprocess.call([str(BIN / "just"), "--justfile", str(ROOT / "justfile"), "check", *rest])
    print(__doc__)
    return 2


if __name__ == "__main__":
    if sys.version_info < OLDEST:
        sys.exit("aimsgraph needs Python 3.11 or later; this is " + sys.version.split()[0])
    sys.exit(main(sys.argv[1:]))
