// Weights in lanes order: what a Vulkan device of type CPU reads fastest. A subgroup's eight lanes are eight rows.
//
// Four such groups are a band: what lies in memory one after the other is read one after the other.
//
// Two texel buffers per matrix, both rgba32ui. Rows are padded with zeros to a multiple of 32, columns to a multiple of 32 (a block):
//   quads: [row / 32][block][quad of the block][row / 8 % 4][row % 8]
//   words: [row / 32][block][word of the block][row % 8], a texel's component is row / 8 % 4
// A lone scale is an f32. weight_formats.glsl says what is in a block.
//
// Fields are masked where they lie and converted to float; x is multiplied beforehand by the inverse of the field's weight.

#include "weight_formats.glsl"

const int LANES = 8;
const int BAND_GROUPS = 4; // groups of LANES rows
const int BAND_ROWS = BAND_GROUPS * LANES;
const int BLOCK_COLUMNS = 32;

// A block is worked through in pieces, so that the words of few columns are alive at a time. Where halves have scales of their own, each
// half is a piece, and the words of both are loaded at once.
const int BLOCK_PIECES = HAS_SCALE_PER_HALF ? 2 : IS_QUANTISED && FORMAT != FORMAT_Q8 ? 1 : BLOCK_QUADS;
const int PIECE_COLUMNS = BLOCK_COLUMNS / BLOCK_PIECES;
// Words that hold the fields of what is loaded at once: a quad where there is one, and for Q2, Q5M and Q6 one or two words of the block's.
const int MAX_PIECE_WORDS = 6;
const int QUAD_WORDS = BLOCK_QUADS == 0 ? 0 : 4;
const int PIECE_WORDS = FORMAT == FORMAT_Q6 ? 6 : FORMAT == FORMAT_Q5M ? 5 : FORMAT == FORMAT_Q2 ? 2 : 4;
// Where Q3 has its codes.
const int Q3_CODES = 3;

// The entry of the table that a field names, the upper bits of which may be anything; the kernel says how it is looked up.
float lanesCodebookEntry(uint field);

// What x of a column is multiplied by before it meets the column's field. Powers of two, so nothing is lost.
float lanesFieldScale(int column) {
    int shift = 0;
    if (FORMAT == FORMAT_Q2 && column % 16 != 15) shift = 2 * (column % 16);
    if (FORMAT == FORMAT_Q3 && column < 30) shift = 3 * (column % 10);
    if (FORMAT <= FORMAT_Q4M && column % 8 != 7) shift = 4 * (column % 8);
    if (FORMAT == FORMAT_Q5M && column < 30) shift = 5 * (column % 6);
    if (FORMAT == FORMAT_Q6 && column % 16 != 15) shift = 6 * (column % 16 % 5);
    if (FORMAT == FORMAT_Q8 && column % 4 != 3) shift = 8 * (column % 4);
    return uintBitsToFloat(uint(127 - shift) << 23);
}

// The field of a column of the piece, as a float still carrying the weight of its place in the word.
float lanesField(uint words[MAX_PIECE_WORDS], int piece, int column) {
    if (FORMAT == FORMAT_Q2) return float(int(column == 15 ? words[piece] >> 30 : words[piece] & (3u << (2 * column))));
    if (FORMAT == FORMAT_Q3) {
        int blockColumn = PIECE_COLUMNS * piece + column;
        if (blockColumn < 30) return float(int(words[blockColumn / 10] & (7u << (3 * (blockColumn % 10)))));
        uint spare = words[0] >> 30 | words[1] >> 30 << 2 | words[2] >> 30 << 4;
        return float(int(blockColumn == 30 ? spare & 7u : spare >> 3));
    }
    if (IS_CODEBOOK) return lanesCodebookEntry(words[column / 8] >> (4 * (column % 8)));
    if (FORMAT <= FORMAT_Q4M) {
        uint word = words[column / 8];
        return float(int(column % 8 == 7 ? word >> 28 : word & (15u << (4 * (column % 8)))));
    }
    if (FORMAT == FORMAT_Q5M) {
        if (column < 30) return float(int(words[column / 6] & (31u << (5 * (column % 6)))));
        uint spare = column == 30
            ? words[0] >> 30 | words[1] >> 30 << 2 | words[2] >> 30 << 4
            : words[2] >> 31 | words[3] >> 30 << 1 | words[4] >> 30 << 3;
        return float(int(spare & 31u));
    }
    if (FORMAT == FORMAT_Q6) {
        int first = 3 * piece;
        if (column < 15) return float(int(words[first + column / 5] & (63u << (6 * (column % 5)))));
        return float(int(words[first] >> 30 | words[first + 1] >> 30 << 2 | words[first + 2] >> 30 << 4));
    }
    if (FORMAT == FORMAT_Q8) {
        uint word = words[column / 4];
        return float(int(column % 4 == 3 ? word >> 24 : word & (255u << (8 * (column % 4)))));
    }
    if (FORMAT == FORMAT_F16) return unpackHalf2x16(words[column / 2])[column % 2];
    if (FORMAT == FORMAT_BF16) {
        uint word = words[column / 2];
        return uintBitsToFloat(column % 2 == 0 ? word << 16 : word & 0xffff0000u);
    }
    return uintBitsToFloat(words[column]);
}

// Scale and offset of the piece: value = x * field * scale + x * offset.
vec2 lanesScaleAndOffset(uint word, int piece) {
    if (FORMAT == FORMAT_Q4) return uintBitsToFloat(word) * vec2(1.0, -8.0);
    if (FORMAT == FORMAT_Q8) return uintBitsToFloat(word) * vec2(1.0, -128.0);
    if (FORMAT == FORMAT_Q6) return unpackHalf2x16(word)[piece] * vec2(1.0, -32.0);
    if (FORMAT == FORMAT_Q3) return q3Scale(word, piece) * vec2(1.0, -4.0);
    if (IS_CODEBOOK) return vec2(uintBitsToFloat(word), 0.0);
    return unpackHalf2x16(word);
}
