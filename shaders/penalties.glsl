// Penalties for recent tokens, part of sample.comp. The row's window is held in shared memory as a table by id, so that the many tokens
// that are not in it cost next to nothing.

const int MAX_WINDOW = 64;
const int WINDOW_WORDS = 512;
const int WINDOW_SLOTS = 256;
const uint NO_PLACE = 0xffffffffu;

shared uint windowIds[MAX_WINDOW];
shared uint windowCounts[MAX_WINDOW];
shared uint windowBits[WINDOW_WORDS];  // bit id % (32 * WINDOW_WORDS) set for every id in the window
shared uint windowSlots[WINDOW_SLOTS]; // hash table by id: the first place in the window where it stands

// Reads the row's window. All invocations together.
void readWindow() {
    uint lane = gl_LocalInvocationIndex;
    uint first = gl_WorkGroupID.x * uint(MAX_WINDOW);
    parameters.windowLength = min(parameters.windowLength, uint(MAX_WINDOW));
    if (parameters.windowLength == 0u) return;
    for (uint i = lane; i < uint(MAX_WINDOW); i += uint(LOCAL_SIZE)) windowIds[i] = recentTokens[first + i];
    for (uint i = lane; i < uint(WINDOW_WORDS); i += uint(LOCAL_SIZE)) windowBits[i] = 0u;
    for (uint i = lane; i < uint(WINDOW_SLOTS); i += uint(LOCAL_SIZE)) windowSlots[i] = NO_PLACE;
    barrier();
    for (uint i = lane; i < parameters.windowLength; i += uint(LOCAL_SIZE)) {
        uint id = windowIds[i];
        uint count = 0u;
        bool isFirst = true;
        for (uint j = 0u; j < parameters.windowLength; j++) {
            if (windowIds[j] != id) continue;
            count++;
            if (j < i) isFirst = false;
        }
        if (!isFirst) continue;
        windowCounts[i] = count;
        atomicOr(windowBits[(id >> 5) % uint(WINDOW_WORDS)], 1u << (id & 31u));
        uint slot = id;
        while (atomicCompSwap(windowSlots[slot % uint(WINDOW_SLOTS)], NO_PLACE, i) != NO_PLACE) slot++;
    }
    barrier();
}

// The logit of a token, after the penalties.
float penalised(uint id, float logit) {
    for (uint slot = id; windowSlots[slot % uint(WINDOW_SLOTS)] != NO_PLACE; slot++) {
        uint place = windowSlots[slot % uint(WINDOW_SLOTS)];
        if (windowIds[place] != id) continue;
        logit = logit > 0.0 ? logit / parameters.repetitionPenalty : logit * parameters.repetitionPenalty;
        return logit - float(windowCounts[place]) * parameters.frequencyPenalty - parameters.presencePenalty;
    }
    return logit;
}
