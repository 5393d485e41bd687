#version 460

// Rotary position embedding of queries (in place) and keys, and the write of keys and values to their pages. Before it, where HEAD_NORM,
// every query head and every key head is divided by the root of its mean square and multiplied by a gain.
// One invocation takes four dimensions of one head: two rotated pairs, or four dimensions that are not rotated.
// Cosines and sines come from a table made in double precision when the model was loaded: a device's own are too coarse for far positions.
// HEAD_SIZE and ROPE_SIZE are multiples of 4.
// Dispatch (ceil((headCount + 2 * kvHeadCount) * (HEAD_SIZE padded to 8) / 4 / local size), tokens).

layout(local_size_x_id = 0) in;

layout(constant_id = 1) const uint HEAD_SIZE = 64;
layout(constant_id = 2) const uint ROPE_SIZE = 64; // dimensions that are rotated, the first of a head; 0 for none
layout(constant_id = 3) const uint PAGE_SIZE = 32;
layout(constant_id = 4) const bool ROTATES_HALVES = false; // pairs are (i, i + ROPE_SIZE / 2), not (2i, 2i + 1)
layout(constant_id = 5) const bool IS_F32 = false;         // pages hold f32, not f16
layout(constant_id = 6) const bool HEAD_NORM = false;      // then the local size is a multiple of a head's invocations

layout(binding = 0) restrict buffer Heads { float heads[]; };                // [token][stride]: query heads, key heads, value heads
layout(binding = 1) readonly restrict buffer RopeTable { vec4 ropeTable[]; }; // [position][ROPE_SIZE / 4] cosine, sine, cosine, sine of two pairs
layout(binding = 2) readonly restrict buffer Pages { uint pages[]; };        // [page of a row], the rows one after the other
layout(binding = 3) readonly restrict buffer PageOffsets { uint pageOffsets[]; }; // [row + 1] where a row's pages start
layout(binding = 4) readonly restrict buffer Rows { uint rows[]; };           // [token]
layout(binding = 5) readonly restrict buffer Positions { uint positions[]; }; // [token]
layout(binding = 6) readonly restrict buffer StepCounts { uint stepCounts[]; };
// [page][kv head][PAGE_SIZE][HEAD_SIZE padded to 8], f16 two to a word or f32
layout(binding = 7) writeonly restrict buffer Keys { uint keys[]; };
layout(binding = 8) writeonly restrict buffer Values { uint values[]; };
layout(binding = 9) readonly restrict buffer HeadGains { float headGains[]; }; // [2][HEAD_SIZE] of queries, of keys

layout(push_constant) uniform Push {
    uint countSlot; // which of stepCounts is the number of tokens
    uint headCount;
    uint kvHeadCount;
    uint stride;    // floats from a token's heads to the next token's
    float epsilon;  // of the norm of heads
} push;

const uint PADDED_HEAD_SIZE = (HEAD_SIZE + 7u) / 8u * 8u;
const uint HEAD_INVOCATIONS = PADDED_HEAD_SIZE / 4u;
const float MAXIMUM_F16 = 65504.0;

shared float squares[HEAD_NORM ? gl_WorkGroupSize.x : 1u];

// Writes two neighbouring dimensions of a key or a value.
void writePair(bool isKey, uint place, vec2 pair) {
    if (IS_F32) {
        if (isKey) {
            keys[place] = floatBitsToUint(pair.x);
            keys[place + 1u] = floatBitsToUint(pair.y);
        } else {
            values[place] = floatBitsToUint(pair.x);
            values[place + 1u] = floatBitsToUint(pair.y);
        }
        return;
    }
    uint word = packHalf2x16(clamp(pair, -MAXIMUM_F16, MAXIMUM_F16));
    if (isKey) keys[place / 2u] = word;
    else values[place / 2u] = word;
}

// What the four dimensions of an invocation are multiplied by. firstSquare: the place of the head's first invocation in squares.
vec4 headNorm(uint firstGain, uvec2 dimensions, uint firstSquare) {
    precise float sum = 0.0;
    for (uint i = 0u; i < HEAD_INVOCATIONS; i++) sum += squares[firstSquare + i];
    float scale = inversesqrt(sum / float(HEAD_SIZE) + push.epsilon);
    uvec2 places = firstGain + min(dimensions, HEAD_SIZE - 2u);
    return scale * vec4(headGains[places.x], headGains[places.x + 1u], headGains[places.y], headGains[places.y + 1u]);
}

void main() {
    uint token = gl_WorkGroupID.y;
    uint head = gl_GlobalInvocationID.x / HEAD_INVOCATIONS;
    uint four = gl_GlobalInvocationID.x % HEAD_INVOCATIONS;
    if (token >= stepCounts[push.countSlot]) return;
    bool isBeyond = head >= push.headCount + 2u * push.kvHeadCount;
    if (!HEAD_NORM && isBeyond) return;

    bool isValue = head >= push.headCount + push.kvHeadCount;
    bool isRotated = !isValue && 4u * four < ROPE_SIZE;
    bool isSplit = ROTATES_HALVES && isRotated;
    // Where the first two and the second two of the four dimensions are.
    uint low = isSplit ? 2u * four : 4u * four;
    uint high = isSplit ? low + ROPE_SIZE / 2u : low + 2u;
    bool isPadding = low >= HEAD_SIZE;
    uint place = token * push.stride + head * HEAD_SIZE;
    vec4 x = vec4(0.0);
    if (!isPadding && !isBeyond) x = vec4(heads[place + low], heads[place + low + 1u], heads[place + high], heads[place + high + 1u]);

    if (HEAD_NORM) {
        squares[gl_LocalInvocationIndex] = dot(x, x);
        barrier();
        if (isBeyond) return;
        if (!isValue) x *= headNorm(head < push.headCount ? 0u : HEAD_SIZE, uvec2(low, high), gl_LocalInvocationIndex - four);
    }

    uint position = positions[token];
    if (isRotated) {
        vec4 turns = ropeTable[position * (ROPE_SIZE / 4u) + four];
        vec2 first = isSplit ? x.xz : x.xy;
        vec2 second = isSplit ? x.yw : x.zw;
        first = vec2(first.x * turns.x - first.y * turns.y, first.x * turns.y + first.y * turns.x);
        second = vec2(second.x * turns.z - second.y * turns.w, second.x * turns.w + second.y * turns.z);
        x = isSplit ? vec4(first.x, second.x, first.y, second.y) : vec4(first, second);
    }

    if (head < push.headCount) {
        if (isPadding || !isRotated && !HEAD_NORM) return;
        heads[place + low] = x.x;
        heads[place + low + 1u] = x.y;
        heads[place + high] = x.z;
        heads[place + high + 1u] = x.w;
        return;
    }
    uint kvHead = isValue ? head - push.headCount - push.kvHeadCount : head - push.headCount;
    uint page = pages[pageOffsets[rows[token]] + position / PAGE_SIZE];
    uint slot = ((page * push.kvHeadCount + kvHead) * PAGE_SIZE + position % PAGE_SIZE) * PADDED_HEAD_SIZE;
    writePair(!isValue, slot + low, x.xy);
    writePair(!isValue, slot + high, x.zw);
}
