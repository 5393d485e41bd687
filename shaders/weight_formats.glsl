// How 32 consecutive columns of a row, a block, are packed. In which order blocks lie is what weights_lanes.glsl and weights_rows.glsl say.
//
// A block is some quads (16 bytes) and some words (4 bytes). c is its column 0..31; a value is made of the unsigned field q. Quad words are
// numbered w0, w1, ... in order, further quads follow on (w4 is quad 1's x). "pair" is two f16: low half first.
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
// F16     4      value(c) = f16 in wI, low half for even c, I = c / 2
// BF16    4      as F16, the upper 16 bits of an f32
// F32     8      value(c) = wc

const int FORMAT_Q4 = 0;
const int FORMAT_Q4M = 1;
const int FORMAT_Q5M = 2;
const int FORMAT_Q6 = 3;
const int FORMAT_Q8 = 4;
const int FORMAT_F16 = 5;
const int FORMAT_BF16 = 6;
const int FORMAT_F32 = 7;

const bool IS_QUANTISED = FORMAT <= FORMAT_Q8;
const int BLOCK_QUADS = FORMAT <= FORMAT_Q6 ? 1 : FORMAT == FORMAT_Q8 ? 2 : FORMAT == FORMAT_F32 ? 8 : 4;
