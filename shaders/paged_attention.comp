#version 450
#extension GL_EXT_control_flow_attributes : require
#extension GL_KHR_shader_subgroup_basic : require
#extension GL_KHR_shader_subgroup_shuffle : require

// Causal attention of single query tokens over paged keys and values, for GPUs of any subgroup size.
// Decode and prefill alike: a work item is one query token and one split of SPLIT_TOKENS tokens of its context (positions 0 to its own).
// A split that lies before the token's window is nobody's: it is not read, and leaves no partial result.
// A workgroup takes a work item, one kv head, and HEADS of the query heads that share it, so that every key and value is read once for
// all of them. The scores of the whole split lie in shared memory: first all scores, then the softmax (in powers of two), then the values.
// Dispatch (work items, kv heads, ceil(GROUP_SIZE / HEADS)).

layout(constant_id = 0) const int HEAD_SIZE = 64;
layout(constant_id = 1) const int GROUP_SIZE = 1;     // query heads to a kv head
layout(constant_id = 2) const int HEADS = 1;          // of which one workgroup takes this many, at most 8
layout(constant_id = 3) const int PAGE_SIZE = 32;
layout(constant_id = 4) const int SPLIT_TOKENS = 256; // a multiple of PAGE_SIZE
layout(constant_id = 6) const bool IS_F32 = false;    // pages hold f32, not f16
layout(local_size_x_id = 7) in;                       // a power of two, at least 32
layout(constant_id = 8) const int WINDOW = 0;         // tokens that a token sees, itself included; 0 for all before it
layout(constant_id = 9) const bool SOFT_CAP = false;  // a score x becomes softCap * tanh(x / softCap)

layout(binding = 0) readonly restrict buffer Queries { float queries[]; };        // [token][queryStride], heads first
layout(binding = 1) readonly restrict buffer Keys { uvec4 keys[]; };              // [page][kv head][PAGE_SIZE][HEAD_SIZE padded to 8]
layout(binding = 2) readonly restrict buffer Values { uvec4 values[]; };          // as keys
layout(binding = 3) readonly restrict buffer Pages { uint pages[]; };             // [page of a row], the rows one after the other
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

const int LOCAL_SIZE = int(gl_WorkGroupSize.x);
const int EIGHTS = (HEAD_SIZE + 7) / 8; // of a head
const int EIGHT_QUADS = IS_F32 ? 2 : 1;
const int KEY_LANES = 8;                // invocations that share a key
const int KEY_EIGHTS = (EIGHTS + KEY_LANES - 1) / KEY_LANES;
const int KEY_SLOTS = LOCAL_SIZE / KEY_LANES;
const int SOFTMAX_LANES = LOCAL_SIZE / 8; // invocations that share a head's softmax
const int VALUE_SLOTS = LOCAL_SIZE / EIGHTS < 32 ? LOCAL_SIZE / EIGHTS : 32;
const int IN_FLIGHT = EIGHTS > 16 ? 2 : 4; // tokens whose keys or values are on their way at once
const float MASKED = -3.0e38;

shared vec4 query[HEADS * EIGHTS * 2];
shared float scores[HEADS * SPLIT_TOKENS];
shared float laneResults[LOCAL_SIZE];
shared float maxima[HEADS];
shared float sums[HEADS];
shared float valueSums[8 * LOCAL_SIZE]; // [dimension of an eight][invocation], of one head at a time

struct Eight {
    vec4 low;
    vec4 high;
};

Eight unpackEight(uvec4 halves) {
    return Eight(vec4(unpackHalf2x16(halves.x), unpackHalf2x16(halves.y)), vec4(unpackHalf2x16(halves.z), unpackHalf2x16(halves.w)));
}

Eight keyAt(int place) {
    uvec4 quad = keys[place];
    return IS_F32 ? Eight(uintBitsToFloat(quad), uintBitsToFloat(keys[place + EIGHT_QUADS - 1])) : unpackEight(quad);
}

Eight valueAt(int place) {
    uvec4 quad = values[place];
    return IS_F32 ? Eight(uintBitsToFloat(quad), uintBitsToFloat(values[place + EIGHT_QUADS - 1])) : unpackEight(quad);
}

// Where a token of the context lies, in quads from the start of the keys or the values.
int placeOf(int firstPage, int kvHead, int contextToken) {
    int page = int(pages[firstPage + contextToken / PAGE_SIZE]);
    return ((page * int(push.kvHeadCount) + kvHead) * PAGE_SIZE + contextToken % PAGE_SIZE) * EIGHTS * EIGHT_QUADS;
}

void loadQuery(int token, int firstHead, int headEnd) {
    for (int i = int(gl_LocalInvocationIndex); i < HEADS * EIGHTS * 2; i += LOCAL_SIZE) {
        int head = min(firstHead + i / (EIGHTS * 2), headEnd - 1);
        vec4 quad = vec4(0.0);
        [[unroll]] for (int k = 0; k < 4; k++) {
            int dimension = i % (EIGHTS * 2) * 4 + k;
            if (dimension < HEAD_SIZE) quad[k] = queries[token * int(push.queryStride) + head * HEAD_SIZE + dimension] * push.scale;
        }
        query[i] = quad;
    }
}

// Written so that no intermediate overflows into a NaN.
float capped(float x) {
    return push.softCap - 2.0 * push.softCap / (exp(2.0 * x / push.softCap) + 1.0);
}

// Eight invocations share a key, each takes every eighth of its eights.
void score(int firstPage, int kvHead, int begin, int count) {
    int lane = int(gl_LocalInvocationIndex) % KEY_LANES;
    for (int first = int(gl_LocalInvocationIndex) / KEY_LANES; first < count; first += KEY_SLOTS * IN_FLIGHT) {
        Eight loaded[IN_FLIGHT * KEY_EIGHTS];
        [[unroll]] for (int f = 0; f < IN_FLIGHT; f++) {
            int place = placeOf(firstPage, kvHead, begin + min(first + f * KEY_SLOTS, count - 1));
            [[unroll]] for (int e = 0; e < KEY_EIGHTS; e++) {
                loaded[f * KEY_EIGHTS + e] = keyAt(place + min(e * KEY_LANES + lane, EIGHTS - 1) * EIGHT_QUADS);
            }
        }
        [[unroll]] for (int f = 0; f < IN_FLIGHT; f++) {
            int slot = first + f * KEY_SLOTS;
            [[unroll]] for (int h = 0; h < HEADS; h++) {
                precise float total = 0.0;
                [[unroll]] for (int e = 0; e < KEY_EIGHTS; e++) {
                    int eight = e * KEY_LANES + lane;
                    if (eight >= EIGHTS) continue;
                    vec4 low = query[(h * EIGHTS + eight) * 2];
                    vec4 high = query[(h * EIGHTS + eight) * 2 + 1];
                    [[unroll]] for (int i = 0; i < 4; i++) total = fma(low[i], loaded[f * KEY_EIGHTS + e].low[i], total);
                    [[unroll]] for (int i = 0; i < 4; i++) total = fma(high[i], loaded[f * KEY_EIGHTS + e].high[i], total);
                }
                total += subgroupShuffleXor(total, 1u);
                total += subgroupShuffleXor(total, 2u);
                total += subgroupShuffleXor(total, 4u);
                if (SOFT_CAP) total = capped(total);
                if (lane == 0 && slot < count) scores[h * SPLIT_TOKENS + slot] = total;
            }
        }
    }
}

// Scores become 2^(score - maximum), in place.
void softmax(int count) {
    int head = int(gl_LocalInvocationIndex) / SOFTMAX_LANES;
    int lane = int(gl_LocalInvocationIndex) % SOFTMAX_LANES;
    int slots = head < HEADS ? count : 0;
    float maximum = MASKED;
    for (int slot = lane; slot < slots; slot += SOFTMAX_LANES) maximum = max(maximum, scores[head * SPLIT_TOKENS + slot]);
    laneResults[gl_LocalInvocationIndex] = maximum;
    barrier();
    for (int i = 0; i < SOFTMAX_LANES; i++) maximum = max(maximum, laneResults[head * SOFTMAX_LANES + i]);
    barrier();
    precise float sum = 0.0;
    for (int slot = lane; slot < slots; slot += SOFTMAX_LANES) {
        float weight = exp2(scores[head * SPLIT_TOKENS + slot] - maximum);
        scores[head * SPLIT_TOKENS + slot] = weight;
        sum += weight;
    }
    laneResults[gl_LocalInvocationIndex] = sum;
    barrier();
    if (lane == 0 && head < HEADS) {
        precise float total = 0.0;
        for (int i = 0; i < SOFTMAX_LANES; i++) total += laneResults[head * SOFTMAX_LANES + i];
        maxima[head] = maximum;
        sums[head] = total;
    }
}

void main() {
    uint item = gl_WorkGroupID.x;
    if (item >= stepCounts[push.countSlot]) return;
    int lane = int(gl_LocalInvocationIndex);
    int kvHead = int(gl_WorkGroupID.y);
    int firstHead = kvHead * GROUP_SIZE + int(gl_WorkGroupID.z) * HEADS;
    int headEnd = (kvHead + 1) * GROUP_SIZE;
    int token = int(workItems[item].x);
    int contextLength = int(positions[token]) + 1;
    int firstPage = int(pageOffsets[rows[token]]);
    int firstToken = WINDOW > 0 ? max(contextLength - WINDOW, 0) : 0;
    int splitBegin = int(workItems[item].y) * SPLIT_TOKENS;
    int begin = max(splitBegin, firstToken);
    int count = min(splitBegin + SPLIT_TOKENS, contextLength) - begin;
    if (WINDOW > 0 && count <= 0) return;

    loadQuery(token, firstHead, headEnd);
    barrier();
    score(firstPage, kvHead, begin, count);
    barrier();
    softmax(count);
    barrier();

    // An invocation sums up one eight of every VALUE_SLOTS-th value.
    int eight = lane % EIGHTS;
    int valueSlot = lane / EIGHTS;
    precise float total[HEADS * 8];
    [[unroll]] for (int i = 0; i < HEADS * 8; i++) total[i] = 0.0;
    if (valueSlot < VALUE_SLOTS) {
        for (int first = valueSlot; first < count; first += VALUE_SLOTS * IN_FLIGHT) {
            Eight loaded[IN_FLIGHT];
            [[unroll]] for (int f = 0; f < IN_FLIGHT; f++) {
                loaded[f] = valueAt(placeOf(firstPage, kvHead, begin + min(first + f * VALUE_SLOTS, count - 1)) + eight * EIGHT_QUADS);
            }
            [[unroll]] for (int f = 0; f < IN_FLIGHT; f++) {
                int slot = first + f * VALUE_SLOTS;
                if (slot >= count) break;
                [[unroll]] for (int h = 0; h < HEADS; h++) {
                    float weight = scores[h * SPLIT_TOKENS + slot];
                    [[unroll]] for (int i = 0; i < 4; i++) {
                        total[h * 8 + i] = fma(weight, loaded[f].low[i], total[h * 8 + i]);
                        total[h * 8 + 4 + i] = fma(weight, loaded[f].high[i], total[h * 8 + 4 + i]);
                    }
                }
            }
        }
    }

    bool isWhole = firstToken / SPLIT_TOKENS == (contextLength - 1) / SPLIT_TOKENS;
    [[dont_unroll]] for (int h = 0; h < HEADS; h++) {
        barrier();
        // Indices are constants on purpose: an array that is indexed by a variable leaves the registers.
        [[unroll]] for (int i = 0; i < HEADS * 8; i++) {
            if (i / 8 == h) valueSums[i % 8 * LOCAL_SIZE + lane] = total[i];
        }
        barrier();
        int head = firstHead + h;
        uint outputPlace = uint(token) * push.outputStride + uint(head * HEAD_SIZE);
        uint partialPlace = (item * push.kvHeadCount * uint(GROUP_SIZE) + uint(head)) * uint(HEAD_SIZE + 2);
        // What a lane has to do differs from here on, so nothing below may be a barrier.
        int dimensions = head < headEnd ? HEAD_SIZE : 0;
        for (int dimension = lane; dimension < dimensions; dimension += LOCAL_SIZE) {
            precise float value = 0.0;
            for (int slot = 0; slot < VALUE_SLOTS; slot++) value += valueSums[dimension % 8 * LOCAL_SIZE + slot * EIGHTS + dimension / 8];
            if (isWhole) outputs[outputPlace + uint(dimension)] = value / sums[h];
            else partials[partialPlace + uint(dimension)] = value;
        }
        if (head < headEnd && !isWhole && lane < 2) partials[partialPlace + uint(HEAD_SIZE + lane)] = lane == 0 ? maxima[h] : sums[h];
    }
}
