#version 450

// Joins the splits of one query token's attention: out = sum over splits of 2^(maximum - overall maximum) * partial, divided by the sum
// of the splits' sums weighted alike. Splits are taken in order, so the result depends on the context length alone.
// Dispatch (ceil(headCount * headSize / local size), merge items).

layout(local_size_x_id = 0) in;

layout(constant_id = 1) const uint SPLIT_TOKENS = 256;
layout(constant_id = 2) const uint WINDOW = 0u; // tokens that a token sees, itself included; 0 for all before it

layout(binding = 0) readonly restrict buffer Partials { float partials[]; };       // [work item][head][headSize sums, maximum, sum]
layout(binding = 1) readonly restrict buffer MergeItems { uvec2 mergeItems[]; };   // (token, its first work item)
layout(binding = 2) readonly restrict buffer Positions { uint positions[]; };      // [token]
layout(binding = 3) readonly restrict buffer StepCounts { uint stepCounts[]; };
layout(binding = 4) writeonly restrict buffer Output { float outputs[]; };         // [token][outputStride]

layout(push_constant) uniform Push {
    uint countSlot; // which of stepCounts is the number of merge items
    uint headCount;
    uint headSize;
    uint outputStride;
} push;

void main() {
    uint feature = gl_GlobalInvocationID.x;
    uint mergeItem = gl_WorkGroupID.y;
    if (feature >= push.headCount * push.headSize || mergeItem >= stepCounts[push.countSlot]) return;
    uint token = mergeItems[mergeItem].x;
    uint contextLength = positions[token] + 1u;
    uint firstSplit = WINDOW > 0u && contextLength > WINDOW ? (contextLength - WINDOW) / SPLIT_TOKENS : 0u;
    uint splitCount = (contextLength - 1u) / SPLIT_TOKENS + 1u;
    // The window lies in one split, and attention has stored the result itself.
    if (WINDOW > 0u && firstSplit + 1u == splitCount) return;
    uint splitStride = push.headCount * (push.headSize + 2u);
    uint head = feature / push.headSize;
    uint first = mergeItems[mergeItem].y * splitStride + head * (push.headSize + 2u);

    float maximum = partials[first + firstSplit * splitStride + push.headSize];
    for (uint split = firstSplit + 1u; split < splitCount; split++) {
        maximum = max(maximum, partials[first + split * splitStride + push.headSize]);
    }
    precise float total = 0.0;
    precise float result = 0.0;
    for (uint split = firstSplit; split < splitCount; split++) {
        uint place = first + split * splitStride;
        float weight = exp2(partials[place + push.headSize] - maximum);
        total += weight * partials[place + push.headSize + 1u];
        result += weight * partials[place + feature % push.headSize];
    }
    outputs[token * push.outputStride + feature] = result / total;
}
