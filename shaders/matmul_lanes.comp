#version 460
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_control_flow_attributes : require
#extension GL_KHR_shader_subgroup_basic : require
#extension GL_KHR_shader_subgroup_shuffle : require

// output[token][row] = sum over columns of weight[row][column] * input[token][column], for devices of type CPU with
// subgroups of 8: a row a lane. One workgroup is one subgroup: ROW_GROUPS groups of 8 rows for TOKEN_TILE tokens.
// Dispatch (ceil(groupCount / ROW_GROUPS), ceil(tokens / TOKEN_TILE)); workgroups past the token count do nothing.
// The order of additions over columns is the same for every ROW_GROUPS and TOKEN_TILE.
// All loops but the one over blocks are unrolled by the driver, after specialisation.

layout(local_size_x = 8) in;

layout(constant_id = 0) const int FORMAT = 0;
layout(constant_id = 1) const int ROW_GROUPS = 8; // a multiple of 4
layout(constant_id = 2) const int TOKEN_TILE = 1;
// x is multiplied by gain[column] and the result by rsqrt(mean of x squared + epsilon).
layout(constant_id = 3) const bool NORM = false;
// Row groups alternate between gate and up rows; activation(gate) * up is stored, half as many rows as there are weights'.
layout(constant_id = 4) const bool GATED = false;
layout(constant_id = 5) const bool BIAS = false;
// The result is added to what the output holds.
layout(constant_id = 6) const bool RESIDUAL = false;
// Token t reads the input row inputRows[t].
layout(constant_id = 7) const bool GATHER = false;
// The gate's activation is GELU, not silu. Numbered as in matmul_rows.
layout(constant_id = 9) const bool GELU = false;
// The result x becomes softCap * tanh(x / softCap).
layout(constant_id = 10) const bool SOFT_CAP = false;

#include "weights_lanes.glsl"

layout(binding = 0, rgba32ui) uniform readonly restrict uimageBuffer weightQuads;
layout(binding = 1, rgba32ui) uniform readonly restrict uimageBuffer weightWords;
layout(binding = 2, rgba32f) uniform readonly restrict imageBuffer inputQuads; // [input row][column / 4]
layout(binding = 3, rgba32f) uniform readonly restrict imageBuffer gainQuads;  // [column / 4], padded with zeros
layout(binding = 4, r32f) uniform readonly restrict imageBuffer bias;          // [row], as in the weights
layout(binding = 5) readonly restrict buffer StepCounts { uint stepCounts[]; };
layout(binding = 6) readonly restrict buffer InputRows { uint inputRows[]; };  // [token]
layout(binding = 7) restrict buffer Output { float outputs[]; };               // [token][outputStride]

layout(push_constant) uniform Push {
    uint countSlot;        // which of stepCounts is the number of tokens
    uint groupCount;       // groups of 8 rows in the bound weights
    uint blockCount;       // columns / 32, rounded up
    uint columnCount;      // columns before padding, for the mean
    uint inputQuadStride;  // quads from an input row to the next
    uint outputStride;     // floats from a token's output to the next
    uint outputFirstRow;   // where the first stored row goes within a token's output
    uint outputRowCount;   // rows to store, before padding
    float epsilon;
    float softCap;         // where SOFT_CAP
} push;

const int BANDS = ROW_GROUPS / BAND_GROUPS;
const bool HAS_OFFSET = IS_QUANTISED && !IS_CODEBOOK;
const int ROWS_IN_FLIGHT = ROW_GROUPS * TOKEN_TILE;

// The table of a codebook, of which each of the eight lanes has two entries: a look-up is two permutations of a register.
float lowEntry, highEntry;

float lanesCodebookEntry(uint field) {
    float low = subgroupShuffle(lowEntry, field & 7u);
    float high = subgroupShuffle(highEntry, field & 7u);
    return (field & 8u) == 0u ? low : high;
}

// Of a gate: silu, or GELU in its tanh form, x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 x^3))), which is x times a sigmoid as well.
float activate(float x) {
    float steepness = GELU ? 1.5957691216 * (x + 0.044715 * x * x * x) : x;
    return x / (1.0 + exp(-steepness));
}

// softCap * tanh(x / softCap), written so that no intermediate overflows into a NaN.
float capped(float x) {
    return push.softCap - 2.0 * push.softCap / (exp(2.0 * x / push.softCap) + 1.0);
}

void store(int token, int tokenCount, int group, float value) {
    uint row = uint(group * LANES) + gl_LocalInvocationID.x;
    if (token < tokenCount && row < push.outputRowCount) {
        uint place = uint(token) * push.outputStride + push.outputFirstRow + row;
        outputs[place] = RESIDUAL ? outputs[place] + value : value;
    }
}

// The last word of a block, of the four rows that this lane has in a band.
uvec4 loadScales(int block, int lane) {
    return FORMAT == FORMAT_Q3 ? uvec4(0u) : imageLoad(weightWords, (block * BLOCK_WORDS + BLOCK_WORDS - 1) * LANES + lane);
}

void main() {
    int tokenCount = int(stepCounts[push.countSlot]);
    int firstToken = int(gl_WorkGroupID.y) * TOKEN_TILE;
    // No early return: it would put the whole body under a mask.
    int blockCount = firstToken < tokenCount ? int(push.blockCount) : 0;
    int lane = int(gl_LocalInvocationID.x);
    int firstGroup = int(gl_WorkGroupID.x) * ROW_GROUPS;

    int weightBase[BANDS];
    [[unroll]] for (int band = 0; band < BANDS; band++) {
        weightBase[band] = min(firstGroup + band * BAND_GROUPS, int(push.groupCount) - 1) / BAND_GROUPS * int(push.blockCount);
    }
    int inputBase[TOKEN_TILE];
    float squares[TOKEN_TILE];
    [[unroll]] for (int t = 0; t < TOKEN_TILE; t++) {
        int token = max(min(firstToken + t, tokenCount - 1), 0);
        inputBase[t] = (GATHER ? int(inputRows[token]) : token) * int(push.inputQuadStride) + lane;
        squares[t] = 0.0;
    }
    vec4 fieldScale = vec4(lanesFieldScale(4 * lane), lanesFieldScale(4 * lane + 1),
        lanesFieldScale(4 * lane + 2), lanesFieldScale(4 * lane + 3));

    lowEntry = IS_CODEBOOK ? codebookEntry(uint(lane)) : 0.0;
    highEntry = IS_CODEBOOK ? codebookEntry(uint(lane) + 8u) : 0.0;

    precise float total[ROWS_IN_FLIGHT];
    [[unroll]] for (int i = 0; i < ROWS_IN_FLIGHT; i++) total[i] = 0.0;

    [[dont_unroll]] for (int block = 0; block < blockCount; block++) {
        vec4 x[TOKEN_TILE];
        float sums[TOKEN_TILE]; // of the piece this lane's columns belong to
        [[unroll]] for (int t = 0; t < TOKEN_TILE; t++) {
            vec4 value = imageLoad(inputQuads, inputBase[t] + block * 8);
            if (NORM) {
                squares[t] += dot(value, value);
                value *= imageLoad(gainQuads, block * 8 + lane);
            }
            if (HAS_OFFSET) {
                float sum = value.x + value.y + value.z + value.w;
                sum += subgroupShuffleXor(sum, 1u);
                sum += subgroupShuffleXor(sum, 2u);
                if (!HAS_SCALE_PER_HALF) sum += subgroupShuffleXor(sum, 4u);
                sums[t] = sum;
            }
            x[t] = value * fieldScale;
        }

        uint words[ROW_GROUPS][MAX_PIECE_WORDS];
        precise float partial[ROWS_IN_FLIGHT];
        [[unroll]] for (int piece = 0; piece < BLOCK_PIECES; piece++) {
            if (piece == 0 || !HAS_SCALE_PER_HALF) {
                [[unroll]] for (int band = 0; band < BANDS; band++) {
                    int blockBase = weightBase[band] + block;
                    [[unroll]] for (int r = 0; r < BAND_GROUPS; r++) {
                        if (BLOCK_QUADS == 0) continue;
                        uvec4 quad = imageLoad(weightQuads, ((blockBase * BLOCK_QUADS + piece) * BAND_GROUPS + r) * LANES + lane);
                        [[unroll]] for (int i = 0; i < 4; i++) words[band * BAND_GROUPS + r][i] = quad[i];
                    }
                    [[unroll]] for (int i = QUAD_WORDS; i < PIECE_WORDS; i++) {
                        uvec4 word = imageLoad(weightWords, (blockBase * BLOCK_WORDS + i - QUAD_WORDS) * LANES + lane);
                        [[unroll]] for (int r = 0; r < BAND_GROUPS; r++) words[band * BAND_GROUPS + r][i] = word[r];
                    }
                }
            }
            if (IS_QUANTISED && (piece == 0 || HAS_SCALE_PER_HALF)) {
                [[unroll]] for (int i = 0; i < ROWS_IN_FLIGHT; i++) partial[i] = 0.0;
            }

            [[unroll]] for (int column = 0; column < PIECE_COLUMNS; column++) {
                int blockColumn = piece * PIECE_COLUMNS + column;
                float field[ROW_GROUPS];
                [[unroll]] for (int r = 0; r < ROW_GROUPS; r++) field[r] = lanesField(words[r], piece, column);
                [[unroll]] for (int t = 0; t < TOKEN_TILE; t++) {
                    float value = subgroupShuffle(x[t][blockColumn % 4], uint(blockColumn / 4));
                    [[unroll]] for (int r = 0; r < ROW_GROUPS; r++) {
                        if (IS_QUANTISED) partial[t * ROW_GROUPS + r] += field[r] * value;
                        else total[t * ROW_GROUPS + r] += field[r] * value;
                    }
                }
            }

            if (IS_QUANTISED && (piece == BLOCK_PIECES - 1 || HAS_SCALE_PER_HALF)) {
                float sum[TOKEN_TILE];
                [[unroll]] for (int t = 0; t < TOKEN_TILE; t++) {
                    sum[t] = HAS_SCALE_PER_HALF ? subgroupShuffle(sums[t], uint(4 * piece)) : sums[t];
                }
                [[unroll]] for (int band = 0; band < BANDS; band++) {
                    uvec4 scales = loadScales(weightBase[band] + block, lane), neighbours = uvec4(0u);
                    if (FORMAT == FORMAT_Q2) neighbours = loadScales(weightBase[band] + (block ^ 1), lane);
                    [[unroll]] for (int r = 0; r < BAND_GROUPS; r++) {
                        if (FORMAT == FORMAT_Q3) scales[r] = words[band * BAND_GROUPS + r][Q3_CODES];
                        vec2 scaleAndOffset = FORMAT == FORMAT_Q2
                            ? q2ScaleAndMinimum(scales[r], q2SharedPair(scales[r], neighbours[r], block), piece)
                            : lanesScaleAndOffset(scales[r], piece);
                        [[unroll]] for (int t = 0; t < TOKEN_TILE; t++) {
                            int i = t * ROW_GROUPS + band * BAND_GROUPS + r;
                            if (HAS_OFFSET) total[i] += scaleAndOffset.x * partial[i] + scaleAndOffset.y * sum[t];
                            else total[i] += scaleAndOffset.x * partial[i];
                        }
                    }
                }
            }
        }
    }

    [[unroll]] for (int t = 0; t < TOKEN_TILE; t++) {
        float normScale = 1.0;
        if (NORM) {
            float sum = squares[t];
            sum += subgroupShuffleXor(sum, 1u);
            sum += subgroupShuffleXor(sum, 2u);
            sum += subgroupShuffleXor(sum, 4u);
            normScale = inversesqrt(sum / float(push.columnCount) + push.epsilon);
        }
        float result[ROW_GROUPS];
        [[unroll]] for (int r = 0; r < ROW_GROUPS; r++) {
            result[r] = total[t * ROW_GROUPS + r];
            if (NORM) result[r] *= normScale;
            if (BIAS) result[r] += imageLoad(bias, (firstGroup + r) * LANES + lane).x;
            if (SOFT_CAP) result[r] = capped(result[r]);
        }
        if (GATED) {
            [[unroll]] for (int r = 0; r < ROW_GROUPS; r += 2) {
                store(firstToken + t, tokenCount, (firstGroup + r) / 2, activate(result[r]) * result[(r + 1) % ROW_GROUPS]);
            }
        } else {
            [[unroll]] for (int r = 0; r < ROW_GROUPS; r++) store(firstToken + t, tokenCount, firstGroup + r, result[r]);
        }
    }
}
