// Weights in rows order: eight rows side by side, so that 8 neighbouring invocations read 128 neighbouring bytes.
//
// Two buffers per matrix. Rows are padded with zeros to a multiple of 8, columns to a multiple of 32 (a block):
//   quads, uvec4: [row / 8][block][quad of the block][row % 8]
//   words, uint:  [row / 8][block][word of the block][row % 8]; with a lone scale [row / 8][block / 2][row % 8], two blocks a word
// A lone scale (Q4, Q8, NL4) is an f16: the even block's in the low half of the word, the odd one's in the high half. FP4's, a power of two
// in the range of floats, is the upper half of a float.
// weight_formats.glsl says what is in a block.
//
// A field becomes a float by being shifted into the upper mantissa bits of 1.0: 1 + q / 2^bits. One fma then gives the weight.

#include "weight_formats.glsl"

const int FIELD_BITS = FORMAT == FORMAT_Q2 ? 2 : FORMAT == FORMAT_Q3 ? 3 : FORMAT == FORMAT_Q5M ? 5
    : FORMAT == FORMAT_Q6 ? 6
    : FORMAT == FORMAT_Q8 ? 8 : 4;
// What of a block is kept in registers: of Q2 what it shares with its neighbour too.
const int HELD_QUADS = max(BLOCK_QUADS, 1);
const int HELD_WORDS = FORMAT == FORMAT_Q2 ? 4 : max(BLOCK_WORDS, 1);

#if HAS_CODEBOOK
// Where invocations look entries up: eight rows ask for eight entries at once, which shared memory gives at once.
shared float codebook[16];
#endif

// Everything of one row's block, as loaded.
struct Block {
    uvec4 quads[HELD_QUADS];
    uint words[HELD_WORDS];
};

uint rowsWord(Block block, int i) {
    return i < 4 * BLOCK_QUADS ? block.quads[min(i / 4, HELD_QUADS - 1)][i % 4] : block.words[min(i - 4 * BLOCK_QUADS, HELD_WORDS - 1)];
}

// 1 + field / 2^FIELD_BITS, for the field at a bit of the word.
float rowsMantissa(uint word, int bit) {
    int shift = 23 - FIELD_BITS - bit;
    uint mask = ((1u << FIELD_BITS) - 1u) << (23 - FIELD_BITS);
    uint field = shift >= 0 ? word << max(shift, 0) : word >> max(-shift, 0);
    return uintBitsToFloat((field & mask) | 0x3f800000u);
}

float rowsField(Block block, int column) {
    if (FORMAT == FORMAT_Q2) return rowsMantissa(rowsWord(block, column / 16), 2 * (column % 16));
    if (FORMAT == FORMAT_Q3) {
        if (column < 30) return rowsMantissa(rowsWord(block, column / 10), 3 * (column % 10));
        return rowsMantissa(rowsWord(block, 0) >> 30 | rowsWord(block, 1) >> 30 << 2 | rowsWord(block, 2) >> 30 << 4, 3 * (column - 30));
    }
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

// Factor and addend that make a weight of rowsField. part is the half of the block, or the block's parity where two share a word.
vec2 rowsScale(Block block, int part) {
    uint last = block.words[max(BLOCK_WORDS, 1) - 1];
    if (FORMAT == FORMAT_FP4) {
        return vec2(uintBitsToFloat(part == 0 ? last << 16 : last & 0xffff0000u), 0.0);
    }
    vec2 pair = FORMAT == FORMAT_Q2 ? q2ScaleAndMinimum(last, block.words[HELD_WORDS - 1], part) : unpackHalf2x16(last);
    bool hasMinimum = FORMAT == FORMAT_Q4M || FORMAT == FORMAT_Q5M || FORMAT == FORMAT_Q2;
    float scale = FORMAT == FORMAT_Q3 ? q3Scale(rowsWord(block, 3), part) : hasMinimum || part == 0 ? pair.x : pair.y;
    if (FORMAT == FORMAT_NL4) return vec2(scale, 0.0);
    float factor = scale * float(1 << FIELD_BITS);
    // The smallest field of the signed formats stands for minus half the range.
    return vec2(factor, hasMinimum ? pair.y - factor : -1.5 * factor);
}

// The weights of columns 4 * quad to 4 * quad + 3.
vec4 rowsWeights(Block block, int quad, vec2 scale) {
    if (FORMAT == FORMAT_F32) return uintBitsToFloat(block.quads[min(quad, HELD_QUADS - 1)]);
    if (!IS_QUANTISED) {
        uint low = rowsWord(block, 2 * quad);
        uint high = rowsWord(block, 2 * quad + 1);
        if (FORMAT == FORMAT_F16) return vec4(unpackHalf2x16(low), unpackHalf2x16(high));
        return uintBitsToFloat(uvec4(low << 16, low & 0xffff0000u, high << 16, high & 0xffff0000u));
    }
#if HAS_CODEBOOK
    vec4 entries;
    [[unroll]] for (int i = 0; i < 4; i++) {
        int column = 4 * quad + i;
        entries[i] = codebook[rowsWord(block, column / 8) >> 4 * (column % 8) & 15u];
    }
    return entries * scale.x;
#else
    vec4 fields;
    [[unroll]] for (int i = 0; i < 4; i++) fields[i] = rowsField(block, 4 * quad + i);
    return fma(fields, vec4(scale.x), vec4(scale.y));
#endif
}
