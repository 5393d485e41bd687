#version 460

// gate = silu(gate) * up, for models whose gate and up weights are of different types; otherwise the product does it itself.
// Dispatch (ceil(features / local size), tokens).

layout(local_size_x = 64) in;

layout(binding = 0) restrict buffer Gate { float gate[]; };                // [token][stride]
layout(binding = 1) readonly restrict buffer Up { float up[]; };           // [token][stride]
layout(binding = 2) readonly restrict buffer StepCounts { uint stepCounts[]; };

layout(push_constant) uniform Push {
    uint countSlot; // which of stepCounts is the number of tokens
    uint featureCount;
    uint stride;
} push;

void main() {
    uint feature = gl_GlobalInvocationID.x;
    if (feature >= push.featureCount || gl_WorkGroupID.y >= stepCounts[push.countSlot]) return;
    uint place = gl_WorkGroupID.y * push.stride + feature;
    gate[place] = gate[place] / (1.0 + exp(-gate[place])) * up[place];
}
