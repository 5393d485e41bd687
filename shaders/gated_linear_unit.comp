#version 460

// gate = activation(gate) * up, for models whose gate and up weights are of different types; otherwise the product does it itself.
// Dispatch (ceil(features / local size), tokens).

layout(local_size_x = 64) in;

layout(constant_id = 0) const bool GELU = false; // the activation is GELU, not silu

layout(binding = 0) restrict buffer Gate { float gate[]; };                // [token][stride]
layout(binding = 1) readonly restrict buffer Up { float up[]; };           // [token][stride]
layout(binding = 2) readonly restrict buffer StepCounts { uint stepCounts[]; };

layout(push_constant) uniform Push {
    uint countSlot; // which of stepCounts is the number of tokens
    uint featureCount;
    uint stride;
} push;

// Of a gate: silu, or GELU in its tanh form, x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 x^3))), which is x times a sigmoid as well.
float activate(float x) {
    float steepness = GELU ? 1.5957691216 * (x + 0.044715 * x * x * x) : x;
    return x / (1.0 + exp(-steepness));
}

void main() {
    uint feature = gl_GlobalInvocationID.x;
    if (feature >= push.featureCount || gl_WorkGroupID.y >= stepCounts[push.countSlot]) return;
    uint place = gl_WorkGroupID.y * push.stride + feature;
    gate[place] = activate(gate[place]) * up[place];
}
