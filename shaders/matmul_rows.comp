#version 460
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_control_flow_attributes : require

// output[token][row] = sum over columns of weight[row][column] * input[token][column], for GPUs of any subgroup size.
// A workgroup computes ROW_GROUPS groups of 8 rows for TOKEN_TILE tokens. Eight neighbouring invocations are the eight rows
// of a group; the workgroup's eights share the blocks of 32 columns among them and are summed in order at the end.
// Dispatch (ceil(groupCount / ROW_GROUPS), ceil(tokens / TOKEN_TILE)); workgroups past the token count do nothing.
// The order of additions depends on the columns and the workgroup's size only: neither ROW_GROUPS nor TOKEN_TILE changes a bit.
// A build for each weight format, since a format decides what is held in registers.
//
// variant: q4 FORMAT=0
// variant: q4m FORMAT=1
// variant: q5m FORMAT=2
// variant: q6 FORMAT=3
// variant: q8 FORMAT=4
// variant: f16 FORMAT=5
// variant: bf16 FORMAT=6
// variant: f32 FORMAT=7

layout(constant_id = 1) const int ROW_GROUPS = 1;
layout(constant_id = 2) const int TOKEN_TILE = 1;
// x is multiplied by gain[column] and the result by rsqrt(mean of x squared + epsilon).
layout(constant_id = 3) const bool NORM = false;
// Row groups alternate between gate and up rows; silu(gate) * up is stored, half as many rows as there are weights'.
layout(constant_id = 4) const bool SWIGLU = false;
layout(constant_id = 5) const bool BIAS = false;
// The result is added to what the output holds.
layout(constant_id = 6) const bool RESIDUAL = false;
// Token t reads the input row inputRows[t].
layout(constant_id = 7) const bool GATHER = false;
layout(local_size_x_id = 8) in;

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
} push;

const int GROUP_ROWS = 8;
const int BLOCK_COLUMN_QUADS = 8;
const int LOCAL_SIZE = int(gl_WorkGroupSize.x);
const int BLOCK_LANES = LOCAL_SIZE / GROUP_ROWS;
// Tokens that are summed up together, so that the shared memory stays small.
const int SUM_TILE = TOKEN_TILE < 4 ? TOKEN_TILE : 4;
const int SUMS = ROW_GROUPS * SUM_TILE;

shared float partialSums[SUMS * LOCAL_SIZE];       // [token of the sum tile][row group][invocation]
shared float partialSquares[SUM_TILE * LOCAL_SIZE]; // [token of the sum tile][invocation]
shared float squareSums[SUM_TILE * GROUP_ROWS];

Block loadBlock(int row, int block) {
    Block result;
    int place = row / GROUP_ROWS * int(push.blockCount) + block;
    [[unroll]] for (int i = 0; i < BLOCK_QUADS; i++) {
        result.quads[i] = weightQuads[(place * BLOCK_QUADS + i) * GROUP_ROWS + row % GROUP_ROWS];
    }
    [[unroll]] for (int i = 0; i < BLOCK_WORDS; i++) {
        if (!IS_QUANTISED) {
            result.words[i] = 0u;
        } else {
            int wordPlace = HAS_SHARED_WORDS
                ? row / GROUP_ROWS * ((int(push.blockCount) + 1) / 2) + block / 2
                : place * BLOCK_WORDS + i;
            result.words[i] = weightWords[wordPlace * GROUP_ROWS + row % GROUP_ROWS];
        }
    }
    return result;
}

float silu(float x) {
    return x / (1.0 + exp(-x));
}

// One row of one token, from its partial sums.
float finish(int sum, int row, int groupInWeights, float normScale) {
    precise float total = 0.0;
    for (int lane = 0; lane < BLOCK_LANES; lane++) total += partialSums[sum * LOCAL_SIZE + lane * GROUP_ROWS + row];
    if (NORM) total *= normScale;
    if (BIAS) total += bias[groupInWeights * GROUP_ROWS + row];
    return total;
}

float normScaleOf(int token) {
    if (!NORM) return 1.0;
    precise float squares = 0.0;
    [[unroll]] for (int i = 0; i < GROUP_ROWS; i++) squares += squareSums[token * GROUP_ROWS + i];
    return inversesqrt(squares / float(push.columnCount) + push.epsilon);
}

// Stores the rows of SUM_TILE tokens, from what the invocations have left in shared memory.
void storeTokens(int firstGroup, int firstToken, int tokenCount) {
    int lane = int(gl_LocalInvocationIndex);
    if (NORM) {
        for (int i = lane; i < SUM_TILE * GROUP_ROWS; i += LOCAL_SIZE) {
            precise float squares = 0.0;
            for (int k = 0; k < BLOCK_LANES; k++) {
                squares += partialSquares[i / GROUP_ROWS * LOCAL_SIZE + k * GROUP_ROWS + i % GROUP_ROWS];
            }
            squareSums[i] = squares;
        }
        barrier();
    }
    const int ROWS_PER_STORE = SWIGLU ? 2 : 1;
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
        if (SWIGLU) value = silu(value) * finish(sum + 1, row, weightGroup + 1, normScale);
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

    // A quantised block is small enough for the next one to be on its way while this one is worked on.
    Block next[ROW_GROUPS];
    if (IS_QUANTISED) {
        int firstBlock = min(lane / GROUP_ROWS, blockCount - 1);
        [[unroll]] for (int r = 0; r < ROW_GROUPS; r++) next[r] = loadBlock(weightRow[r], firstBlock);
    }

    for (int block = lane / GROUP_ROWS; block < blockCount; block += BLOCK_LANES) {
        Block current[ROW_GROUPS];
        int nextBlock = min(block + BLOCK_LANES, blockCount - 1);
        [[unroll]] for (int r = 0; r < ROW_GROUPS; r++) {
            if (IS_QUANTISED) {
                current[r] = next[r];
                next[r] = loadBlock(weightRow[r], nextBlock);
            } else {
                current[r] = loadBlock(weightRow[r], block);
            }
        }
        if (NORM) {
            [[unroll]] for (int t = 0; t < TOKEN_TILE; t++) {
                vec4 x = inputQuads[inputBase[t] + block * BLOCK_COLUMN_QUADS + rowLane];
                [[unroll]] for (int i = 0; i < 4; i++) squares[t] = fma(x[i], x[i], squares[t]);
            }
        }
        vec2 scale[ROW_GROUPS];
        [[unroll]] for (int quad = 0; quad < BLOCK_COLUMN_QUADS; quad++) {
            if (IS_QUANTISED && (quad == 0 || FORMAT == FORMAT_Q6 && quad == 4)) {
                [[unroll]] for (int r = 0; r < ROW_GROUPS; r++) scale[r] = rowsScale(current[r], HAS_SHARED_WORDS ? block % 2 : quad / 4);
            }
            vec4 gain = NORM ? gainQuads[block * BLOCK_COLUMN_QUADS + quad] : vec4(1.0);
            vec4 x[TOKEN_TILE];
            [[unroll]] for (int t = 0; t < TOKEN_TILE; t++) {
                x[t] = inputQuads[inputBase[t] + block * BLOCK_COLUMN_QUADS + quad];
                if (NORM) x[t] *= gain;
            }
            [[unroll]] for (int r = 0; r < ROW_GROUPS; r++) {
                vec4 weights = rowsWeights(current[r], quad, scale[r]);
                [[unroll]] for (int t = 0; t < TOKEN_TILE; t++) {
                    [[unroll]] for (int i = 0; i < 4; i++) {
                        total[t * ROW_GROUPS + r] = fma(weights[i], x[t][i], total[t * ROW_GROUPS + r]);
                    }
                }
            }
        }
    }

    [[dont_unroll]] for (int first = 0; first < TOKEN_TILE; first += SUM_TILE) {
        if (first > 0) barrier();
        // Indices are constants on purpose: an array that is indexed by a variable leaves the registers.
        [[unroll]] for (int i = 0; i < TOKEN_TILE * ROW_GROUPS; i++) {
            if (i / SUMS == first / SUM_TILE) partialSums[i % SUMS * LOCAL_SIZE + lane] = total[i];
        }
        if (NORM) {
            [[unroll]] for (int t = 0; t < TOKEN_TILE; t++) {
                if (t / SUM_TILE == first / SUM_TILE) partialSquares[t % SUM_TILE * LOCAL_SIZE + lane] = squares[t];
            }
        }
        barrier();
        storeTokens(firstGroup, firstToken + first, tokenCount);
    }
}
