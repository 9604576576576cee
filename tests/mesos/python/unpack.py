"""Unpacks the pure-Python packages of the test bed, without building any.

usage: unpack.py ARCHIVE_DIR SITE_DIR

`http-parser` has a C extension that does not compile against Python 3.11 and a
pure-Python twin that its own import falls back to. Taking only the `.py` files
out of the archives uses that twin, and needs neither compiler nor build
back-end. pip has verified the archives' hashes before this runs.
"""

import pathlib
import sys
import tarfile
import zipfile

# What pymesos imports; `kazoo` (ZooKeeper) is never needed here.
WANTED = ("pymesos", "http_parser", "addict", "six.py")


def members(archive):
    """Yields (path inside the archive, content) of every Python file."""
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as opened:
            for name in opened.namelist():
                if name.endswith(".py"):
                    yield name, opened.read(name)
    else:
        with tarfile.open(archive) as opened:
            for member in opened:
                if member.isfile() and member.name.endswith(".py"):
                    # The first component is the release's own folder.
                    _, _, name = member.name.partition("/")
                    yield name, opened.extractfile(member).read()


def main(archive_dir, site_dir):
    missing = set(WANTED)
    for archive in sorted(pathlib.Path(archive_dir).iterdir()):
        for name, content in members(archive):
            top = name.split("/")[0]
            if top not in WANTED or ".." in name:
                continue
            missing.discard(top)
            path = pathlib.Path(site_dir, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    if missing:
        sys.exit(f"not found in any archive: {', '.join(sorted(missing))}")


if __name__ == "__main__":
    main(*sys.argv[1:])
