/*
 * A character that talks, in C: talk [MODEL.gguf [QUESTION...]]
 *
 * Where no model is named, it is the file that the environment's ENGINELLM_MODEL names, or else the one in models/npc of the repository.
 * run_frame is what a game does in each frame. Nothing else is drawn here, so half of the frame is the device's; a game gives it 2 ms.
 */
/* For nanosleep and glob, which strict C leaves out. */
#define _POSIX_C_SOURCE 200809L

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef _WIN32
#include <windows.h>
#else
#include <glob.h>
#include <time.h>
#endif

#include "enginellm.h"

#define FRAME_MILLISECONDS 16
#define BUDGET_MICROSECONDS 8000

/* Two to nine plain sentences, each of which can stand alone: the model that comes along answers with them. */
static const char persona[] =
    "You are Mira, keeper of the tavern at the crossroads. You sell fish stew for two coins, dark ale for one coin and honey cake for three "
    "coins. A bed for the night is five coins. Last night a thief stole the silver bell that hung over your door. You will give ten coins "
    "to whoever brings the bell back. The road to the harbour is behind the old mill.";

/* Larger models take their tone from these. */
static const enginellm_example examples[] = {
    {"Who are you?", "I am Mira, keeper of the tavern at the crossroads."},
    {"Can I sleep here?", "A bed for the night is five coins."},
};

static void print_error(const char *what) {
    char text[512];
    enginellm_last_error(text, sizeof text);
    fprintf(stderr, "%s: %s\n", what, text);
}

static void sleep_a_frame(void) {
#ifdef _WIN32
    Sleep(FRAME_MILLISECONDS);
#else
    struct timespec time = {0, FRAME_MILLISECONDS * 1000000L};
    nanosleep(&time, NULL);
#endif
}

/* The model to run where none was named, or NULL. */
static const char *find_model(void) {
    static char path[1024];
    const char *named = getenv("ENGINELLM_MODEL");
    if (named != NULL && named[0] != 0) return named;
    path[0] = 0;
#ifndef _WIN32
    {
        static const char *const patterns[] = {"models/npc/*.gguf", "../../models/npc/*.gguf"};
        size_t i;
        for (i = 0; path[0] == 0 && i < sizeof patterns / sizeof patterns[0]; i++) {
            glob_t found;
            if (glob(patterns[i], 0, NULL, &found) == 0 && strlen(found.gl_pathv[0]) < sizeof path) strcpy(path, found.gl_pathv[0]);
            globfree(&found);
        }
    }
#endif
    return path[0] != 0 ? path : NULL;
}

/* Polls once a frame, as a loading screen would. */
static int wait_until_loaded(enginellm_engine engine) {
    enginellm_load load;
    load.size = sizeof load;
    for (;;) {
        if (enginellm_engine_poll(engine, &load) != ENGINELLM_OK) return 0;
        if (load.state != ENGINELLM_LOAD_LOADING) break;
        fprintf(stderr, "\rloading: %s %3.0f %%   ", load.stage, (double)load.fraction * 100.0);
        sleep_a_frame();
    }
    fprintf(stderr, "\r                            \r");
    return load.state == ENGINELLM_LOAD_READY;
}

/* Lets the engine work, and shows the words that have come. Returns 0 when the answer is over, and -1 where something failed. */
static int run_frame(enginellm_engine engine, enginellm_npc npc) {
    char words[256];
    size_t length;
    enginellm_answer answer;
    answer.size = sizeof answer;
    if (enginellm_engine_update(engine, BUDGET_MICROSECONDS) != ENGINELLM_OK) return -1;
    do {
        if (enginellm_npc_read(npc, words, sizeof words, &length) != ENGINELLM_OK) return -1;
        fputs(words, stdout);
    } while (length > 0);
    fflush(stdout);
    if (enginellm_npc_get_answer(npc, &answer) != ENGINELLM_OK) return -1;
    return answer.state != ENGINELLM_ANSWER_FINISHED;
}

static int ask(enginellm_engine engine, enginellm_npc npc, const char *question) {
    int running;
    printf("You: %s\nMira: ", question);
    if (enginellm_npc_say(npc, question) != ENGINELLM_OK) {
        print_error("Mira did not understand");
        return 0;
    }
    while ((running = run_frame(engine, npc)) > 0) sleep_a_frame();
    printf("\n");
    if (running < 0) print_error("Mira fell silent");
    return running == 0;
}

static int talk(enginellm_engine engine, int question_count, char **questions) {
    enginellm_npc npc;
    enginellm_npc_options options = enginellm_npc_options_default();
    int i;
    options.name = "Mira";
    options.persona = persona;
    options.examples = examples;
    options.example_count = sizeof examples / sizeof examples[0];
    options.max_answer_tokens = 48;
    if (enginellm_npc_create(engine, &options, &npc) != ENGINELLM_OK) {
        print_error("cannot make a character");
        return 0;
    }
    /* Without a model's name either, where the count is less than nothing. */
    if (question_count <= 0) return ask(engine, npc, "What do you sell?");
    for (i = 0; i < question_count; i++) {
        if (!ask(engine, npc, questions[i])) return 0;
    }
    return 1;
}

int main(int argc, char **argv) {
    enginellm_engine engine;
    int went_well;
    enginellm_engine_options options = enginellm_engine_options_default();
    options.model_path = argc > 1 ? argv[1] : find_model();
    if (options.model_path == NULL) {
        fprintf(stderr, "usage: talk MODEL.gguf [QUESTION...], or set ENGINELLM_MODEL\n");
        return 2;
    }
    if (enginellm_abi_version() >> 16 != ENGINELLM_ABI_VERSION_MAJOR) {
        fprintf(stderr, "this program and the library are of different versions\n");
        return 1;
    }
    options.context_tokens = 1024;
    if (enginellm_engine_create(&options, &engine) != ENGINELLM_OK) {
        print_error("cannot make an engine");
        return 1;
    }
    went_well = wait_until_loaded(engine);
    if (!went_well) print_error("cannot load the model");
    went_well = went_well && talk(engine, argc - 2, argv + 2);
    enginellm_engine_free(engine);
    return went_well ? 0 : 1;
}
