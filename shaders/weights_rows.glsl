// Weights in rows order: eight rows side by side, so that 8 neighbouring invocations read 128 neighbouring bytes.
//
// Two buffers per matrix. Rows are padded with zeros to a multiple of 8, columns to a multiple of 32 (a block):
//   quads, uvec4: [row / 8][block][quad of the block][row % 8]
//   words, uint:  [row / 8][block][word of the block][row % 8]; for Q4 and Q8 [row / 8][block / 2][row % 8], two blocks a word
// A lone scale (Q4, Q8) is an f16: the even block's in the low half of the word, the odd one's in the high half.
// weight_formats.glsl says what is in a block.
//
// A field becomes a float by being shifted into the upper mantissa bits of 1.0: 1 + q / 2^bits. One fma then gives the weight.

#include "weight_formats.glsl"

const bool HAS_SHARED_WORDS = FORMAT == FORMAT_Q4 || FORMAT == FORMAT_Q8;
const int BLOCK_WORDS = FORMAT == FORMAT_Q5M ? 2 : FORMAT == FORMAT_Q6 ? 3 : 1;
const int FIELD_BITS = FORMAT <= FORMAT_Q4M ? 4 : FORMAT == FORMAT_Q5M ? 5 : FORMAT == FORMAT_Q6 ? 6 : 8;

// Everything of one row's block, as loaded.
struct Block {
    uvec4 quads[BLOCK_QUADS];
    uint words[BLOCK_WORDS];
};

uint rowsWord(Block block, int i) {
    return i < 4 * BLOCK_QUADS ? block.quads[min(i / 4, BLOCK_QUADS - 1)][i % 4] : block.words[min(i - 4 * BLOCK_QUADS, BLOCK_WORDS - 1)];
}

// 1 + field / 2^FIELD_BITS, for the field at a bit of the word.
float rowsMantissa(uint word, int bit) {
    int shift = 23 - FIELD_BITS - bit;
    uint mask = ((1u << FIELD_BITS) - 1u) << (23 - FIELD_BITS);
    uint field = shift >= 0 ? word << max(shift, 0) : word >> max(-shift, 0);
    return uintBitsToFloat((field & mask) | 0x3f800000u);
}

float rowsField(Block block, int column) {
    if (FORMAT == FORMAT_Q8) return rowsMantissa(rowsWord(block, column / 4), 8 * (column % 4));
    if (FORMAT == FORMAT_Q5M) {
        if (column < 30) return rowsMantissa(rowsWord(block, column / 6), 5 * (column % 6));
        uint third = rowsWord(block, 2) >> 30;
        uint spare = column == 30
            ? rowsWord(block, 0) >> 30 | rowsWord(block, 1) >> 30 << 2 | third << 4
            : third >> 1 | rowsWord(block, 3) >> 30 << 1 | rowsWord(block, 4) >> 30 << 3;
        return rowsMantissa(spare, 0);
    }
    if (FORMAT == FORMAT_Q6) {
        int first = 3 * (column / 16);
        int k = column % 16;
        if (k < 15) return rowsMantissa(rowsWord(block, first + k / 5), 6 * (k % 5));
        return rowsMantissa(
            rowsWord(block, first) >> 30 | rowsWord(block, first + 1) >> 30 << 2 | rowsWord(block, first + 2) >> 30 << 4, 0);
    }
    return rowsMantissa(rowsWord(block, column / 8), 4 * (column % 8));
}

// Factor and addend that make a weight of rowsField. part is the half of the block for Q6, and the block's parity where two share a word.
vec2 rowsScale(Block block, int part) {
    vec2 pair = unpackHalf2x16(block.words[BLOCK_WORDS - 1]);
    float factor = (FORMAT == FORMAT_Q4M || FORMAT == FORMAT_Q5M ? pair.x : part == 0 ? pair.x : pair.y) * float(1 << FIELD_BITS);
    // The smallest field of the signed formats stands for minus half the range.
    return vec2(factor, FORMAT == FORMAT_Q4M || FORMAT == FORMAT_Q5M ? pair.y - factor : -1.5 * factor);
}

// The weights of columns 4 * quad to 4 * quad + 3.
vec4 rowsWeights(Block block, int quad, vec2 scale) {
    if (FORMAT == FORMAT_F32) return uintBitsToFloat(block.quads[min(quad, BLOCK_QUADS - 1)]);
    if (!IS_QUANTISED) {
        uint low = rowsWord(block, 2 * quad);
        uint high = rowsWord(block, 2 * quad + 1);
        if (FORMAT == FORMAT_F16) return vec4(unpackHalf2x16(low), unpackHalf2x16(high));
        return uintBitsToFloat(uvec4(low << 16, low & 0xffff0000u, high << 16, high & 0xffff0000u));
    }
    vec4 fields;
    [[unroll]] for (int i = 0; i < 4; i++) fields[i] = rowsField(block, 4 * quad + i);
    return fma(fields, vec4(scale.x), vec4(scale.y));
}
