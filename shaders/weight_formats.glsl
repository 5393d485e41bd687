// How 32 consecutive columns of a row, a block, are packed. In which order blocks lie is what weights_lanes.glsl and weights_rows.glsl say.
//
// A block is some quads (16 bytes) and some words (4 bytes). c is its column 0..31; a value is made of the unsigned field q. Quad words are
// numbered w0, w1, ... in order, further quads follow on (w4 is quad 1's x), then the words. "pair" is two f16: low half first.
//
// format  quads  fields                                                     words of the block       value
// Q4      1      q(c) = wI bits 4j..4j+3, I = c / 8, j = c % 8              scale                    scale * (q - 8)
// Q4M     1      as Q4                                                      pair scale, min          scale * q + min
// Q5M     1      c < 30: w(c / 6) bits 5(c % 6)..+4; word 0 is w4; c = 30   w4; pair scale, min      scale * q + min
//                and 31: low and high half of ten bits, bits 2I..2I+1 of
//                which are wI bits 30..31
// Q6      1      half h = c / 16, k = c % 16; k < 15: w(3h + k / 5) bits    w4; w5; pair scale of    scale * (q - 32)
//                6(k % 5)..+5; words 0, 1 are w4, w5; k = 15: six bits,     c < 16, scale of c >= 16
//                bits 2i..2i+1 of which are w(3h + i) bits 30..31
// Q8      2      q(c) = wI bits 8j..8j+7, I = c / 4, j = c % 4              scale                    scale * (q - 128)
// Q2      0      q(c) = wh bits 2k..2k+1, h = c / 16, k = c % 16            w0; w1; w2: codes        a * s(h) * q - b * m(h)
// Q3      1      c < 30: w(c / 10) bits 3(c % 10)..+2; c = 30 and 31: low   none; w3 is codes        a * (s(h) - 32) * (q - 4)
//                and high half of six bits, bits 2I..2I+1 of which are wI
//                bits 30..31
// NL4     1      as Q4                                                      scale                    scale * NON_LINEAR[q]
// FP4     1      as Q4                                                      scale                    scale * FLOATS[q], twice e2m1
// F16     4      value(c) = f16 in wI, low half for even c, I = c / 2
// BF16    4      as F16, the upper 16 bits of an f32
// F32     8      value(c) = wc
//
// Codes of Q2: low half four bits each s(0), m(0), s(1), m(1); high half an f16, a in even blocks and b in odd ones: two blocks, a pair,
// share both, and a row has an even number of blocks. Codes of Q3: low half a as an f16, bits 16..21 s(0), bits 22..27 s(1).

const int FORMAT_Q4 = 0;
const int FORMAT_Q4M = 1;
const int FORMAT_Q5M = 2;
const int FORMAT_Q6 = 3;
const int FORMAT_Q8 = 4;
const int FORMAT_Q2 = 5;
const int FORMAT_Q3 = 6;
const int FORMAT_NL4 = 7;
const int FORMAT_FP4 = 8;
const int FORMAT_F16 = 9;
const int FORMAT_BF16 = 10;
const int FORMAT_F32 = 11;

const bool IS_QUANTISED = FORMAT < FORMAT_F16;
// Fields are places in a table of 16.
const bool IS_CODEBOOK = FORMAT == FORMAT_NL4 || FORMAT == FORMAT_FP4;
const bool HAS_LONE_SCALE = FORMAT == FORMAT_Q4 || FORMAT == FORMAT_Q8 || IS_CODEBOOK;
const bool HAS_SCALE_PER_HALF = FORMAT == FORMAT_Q6 || FORMAT == FORMAT_Q2 || FORMAT == FORMAT_Q3;
const int BLOCK_QUADS = FORMAT == FORMAT_Q2 ? 0 : FORMAT == FORMAT_Q8 ? 2 : FORMAT == FORMAT_F32 ? 8 : IS_QUANTISED ? 1 : 4;
const int BLOCK_WORDS = FORMAT == FORMAT_Q6 || FORMAT == FORMAT_Q2 ? 3
    : FORMAT == FORMAT_Q5M ? 2
    : FORMAT == FORMAT_Q3 || !IS_QUANTISED ? 0 : 1;

// The entry of the table that a field names. Signed bytes, four to a word, entry 0 lowest:
// NON_LINEAR -127 -104 -83 -65 -49 -35 -22 -10 1 13 25 38 53 69 89 113; FLOATS 0 1 2 3 4 6 8 12 0 -1 -2 -3 -4 -6 -8 -12.
float codebookEntry(uint field) {
    // No conditional expression: the validation layers take a vector chosen by a specialisation constant for invalid.
    uvec4 entries = uvec4(0xbfad9881u, 0xf6eaddcfu, 0x26190d01u, 0x71594535u);
    if (FORMAT == FORMAT_FP4) entries = uvec4(0x03020100u, 0x0c080604u, 0xfdfeff00u, 0xf4f8fafcu);
    uint low = (field & 4u) == 0u ? entries.x : entries.y;
    uint high = (field & 4u) == 0u ? entries.z : entries.w;
    return float(int(((field & 8u) == 0u ? low : high) << (24u - 8u * (field & 3u))) >> 24);
}

// Q2: a and b of a pair of blocks, from the codes of one of them and of its neighbour.
uint q2SharedPair(uint codes, uint neighbour, int block) {
    return block % 2 == 0 ? codes >> 16 | (neighbour & 0xffff0000u) : neighbour >> 16 | (codes & 0xffff0000u);
}

// Q2: scale and minimum of a half of the block.
vec2 q2ScaleAndMinimum(uint codes, uint sharedPair, int part) {
    uint code = codes >> (8 * part);
    return unpackHalf2x16(sharedPair) * vec2(float(int(code & 15u)), -float(int(code >> 4 & 15u)));
}

// Q3: scale of a half of the block.
float q3Scale(uint codes, int part) {
    return unpackHalf2x16(codes).x * float(int(codes >> (16 + 6 * part) & 63u) - 32);
}
