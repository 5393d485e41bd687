#version 460
#extension GL_EXT_control_flow_attributes : require
#extension GL_KHR_shader_subgroup_basic : require
#extension GL_KHR_shader_subgroup_shuffle : require

// Causal attention of single query tokens over paged keys and values, for devices of type CPU with subgroups of 8.
// Decode and prefill alike: a work item is one query token and one split of SPLIT_TOKENS tokens of its context (positions 0 to its own).
// A split that lies before the token's window is nobody's: it is not read, and leaves no partial result.
// One workgroup is one subgroup: a work item, one kv head, and HEADS of the query heads that share it. A lane holds eight dimensions
// of every eighth texel of a head. Online softmax (Milakov and Gimelshein, 2018) in powers of two, CHUNK_TOKENS tokens at a time.
// Dispatch (work items, kv heads, ceil(GROUP_SIZE / HEADS)).

layout(local_size_x = 8) in;

layout(constant_id = 0) const int HEAD_SIZE = 64;
layout(constant_id = 1) const int GROUP_SIZE = 3; // query heads to a kv head
layout(constant_id = 2) const int HEADS = 3;      // of which one workgroup takes this many
layout(constant_id = 3) const int PAGE_SIZE = 32;
layout(constant_id = 4) const int SPLIT_TOKENS = 256; // a multiple of CHUNK_TOKENS
layout(constant_id = 5) const int CHUNK_TOKENS = 16;  // 8, or a multiple of it that divides PAGE_SIZE
layout(constant_id = 6) const bool IS_F32 = false;    // pages hold f32, not f16
layout(constant_id = 8) const int WINDOW = 0;         // tokens that a token sees, itself included; 0 for all before it
layout(constant_id = 9) const bool SOFT_CAP = false;  // a score x becomes softCap * tanh(x / softCap)

layout(binding = 0, r32f) uniform readonly restrict imageBuffer queries;     // [token][queryStride], heads first
layout(binding = 1, rgba32ui) uniform readonly restrict uimageBuffer keys;   // [page][kv head][PAGE_SIZE][HEAD_SIZE padded to 8]
layout(binding = 2, rgba32ui) uniform readonly restrict uimageBuffer values; // as keys
layout(binding = 3, r32ui) uniform readonly restrict uimageBuffer pages;     // [page of a row], the rows one after the other
layout(binding = 4) readonly restrict buffer PageOffsets { uint pageOffsets[]; }; // [row + 1] where a row's pages start
layout(binding = 5) readonly restrict buffer Rows { uint rows[]; };               // [token]
layout(binding = 6) readonly restrict buffer Positions { uint positions[]; };     // [token]
layout(binding = 7) readonly restrict buffer WorkItems { uvec2 workItems[]; };    // (token, split), a token's splits in order
layout(binding = 8) readonly restrict buffer StepCounts { uint stepCounts[]; };
layout(binding = 9) writeonly restrict buffer Output { float outputs[]; };        // [token][outputStride]
layout(binding = 10) writeonly restrict buffer Partials { float partials[]; };    // [work item][head][HEAD_SIZE sums, maximum, sum]

layout(push_constant) uniform Push {
    uint countSlot;   // which of stepCounts is the number of work items
    uint kvHeadCount;
    uint queryStride;
    uint outputStride;
    float scale;      // of the scores, times log2(e)
    float softCap;    // likewise
} push;

const int LANES = 8;
const int HEAD_EIGHTS = (HEAD_SIZE + 7) / 8;
const int EIGHTS = (HEAD_EIGHTS + LANES - 1) / LANES; // that a lane holds of a head
const int EIGHT_TEXELS = IS_F32 ? 2 : 1;
const int SUBCHUNKS = CHUNK_TOKENS / LANES;
const float MASKED = -3.0e38;

void unpackEight(uvec4 texel, out float eight[8]) {
    [[unroll]] for (int i = 0; i < 4; i++) {
        vec2 pair = unpackHalf2x16(texel[i]);
        eight[2 * i] = pair.x;
        eight[2 * i + 1] = pair.y;
    }
}

void loadKeys(int place, out float eight[8]) {
    uvec4 low = imageLoad(keys, place);
    if (!IS_F32) {
        unpackEight(low, eight);
        return;
    }
    uvec4 high = imageLoad(keys, place + 1);
    [[unroll]] for (int i = 0; i < 8; i++) eight[i] = uintBitsToFloat(i < 4 ? low[i & 3] : high[i & 3]);
}

void loadValues(int place, out float eight[8]) {
    uvec4 low = imageLoad(values, place);
    if (!IS_F32) {
        unpackEight(low, eight);
        return;
    }
    uvec4 high = imageLoad(values, place + 1);
    [[unroll]] for (int i = 0; i < 8; i++) eight[i] = uintBitsToFloat(i < 4 ? low[i & 3] : high[i & 3]);
}

// Of two vectors to be summed over lanes: lanes whose number has the bit hold half-sums of the second, the others of the first.
float fold(float first, float second, uint bit) {
    bool isSecond = (gl_LocalInvocationID.x & bit) != 0u;
    float kept = isSecond ? second : first;
    float given = isSecond ? first : second;
    return kept + subgroupShuffleXor(given, bit);
}

// Written so that no intermediate overflows into a NaN.
float capped(float x) {
    return push.softCap - 2.0 * push.softCap / (exp(2.0 * x / push.softCap) + 1.0);
}

float maximumAcross(float value) {
    value = max(value, subgroupShuffleXor(value, 1u));
    value = max(value, subgroupShuffleXor(value, 2u));
    return max(value, subgroupShuffleXor(value, 4u));
}

void main() {
    uint item = gl_WorkGroupID.x;
    if (item >= stepCounts[push.countSlot]) return;
    int lane = int(gl_LocalInvocationID.x);
    int kvHead = int(gl_WorkGroupID.y);
    int firstHead = kvHead * GROUP_SIZE + int(gl_WorkGroupID.z) * HEADS;
    int headEnd = (kvHead + 1) * GROUP_SIZE;
    int token = int(workItems[item].x);
    int split = int(workItems[item].y);
    int contextLength = int(positions[token]) + 1;
    int firstPage = int(pageOffsets[rows[token]]);
    int firstToken = WINDOW > 0 ? max(contextLength - WINDOW, 0) : 0;
    // The window's first chunk is read from its beginning; what lies before the window counts for nothing.
    int begin = max(split * SPLIT_TOKENS, firstToken / CHUNK_TOKENS * CHUNK_TOKENS);
    int end = min(split * SPLIT_TOKENS + SPLIT_TOKENS, contextLength);
    if (WINDOW > 0 && end <= firstToken) return;

    int eightPlace[EIGHTS]; // this lane's eights within a token; lanes past the head repeat its last one against a query of zero
    float query[HEADS][EIGHTS][8];
    float accumulated[HEADS][EIGHTS][8];
    float maximum[HEADS];
    float sum[HEADS];
    [[unroll]] for (int e = 0; e < EIGHTS; e++) eightPlace[e] = min(e * LANES + lane, HEAD_EIGHTS - 1) * EIGHT_TEXELS;
    [[unroll]] for (int h = 0; h < HEADS; h++) {
        int queryPlace = token * int(push.queryStride) + min(firstHead + h, headEnd - 1) * HEAD_SIZE;
        [[unroll]] for (int e = 0; e < EIGHTS; e++) {
            [[unroll]] for (int i = 0; i < 8; i++) {
                int dimension = (e * LANES + lane) * 8 + i;
                float value = imageLoad(queries, queryPlace + min(dimension, HEAD_SIZE - 1)).x;
                query[h][e][i] = dimension < HEAD_SIZE ? value * push.scale : 0.0;
                accumulated[h][e][i] = 0.0;
            }
        }
        maximum[h] = MASKED;
        sum[h] = 0.0;
    }

    [[dont_unroll]] for (int chunk = begin; chunk < end; chunk += CHUNK_TOKENS) {
        int page = int(imageLoad(pages, firstPage + chunk / PAGE_SIZE).x);
        int pagePlace = (page * int(push.kvHeadCount) + kvHead) * PAGE_SIZE;
        int lastSlot = (end - 1 - chunk) + chunk % PAGE_SIZE;

        float score[HEADS][SUBCHUNKS];
        [[unroll]] for (int s = 0; s < SUBCHUNKS; s++) {
            // Each token's dot product lies spread over the lanes; folding pairs, then pairs of pairs, leaves token i's in lane i.
            float folds[HEADS][3];
            [[unroll]] for (int t = 0; t < LANES; t++) {
                int token = (t & 1) * 4 + (t & 2) + (t >> 2);
                // Slots past the end are not read: they may hold anything. The last one stands in, and counts for nothing.
                int slotPlace = (pagePlace + min(chunk % PAGE_SIZE + s * LANES + token, lastSlot)) * HEAD_EIGHTS * EIGHT_TEXELS;
                float dots[HEADS];
                [[unroll]] for (int h = 0; h < HEADS; h++) dots[h] = 0.0;
                [[unroll]] for (int e = 0; e < EIGHTS; e++) {
                    float key[8];
                    loadKeys(slotPlace + eightPlace[e], key);
                    [[unroll]] for (int h = 0; h < HEADS; h++) {
                        [[unroll]] for (int i = 0; i < 8; i++) dots[h] += query[h][e][i] * key[i];
                    }
                }
                [[unroll]] for (int h = 0; h < HEADS; h++) {
                    float folded = dots[h];
                    [[unroll]] for (int level = 0; level < 3; level++) {
                        if ((t >> level & 1) == 0) {
                            folds[h][level] = folded;
                            break;
                        }
                        folded = fold(folds[h][level], folded, 4u >> level);
                    }
                    if (t == LANES - 1) {
                        if (SOFT_CAP) folded = capped(folded);
                        int contextToken = chunk + s * LANES + lane;
                        bool isSeen = (WINDOW == 0 || contextToken >= firstToken) && contextToken < end;
                        score[h][s] = isSeen ? folded : MASKED;
                    }
                }
            }
        }

        [[unroll]] for (int h = 0; h < HEADS; h++) {
            float newMaximum = score[h][0];
            [[unroll]] for (int s = 1; s < SUBCHUNKS; s++) newMaximum = max(newMaximum, score[h][s]);
            newMaximum = max(maximum[h], maximumAcross(newMaximum));
            float correction = exp2(maximum[h] - newMaximum);
            maximum[h] = newMaximum;
            sum[h] *= correction;
            [[unroll]] for (int s = 0; s < SUBCHUNKS; s++) {
                score[h][s] = exp2(score[h][s] - newMaximum);
                sum[h] += score[h][s];
            }
            [[unroll]] for (int e = 0; e < EIGHTS; e++) {
                [[unroll]] for (int i = 0; i < 8; i++) accumulated[h][e][i] *= correction;
            }
        }

        [[unroll]] for (int s = 0; s < SUBCHUNKS; s++) {
            [[unroll]] for (int t = 0; t < LANES; t++) {
                int slotPlace = (pagePlace + min(chunk % PAGE_SIZE + s * LANES + t, lastSlot)) * HEAD_EIGHTS * EIGHT_TEXELS;
                float weight[HEADS];
                [[unroll]] for (int h = 0; h < HEADS; h++) weight[h] = subgroupShuffle(score[h][s], uint(t));
                [[unroll]] for (int e = 0; e < EIGHTS; e++) {
                    float value[8];
                    loadValues(slotPlace + eightPlace[e], value);
                    [[unroll]] for (int h = 0; h < HEADS; h++) {
                        [[unroll]] for (int i = 0; i < 8; i++) accumulated[h][e][i] += weight[h] * value[i];
                    }
                }
            }
        }
    }

    bool isWhole = firstToken / SPLIT_TOKENS == (contextLength - 1) / SPLIT_TOKENS;
    [[unroll]] for (int h = 0; h < HEADS; h++) {
        int head = firstHead + h;
        float total = sum[h];
        total += subgroupShuffleXor(total, 1u);
        total += subgroupShuffleXor(total, 2u);
        total += subgroupShuffleXor(total, 4u);
        uint outputPlace = uint(token) * push.outputStride + uint(head * HEAD_SIZE);
        uint partialPlace = (item * push.kvHeadCount * uint(GROUP_SIZE) + uint(head)) * uint(HEAD_SIZE + 2);
        [[unroll]] for (int e = 0; e < EIGHTS; e++) {
            [[unroll]] for (int i = 0; i < 8; i++) {
                int dimension = (e * LANES + lane) * 8 + i;
                if (head < headEnd && dimension < HEAD_SIZE) {
                    if (isWhole) outputs[outputPlace + uint(dimension)] = accumulated[h][e][i] / total;
                    else partials[partialPlace + uint(dimension)] = accumulated[h][e][i];
                }
            }
        }
        if (head < headEnd && !isWhole && lane < 2) {
            partials[partialPlace + uint(HEAD_SIZE + lane)] = lane == 0 ? maximum[h] : total;
        }
    }
}
