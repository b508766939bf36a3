"""A zip file with some entries changed or added; all others are copied as they are packed."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_STORED, _DEFLATED = 0, 8
_UTF8 = 0x800
_VERSION = 20
_ZIP64 = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class _Entry:
    """An entry of the directory at the end, with its local header and packed content in ``packed``."""

    name: str
    record: bytes
    packed: bytes


def rewritten(data: bytes, parts: Mapping[str, bytes]) -> bytes:
    """The zip file with the content of ``parts`` in place of, or behind, its own.

    Entries keep their order and their times; untouched ones keep every byte. Raises ``ValueError`` on the
    64-bit form, which no document of this size needs.
    """
    entries, comment = _read(data)
    known = {entry.name for entry in entries}
    changed = [_changed(entry, parts[entry.name]) if entry.name in parts else entry for entry in entries]
    added = [_added(entries[0], name, content) for name, content in parts.items() if name not in known]
    return _written([*changed, *added], comment)


def _read(data: bytes) -> tuple[list[_Entry], bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        start, comment = archive.start_dir, archive.comment
        infos = archive.infolist()
    bounds = sorted({*(info.header_offset for info in infos), start})
    ends = dict(pairwise(bounds))
    records = _records(data, start, len(infos))
    entries = [
        _Entry(info.filename, record, data[info.header_offset : ends[info.header_offset]])
        for info, record in zip(infos, records, strict=True)
    ]
    return entries, comment


def _records(data: bytes, at: int, count: int) -> Iterator[bytes]:
    for _ in range(count):
        fields = _CENTRAL.unpack_from(data, at)
        if _ZIP64 in (fields[8], fields[9], fields[16]):
            raise ValueError("zip64")
        length = _CENTRAL.size + fields[10] + fields[11] + fields[12]
        yield data[at : at + length]
        at += length


def _changed(entry: _Entry, content: bytes) -> _Entry:
    """The same name, time and rights; the content new."""
    fields = list(_CENTRAL.unpack_from(entry.record))
    method = _STORED if fields[4] == _STORED else _DEFLATED
    packed = content if method == _STORED else _deflated(content)
    name = entry.record[_CENTRAL.size : _CENTRAL.size + fields[10]]
    flags = fields[3] & _UTF8
    sums = (zlib.crc32(content), len(packed), len(content))
    fields[3:10] = [flags, method, fields[5], fields[6], *sums]
    fields[11] = 0
    comment = entry.record[len(entry.record) - fields[12] :] if fields[12] else b""
    record = _CENTRAL.pack(*fields) + name + comment
    head = _LOCAL.pack(b"PK\3\4", _VERSION, flags, method, fields[5], fields[6], *sums, len(name), 0)
    return replace(entry, record=record, packed=head + name + packed)


def _added(model: _Entry, name: str, content: bytes) -> _Entry:
    fields = list(_CENTRAL.unpack_from(model.record))
    written = name.encode("ascii")
    fields[4], fields[10:13] = _DEFLATED, [len(written), 0, 0]
    return _changed(_Entry(name, _CENTRAL.pack(*fields) + written, b""), content)


def _deflated(content: bytes) -> bytes:
    packer = zlib.compressobj(zlib.Z_DEFAULT_COMPRESSION, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(content) + packer.flush()


def _written(entries: list[_Entry], comment: bytes) -> bytes:
    body, directory, at = [], [], 0
    for entry in entries:
        fields = list(_CENTRAL.unpack_from(entry.record))
        fields[16] = at
        directory.append(_CENTRAL.pack(*fields) + entry.record[_CENTRAL.size :])
        body.append(entry.packed)
        at += len(entry.packed)
    size = sum(map(len, directory))
    count = len(entries)
    end = _END.pack(b"PK\5\6", 0, 0, count, count, size, at, len(comment))
    return b"".join([*body, *directory, end, comment])
