"""The format of the ledger is for ever: published vectors pin every part of it."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe.web.audit.kaohe_verify import (
    SM3,
    Tree,
    canonical,
    commitment,
    digest_named,
    inclusion_proof,
    key_of,
    leaf_hash,
    note_of,
    proven_root,
    signed_by,
    subtree_root,
)

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "audit-ledger.md"
SHA256 = digest_named("sha256")

# The leaves and roots with which Certificate Transparency logs test RFC 6962.
LEAVES = [
    *(b"", b"\x00", b"\x10", b" !", b"01", b"@ABC", b"PQRSTUVW"),
    b"`abcdefghijklmno",
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


@pytest.mark.parametrize(
    ("message", "hash"),
    [  # GB/T 32905-2016, appendix A
        (b"abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
        (b"abcd" * 16, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"),
    ],
)
def test_sm3_gives_the_standards_vectors(message: bytes, hash: str) -> None:
    assert SM3(message).hexdigest() == hash
    assert digest_named("sm3")(message).hex() == hash


@given(st.binary(max_size=300))
def test_sm3_agrees_with_openssl(data: bytes) -> None:
    if "sm3" in hashlib.algorithms_available:
        assert SM3(data).digest() == hashlib.new("sm3", data).digest()


def test_the_tree_gives_the_roots_of_rfc_6962() -> None:
    tree = Tree(SHA256)
    for size, root in enumerate(ROOTS):
        assert tree.root().hex() == root
        if size < len(LEAVES):
            tree.append(leaf_hash(SHA256, LEAVES[size]))


@given(st.integers(1, 70), st.data())
def test_a_proof_leads_to_the_root_and_no_other_does(size: int, data: st.DataObject) -> None:
    leaves = [leaf_hash(SHA256, bytes([n])) for n in range(size)]
    index = data.draw(st.integers(0, size - 1))
    proof, root = inclusion_proof(SHA256, leaves, index), subtree_root(SHA256, leaves)
    assert proven_root(SHA256, leaves[index], index, size, proof) == root
    assert proven_root(SHA256, leaves[index], (index + 1) % size, size, proof) != root or size == 1
    assert proven_root(SHA256, leaf_hash(SHA256, b"other"), index, size, proof) != root
    assert proven_root(SHA256, leaves[index], index, size, [*proof, root]) != root


def test_ed25519_gives_the_vector_of_rfc_8032() -> None:
    public = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    signature = bytes.fromhex(
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bac"
        "c61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
    )
    assert signed_by(public, b"", signature)
    assert not signed_by(public, b"x", signature)
    assert not signed_by(public, b"", signature[:32] + bytes(32))
    assert not signed_by(b"\xff" * 32, b"", signature)


@given(st.binary(max_size=80), st.integers(0, 95 * 8))
def test_ed25519_agrees_with_cryptography(message: bytes, bit: int) -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    secret = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(message).digest())
    public, signature = secret.public_key().public_bytes_raw(), secret.sign(message)
    assert signed_by(public, message, signature)
    both = bytearray(public + signature)
    both[bit // 8] ^= 1 << bit % 8
    assert not signed_by(bytes(both[:32]), message, bytes(both[32:]))


def test_canonical_text_is_sorted_composed_and_exact() -> None:
    assert (
        canonical({"b": "e\u0301", "a": [None, True, 10**20]})
        == '{"a":[null,true,100000000000000000000],"b":"é"}'.encode()
    )
    with pytest.raises(ValueError):
        canonical(float("nan"))


def _published(name: str) -> str:
    block = re.search(rf"<!-- vector: {name} -->\n```\w*\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)
    assert block, name
    return block.group(1)


def test_the_published_event_has_the_published_hashes() -> None:
    body = _published("event").removesuffix("\n").encode()
    assert canonical(json.loads(body)) == body
    hashes = dict(line.split(" ") for line in _published("event-hashes").splitlines())
    assert leaf_hash(SHA256, body).hex() == hashes["sha256"]
    assert leaf_hash(digest_named("sm3"), body).hex() == hashes["sm3"]


def test_the_published_commitment_checkpoint_and_key() -> None:
    told = json.loads(_published("commitment"))
    assert commitment(told["salt"], told["table"], told["column"], told["value"]) == told["hmac"]
    key, note = key_of(_published("key")), note_of(_published("checkpoint"))
    assert note.holds(key) and note.size == 1
    assert (
        note.root.hex() == dict(line.split(" ") for line in _published("event-hashes").splitlines())["sha256"]
    )
