/*
 * Uses the library wrongly in every way that it promises to bear with: wrong_use MODEL FOLDER
 * Each call has to return the status that stands beside it. FOLDER is an empty one, for files that are no models.
 */
#define _GNU_SOURCE /* usleep, NAN and threads, which strict C leaves out */

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "enginellm.h"

static int checks, failures;

static void expect_status(enginellm_status expected, enginellm_status status, const char *call, int line) {
    char text[512];
    checks++;
    if (status == expected) {
        if (status == ENGINELLM_OK || enginellm_last_error(NULL, 0) > 0) return;
        printf("line %d: %s: the error has no text\n", line, call);
    } else {
        enginellm_last_error(text, sizeof text);
        printf("line %d: %s\n  gave %s and not %s; last error: %s\n", line, call, enginellm_status_name(status),
            enginellm_status_name(expected), text);
    }
    failures++;
}

static void expect_true(int holds, const char *what, int line) {
    checks++;
    if (holds) return;
    failures++;
    printf("line %d: %s does not hold\n", line, what);
}

#define GIVES(expected, call) expect_status(ENGINELLM_##expected, call, #call, __LINE__)
#define REFUSES(error, call) GIVES(ERROR_##error, call)
#define HOLDS(condition) expect_true(condition, #condition, __LINE__)

static const char *model;

static enginellm_engine_options engine_options(void) {
    enginellm_engine_options options = enginellm_engine_options_default();
    options.model_path = model;
    options.context_tokens = 128;
    options.flags = ENGINELLM_FLAG_NO_CACHE;
    return options;
}

static enginellm_npc_options npc_options(void) {
    enginellm_npc_options options = enginellm_npc_options_default();
    options.name = "Tim";
    options.persona = "Tim likes the red ball.";
    options.max_answer_tokens = 16;
    options.temperature = -1.0f;
    return options;
}

static enginellm_load poll_to_the_end(enginellm_engine engine) {
    enginellm_load load;
    load.size = sizeof load;
    do {
        usleep(1000);
        GIVES(OK, enginellm_engine_poll(engine, &load));
    } while (load.state == ENGINELLM_LOAD_LOADING);
    return load;
}

static enginellm_answer answer_of(enginellm_npc npc) {
    enginellm_answer answer;
    answer.size = sizeof answer;
    GIVES(OK, enginellm_npc_get_answer(npc, &answer));
    return answer;
}

static void library_without_engine(void) {
    enginellm_device device;
    char small[4] = "xyz";
    HOLDS(enginellm_abi_version() == (ENGINELLM_ABI_VERSION_MAJOR << 16 | ENGINELLM_ABI_VERSION_MINOR));
    HOLDS(strlen(enginellm_version()) >= 5);
    HOLDS(strcmp(enginellm_status_name(ENGINELLM_ERROR_WRONG_THREAD), "ENGINELLM_ERROR_WRONG_THREAD") == 0);
    HOLDS(strcmp(enginellm_status_name(-5), "unknown status") == 0);
    HOLDS(enginellm_last_error(NULL, 0) == 0);
    REFUSES(INVALID_ARGUMENT, enginellm_device_get(0, NULL));
    HOLDS(enginellm_last_error(small, sizeof small) > 3 && strlen(small) == 3);
    HOLDS(enginellm_last_error(small, 0) > 3 && strlen(small) == 3);
    device.size = 0;
    REFUSES(INVALID_SIZE, enginellm_device_get(0, &device));
    device.size = sizeof device;
    REFUSES(DEVICE_NOT_FOUND, enginellm_device_get(100000, &device));
    GIVES(OK, enginellm_device_get(0, &device));
    HOLDS(device.is_usable == 1 && device.name[0] != 0 && device.driver[0] != 0 && device.kind[0] != 0 && device.memory_bytes > 0);
}

static void options_that_are_wrong(void) {
    enginellm_engine engine = 7;
    enginellm_engine_options options = engine_options();
    REFUSES(INVALID_ARGUMENT, enginellm_engine_create(&options, NULL));
    REFUSES(INVALID_ARGUMENT, enginellm_engine_create(NULL, &engine));
    HOLDS(engine == 0);
    options.model_path = NULL;
    REFUSES(INVALID_ARGUMENT, enginellm_engine_create(&options, &engine));
    options.model_path = "a\xff.gguf";
    REFUSES(INVALID_UTF8, enginellm_engine_create(&options, &engine));
    options = engine_options();
    options.flags = 0x80000000u;
    REFUSES(INVALID_ARGUMENT, enginellm_engine_create(&options, &engine));
    options = engine_options();
    options.page_tokens = 17;
    REFUSES(INVALID_ARGUMENT, enginellm_engine_create(&options, &engine));
    options = engine_options();
    options.max_sequences = 100000;
    REFUSES(INVALID_ARGUMENT, enginellm_engine_create(&options, &engine));
    options = engine_options();
    options.context_tokens = 0xffffffffu;
    REFUSES(INVALID_ARGUMENT, enginellm_engine_create(&options, &engine));
}

static void sizes_that_are_wrong(void) {
    struct {
        enginellm_engine_options known;
        uint64_t from_a_later_version;
    } later;
    enginellm_engine engine;
    enginellm_engine_options options = engine_options();
    options.size = 0;
    REFUSES(INVALID_SIZE, enginellm_engine_create(&options, &engine));
    options.size = sizeof options - 1;
    REFUSES(INVALID_SIZE, enginellm_engine_create(&options, &engine));
    options.size = 0xffffffffu;
    REFUSES(INVALID_SIZE, enginellm_engine_create(&options, &engine));
    later.known = engine_options();
    later.known.size = sizeof later;
    later.from_a_later_version = 1;
    REFUSES(INVALID_SIZE, enginellm_engine_create((const enginellm_engine_options *)&later, &engine));
    later.from_a_later_version = 0;
    GIVES(OK, enginellm_engine_create((const enginellm_engine_options *)&later, &engine));
    GIVES(OK, enginellm_engine_free(engine));
}

static void load_fails(const char *path, const char *device, enginellm_status expected, int line) {
    enginellm_engine engine;
    enginellm_npc npc;
    enginellm_load load;
    enginellm_npc_options npc_from = npc_options();
    enginellm_engine_options options = engine_options();
    options.model_path = path;
    options.device = device;
    GIVES(OK, enginellm_engine_create(&options, &engine));
    load = poll_to_the_end(engine);
    HOLDS(load.state == ENGINELLM_LOAD_FAILED);
    expect_status(expected, load.status, "loading", line);
    expect_status(expected, enginellm_npc_create(engine, &npc_from, &npc), "enginellm_npc_create on a failed engine", line);
    expect_status(expected, enginellm_engine_update(engine, 1000), "enginellm_engine_update on a failed engine", line);
    GIVES(OK, enginellm_engine_cancel_load(engine));
    GIVES(OK, enginellm_engine_free(engine));
}

static void models_that_are_none(const char *folder) {
    char path[2048];
    FILE *file;
    snprintf(path, sizeof path, "%s/no_model.gguf", folder);
    load_fails(path, NULL, ENGINELLM_ERROR_MODEL_FORMAT, __LINE__);
    load_fails(folder, NULL, ENGINELLM_ERROR_MODEL_FORMAT, __LINE__);
    load_fails("", NULL, ENGINELLM_ERROR_MODEL_FORMAT, __LINE__);
    file = fopen(path, "wb");
    HOLDS(file != NULL && fputs("GGUF, but not really", file) >= 0 && fclose(file) == 0);
    load_fails(path, NULL, ENGINELLM_ERROR_MODEL_FORMAT, __LINE__);
    load_fails(model, "no such device", ENGINELLM_ERROR_DEVICE_NOT_FOUND, __LINE__);
}

static void calls_while_it_loads(void) {
    enginellm_engine engine;
    enginellm_npc npc = 7;
    enginellm_statistics statistics;
    enginellm_load load;
    size_t count;
    enginellm_npc_options npc_from = npc_options();
    enginellm_engine_options options = engine_options();
    statistics.size = sizeof statistics;
    GIVES(OK, enginellm_engine_create(&options, &engine));
    REFUSES(NOT_READY, enginellm_npc_create(engine, &npc_from, &npc));
    HOLDS(npc == 0);
    REFUSES(NOT_READY, enginellm_engine_update(engine, 1000));
    REFUSES(NOT_READY, enginellm_engine_wait(engine, 1000));
    REFUSES(NOT_READY, enginellm_engine_get_statistics(engine, &statistics));
    REFUSES(NOT_READY, enginellm_engine_get_page_map(engine, NULL, 0, &count));
    GIVES(OK, enginellm_engine_cancel_load(engine));
    load = poll_to_the_end(engine);
    HOLDS(load.state == ENGINELLM_LOAD_FAILED && load.status == ENGINELLM_ERROR_CANCELLED);
    REFUSES(CANCELLED, enginellm_engine_update(engine, 1000));
    GIVES(OK, enginellm_engine_free(engine));
    GIVES(OK, enginellm_engine_create(&options, &engine));
    GIVES(OK, enginellm_engine_free(engine));
}

static void handles_that_are_wrong(enginellm_engine engine, enginellm_npc npc) {
    static const uint64_t wrong[] = {0, 1, 0xffffffffu, 0x100000000u + 999, 0x200000000u, UINT64_MAX};
    char words[16];
    enginellm_npc made;
    enginellm_npc_options options = npc_options();
    enginellm_answer answer;
    size_t i, length;
    answer.size = sizeof answer;
    for (i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        REFUSES(INVALID_HANDLE, enginellm_engine_update(wrong[i], 1000));
        REFUSES(INVALID_HANDLE, enginellm_engine_free(wrong[i]));
        REFUSES(INVALID_HANDLE, enginellm_engine_use_thread(wrong[i]));
        REFUSES(INVALID_HANDLE, enginellm_npc_say(wrong[i], "Hello"));
        REFUSES(INVALID_HANDLE, enginellm_npc_free(wrong[i]));
    }
    REFUSES(INVALID_HANDLE, enginellm_engine_update(npc, 1000));
    REFUSES(INVALID_HANDLE, enginellm_engine_free(npc));
    REFUSES(INVALID_HANDLE, enginellm_npc_create(npc, &options, &made));
    REFUSES(INVALID_HANDLE, enginellm_npc_prepare(engine));
    REFUSES(INVALID_HANDLE, enginellm_npc_say(engine, "Hello"));
    REFUSES(INVALID_HANDLE, enginellm_npc_read(engine, words, sizeof words, &length));
    REFUSES(INVALID_HANDLE, enginellm_npc_get_answer(engine, &answer));
    REFUSES(INVALID_HANDLE, enginellm_npc_stop(engine));
    REFUSES(INVALID_HANDLE, enginellm_npc_cancel(engine));
    REFUSES(INVALID_HANDLE, enginellm_npc_reset(engine));
    REFUSES(INVALID_HANDLE, enginellm_npc_free(engine));
}

static void handles_that_were_freed(enginellm_engine engine) {
    enginellm_npc first, second;
    enginellm_npc_options options = npc_options();
    GIVES(OK, enginellm_npc_create(engine, &options, &first));
    GIVES(OK, enginellm_npc_say(first, "Hello"));
    GIVES(OK, enginellm_npc_free(first));
    REFUSES(INVALID_HANDLE, enginellm_npc_free(first));
    GIVES(OK, enginellm_npc_create(engine, &options, &second));
    HOLDS(first != second);
    REFUSES(INVALID_HANDLE, enginellm_npc_say(first, "Hello"));
    REFUSES(INVALID_HANDLE, enginellm_npc_free(first));
    GIVES(OK, enginellm_npc_free(second));
}

static enginellm_status make_npc(enginellm_engine engine, const enginellm_npc_options *options) {
    enginellm_npc npc;
    enginellm_status status = enginellm_npc_create(engine, options, &npc);
    if (status == ENGINELLM_OK) GIVES(OK, enginellm_npc_free(npc));
    else HOLDS(npc == 0);
    return status;
}

static void characters_that_are_wrong(enginellm_engine engine) {
    static const char *const empty_text[] = {""};
    static const char *const no_text[] = {NULL};
    static const enginellm_example half[] = {{"Hello", NULL}};
    static char long_text[ENGINELLM_MAX_TEXT_BYTES + 2];
    enginellm_npc_options options = npc_options();
    REFUSES(INVALID_ARGUMENT, enginellm_npc_create(engine, &options, NULL));
    REFUSES(INVALID_ARGUMENT, make_npc(engine, NULL));
#define WITH(error, field, value) options = npc_options(); options.field = value; REFUSES(error, make_npc(engine, &options))
    WITH(INVALID_SIZE, size, 4);
    WITH(INVALID_ARGUMENT, name, NULL);
    WITH(INVALID_ARGUMENT, name, " ");
    WITH(INVALID_UTF8, name, "\xc3");
    WITH(INVALID_UTF8, persona, "\xed\xa0\x80");
    WITH(INVALID_UTF8, greeting, "\xf8");
    WITH(INVALID_ARGUMENT, example_count, 1);
    WITH(INVALID_ARGUMENT, example_count, 0xffffffffu);
    WITH(INVALID_ARGUMENT, stop_text_count, 1);
    WITH(INVALID_ARGUMENT, max_answer_tokens, 0xffffffffu);
    WITH(INVALID_ARGUMENT, temperature, NAN);
    WITH(INVALID_ARGUMENT, temperature, INFINITY);
    WITH(INVALID_ARGUMENT, top_p, 2.0f);
    WITH(INVALID_ARGUMENT, top_p, -1.0f);
    WITH(INVALID_ARGUMENT, min_p, 1.0f);
    WITH(INVALID_ARGUMENT, repetition_penalty, -1.0f);
    options = npc_options();
    options.examples = half;
    options.example_count = 1;
    REFUSES(INVALID_ARGUMENT, make_npc(engine, &options));
    options = npc_options();
    options.stop_texts = empty_text;
    options.stop_text_count = 1;
    REFUSES(INVALID_ARGUMENT, make_npc(engine, &options));
    options.stop_texts = no_text;
    REFUSES(INVALID_ARGUMENT, make_npc(engine, &options));
    memset(long_text, 'a', sizeof long_text - 1);
    WITH(INVALID_ARGUMENT, persona, long_text);
    long_text[4000] = 0;
    WITH(PROMPT_TOO_LONG, persona, long_text);
}

static void talk_that_is_wrong(enginellm_engine engine, enginellm_npc npc) {
    static char long_text[ENGINELLM_MAX_TEXT_BYTES + 2];
    char words[16];
    enginellm_answer answer;
    uint8_t pages[4];
    size_t length = 99;
    memset(long_text, 'a', sizeof long_text - 1);
    REFUSES(INVALID_ARGUMENT, enginellm_npc_say(npc, NULL));
    REFUSES(INVALID_ARGUMENT, enginellm_npc_say(npc, ""));
    REFUSES(INVALID_ARGUMENT, enginellm_npc_say(npc, " \n"));
    REFUSES(INVALID_UTF8, enginellm_npc_say(npc, "Hello \xff"));
    REFUSES(INVALID_ARGUMENT, enginellm_npc_say(npc, long_text));
    long_text[4000] = 0;
    REFUSES(PROMPT_TOO_LONG, enginellm_npc_say(npc, long_text));
    HOLDS(answer_of(npc).state == ENGINELLM_ANSWER_NONE);
    REFUSES(INVALID_ARGUMENT, enginellm_npc_read(npc, NULL, 16, &length));
    REFUSES(INVALID_ARGUMENT, enginellm_npc_read(npc, words, 7, &length));
    REFUSES(INVALID_ARGUMENT, enginellm_npc_read(npc, words, 0, &length));
    HOLDS(length == 99);
    GIVES(OK, enginellm_npc_read(npc, words, sizeof words, NULL));
    HOLDS(words[0] == 0);
    REFUSES(INVALID_ARGUMENT, enginellm_npc_get_answer(npc, NULL));
    answer.size = 3;
    REFUSES(INVALID_SIZE, enginellm_npc_get_answer(npc, &answer));
    REFUSES(INVALID_ARGUMENT, enginellm_engine_poll(engine, NULL));
    REFUSES(INVALID_ARGUMENT, enginellm_engine_get_statistics(engine, NULL));
    REFUSES(INVALID_ARGUMENT, enginellm_engine_get_page_map(engine, pages, sizeof pages, NULL));
    REFUSES(INVALID_ARGUMENT, enginellm_engine_get_page_map(engine, NULL, 4, &length));
    GIVES(OK, enginellm_engine_get_page_map(engine, pages, sizeof pages, &length));
    HOLDS(length >= 4 && pages[0] == ENGINELLM_PAGE_FREE);
    GIVES(OK, enginellm_npc_stop(npc));
    GIVES(OK, enginellm_npc_cancel(npc));
    GIVES(OK, enginellm_npc_reset(npc));
    HOLDS(answer_of(npc).state == ENGINELLM_ANSWER_NONE);
}

struct pair {
    enginellm_engine engine;
    enginellm_npc npc;
};

static void *call_from_another_thread(void *data) {
    const struct pair *pair = (const struct pair *)data;
    enginellm_npc npc;
    enginellm_load load;
    enginellm_answer answer;
    enginellm_statistics statistics;
    char words[16];
    size_t length;
    enginellm_npc_options options = npc_options();
    load.size = sizeof load;
    answer.size = sizeof answer;
    statistics.size = sizeof statistics;
    HOLDS(enginellm_last_error(NULL, 0) == 0);
    REFUSES(WRONG_THREAD, enginellm_engine_poll(pair->engine, &load));
    REFUSES(WRONG_THREAD, enginellm_engine_cancel_load(pair->engine));
    REFUSES(WRONG_THREAD, enginellm_engine_update(pair->engine, 1000));
    REFUSES(WRONG_THREAD, enginellm_engine_wait(pair->engine, 1000));
    REFUSES(WRONG_THREAD, enginellm_engine_get_statistics(pair->engine, &statistics));
    REFUSES(WRONG_THREAD, enginellm_engine_get_page_map(pair->engine, NULL, 0, &length));
    REFUSES(WRONG_THREAD, enginellm_engine_free(pair->engine));
    REFUSES(WRONG_THREAD, enginellm_npc_create(pair->engine, &options, &npc));
    REFUSES(WRONG_THREAD, enginellm_npc_prepare(pair->npc));
    REFUSES(WRONG_THREAD, enginellm_npc_say(pair->npc, "Hello"));
    REFUSES(WRONG_THREAD, enginellm_npc_read(pair->npc, words, sizeof words, &length));
    REFUSES(WRONG_THREAD, enginellm_npc_get_answer(pair->npc, &answer));
    REFUSES(WRONG_THREAD, enginellm_npc_stop(pair->npc));
    REFUSES(WRONG_THREAD, enginellm_npc_cancel(pair->npc));
    REFUSES(WRONG_THREAD, enginellm_npc_reset(pair->npc));
    REFUSES(WRONG_THREAD, enginellm_npc_free(pair->npc));
    GIVES(OK, enginellm_engine_use_thread(pair->engine));
    GIVES(OK, enginellm_engine_update(pair->engine, 1000));
    GIVES(OK, enginellm_npc_stop(pair->npc));
    return NULL;
}

static void threads_that_are_wrong(enginellm_engine engine, enginellm_npc npc) {
    pthread_t thread;
    struct pair pair;
    pair.engine = engine;
    pair.npc = npc;
    HOLDS(pthread_create(&thread, NULL, call_from_another_thread, &pair) == 0);
    pthread_join(thread, NULL);
    REFUSES(WRONG_THREAD, enginellm_engine_update(engine, 1000));
    GIVES(OK, enginellm_engine_use_thread(engine));
    GIVES(OK, enginellm_engine_update(engine, 1000));
}

struct heard {
    enginellm_engine engine;
    enginellm_npc frees;
    size_t bytes;
    int answers;
    uint32_t finish;
};

static void hear_words(enginellm_npc npc, const char *text, size_t length, void *user_data) {
    struct heard *heard = (struct heard *)user_data;
    enginellm_npc_options options = npc_options();
    heard->bytes += length;
    HOLDS(npc != 0 && length > 0 && strlen(text) == length);
    REFUSES(IN_CALLBACK, enginellm_engine_update(heard->engine, 1000));
    REFUSES(IN_CALLBACK, enginellm_engine_free(heard->engine));
    GIVES(OK, make_npc(heard->engine, &options));
    if (heard->frees == 0) return;
    GIVES(OK, enginellm_npc_free(heard->frees));
    REFUSES(INVALID_HANDLE, enginellm_npc_stop(heard->frees));
    heard->frees = 0;
}

static void hear_end(enginellm_npc npc, uint32_t finish, void *user_data) {
    struct heard *heard = (struct heard *)user_data;
    heard->answers++;
    heard->finish = finish;
    if (heard->answers == 1) GIVES(OK, enginellm_npc_say(npc, "And then?"));
}

static void run_until_heard(struct heard *heard, int answers) {
    int frames;
    for (frames = 0; heard->answers < answers && frames < 2000; frames++) {
        GIVES(OK, enginellm_engine_update(heard->engine, 100000));
        GIVES(OK, enginellm_engine_wait(heard->engine, 50000));
    }
    HOLDS(heard->answers == answers);
}

static void calls_from_callbacks(enginellm_engine engine) {
    struct heard heard;
    enginellm_npc npc;
    char words[16];
    enginellm_npc_options options = npc_options();
    memset(&heard, 0, sizeof heard);
    heard.engine = engine;
    options.on_text = hear_words;
    options.on_finished = hear_end;
    options.user_data = &heard;
    GIVES(OK, enginellm_npc_create(engine, &options, &npc));
    GIVES(OK, enginellm_npc_say(npc, "Once upon a time"));
    run_until_heard(&heard, 2);
    HOLDS(heard.bytes > 0);
    GIVES(OK, enginellm_npc_read(npc, words, sizeof words, NULL));
    HOLDS(words[0] == 0);
    GIVES(OK, enginellm_npc_say(npc, "Tell me more"));
    GIVES(OK, enginellm_npc_stop(npc));
    HOLDS(answer_of(npc).finish == ENGINELLM_FINISH_STOPPED && heard.answers == 2);
    run_until_heard(&heard, 3);
    HOLDS(heard.finish == ENGINELLM_FINISH_STOPPED);
    GIVES(OK, enginellm_npc_say(npc, "Tell me more"));
    GIVES(OK, enginellm_npc_cancel(npc));
    run_until_heard(&heard, 4);
    HOLDS(heard.finish == ENGINELLM_FINISH_CANCELLED);
    /* A character that is freed in its own callback is heard no more. */
    heard.frees = npc;
    GIVES(OK, enginellm_npc_say(npc, "Once upon a time"));
    while (heard.frees != 0) {
        GIVES(OK, enginellm_engine_update(engine, 100000));
        GIVES(OK, enginellm_engine_wait(engine, 50000));
    }
    HOLDS(heard.answers == 4);
}

int main(int argc, char **argv) {
    enginellm_engine engine;
    enginellm_npc npc;
    enginellm_npc_options npc_from = npc_options();
    enginellm_engine_options options;
    if (argc != 3) return 2;
    model = argv[1];
    library_without_engine();
    options_that_are_wrong();
    sizes_that_are_wrong();
    models_that_are_none(argv[2]);
    calls_while_it_loads();
    options = engine_options();
    GIVES(OK, enginellm_engine_create(&options, &engine));
    HOLDS(poll_to_the_end(engine).state == ENGINELLM_LOAD_READY);
    GIVES(OK, enginellm_npc_create(engine, &npc_from, &npc));
    handles_that_are_wrong(engine, npc);
    handles_that_were_freed(engine);
    characters_that_are_wrong(engine);
    talk_that_is_wrong(engine, npc);
    threads_that_are_wrong(engine, npc);
    calls_from_callbacks(engine);
    GIVES(OK, enginellm_npc_say(npc, "Once upon a time"));
    GIVES(OK, enginellm_engine_free(engine));
    REFUSES(INVALID_HANDLE, enginellm_engine_free(engine));
    REFUSES(INVALID_HANDLE, enginellm_engine_update(engine, 1000));
    REFUSES(INVALID_HANDLE, enginellm_npc_stop(npc));
    REFUSES(INVALID_HANDLE, enginellm_npc_free(npc));
    printf("%d checks, %d failed\n", checks, failures);
    return failures != 0;
}
