/*
 * Makes and frees engines, and looks whether memory comes back: many_engines MODEL COUNT SETTLED RESIDENT_KIB ALLOCATED_KIB
 * Fails where resident or allocated memory grew by more than so much between the time that SETTLED engines were freed and the end. In
 * turn an engine is freed after an answer, in the middle of one, once it is loaded, and while it loads.
 * Run it with GLIBC_TUNABLES=glibc.malloc.tcache_count=0: blocks that a thread has freed and keeps for itself count as allocated.
 */
#define _GNU_SOURCE /* usleep, malloc_trim and mallinfo2, which strict C leaves out */

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "enginellm.h"

static void check(enginellm_status status, const char *call) {
    char text[512];
    if (status == ENGINELLM_OK) return;
    enginellm_last_error(text, sizeof text);
    fprintf(stderr, "%s: %s: %s\n", call, enginellm_status_name(status), text);
    exit(1);
}

/* What the process has in memory, and what of it was allocated and not freed, in KiB. */
struct memory {
    long resident;
    long allocated;
};

static struct memory measure(void) {
    struct memory memory;
    struct mallinfo2 allocator;
    long total = 0, resident = 0;
    FILE *file;
    /* What was freed and the C library keeps for later is nobody's leak: drivers start threads, and each thread has an arena of its own. */
    malloc_trim(0);
    file = fopen("/proc/self/statm", "r");
    if (file == NULL || fscanf(file, "%ld %ld", &total, &resident) != 2) {
        fprintf(stderr, "cannot read /proc/self/statm\n");
        exit(1);
    }
    fclose(file);
    allocator = mallinfo2();
    memory.resident = resident * (sysconf(_SC_PAGESIZE) / 1024);
    memory.allocated = (long)((allocator.uordblks + allocator.hblkhd) / 1024);
    return memory;
}

static void wait_until_loaded(enginellm_engine engine) {
    enginellm_load load;
    load.size = sizeof load;
    do {
        usleep(1000);
        check(enginellm_engine_poll(engine, &load), "enginellm_engine_poll");
    } while (load.state == ENGINELLM_LOAD_LOADING);
    check(load.status, "loading");
}

static void talk(enginellm_engine engine, int to_the_end) {
    enginellm_npc npc;
    enginellm_answer answer;
    enginellm_npc_options options = enginellm_npc_options_default();
    char words[64];
    uint32_t enough = to_the_end ? ENGINELLM_ANSWER_FINISHED : ENGINELLM_ANSWER_SPEAKING;
    options.name = "Tim";
    options.persona = "Tim likes the red ball.";
    options.max_answer_tokens = 12;
    options.temperature = -1.0f;
    check(enginellm_npc_create(engine, &options, &npc), "enginellm_npc_create");
    check(enginellm_npc_say(npc, "Once upon a time"), "enginellm_npc_say");
    answer.size = sizeof answer;
    do {
        check(enginellm_engine_update(engine, 1000000), "enginellm_engine_update");
        check(enginellm_engine_wait(engine, 100000), "enginellm_engine_wait");
        check(enginellm_npc_read(npc, words, sizeof words, NULL), "enginellm_npc_read");
        check(enginellm_npc_get_answer(npc, &answer), "enginellm_npc_get_answer");
    } while (answer.state < enough);
    if (answer.finish == ENGINELLM_FINISH_FAILED || answer.answer_tokens == 0) {
        fprintf(stderr, "the character did not answer\n");
        exit(1);
    }
}

static void make_and_free(const char *model, int turn) {
    enginellm_engine engine;
    enginellm_engine_options options = enginellm_engine_options_default();
    options.model_path = model;
    options.context_tokens = 128;
    options.flags = ENGINELLM_FLAG_NO_CACHE;
    check(enginellm_engine_create(&options, &engine), "enginellm_engine_create");
    if (turn % 4 != 3) wait_until_loaded(engine);
    else usleep((useconds_t)(turn % 97) * 1000);
    if (turn % 4 < 2) talk(engine, turn % 4 == 0);
    check(enginellm_engine_free(engine), "enginellm_engine_free");
}

int main(int argc, char **argv) {
    int turn, count, settled_turn;
    long resident_limit, allocated_limit;
    struct memory settled = {0, 0}, now = {0, 0};
    if (argc != 6) {
        fprintf(stderr, "usage: many_engines MODEL COUNT SETTLED RESIDENT_KIB ALLOCATED_KIB\n");
        return 2;
    }
    count = atoi(argv[2]);
    settled_turn = atoi(argv[3]);
    resident_limit = atol(argv[4]);
    allocated_limit = atol(argv[5]);
    for (turn = 1; turn <= count; turn++) {
        make_and_free(argv[1], turn);
        if (turn != settled_turn && turn != count && turn % 50 != 0) continue;
        now = measure();
        if (turn == settled_turn) settled = now;
        printf("%d engines: %ld KiB resident, %ld KiB allocated\n", turn, now.resident, now.allocated);
        fflush(stdout);
    }
    printf("resident grew by %ld KiB, allowed are %ld; allocated grew by %ld KiB, allowed are %ld\n", now.resident - settled.resident,
        resident_limit, now.allocated - settled.allocated, allocated_limit);
    return now.resident - settled.resident > resident_limit || now.allocated - settled.allocated > allocated_limit;
}
