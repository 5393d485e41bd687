// Weights in rows order: eight rows side by side, so that 8 neighbouring invocations read 128 neighbouring bytes.
//
// Two buffers per matrix. Rows are padded with zeros to a multiple of 8, columns to a multiple of 32 (a block):
//   quads, uvec4: [row / 8][block][quad of the block][row % 8]
//   words, uint:  [row / 8][block][word of the block][row % 8]; for Q4 and Q8 [row / 8][block / 2][row % 8], two blocks a word
// Within a block, c is the column 0..31; a value is made of the unsigned field q. Quad words are numbered w0, w1, ...
// in order, further quads follow on (w4 is quad 1's x). "pair" is two f16: low half first.
//
// format  quads words  fields                                                     words of the block       value
// Q4      1     1/2    q(c) = wI bits 4j..4j+3, I = c / 8, j = c % 8              f16 scale, even block    scale * (q - 8)
//                                                                                 low, odd block high
// Q4M     1     1      as Q4                                                      pair scale, min          scale * q + min
// Q5M     1     2      c < 30: w(c / 6) bits 5(c % 6)..+4; word 0 is w4; c = 30   w4; pair scale, min      scale * q + min
//                      and 31: low and high half of ten bits, bits 2I..2I+1 of
//                      which are wI bits 30..31
// Q6      1     3      half h = c / 16, k = c % 16; k < 15: w(3h + k / 5) bits    w4; w5; pair scale of    scale * (q - 32)
//                      6(k % 5)..+5; words 0, 1 are w4, w5; k = 15: six bits,     c < 16, scale of c >= 16
//                      bits 2i..2i+1 of which are w(3h + i) bits 30..31
// Q8      2     1/2    q(c) = wI bits 8j..8j+7, I = c / 4, j = c % 4              as Q4                    scale * (q - 128)
// F16     4     0      value(c) = f16 in wI, low half for even c, I = c / 2
// BF16    4     0      as F16, the upper 16 bits of an f32
// F32     8     0      value(c) = wc
//
// A field becomes a float by being shifted into the upper mantissa bits of 1.0: 1 + q / 2^bits. One fma then gives the weight.

const int FORMAT_Q4 = 0;
const int FORMAT_Q4M = 1;
const int FORMAT_Q5M = 2;
const int FORMAT_Q6 = 3;
const int FORMAT_Q8 = 4;
const int FORMAT_F16 = 5;
const int FORMAT_BF16 = 6;
const int FORMAT_F32 = 7;

const int BLOCK_QUADS = FORMAT <= FORMAT_Q6 ? 1 : FORMAT == FORMAT_Q8 ? 2 : FORMAT == FORMAT_F32 ? 8 : 4;
const bool IS_QUANTISED = FORMAT <= FORMAT_Q8;
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
