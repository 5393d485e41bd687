"""Reads and writes GGUF files of version 3, with the block formats that EngineLlm reads. Needs NumPy."""

import struct

import numpy as np

F32, F16, Q4_0, Q4_1, Q5_0, Q5_1, Q8_0 = 0, 1, 2, 3, 6, 7, 8
TYPES = {"F32": F32, "F16": F16, "Q4_0": Q4_0, "Q4_1": Q4_1, "Q5_0": Q5_0, "Q5_1": Q5_1, "Q8_0": Q8_0}
FILE_TYPES = {F32: 0, F16: 1, Q4_0: 2, Q4_1: 3, Q8_0: 7, Q5_0: 8, Q5_1: 9}
BLOCK = 32
ALIGNMENT = 32


def _half(values):
    return values.astype(np.float16)


def _nibbles(q):
    """[blocks, 32] of 0..15 -> [blocks, 16]: the first half in the low nibbles."""
    return (q[:, :16] | (q[:, 16:] << 4)).astype(np.uint8)


def _symmetric(blocks, half_range):
    """Scales and quants of value = d * (q - half_range), with the scale of least square error of a few."""
    index = np.argmax(np.abs(blocks), axis=1)
    extreme = blocks[np.arange(len(blocks)), index]
    best_error = np.full(len(blocks), np.inf, np.float32)
    best_d = np.zeros(len(blocks), np.float16)
    best_q = np.full(blocks.shape, half_range, np.int32)
    for factor in (1.0, 0.97, 0.94, 0.91, 0.88, 0.85, 0.81, 0.77, 1.04):
        d = _half(extreme / -half_range * factor)
        wide = d.astype(np.float32)
        inverse = np.where(wide != 0, 1 / np.where(wide != 0, wide, 1), 0)
        q = np.clip(np.floor(blocks * inverse[:, None] + half_range + 0.5), 0, 2 * half_range - 1).astype(np.int32)
        error = np.square(wide[:, None] * (q - half_range) - blocks).sum(axis=1)
        better = error < best_error
        best_error[better], best_d[better], best_q[better] = error[better], d[better], q[better]
    return best_d, best_q


def _affine(blocks, steps):
    """Scales, minima and quants of value = d * q + m."""
    low, high = blocks.min(axis=1), blocks.max(axis=1)
    d, m = _half((high - low) / steps), _half(low)
    wide = d.astype(np.float32)
    inverse = np.where(wide != 0, 1 / np.where(wide != 0, wide, 1), 0)
    q = np.clip(np.rint((blocks - m.astype(np.float32)[:, None]) * inverse[:, None]), 0, steps).astype(np.int32)
    return d, m, q


def _fifth_bits(q):
    bits = ((q >> 4) & 1).astype(np.uint32)
    return (bits << np.arange(32, dtype=np.uint32)).sum(axis=1, dtype=np.uint32)


def _columns(*parts):
    """Little-endian fields of each block, side by side, as bytes."""
    return b"".join([]) if not parts else np.concatenate([np.ascontiguousarray(p).reshape(len(p), -1).view(np.uint8) for p in parts], axis=1).tobytes()


def encode(values, kind):
    """(bytes, the values as they read back) of a float32 array whose rows are whole blocks."""
    values = np.ascontiguousarray(values, np.float32)
    if kind == F32:
        return values.tobytes(), values
    if kind == F16:
        half = values.astype(np.float16)
        return half.tobytes(), half.astype(np.float32)
    blocks = values.reshape(-1, BLOCK)
    if kind == Q8_0:
        d = _half(np.abs(blocks).max(axis=1) / 127)
        wide = d.astype(np.float32)
        inverse = np.where(wide != 0, 1 / np.where(wide != 0, wide, 1), 0)
        q = np.clip(np.rint(blocks * inverse[:, None]), -127, 127).astype(np.int8)
        return _columns(d, q), (wide[:, None] * q).reshape(values.shape)
    if kind in (Q4_0, Q5_0):
        half_range = 8 if kind == Q4_0 else 16
        d, q = _symmetric(blocks, half_range)
        back = (d.astype(np.float32)[:, None] * (q - half_range)).reshape(values.shape)
        fields = (d, _nibbles(q)) if kind == Q4_0 else (d, _fifth_bits(q), _nibbles(q & 15))
        return _columns(*fields), back
    d, m, q = _affine(blocks, 15 if kind == Q4_1 else 31)
    back = (d.astype(np.float32)[:, None] * q + m.astype(np.float32)[:, None]).reshape(values.shape)
    fields = (d, m, _nibbles(q)) if kind == Q4_1 else (d, m, _fifth_bits(q), _nibbles(q & 15))
    return _columns(*fields), back


def _string(text):
    raw = text.encode("utf-8")
    return struct.pack("<Q", len(raw)) + raw


def _value(value):
    """(kind, bytes): bool, int (uint32), float (float32), str, or a list of str or int (int32)."""
    if isinstance(value, bool):
        return 7, struct.pack("<?", value)
    if isinstance(value, int):
        return 4, struct.pack("<I", value)
    if isinstance(value, float):
        return 6, struct.pack("<f", value)
    if isinstance(value, str):
        return 8, _string(value)
    if isinstance(value[0], str):
        return 9, struct.pack("<IQ", 8, len(value)) + b"".join(map(_string, value))
    return 9, struct.pack("<IQ", 5, len(value)) + struct.pack(f"<{len(value)}i", *value)


def write(path, metadata, tensors, kinds):
    """Writes a file and returns the tensors as they read back.

    metadata: {key: value}; tensors: {name: float32 array [rows, columns] or [columns]}; kinds: {name: type}.
    """
    head = [b"GGUF", struct.pack("<IQQ", 3, len(tensors), len(metadata))]
    for key, value in metadata.items():
        kind, raw = _value(value)
        head += [_string(key), struct.pack("<I", kind), raw]
    data, back, offset = [], {}, 0
    for name, values in tensors.items():
        raw, back[name] = encode(values, kinds[name])
        dimensions = values.shape[::-1]
        head += [_string(name), struct.pack("<I", len(dimensions)), struct.pack(f"<{len(dimensions)}Q", *dimensions), struct.pack("<IQ", kinds[name], offset)]
        raw += b"\0" * (-len(raw) % ALIGNMENT)
        data.append(raw)
        offset += len(raw)
    header = b"".join(head)
    with open(path, "wb") as file:
        file.write(header + b"\0" * (-len(header) % ALIGNMENT))
        file.writelines(data)
    return back


_SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}


def read(path):
    """(metadata, {name: float32 array}) of a file whose weights are F32, F16, Q4_0, Q4_1 or Q8_0."""
    with open(path, "rb") as file:
        data = file.read()
    at = 0

    def take(form):
        nonlocal at
        value = struct.unpack_from("<" + form, data, at)[0]
        at += struct.calcsize("<" + form)
        return value

    def string():
        nonlocal at
        size = take("Q")
        at += size
        return data[at - size:at].decode("utf-8")

    def value(kind):
        if kind == 8:
            return string()
        if kind == 9:
            inner, count = take("I"), take("Q")
            return [value(inner) for _ in range(count)]
        return take(_SCALARS[kind])

    if data[:4] != b"GGUF":
        raise ValueError(f"{path} is no GGUF file")
    at = 8
    tensor_count, key_count = take("Q"), take("Q")
    metadata = {}
    for _ in range(key_count):
        key = string()
        metadata[key] = value(take("I"))
    headers = []
    for _ in range(tensor_count):
        name, dimensions = string(), take("I")
        shape = [take("Q") for _ in range(dimensions)][::-1]
        headers.append((name, shape, take("I"), take("Q")))
    begin = at + -at % metadata.get("general.alignment", ALIGNMENT)
    return metadata, {name: _decode(data, begin + offset, shape, kind) for name, shape, kind, offset in headers}


def _decode(data, at, shape, kind):
    count = int(np.prod(shape))
    if kind in (F32, F16):
        return np.frombuffer(data, np.float32 if kind == F32 else np.float16, count, at).astype(np.float32).reshape(shape)
    fields = {Q8_0: [("d", "<f2"), ("q", "i1", 32)], Q4_0: [("d", "<f2"), ("q", "u1", 16)], Q4_1: [("d", "<f2"), ("m", "<f2"), ("q", "u1", 16)]}
    if kind not in fields:
        raise ValueError(f"weights of type {kind} are not read here")
    blocks = np.frombuffer(data, np.dtype(fields[kind]), count // BLOCK, at)
    d = blocks["d"].astype(np.float32)[:, None]
    if kind == Q8_0:
        return (d * blocks["q"]).reshape(shape)
    q = np.concatenate([blocks["q"] & 15, blocks["q"] >> 4], axis=1)
    if kind == Q4_0:
        return (d * (q.astype(np.float32) - 8)).reshape(shape)
    return (d * q + blocks["m"].astype(np.float32)[:, None]).reshape(shape)


def tokenizer_of(metadata):
    """The tokenizer (of the package tokenizers) of a model with a byte-level vocabulary."""
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers
    words = metadata["tokenizer.ggml.tokens"]
    tokenizer = Tokenizer(models.BPE({word: i for i, word in enumerate(words)}, [tuple(merge.split(" ")) for merge in metadata["tokenizer.ggml.merges"]]))
    digits = [pre_tokenizers.Split(Regex(r"\p{N}"), "isolated")] if metadata["tokenizer.ggml.pre"] == "smollm" else []
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([*digits, pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)])
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(word, special=True) for word, kind in zip(words, metadata["tokenizer.ggml.token_type"]) if kind == 3])
    return tokenizer
