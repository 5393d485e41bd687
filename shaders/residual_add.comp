#version 450

// The residual connection: sum[i] += addend[i].

layout(local_size_x_id = 0) in;

layout(binding = 0) buffer Sum { float sum[]; };        // [count]
layout(binding = 1) readonly buffer Addend { float addend[]; };  // [count]

layout(push_constant) uniform PushConstants {
    uint count;
};

void main() {
    uint i = gl_GlobalInvocationID.x;
    if (i >= count)
        return;
    sum[i] += addend[i];
}
