// Counter-based random numbers: Philox4x32-10 (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", 2011).
// The same key and counter give the same four words on every device, in any order, without any state.

uvec4 philox(uvec2 key, uvec4 counter) {
    for (int i = 0; i < 10; i++) {
        uint high0, low0, high1, low1;
        umulExtended(0xD2511F53u, counter.x, high0, low0);
        umulExtended(0xCD9E8D57u, counter.z, high1, low1);
        counter = uvec4(high1 ^ counter.y ^ key.x, low1, high0 ^ counter.w ^ key.y, low0);
        key += uvec2(0x9E3779B9u, 0xBB67AE85u);
    }
    return counter;
}

// A standard Gumbel variable out of 32 random bits: -log(-log(u)), with u near 1 kept exact, since the winners come from there.
float gumbel(uint bits) {
    float rest = (float(bits) + 0.5) * 2.3283064365386963e-10; // 1 - u, in (0, 1]
    float exponential = rest < 0.0078125 ? rest * (1.0 + rest * (0.5 + rest * 0.3333333333)) : -log(max(1.0 - rest, 1.0e-10));
    return -log(exponential);
}
