#version 460
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_control_flow_attributes : require
#extension GL_KHR_shader_subgroup_basic : require

// output[token][row] = sum over columns of weight[row][column] * input[token][column], for GPUs of any subgroup size.
// A workgroup computes ROW_GROUPS groups of 8 rows for TOKEN_TILE tokens. Eight neighbouring invocations are the eight rows
// of a group; the workgroup's eights share the blocks of 32 columns among them and are summed in order at the end. x passes through
// shared memory, since eight invocations reading the same value from a buffer cost far more than the arithmetic on it.
// Dispatch (ceil(groupCount / ROW_GROUPS), ceil(tokens / TOKEN_TILE)); workgroups past the token count do nothing.
// The order of additions depends on the columns and the workgroup's size only: neither ROW_GROUPS nor TOKEN_TILE changes a bit.
// A build for each weight format, since a format decides what is held in registers.
//
// variant: q4 FORMAT=0
// variant: q4m FORMAT=1
// variant: q5m FORMAT=2
// variant: q6 FORMAT=3
// variant: q8 FORMAT=4
// variant: q2 FORMAT=5
// variant: q3 FORMAT=6
// variant: nl4 FORMAT=7 HAS_CODEBOOK=1
// variant: fp4 FORMAT=8 HAS_CODEBOOK=1
// variant: f16 FORMAT=9
// variant: bf16 FORMAT=10
// variant: f32 FORMAT=11

layout(constant_id = 1) const int ROW_GROUPS = 1;
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
layout(local_size_x_id = 8) in; // a multiple of 8 that subgroups fill; at most 2048 / TOKEN_TILE, half of that with a codebook
// The gate's activation is GELU, not silu.
layout(constant_id = 9) const bool GELU = false;
// The result x becomes softCap * tanh(x / softCap).
layout(constant_id = 10) const bool SOFT_CAP = false;

#include "weights_rows.glsl"

layout(binding = 0) readonly restrict buffer WeightQuads { uvec4 weightQuads[]; };
layout(binding = 1) readonly restrict buffer WeightWords { uint weightWords[]; };
layout(binding = 2) readonly restrict buffer InputQuads { vec4 inputQuads[]; }; // [input row][column / 4], padded with zeros
layout(binding = 3) readonly restrict buffer GainQuads { vec4 gainQuads[]; };   // [column / 4], padded with zeros
layout(binding = 4) readonly restrict buffer Bias { float bias[]; };            // [row], as in the weights
layout(binding = 5) readonly restrict buffer StepCounts { uint stepCounts[]; };
layout(binding = 6) readonly restrict buffer InputRows { uint inputRows[]; };   // [token]
layout(binding = 7) restrict buffer Output { float outputs[]; };                // [token][outputStride]

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

const int GROUP_ROWS = 8;
const int BLOCK_COLUMN_QUADS = 8;
const int LOCAL_SIZE = int(gl_WorkGroupSize.x);
const int BLOCK_LANES = LOCAL_SIZE / GROUP_ROWS;
// Tokens that are summed up together at the end: as many as 24 KiB of shared memory hold.
const int SUM_ROOM = 6144 / (LOCAL_SIZE * (ROW_GROUPS + 1));
const int SUM_TILE = TOKEN_TILE % 4 == 0 && SUM_ROOM >= 4 ? 4 : TOKEN_TILE % 2 == 0 && SUM_ROOM >= 2 ? 2 : 1;
const int SUMS = ROW_GROUPS * SUM_TILE;
// With few tokens there are registers for the next block's weights, and for its x.
const int AHEAD_COST = IS_QUANTISED ? BLOCK_QUADS + HELD_WORDS : 100;
const bool LOADS_WEIGHTS_AHEAD = TOKEN_TILE * AHEAD_COST <= 16;
const bool LOADS_INPUT_AHEAD = TOKEN_TILE <= 2;

// Shared memory holds x while the sums are made, [token][invocation], and the sums afterwards, as single floats:
// SUMS * LOCAL_SIZE partial sums, SUM_TILE * LOCAL_SIZE partial squares, SUM_TILE * GROUP_ROWS sums of squares.
const int INPUT_QUADS = TOKEN_TILE * LOCAL_SIZE;
const int FIRST_SQUARE = SUMS * LOCAL_SIZE;
const int FIRST_SQUARE_SUM = FIRST_SQUARE + SUM_TILE * LOCAL_SIZE;
const int SUM_QUADS = (FIRST_SQUARE_SUM + SUM_TILE * GROUP_ROWS) / 4;
shared vec4 pool[INPUT_QUADS > SUM_QUADS ? INPUT_QUADS : SUM_QUADS];

float pooled(int i) {
    return pool[i >> 2][i & 3];
}

void setPooled(int i, float value) {
    pool[i >> 2][i & 3] = value;
}

Block loadBlock(int row, int block) {
    Block result;
    int place = row / GROUP_ROWS * int(push.blockCount) + block;
    [[unroll]] for (int i = 0; i < BLOCK_QUADS; i++) {
        result.quads[i] = weightQuads[(place * BLOCK_QUADS + i) * GROUP_ROWS + row % GROUP_ROWS];
    }
    [[unroll]] for (int i = 0; i < BLOCK_WORDS; i++) {
        int wordPlace = HAS_LONE_SCALE ? row / GROUP_ROWS * ((int(push.blockCount) + 1) / 2) + block / 2 : place * BLOCK_WORDS + i;
        result.words[i] = weightWords[wordPlace * GROUP_ROWS + row % GROUP_ROWS];
    }
    if (BLOCK_WORDS == 0) result.words[0] = 0u;
    if (FORMAT == FORMAT_Q2) {
        int neighbour = place + (block ^ 1) - block;
        uint codes = weightWords[(neighbour * BLOCK_WORDS + BLOCK_WORDS - 1) * GROUP_ROWS + row % GROUP_ROWS];
        result.words[HELD_WORDS - 1] = q2SharedPair(result.words[max(BLOCK_WORDS, 1) - 1], codes, block);
    }
    return result;
}

// The eighth of a block's x that this invocation fetches.
vec4 ownInput(int base, int block) {
    return inputQuads[base + block * BLOCK_COLUMN_QUADS + int(gl_LocalInvocationIndex) % GROUP_ROWS];
}

// What an invocation has put into shared memory is there for the other seven of its eight, which are in the same subgroup.
void exchange() {
    subgroupMemoryBarrierShared();
    subgroupBarrier();
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

// One row of one token, from its partial sums.
float finish(int sum, int row, int groupInWeights, float normScale) {
    precise float total = 0.0;
    for (int lane = 0; lane < BLOCK_LANES; lane++) total += pooled(sum * LOCAL_SIZE + lane * GROUP_ROWS + row);
    if (NORM) total *= normScale;
    if (BIAS) total += bias[groupInWeights * GROUP_ROWS + row];
    if (SOFT_CAP) total = capped(total);
    return total;
}

float normScaleOf(int token) {
    if (!NORM) return 1.0;
    precise float squares = 0.0;
    [[unroll]] for (int i = 0; i < GROUP_ROWS; i++) squares += pooled(FIRST_SQUARE_SUM + token * GROUP_ROWS + i);
    return inversesqrt(squares / float(push.columnCount) + push.epsilon);
}

// Stores the rows of SUM_TILE tokens, from what the invocations have left in shared memory.
void storeTokens(int firstGroup, int firstToken, int tokenCount) {
    int lane = int(gl_LocalInvocationIndex);
    if (NORM) {
        for (int i = lane; i < SUM_TILE * GROUP_ROWS; i += LOCAL_SIZE) {
            precise float squares = 0.0;
            for (int k = 0; k < BLOCK_LANES; k++) {
                squares += pooled(FIRST_SQUARE + i / GROUP_ROWS * LOCAL_SIZE + k * GROUP_ROWS + i % GROUP_ROWS);
            }
            setPooled(FIRST_SQUARE_SUM + i, squares);
        }
        barrier();
    }
    const int ROWS_PER_STORE = GATED ? 2 : 1;
    const int STORE_GROUPS = ROW_GROUPS / ROWS_PER_STORE;
    for (int i = lane; i < SUM_TILE * STORE_GROUPS * GROUP_ROWS; i += LOCAL_SIZE) {
        int row = i % GROUP_ROWS;
        int group = i / GROUP_ROWS % STORE_GROUPS;
        int token = i / (GROUP_ROWS * STORE_GROUPS);
        uint outputRow = uint((firstGroup / ROWS_PER_STORE + group) * GROUP_ROWS + row);
        if (firstToken + token >= tokenCount || outputRow >= push.outputRowCount) continue;
        float normScale = normScaleOf(token);
        int sum = token * ROW_GROUPS + group * ROWS_PER_STORE;
        int weightGroup = firstGroup + group * ROWS_PER_STORE;
        precise float value = finish(sum, row, weightGroup, normScale);
        if (GATED) value = activate(value) * finish(sum + 1, row, weightGroup + 1, normScale);
        uint place = uint(firstToken + token) * push.outputStride + push.outputFirstRow + outputRow;
        outputs[place] = RESIDUAL ? outputs[place] + value : value;
    }
}

void main() {
    // Workgroups that run side by side share weights rather than tokens.
    uint workgroup = gl_WorkGroupID.y * gl_NumWorkGroups.x + gl_WorkGroupID.x;
    int firstToken = int(workgroup % gl_NumWorkGroups.y) * TOKEN_TILE;
    int firstGroup = int(workgroup / gl_NumWorkGroups.y) * ROW_GROUPS;
    int tokenCount = int(stepCounts[push.countSlot]);
    if (firstToken >= tokenCount) return;

    int lane = int(gl_LocalInvocationIndex);
#if HAS_CODEBOOK
    for (int i = lane; i < 16; i += LOCAL_SIZE) codebook[i] = codebookEntry(uint(i));
    barrier();
#endif
    int rowLane = lane % GROUP_ROWS;
    int blockCount = int(push.blockCount);

    int weightRow[ROW_GROUPS];
    [[unroll]] for (int r = 0; r < ROW_GROUPS; r++) {
        weightRow[r] = min(firstGroup + r, int(push.groupCount) - 1) * GROUP_ROWS + rowLane;
    }
    int inputBase[TOKEN_TILE];
    precise float squares[TOKEN_TILE];
    [[unroll]] for (int t = 0; t < TOKEN_TILE; t++) {
        int token = min(firstToken + t, tokenCount - 1);
        inputBase[t] = (GATHER ? int(inputRows[token]) : token) * int(push.inputQuadStride);
        squares[t] = 0.0;
    }
    precise float total[TOKEN_TILE * ROW_GROUPS];
    [[unroll]] for (int i = 0; i < TOKEN_TILE * ROW_GROUPS; i++) total[i] = 0.0;

    Block next[ROW_GROUPS];
    vec4 nextInput[TOKEN_TILE];
    int nextBlock = min(lane / GROUP_ROWS, blockCount - 1);
    [[unroll]] for (int r = 0; r < ROW_GROUPS; r++) if (LOADS_WEIGHTS_AHEAD) next[r] = loadBlock(weightRow[r], nextBlock);
    [[unroll]] for (int t = 0; t < TOKEN_TILE; t++) if (LOADS_INPUT_AHEAD) nextInput[t] = ownInput(inputBase[t], nextBlock);

    // All invocations go round equally often: those past the last block work on zeros.
    for (int first = 0; first < blockCount; first += BLOCK_LANES) {
        int block = first + lane / GROUP_ROWS;
        int thisBlock = min(block, blockCount - 1);
        nextBlock = min(block + BLOCK_LANES, blockCount - 1);
        Block current[ROW_GROUPS];
        [[unroll]] for (int r = 0; r < ROW_GROUPS; r++) {
            if (LOADS_WEIGHTS_AHEAD) {
                current[r] = next[r];
                next[r] = loadBlock(weightRow[r], nextBlock);
            } else {
                current[r] = loadBlock(weightRow[r], thisBlock);
            }
        }
        // An invocation fetches an eighth of the block's x for the eight that share the block.
        vec4 gain = NORM ? gainQuads[thisBlock * BLOCK_COLUMN_QUADS + rowLane] : vec4(1.0);
        [[unroll]] for (int t = 0; t < TOKEN_TILE; t++) {
            vec4 x = LOADS_INPUT_AHEAD ? nextInput[t] : ownInput(inputBase[t], thisBlock);
            if (LOADS_INPUT_AHEAD) nextInput[t] = ownInput(inputBase[t], nextBlock);
            if (block >= blockCount) x = vec4(0.0);
            if (NORM) {
                [[unroll]] for (int i = 0; i < 4; i++) squares[t] = fma(x[i], x[i], squares[t]);
                x *= gain;
            }
            pool[t * LOCAL_SIZE + lane] = x;
        }
        exchange();
        vec2 scale[ROW_GROUPS];
        [[unroll]] for (int quad = 0; quad < BLOCK_COLUMN_QUADS; quad++) {
            if (IS_QUANTISED && (quad == 0 || HAS_SCALE_PER_HALF && quad == 4)) {
                int part = HAS_LONE_SCALE ? thisBlock % 2 : quad / 4;
                [[unroll]] for (int r = 0; r < ROW_GROUPS; r++) scale[r] = rowsScale(current[r], part);
            }
            vec4 weights[ROW_GROUPS];
            [[unroll]] for (int r = 0; r < ROW_GROUPS; r++) weights[r] = rowsWeights(current[r], quad, scale[r]);
            [[unroll]] for (int t = 0; t < TOKEN_TILE; t++) {
                vec4 x = pool[t * LOCAL_SIZE + lane - rowLane + quad];
                // Rows innermost: an addition does not wait for the one before it.
                [[unroll]] for (int i = 0; i < 4; i++) {
                    [[unroll]] for (int r = 0; r < ROW_GROUPS; r++) {
                        total[t * ROW_GROUPS + r] = fma(weights[r][i], x[i], total[t * ROW_GROUPS + r]);
                    }
                }
            }
        }
        exchange();
    }

    [[dont_unroll]] for (int first = 0; first < TOKEN_TILE; first += SUM_TILE) {
        barrier();
        // Indices are constants on purpose: an array that is indexed by a variable leaves the registers.
        [[unroll]] for (int i = 0; i < TOKEN_TILE * ROW_GROUPS; i++) {
            if (i / SUMS == first / SUM_TILE) setPooled(i % SUMS * LOCAL_SIZE + lane, total[i]);
        }
        if (NORM) {
            [[unroll]] for (int t = 0; t < TOKEN_TILE; t++) {
                if (t / SUM_TILE == first / SUM_TILE) setPooled(FIRST_SQUARE + t % SUM_TILE * LOCAL_SIZE + lane, squares[t]);
            }
        }
        barrier();
        storeTokens(firstGroup, firstToken + first, tokenCount);
    }
}
