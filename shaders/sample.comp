#version 450
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_control_flow_attributes : require

// Chooses the next token of each row of logits: penalties, temperature, top-k, top-p and min-p in this order, then one of the tokens
// that are left, by the Gumbel-max trick. No sorting of the vocabulary: what is kept is a prefix of the order "higher logit first, then
// lower id", so it is described by one key and one id. The choice depends on the row's logits, parameters, seed and position only.
// Dispatch (rows); rows past the count do nothing. NaN and minus infinity are never chosen, unless there is nothing else.

layout(local_size_x_id = 0) in; // a power of two from 8 to 1024

struct SamplingRow {
    float temperature;       // 0: the most likely token, everything below but the penalties ignored
    uint topK;               // 0: all
    float topP;              // 1: all
    float minP;              // 0: all
    float repetitionPenalty;
    float frequencyPenalty;
    float presencePenalty;
    uint windowLength;       // recent tokens that are penalised, at most MAX_WINDOW; 0: no penalties
    uint seedLow;
    uint seedHigh;
    uint position;           // of the token that is chosen
    uint reserved;
};

layout(binding = 0) readonly restrict buffer Logits { vec4 logits[]; };               // [row][logitStride / 4]
layout(binding = 1) readonly restrict buffer SamplingRows { SamplingRow samplingRows[]; };
layout(binding = 2) readonly restrict buffer RecentTokens { uint recentTokens[]; };   // [row][MAX_WINDOW]
layout(binding = 3) readonly restrict buffer StepCounts { uint stepCounts[]; };
layout(binding = 4) writeonly restrict buffer Sampled { uint sampled[]; };            // [row]

layout(push_constant) uniform Push {
    uint countSlot;      // which of stepCounts is the number of rows
    uint vocabularySize;
    uint logitStride;    // a multiple of 4
} push;

const int LOCAL_SIZE = int(gl_WorkGroupSize.x);
const int MAX_CANDIDATES = 1024;
const int CANDIDATES_A_LANE = (MAX_CANDIDATES + LOCAL_SIZE - 1) / LOCAL_SIZE;
const float LOWEST = -3.4028234e38;
#define MINUS_INFINITY uintBitsToFloat(0xff800000u)
const float COLDEST = 1.0e-6; // temperatures up to this are greedy

// The tokens that are still in: those with a higher key, and those with this key and a lower id.
struct Kept {
    uint key;
    uint idEnd;
};

shared uint candidateCount;
shared uint candidateIds[MAX_CANDIDATES];
shared float candidateLogits[MAX_CANDIDATES];
shared float laneValues[LOCAL_SIZE];
shared uint laneIds[LOCAL_SIZE];
shared uint broadcast;

#include "philox.glsl"

SamplingRow parameters;
float maximum; // what winner found last: the highest logit, until a token is chosen
float inverseTemperature;

#include "penalties.glsl"

// Keys order as the numbers do, the two zeros as one.
uint keyOf(float value) {
    uint bits = value == 0.0 ? 0u : floatBitsToUint(value);
    return (bits & 0x80000000u) != 0u ? ~bits : bits | 0x80000000u;
}

// Logarithm of a token's weight: at most 0.
float exponentOf(float logit) {
    return min((logit - maximum) * inverseTemperature, 0.0);
}

float weightOf(float logit) {
    return exp(exponentOf(logit));
}

// Every eight invocations have a stretch of the logits to themselves, so that what one reads lies close together: caches and the
// processors that some devices are like that, and to a GPU eight times 16 bytes are as good as more.
uint turnCount() {
    return (push.vocabularySize + 4u * uint(LOCAL_SIZE) - 1u) / (4u * uint(LOCAL_SIZE));
}

uint quadAt(uint turn) {
    return (gl_LocalInvocationIndex / 8u * turnCount() + turn) * 8u + gl_LocalInvocationIndex % 8u;
}

// Four neighbouring logits, penalised; minus infinity for NaN and past the end of the vocabulary.
vec4 logitsAt(uint quad) {
    vec4 values = logits[gl_WorkGroupID.x * (push.logitStride / 4u) + min(quad, (push.vocabularySize - 1u) / 4u)];
    uint id = quad * 4u;
    if (parameters.windowLength > 0u) {
        uint bits = windowBits[(id >> 5) % uint(WINDOW_WORDS)] >> (id & 31u) & 15u;
        if (bits != 0u) {
            [[unroll]] for (int i = 0; i < 4; i++) {
                if ((bits >> i & 1u) != 0u) values[i] = penalised(id + uint(i), values[i]);
            }
        }
    }
    uvec4 magnitudes = floatBitsToUint(values) & 0x7fffffffu;
    values = mix(values, vec4(MINUS_INFINITY), greaterThan(magnitudes, uvec4(0x7f800000u)));
    if (id + 4u > push.vocabularySize) {
        bvec4 isPastTheEnd = greaterThanEqual(uvec4(id) + uvec4(0u, 1u, 2u, 3u), uvec4(push.vocabularySize));
        values = mix(values, vec4(MINUS_INFINITY), isPastTheEnd);
    }
    return values;
}


// The lane whose value is highest wins, the lowest id among equals. The result is the same in all lanes.
uint winner(float value, uint id) {
    uint lane = gl_LocalInvocationIndex;
    laneValues[lane] = value;
    laneIds[lane] = id;
    barrier();
    for (uint stride = uint(LOCAL_SIZE) / 2u; stride > 0u; stride /= 2u) {
        if (lane < stride) {
            float other = laneValues[lane + stride];
            uint otherId = laneIds[lane + stride];
            if (other > laneValues[lane] || other == laneValues[lane] && otherId < laneIds[lane]) {
                laneValues[lane] = other;
                laneIds[lane] = otherId;
            }
        }
        barrier();
    }
    maximum = laneValues[0];
    uint result = laneIds[0];
    barrier();
    return result;
}

// Tokens among the kept whose key is at least this: their number and the sum of their weights. The same in all lanes.
vec2 measure(Kept kept, uint key) {
    uint lane = gl_LocalInvocationIndex;
    precise float mass = 0.0;
    uint count = 0u;
    for (uint turn = 0u; turn < turnCount(); turn++) {
        uint quad = quadAt(turn);
        vec4 values = logitsAt(quad);
        [[unroll]] for (int i = 0; i < 4; i++) {
            uint valueKey = keyOf(values[i]);
            if (valueKey < key || valueKey < kept.key || valueKey == kept.key && quad * 4u + uint(i) >= kept.idEnd) continue;
            mass += weightOf(values[i]);
            count++;
        }
    }
    laneValues[lane] = mass;
    laneIds[lane] = count;
    barrier();
    for (uint stride = uint(LOCAL_SIZE) / 2u; stride > 0u; stride /= 2u) {
        if (lane < stride) {
            laneValues[lane] += laneValues[lane + stride];
            laneIds[lane] += laneIds[lane + stride];
        }
        barrier();
    }
    vec2 result = vec2(float(laneIds[0]), laneValues[0]);
    barrier();
    return result;
}

// The first id so that this many tokens with exactly this key lie before it.
uint idAfterTies(uint key, uint quota) {
    uint low = 0u, high = push.vocabularySize; // before low there are fewer than the quota, before high enough
    while (high - low > 1u) {
        uint middle = (low + high) / 2u;
        float ties = measure(Kept(key, middle), key).x - measure(Kept(key, 0u), key).x;
        if (uint(ties) >= quota) high = middle;
        else low = middle;
    }
    return high;
}

// Shrinks the kept to the shortest prefix whose count (component 0) or weight (component 1) reaches the target.
Kept shrink(Kept kept, int component, float target) {
    uint low = kept.key, high = keyOf(maximum) + 1u; // from low on it is reached, from high on it is not
    float reachedCount = measure(kept, low).x;
    vec2 missed = vec2(0.0);
    while (high - low > 1u && reachedCount - missed.x > 1.0 && !(component == 0 && reachedCount == target)) {
        uint middle = low + (high - low) / 2u;
        vec2 measured = measure(kept, middle);
        if (measured[component] >= target) {
            low = middle;
            reachedCount = measured.x;
        } else {
            high = middle;
            missed = measured;
        }
    }
    float ties = reachedCount - missed.x;
    if (high - low > 1u || ties <= 1.0) return low == kept.key ? kept : Kept(low, push.vocabularySize);
    // Several tokens have the one key that is left: the lowest ids among them stay.
    uint bits = (low & 0x80000000u) != 0u ? low & 0x7fffffffu : ~low;
    float each = component == 0 ? 1.0 : weightOf(uintBitsToFloat(bits));
    float quota = clamp(ceil((target - missed[component]) / each), 1.0, ties);
    if (quota == ties) return low == kept.key ? kept : Kept(low, push.vocabularySize);
    return Kept(low, idAfterTies(low, uint(quota)));
}

float scoreOf(uint id, float logit, uvec4 random) {
    return exponentOf(logit) + gumbel(random[id & 3u]);
}

uvec4 randomOf(uint id) {
    return philox(uvec2(parameters.seedLow, parameters.seedHigh), uvec4(id >> 2, parameters.position, 0u, 0u));
}

uint chooseFromAll(Kept kept, uint mostLikely) {
    float best = LOWEST;
    uint bestId = mostLikely;
    for (uint turn = 0u; turn < turnCount(); turn++) {
        uint quad = quadAt(turn);
        vec4 values = logitsAt(quad);
        bvec4 isKept;
        [[unroll]] for (int i = 0; i < 4; i++) {
            uint key = keyOf(values[i]);
            isKept[i] = (key > kept.key || key == kept.key && quad * 4u + uint(i) < kept.idEnd) && weightOf(values[i]) >= parameters.minP;
        }
        if (!any(isKept)) continue;
        uvec4 random = randomOf(quad * 4u);
        [[unroll]] for (int i = 0; i < 4; i++) {
            float score = scoreOf(uint(i), values[i], random);
            if (isKept[i] && score > best) {
                best = score;
                bestId = quad * 4u + uint(i);
            }
        }
    }
    return winner(best, bestId);
}

uint chooseFromVocabulary(uint mostLikely) {
    Kept kept = Kept(keyOf(LOWEST), push.vocabularySize);
    // One loop, so that compilers that inline everything see the searches once.
    [[dont_unroll]] for (int component = 0; component < 2; component++) {
        bool isCut = component == 0 ? parameters.topK > 0u && parameters.topK < push.vocabularySize : parameters.topP < 1.0;
        if (isCut) kept = shrink(kept, component, component == 0 ? float(parameters.topK) : parameters.topP * measure(kept, 0u).y);
    }
    return chooseFromAll(kept, mostLikely);
}

// Every token whose key is at least the k-th highest of the lanes' own maxima: at least k tokens, seldom many more.
void gatherCandidates(float laneMaximum) {
    uint lane = gl_LocalInvocationIndex;
    laneValues[lane] = laneMaximum;
    barrier();
    uint key = keyOf(laneMaximum);
    uint rank = 0u;
    for (uint i = 0u; i < uint(LOCAL_SIZE); i++) {
        uint other = keyOf(laneValues[i]);
        if (other > key || other == key && i < lane) rank++;
    }
    if (lane == 0u) candidateCount = 0u;
    if (rank == parameters.topK - 1u) broadcast = key;
    barrier();
    uint lowest = broadcast;
    for (uint turn = 0u; turn < turnCount(); turn++) {
        uint quad = quadAt(turn);
        vec4 values = logitsAt(quad);
        [[unroll]] for (int i = 0; i < 4; i++) {
            if (keyOf(values[i]) < lowest) continue;
            uint place = atomicAdd(candidateCount, 1u);
            if (place >= uint(MAX_CANDIDATES)) continue;
            candidateIds[place] = quad * 4u + uint(i);
            candidateLogits[place] = values[i];
        }
    }
    barrier();
}

// Highest logit first, lowest id first among equals, whatever order they were gathered in.
void sortCandidates() {
    uint count = candidateCount;
    uint ranks[CANDIDATES_A_LANE];
    uint ids[CANDIDATES_A_LANE];
    float values[CANDIDATES_A_LANE];
    for (int k = 0; k < CANDIDATES_A_LANE; k++) {
        uint place = gl_LocalInvocationIndex + uint(k * LOCAL_SIZE);
        if (place >= count) break;
        ids[k] = candidateIds[place];
        values[k] = candidateLogits[place];
        ranks[k] = 0u;
        for (uint i = 0u; i < count; i++) {
            float other = candidateLogits[i];
            if (other > values[k] || other == values[k] && candidateIds[i] < ids[k]) ranks[k]++;
        }
    }
    barrier();
    for (int k = 0; k < CANDIDATES_A_LANE; k++) {
        if (gl_LocalInvocationIndex + uint(k * LOCAL_SIZE) >= count) break;
        candidateIds[ranks[k]] = ids[k];
        candidateLogits[ranks[k]] = values[k];
    }
    barrier();
}

uint chooseFromCandidates(uint mostLikely) {
    sortCandidates();
    if (gl_LocalInvocationIndex < parameters.topK) laneValues[gl_LocalInvocationIndex] = weightOf(candidateLogits[gl_LocalInvocationIndex]);
    barrier();
    if (gl_LocalInvocationIndex == 0u) {
        uint count = parameters.topK;
        precise float mass = 0.0;
        for (uint i = 0u; i < count; i++) mass += laneValues[i];
        float target = parameters.topP < 1.0 ? parameters.topP * mass : 2.0 * mass;
        mass = 0.0;
        for (uint i = 0u; i < count; i++) {
            float weight = laneValues[i];
            if (mass >= target || weight < parameters.minP) count = i;
            mass += weight;
        }
        broadcast = count;
    }
    barrier();
    uint count = broadcast;
    float best = LOWEST;
    uint bestId = mostLikely;
    for (uint i = gl_LocalInvocationIndex; i < count; i += uint(LOCAL_SIZE)) {
        uint id = candidateIds[i];
        float score = scoreOf(id, candidateLogits[i], randomOf(id));
        if (score > best || score == best && id < bestId) {
            best = score;
            bestId = id;
        }
    }
    barrier();
    return winner(best, bestId);
}

void main() {
    uint row = gl_WorkGroupID.x;
    if (row >= stepCounts[push.countSlot]) return;
    parameters = samplingRows[row];
    readWindow();

    float best = MINUS_INFINITY;
    uint bestQuad = 0u;
    for (uint turn = 0u; turn < turnCount(); turn++) {
        uint quad = quadAt(turn);
        vec4 values = logitsAt(quad);
        float highest = max(max(values.x, values.y), max(values.z, values.w));
        bestQuad = highest > best ? quad : bestQuad;
        best = max(best, highest);
    }
    uint bestId = bestQuad * 4u;
    if (best > MINUS_INFINITY) {
        vec4 values = logitsAt(bestQuad);
        bestId += values.x == best ? 0u : values.y == best ? 1u : values.z == best ? 2u : 3u;
    }
    uint chosen = winner(best, bestId);
    if (parameters.temperature > COLDEST) {
        maximum = clamp(maximum, LOWEST, -LOWEST);
        inverseTemperature = 1.0 / parameters.temperature;
        bool hasCandidates = false;
        if (parameters.topK > 0u && parameters.topK <= uint(LOCAL_SIZE) && parameters.topK <= push.vocabularySize) {
            gatherCandidates(best);
            hasCandidates = candidateCount <= uint(MAX_CANDIDATES);
            barrier();
        }
        if (hasCandidates) chosen = chooseFromCandidates(chosen);
        else chosen = chooseFromVocabulary(chosen);
    }
    if (gl_LocalInvocationIndex == 0u) sampled[row] = chosen;
}
