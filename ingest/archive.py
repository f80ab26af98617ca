"""A generation as one file, to be made on one machine and served by another.

A ZIP without compression: `generation.json`, `catalogue.sqlite`, `segments/…`, `keywords/…`, `originals/<sha256>`, and
last `checksums.json` with the sha256 of each. The vectors are in the segments; the store is built where it is
imported, in a folder or on a server."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from pathlib import Path

from assistant.catalogue import Catalogue
from assistant.errors import BadExport, CannotWrite, NoIndex, OtherModel
from assistant.index import FORMAT, Folders, Manifest, held, sync_folder
from ingest.publish import Draft, clear_away, keep_original, only_writer

_CHECKSUMS = "checksums.json"
_MEMBER = re.compile(r"generation\.json|catalogue\.sqlite|(segments|keywords)/[\w.-]+|originals/[0-9a-f]{64}", re.ASCII)
_PIECE = 1 << 20


def export(folders: Folders, target: Path) -> Manifest:
    """Write the generation in use to `target`, whole or not at all. Raises NoIndex, IndexDamaged, CannotWrite."""
    name = folders.current_name()
    if name is None:
        raise NoIndex(str(folders.data))
    aside = target.with_name(f"{target.name}.part")
    with held(folders.generation(name)):
        manifest = folders.manifest(name)
        try:
            try:
                _pack(folders, manifest, aside)
                os.replace(aside, target)
                sync_folder(target.parent)
            finally:
                aside.unlink(missing_ok=True)
        except OSError as error:
            raise CannotWrite(str(target), error.strerror or str(error)) from error
    return manifest


def _pack(folders: Folders, manifest: Manifest, target: Path) -> None:
    folder = folders.generation(manifest.name)
    with closing(Catalogue.open(folder / "catalogue.sqlite")) as catalogue:
        originals = sorted({known.sha256 for known in catalogue.known().values()})
    files = {"catalogue.sqlite": folder / "catalogue.sqlite"}
    files |= {f"segments/{path.name}": path for path in sorted((folder / "segments").glob("*"))}
    files |= {f"keywords/{path.name}": path for path in sorted((folder / "keywords").iterdir()) if _is_kept(path)}
    files |= {f"originals/{sha256}": folders.original(sha256) for sha256 in originals}
    said = json.dumps(asdict(manifest), indent=1).encode()
    sums = {"generation.json": hashlib.sha256(said).hexdigest()}
    with target.open("wb") as stream:
        with zipfile.ZipFile(stream, "w") as packed:
            packed.writestr("generation.json", said)
            for name, path in files.items():
                digest = hashlib.sha256()
                with path.open("rb") as file, packed.open(name, "w", force_zip64=True) as member:
                    while piece := file.read(_PIECE):
                        digest.update(piece)
                        member.write(piece)
                sums[name] = digest.hexdigest()
            packed.writestr(_CHECKSUMS, json.dumps(sums, indent=1))
        stream.flush()
        os.fsync(stream.fileno())


def _is_kept(path: Path) -> bool:
    return not path.name.endswith(".lock")


def import_(
    folders: Folders,
    file: Path,
    model: str,
    chroma_url: str,
    keep: int,
    wait: float = 0.0,
    waiting: Callable[[], None] = lambda: None,
) -> Manifest:
    """Publish what `export` has written, as the newest generation; `wait` and `waiting` as in `only_writer`. Raises
    BadExport, OtherModel, AlreadyRunning, IndexNotWritten; then nothing is published."""
    unpacked = folders.data / "import.new"
    with only_writer(folders, wait, waiting):
        shutil.rmtree(unpacked, ignore_errors=True)
        try:
            with _mapped(file), zipfile.ZipFile(file) as packed:
                manifest = _unpack(packed, file, unpacked)
            if manifest.embedding_model != model:
                raise OtherModel(manifest.embedding_model, model)
            published = _publish(folders, unpacked, manifest, chroma_url)
        finally:
            shutil.rmtree(unpacked, ignore_errors=True)
        clear_away(folders, keep, chroma_url)
    return published


@contextmanager
def _mapped(file: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise BadExport(str(file), error.strerror or str(error)) from error
    except (zipfile.BadZipFile, NotImplementedError, ValueError, KeyError, TypeError, EOFError) as error:
        raise BadExport(str(file), str(error)) from error


def _unpack(packed: zipfile.ZipFile, file: Path, target: Path) -> Manifest:
    """Everything that the checksums name, and nothing else."""
    sums = json.loads(packed.read(_CHECKSUMS))
    names = [name for name in packed.namelist() if name != _CHECKSUMS]
    if sorted(names) != sorted(sums) or not {"generation.json", "catalogue.sqlite"} <= set(names):
        raise BadExport(str(file), "files are missing from it, or are there unasked")
    for name in names:
        if not _MEMBER.fullmatch(name):  # a path such as ../x leads out of the folder
            raise BadExport(str(file), f"{name!r} does not belong in it")
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        digest = hashlib.sha256()
        with packed.open(name) as member, path.open("wb") as written:
            while piece := member.read(_PIECE):
                digest.update(piece)
                written.write(piece)
        own = name.removeprefix("originals/") if name.startswith("originals/") else sums[name]
        if not digest.hexdigest() == sums[name] == own:
            raise BadExport(str(file), f"{name!r} is damaged: its checksum differs")
    said = json.loads((target / "generation.json").read_text(encoding="utf-8"))
    if said.get("format") != FORMAT:
        raise BadExport(str(file), f"it has format {said.get('format')!r}, and this version reads {FORMAT}")
    return Manifest(**said)


def _publish(folders: Folders, unpacked: Path, manifest: Manifest, chroma_url: str) -> Manifest:
    draft = Draft(folders, unpacked, chroma_url)
    try:
        originals = unpacked / "originals"
        for path in originals.iterdir() if originals.is_dir() else ():
            keep_original(folders, path.name, path.read_bytes())
        # Where the vectors lie is part of a recipe: they lie here now.
        recipe = f"{manifest.recipe.rpartition('; ')[0]}; {chroma_url or 'embedded'}"
        return draft.publish(manifest.embedding_model, manifest.dimension, recipe)
    except BaseException:
        draft.discard()
        raise
