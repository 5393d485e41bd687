"""The model as files: GGUF by recipe, and reference outputs for the engine's tests."""

import json

import gguf

NAME, LICENSE = "Lantern NPC", "mit"
TEMPLATE = ("{% for message in messages %}{{'<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n'}}{% endfor %}"
            "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}")


def metadata(shape, tokenizer, file_type):
    """GGUF's keys, in the order of the usual converters."""
    saved = json.loads(tokenizer.to_str())["model"]
    words = [word for word, _ in sorted(saved["vocab"].items(), key=lambda item: item[1])]
    merges = [merge if isinstance(merge, str) else " ".join(merge) for merge in saved["merges"]]
    assert len(words) == shape.vocabulary, len(words)
    return {
        "general.architecture": "llama", "general.type": "model", "general.name": NAME, "general.author": "The EngineLlm developers", "general.size_label": "37M",
        "general.license": LICENSE, "general.languages": ["en"], "general.description": "Game characters that answer from their persona; trained from scratch for EngineLlm.",
        "llama.block_count": shape.layers, "llama.context_length": shape.context, "llama.embedding_length": shape.width, "llama.feed_forward_length": shape.feed_forward,
        "llama.attention.head_count": shape.heads, "llama.attention.head_count_kv": shape.kv_heads, "llama.rope.freq_base": shape.rope_base,
        "llama.attention.layer_norm_rms_epsilon": shape.epsilon, "general.file_type": file_type, "llama.vocab_size": shape.vocabulary,
        "llama.rope.dimension_count": shape.head_size, "tokenizer.ggml.add_space_prefix": False, "tokenizer.ggml.add_bos_token": False,
        "tokenizer.ggml.model": "gpt2", "tokenizer.ggml.pre": "gpt-2", "tokenizer.ggml.tokens": words, "tokenizer.ggml.token_type": [3, 3, 3] + [1] * (len(words) - 3),
        "tokenizer.ggml.merges": merges, "tokenizer.ggml.bos_token_id": 1, "tokenizer.ggml.eos_token_id": 2, "tokenizer.ggml.unknown_token_id": 0,
        "tokenizer.ggml.padding_token_id": 0, "tokenizer.chat_template": TEMPLATE, "general.quantization_version": 2,
    }


RECIPES = {  # type of the embedding, of attention's matrices, of the feed-forward part's
    "f16": ("F16", "F16", "F16"), "q8_0": ("Q8_0", "Q8_0", "Q8_0"), "q5_0": ("Q8_0", "Q5_0", "Q5_0"), "q8q4": ("Q8_0", "Q8_0", "Q4_0"), "q4_1": ("Q8_0", "Q4_1", "Q4_1"), "q4_0": ("Q8_0", "Q4_0", "Q4_0"),
}


def write(model, tokenizer, path, recipe):
    """Writes one file; returns the weights as they read back."""
    tensors = {name: p.detach().float().cpu().numpy() for name, p in model.named_parameters()}
    kinds = {}
    for name, values in tensors.items():
        part = 0 if name.startswith("token_embd") else 1 if ".attn_" in name else 2
        kinds[name] = gguf.F32 if values.ndim == 1 else gguf.TYPES[RECIPES[recipe][part]]
    file_type = gguf.FILE_TYPES[gguf.TYPES[RECIPES[recipe][2]]]
    return gguf.write(path, metadata(model.shape, tokenizer, file_type), tensors, kinds)


def load_weights(model, torch, weights):
    with torch.no_grad():
        for name, p in model.named_parameters():
            p.copy_(torch.from_numpy(weights[name].copy()))


def goldens(model, torch, tokenizer, texts, path, best=128):
    """Logits in the format of the repository's other references, in full precision."""
    device = next(model.parameters()).device
    specials = {"<|im_start|>": 1, "<|im_end|>": 2, "<|endoftext|>": 0}
    with open(path, "w", encoding="utf-8") as file, torch.no_grad():
        for text, special in texts:
            ids = tokenizer.encode(text).ids
            if not special:
                assert not set(ids) & set(specials.values())
            logprobs = model.logits(model.hidden(torch.tensor([ids], device=device)))[0].log_softmax(-1)
            top = logprobs.topk(best)
            greedy, whole = [], list(ids)
            while len(greedy) < 40:
                token = int(model.logits(model.hidden(torch.tensor([whole], device=device))[:, -1])[0].argmax())
                greedy.append(token)
                whole.append(token)
                if token in (0, 2):
                    break
            row = {"text": text, "parse_special": special, "tokens": ids, "greedy": greedy,
                   "top": [{"ids": i, "logprobs": [round(min(v, 0.0), 5) for v in p]} for i, p in zip(top.indices.tolist(), top.values.tolist())]}
            file.write(json.dumps(row, separators=(",", ":")) + "\n")


def golden_texts(sets):
    """[(text, whether special tokens in it count)]: two talks with their turns, plain text, and three personas."""
    texts = []
    for talk in sets["talks"][:2]:
        text = f"<|im_start|>system\n{talk['persona']}<|im_end|>\n"
        for turn in talk["turns"][:3]:
            text += f"<|im_start|>{turn['role']}\n{turn['text']}<|im_end|>\n"
        texts.append((text + "<|im_start|>assistant\n", True))
    return texts + [("Once upon a time there was a miller who had three sons,", False), ("The lighthouse keeper's lamp cost 12 crowns - or so he said.\n\nIt's late.", False)] + [(row["persona"], False) for row in sets["facts"][:3]]


def token_goldens(tokenizer, texts, sets, path):
    sample = [row["persona"] for row in sets["facts"][:20]] + [row["turns"][0]["text"] for row in sets["facts"][20:40]] + [text for text, _ in texts]
    sample += ["  two  spaces\n\n\nand lines\t tabs ", "caf\u00e9 na\u00efve \u65e5\u672c\u8a9e \U0001f642 \u2014 12345 they're I'LL don't", ""]
    with open(path, "w", encoding="utf-8") as file:
        for text in sample:
            ids = tokenizer.encode(text).ids
            file.write(json.dumps({"text": text, "parse_special": True, "ids": ids, "decoded": tokenizer.decode(ids, skip_special_tokens=False)}) + "\n")
