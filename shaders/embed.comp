#version 460
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_control_flow_attributes : require

// The embedding row of every token, out of the table in the device's weight order, as f32.
// One invocation takes one block of 32 columns of one token. A table bound in ranges of rows is read range by range.
// Dispatch (ceil(blockCount / local size), tokens).
//
// variant: lanes LANES_ORDER=1
// variant: rows LANES_ORDER=0

layout(constant_id = 0) const int FORMAT = 0;
layout(local_size_x_id = 1) in;

#include "weights_lanes.glsl"

#if LANES_ORDER
layout(binding = 0, rgba32ui) uniform readonly restrict uimageBuffer weightQuads;
layout(binding = 1, rgba32ui) uniform readonly restrict uimageBuffer weightWords;
#else
layout(binding = 0) readonly restrict buffer WeightQuads { uvec4 weightQuads[]; };
layout(binding = 1) readonly restrict buffer WeightWords { uint weightWords[]; };
#endif
layout(binding = 2) readonly restrict buffer Tokens { uint tokens[]; };         // [token] index into the vocabulary
layout(binding = 3) readonly restrict buffer StepCounts { uint stepCounts[]; };
layout(binding = 4) writeonly restrict buffer Output { float outputs[]; };      // [token][outputStride]

layout(push_constant) uniform Push {
    uint countSlot;    // which of stepCounts is the number of tokens
    uint firstRow;     // of the table, in the bound range; a multiple of 32
    uint rowCount;     // rows in the bound range
    uint blockCount;   // columns / 32, rounded up
    uint columnCount;
    uint outputStride; // floats from a token's output to the next
    float factor;      // of every value
} push;

uvec4 loadQuad(int row, int block, int quad) {
#if LANES_ORDER
    int blockBase = (row / BAND_ROWS * int(push.blockCount) + block) * BLOCK_QUADS + quad;
    return imageLoad(weightQuads, blockBase * BAND_ROWS + row % BAND_ROWS);
#else
    return weightQuads[((row / LANES * int(push.blockCount) + block) * BLOCK_QUADS + quad) * LANES + row % LANES];
#endif
}

uint loadWord(int row, int block, int word) {
#if LANES_ORDER
    int blockBase = (row / BAND_ROWS * int(push.blockCount) + block) * BLOCK_WORDS + word;
    return imageLoad(weightWords, blockBase * LANES + row % LANES)[row / LANES % BAND_GROUPS];
#else
    return weightWords[((row / LANES * int(push.blockCount) + block) * BLOCK_WORDS + word) * LANES + row % LANES];
#endif
}

// Scale and offset of a piece of the block.
vec2 loadScaleAndOffset(int row, int block, int piece, uint words[MAX_PIECE_WORDS]) {
#if !LANES_ORDER
    // The one difference within a block: lone scales are 16 bits, two blocks to a word.
    if (HAS_LONE_SCALE) {
        int pairCount = (int(push.blockCount) + 1) / 2;
        uint word = weightWords[(row / LANES * pairCount + block / 2) * LANES + row % LANES];
        vec2 scales = FORMAT == FORMAT_FP4 ? uintBitsToFloat(uvec2(word << 16, word & 0xffff0000u)) : unpackHalf2x16(word);
        float offset = IS_CODEBOOK ? 0.0 : FORMAT == FORMAT_Q4 ? -8.0 : -128.0;
        return (block % 2 == 0 ? scales.x : scales.y) * vec2(1.0, offset);
    }
#endif
    uint codes = FORMAT == FORMAT_Q3 ? words[Q3_CODES] : loadWord(row, block, BLOCK_WORDS - 1);
    if (FORMAT != FORMAT_Q2) return lanesScaleAndOffset(codes, piece);
    uint neighbour = loadWord(row, block ^ 1, BLOCK_WORDS - 1);
    return q2ScaleAndMinimum(codes, q2SharedPair(codes, neighbour, block), piece);
}

float lanesCodebookEntry(uint field) {
    return codebookEntry(field);
}

void main() {
    int block = int(gl_GlobalInvocationID.x);
    int token = int(gl_WorkGroupID.y);
    if (block >= int(push.blockCount) || token >= int(stepCounts[push.countSlot])) return;
    int row = int(tokens[token] - push.firstRow);
    if (tokens[token] < push.firstRow || row >= int(push.rowCount)) return;

    uint words[MAX_PIECE_WORDS];
    [[unroll]] for (int piece = 0; piece < BLOCK_PIECES; piece++) {
        if (piece == 0 || !HAS_SCALE_PER_HALF) {
            if (BLOCK_QUADS > 0) {
                uvec4 quad = loadQuad(row, block, piece);
                [[unroll]] for (int i = 0; i < 4; i++) words[i] = quad[i];
            }
            [[unroll]] for (int i = QUAD_WORDS; i < PIECE_WORDS; i++) words[i] = loadWord(row, block, i - QUAD_WORDS);
        }
        vec2 scaleAndOffset = IS_QUANTISED ? loadScaleAndOffset(row, block, piece, words) : vec2(1.0, 0.0);
        [[unroll]] for (int i = 0; i < PIECE_COLUMNS; i++) {
            int blockColumn = piece * PIECE_COLUMNS + i;
            float field = lanesField(words, piece, i) * lanesFieldScale(blockColumn);
            uint column = uint(block * BLOCK_COLUMNS + blockColumn);
            if (column < push.columnCount) {
                outputs[uint(token) * push.outputStride + column] = (field * scaleAndOffset.x + scaleAndOffset.y) * push.factor;
            }
        }
    }
}
