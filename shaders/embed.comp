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
layout(binding = 1, r32ui) uniform readonly restrict uimageBuffer weightWords;
#else
layout(binding = 0) readonly restrict buffer WeightQuads { uvec4 weightQuads[]; };
layout(binding = 1) readonly restrict buffer WeightWords { uint weightWords[]; };
#endif
layout(binding = 2) readonly restrict buffer Tokens { uint tokens[]; };         // [token] index into the vocabulary
layout(binding = 3) readonly restrict buffer StepCounts { uint stepCounts[]; };
layout(binding = 4) writeonly restrict buffer Output { float outputs[]; };      // [token][outputStride]

layout(push_constant) uniform Push {
    uint countSlot;    // which of stepCounts is the number of tokens
    uint firstRow;     // of the table, in the bound range; a multiple of 8
    uint rowCount;     // rows in the bound range
    uint blockCount;   // columns / 32, rounded up
    uint columnCount;
    uint outputStride; // floats from a token's output to the next
    float factor;      // of every value
} push;

uvec4 loadQuad(int place) {
#if LANES_ORDER
    return imageLoad(weightQuads, place);
#else
    return weightQuads[place];
#endif
}

uint loadWord(int place) {
#if LANES_ORDER
    return imageLoad(weightWords, place).x;
#else
    return weightWords[place];
#endif
}

// Scale and offset of a piece of the block.
vec2 loadScaleAndOffset(int group, int block, int lane, int piece) {
#if !LANES_ORDER
    // The one difference within a block: scales without an offset are f16, two blocks to a word.
    if (FORMAT == FORMAT_Q4 || FORMAT == FORMAT_Q8) {
        int pairCount = (int(push.blockCount) + 1) / 2;
        vec2 scales = unpackHalf2x16(loadWord((group * pairCount + block / 2) * LANES + lane));
        return (block % 2 == 0 ? scales.x : scales.y) * vec2(1.0, FORMAT == FORMAT_Q4 ? -8.0 : -128.0);
    }
#endif
    int place = ((group * int(push.blockCount) + block) * BLOCK_WORDS + BLOCK_WORDS - 1) * LANES + lane;
    return lanesScaleAndOffset(loadWord(place), piece);
}

void main() {
    int block = int(gl_GlobalInvocationID.x);
    int token = int(gl_WorkGroupID.y);
    if (block >= int(push.blockCount) || token >= int(stepCounts[push.countSlot])) return;
    int row = int(tokens[token] - push.firstRow);
    if (tokens[token] < push.firstRow || row >= int(push.rowCount)) return;
    int group = row / LANES;
    int lane = row % LANES;
    int firstQuad = (group * int(push.blockCount) + block) * BLOCK_QUADS;
    int firstWord = (group * int(push.blockCount) + block) * BLOCK_WORDS;

    uint words[MAX_PIECE_WORDS];
    [[unroll]] for (int piece = 0; piece < BLOCK_PIECES; piece++) {
        if (piece == 0 || !HAS_SCALE_PER_PIECE) {
            uvec4 quad = loadQuad((firstQuad + piece) * LANES + lane);
            [[unroll]] for (int i = 0; i < 4; i++) words[i] = quad[i];
            [[unroll]] for (int i = 4; i < PIECE_WORDS; i++) words[i] = loadWord((firstWord + i - 4) * LANES + lane);
        }
        vec2 scaleAndOffset = IS_QUANTISED ? loadScaleAndOffset(group, block, lane, piece) : vec2(1.0, 0.0);
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
