#version 460

// stream += gain * rmsNorm(x): what attention or the feed-forward part gives, for models that normalise it before it joins the
// residual stream.
// A workgroup takes one token. The order of additions depends on the columns and the local size only.
// Dispatch (1, tokens).

layout(local_size_x_id = 0) in;

layout(binding = 0) readonly restrict buffer Input { vec4 inputQuads[]; };  // [token][quadStride], padded with zeros
layout(binding = 1) readonly restrict buffer Gain { vec4 gainQuads[]; };    // [quadStride], padded with zeros
layout(binding = 2) restrict buffer Stream { vec4 streamQuads[]; };         // [token][quadStride]
layout(binding = 3) readonly restrict buffer StepCounts { uint stepCounts[]; };

layout(push_constant) uniform Push {
    uint countSlot;   // which of stepCounts is the number of tokens
    uint quadStride;  // quads from a token to the next
    uint columnCount; // columns before padding, for the mean
    float epsilon;
} push;

const uint LOCAL_SIZE = gl_WorkGroupSize.x;

shared float squares[LOCAL_SIZE];

void main() {
    uint token = gl_WorkGroupID.y;
    if (token >= stepCounts[push.countSlot]) return;
    uint first = token * push.quadStride;
    precise float own = 0.0;
    for (uint i = gl_LocalInvocationIndex; i < push.quadStride; i += LOCAL_SIZE) own += dot(inputQuads[first + i], inputQuads[first + i]);
    squares[gl_LocalInvocationIndex] = own;
    barrier();
    precise float sum = 0.0;
    for (uint i = 0u; i < LOCAL_SIZE; i++) sum += squares[i];
    float scale = inversesqrt(sum / float(push.columnCount) + push.epsilon);
    for (uint i = gl_LocalInvocationIndex; i < push.quadStride; i += LOCAL_SIZE) {
        streamQuads[first + i] += inputQuads[first + i] * scale * gainQuads[i];
    }
}
