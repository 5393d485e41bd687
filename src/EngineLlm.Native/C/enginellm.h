/*
 * EngineLlm: characters that talk, inside a game's frame. The C interface, version 1.0.
 *
 * In a game
 *   enginellm_engine_create   loads a model in the background and returns at once
 *   enginellm_engine_poll     once a frame while it loads
 *   enginellm_npc_create      makes a character, once the engine is ready
 *   enginellm_npc_say         the player says something
 *   enginellm_engine_update   once a frame; hands the device at most so much work, and never waits for it
 *   enginellm_npc_read        takes the words that have come since
 *
 * Who owns what
 *   The library owns everything behind a handle until the matching ..._free. Everything that you pass in is read during the call only:
 *   strings, structs and arrays may go when the call returns. Everything that comes out is copied into memory of yours. The one thing
 *   kept is what a callback is given, user_data, which has to live as long as the character.
 *
 * Which thread
 *   An engine and its characters belong to the thread that created the engine. Calls from another thread change nothing and return
 *   ENGINELLM_ERROR_WRONG_THREAD; enginellm_engine_use_thread hands the engine over. Functions without a handle may be called from any
 *   thread. Callbacks come from within enginellm_engine_update, on the thread that calls it.
 *
 * What goes wrong
 *   Functions return an enginellm_status, and enginellm_last_error says in one line what was wrong with the last call that failed on this
 *   thread, and what to do about it. Handles are checked: zero, freed ones, and those of another kind give
 *   ENGINELLM_ERROR_INVALID_HANDLE. A call that is refused has changed nothing. Pointers that point nowhere cannot be checked.
 *
 * How it grows
 *   Each struct starts with its size, which tells the library what your program was compiled against. Set every field that you do not use
 *   to zero: zero always means the default (enginellm_engine_options_default and its kin do so). Within a major version functions and
 *   fields are added only, fields at the end; enginellm_abi_version tells what the library has.
 *
 * Text is UTF-8. Text that comes in ends with a zero byte, and holds at most ENGINELLM_MAX_TEXT_BYTES.
 */
#ifndef ENGINELLM_H
#define ENGINELLM_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef _WIN32
#define ENGINELLM_API __declspec(dllimport)
#else
#define ENGINELLM_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

#define ENGINELLM_ABI_VERSION_MAJOR 1u
#define ENGINELLM_ABI_VERSION_MINOR 0u
#define ENGINELLM_MAX_TEXT_BYTES 1048576u

/* An engine: a model on a Vulkan device. 0 is none. */
typedef uint64_t enginellm_engine;

/* A character. 0 is none. */
typedef uint64_t enginellm_npc;

/* What a call came to: an ENGINELLM_OK or ENGINELLM_ERROR_... below. Programs have to bear with values that are added later. */
typedef int32_t enginellm_status;

#define ENGINELLM_OK 0
#define ENGINELLM_ERROR_INVALID_ARGUMENT 1  /* a null pointer, a number outside its range, text that is too long or missing */
#define ENGINELLM_ERROR_INVALID_HANDLE 2    /* 0, freed, or the handle of something else */
#define ENGINELLM_ERROR_INVALID_SIZE 3      /* a struct's size is not one that this library knows */
#define ENGINELLM_ERROR_INVALID_UTF8 4      /* text is not UTF-8 */
#define ENGINELLM_ERROR_WRONG_THREAD 5      /* the engine belongs to another thread */
#define ENGINELLM_ERROR_IN_CALLBACK 6       /* not from within a callback: update and free of the engine */
#define ENGINELLM_ERROR_NOT_READY 7         /* the engine is still loading */
#define ENGINELLM_ERROR_CANCELLED 8         /* loading was given up by enginellm_engine_cancel_load */
#define ENGINELLM_ERROR_VULKAN 9            /* no Vulkan loader, driver, or device that reaches the floor */
#define ENGINELLM_ERROR_DEVICE_NOT_FOUND 10 /* no device of that name or index */
#define ENGINELLM_ERROR_DEVICE_MEMORY 11    /* the device has too little memory */
#define ENGINELLM_ERROR_DEVICE_LOST 12      /* the driver reset the device: free the engine and create it again */
#define ENGINELLM_ERROR_MODEL_FORMAT 13     /* the model's file is missing, no GGUF, or damaged */
#define ENGINELLM_ERROR_MODEL_UNSUPPORTED 14 /* the model is sound, and not supported */
#define ENGINELLM_ERROR_PROMPT_TOO_LONG 15  /* persona or text does not fit into the context */
#define ENGINELLM_ERROR_ENGINE 16           /* any other error with a message of its own, such as an engine that has stopped */
#define ENGINELLM_ERROR_INTERNAL 17         /* a defect of the library; please report its text */

/* ---- The library. Any thread. ---- */

/* Major version times 65,536 plus minor version. A program needs the major version of its header, and at least the minor one. */
ENGINELLM_API uint32_t enginellm_abi_version(void);

/* The version of EngineLlm, such as "0.1.0". Lives as long as the library. */
ENGINELLM_API const char *enginellm_version(void);

/* The name of a status, such as "ENGINELLM_ERROR_WRONG_THREAD". Lives as long as the library. */
ENGINELLM_API const char *enginellm_status_name(enginellm_status status);

/* One line about the last call that failed on this thread: what was wrong, and what to do. Copies as much as fits, always with a zero byte
   at its end. Returns the bytes of the whole text without the zero byte; buffer may be null where capacity is 0. */
ENGINELLM_API size_t enginellm_last_error(char *buffer, size_t capacity);

/* ---- Devices. Any thread; looks at every driver, which takes a while, so not within a frame. ---- */

typedef struct enginellm_device {
    uint32_t size;          /* sizeof(enginellm_device) */
    uint32_t is_usable;     /* 1 where EngineLlm runs on it */
    uint64_t memory_bytes;  /* memory close to the device; memory shared with the host on integrated and software devices */
    char name[256];         /* these are cut where they are longer, and end with a zero byte */
    char driver[256];
    char kind[32];          /* "discrete GPU", "integrated GPU", "virtual GPU", "software" or "other" */
} enginellm_device;

/* Describes a device, the preferred one being index 0. ENGINELLM_ERROR_DEVICE_NOT_FOUND behind the last one. */
ENGINELLM_API enginellm_status enginellm_device_get(uint32_t index, enginellm_device *device);

/* ---- Engines ---- */

#define ENGINELLM_FLAG_VALIDATION 1u   /* Vulkan's validation layers, for development */
#define ENGINELLM_FLAG_FLOAT_PAGES 2u  /* keys and values as 32-bit floats: twice the memory, for comparisons */
#define ENGINELLM_FLAG_NO_CACHE 4u     /* keeps no compiled pipelines on disk */

typedef struct enginellm_engine_options {
    uint32_t size;              /* sizeof(enginellm_engine_options) */
    uint32_t flags;             /* ENGINELLM_FLAG_... */
    const char *model_path;     /* a GGUF file; required */
    const char *device;         /* index, or part of the name; null for the best device */
    const char *cache_folder;   /* where compiled pipelines are kept between runs; null for a folder of the user's */
    uint64_t page_memory_bytes; /* device memory for conversations; 0 for what four full contexts need, within an eighth of the device's */
    uint32_t context_tokens;    /* tokens that one conversation may have; 0 for what suits the model, at most 4,096 */
    uint32_t page_tokens;       /* token slots in a page: 16, 32 or 64; 0 for 32 */
    uint32_t max_sequences;     /* answers at once, 1 to 256, further ones wait; 0 for 16 */
    uint32_t max_step_tokens;   /* how long a chunk of a prompt may be, 1 to 1,024; 0 for 128 */
} enginellm_engine_options;

#define ENGINELLM_LOAD_LOADING 0u
#define ENGINELLM_LOAD_READY 1u
#define ENGINELLM_LOAD_FAILED 2u

typedef struct enginellm_load {
    uint32_t size;           /* sizeof(enginellm_load) */
    uint32_t state;          /* ENGINELLM_LOAD_... */
    enginellm_status status; /* why loading failed, or ENGINELLM_OK */
    float fraction;          /* how much of the stage is done, 0 to 1 */
    char stage[32];          /* "file", "weights" or "kernels" */
} enginellm_load;

typedef struct enginellm_statistics {
    uint32_t size;                 /* sizeof(enginellm_statistics) */
    uint32_t page_count;           /* pages in the pool */
    uint32_t pages_used;           /* pages that running answers hold */
    uint32_t pages_cached;         /* pages that nobody holds, kept in case a prompt starts with the same tokens */
    uint32_t sequences_running;    /* answers that have pages */
    uint32_t sequences_waiting;    /* answers that wait for room */
    uint64_t tokens_generated;     /* so far */
    uint64_t tokens_prefilled;     /* tokens of prompts computed so far; those found in cached pages are not among them */
    uint64_t steps;                /* passes through the model so far */
    uint64_t segments;             /* submits to the device so far */
    uint64_t preemptions;          /* how often an answer lost its pages to another */
    uint64_t device_bytes;         /* device memory taken */
    double segment_microseconds;   /* device time of the newest finished submit; 0 where the device keeps no time */
    double update_microseconds;    /* what the newest enginellm_engine_update cost the thread that called it, callbacks left out */
    uint64_t tokens_drafted;       /* tokens guessed ahead so far, from what followed the same words before */
    uint64_t drafts_accepted;      /* guesses that the model confirmed: each has saved a step */
} enginellm_statistics;

#define ENGINELLM_PAGE_FREE 0u
#define ENGINELLM_PAGE_USED 1u   /* one holder */
#define ENGINELLM_PAGE_SHARED 2u /* several holders: the same prompt, or the same beginning of it */
#define ENGINELLM_PAGE_CACHED 3u

/* Starts to load a model, in the background, and returns at once with a handle that is yours to free, however loading ends. */
ENGINELLM_API enginellm_status enginellm_engine_create(const enginellm_engine_options *options, enginellm_engine *engine);

/* How far loading is. Where it failed, the call still returns ENGINELLM_OK: status says why, and enginellm_last_error has the text. */
ENGINELLM_API enginellm_status enginellm_engine_poll(enginellm_engine engine, enginellm_load *load);

/* Gives up loading; poll until it has failed with ENGINELLM_ERROR_CANCELLED. Does nothing once loading is over. */
ENGINELLM_API enginellm_status enginellm_engine_cancel_load(enginellm_engine engine);

/* Frees the engine and its characters, whose handles become invalid. An answer that is being given ends without a word. Waits for what is
   on the device already, milliseconds; where the engine is still loading, a second or so (cancel and poll first to avoid that). */
ENGINELLM_API enginellm_status enginellm_engine_free(enginellm_engine engine);

/* From now on the engine belongs to the calling thread. The two threads have to agree on the moment: nobody else may be inside a call. */
ENGINELLM_API enginellm_status enginellm_engine_use_thread(enginellm_engine engine);

/* Once a frame. Books what the device has finished, calls back, and hands over as much work as the budget allows: microseconds of device
   time, at least one layer of the model. Never waits for the device. */
ENGINELLM_API enginellm_status enginellm_engine_update(enginellm_engine engine, uint32_t budget_microseconds);

/* For programs without frames: sleeps until an update would have something to do, or the time is over. Never in a game's thread. */
ENGINELLM_API enginellm_status enginellm_engine_wait(enginellm_engine engine, uint32_t timeout_microseconds);

ENGINELLM_API enginellm_status enginellm_engine_get_statistics(enginellm_engine engine, enginellm_statistics *statistics);

/* What each page of the pool is used for: ENGINELLM_PAGE_..., one byte a page. Writes at most capacity, and sets count to all that there
   are. pages may be null where capacity is 0. */
ENGINELLM_API enginellm_status enginellm_engine_get_page_map(
    enginellm_engine engine, uint8_t *pages, size_t capacity, size_t *count);

/* ---- Characters ---- */

#define ENGINELLM_ANSWER_NONE 0u     /* nothing was said yet */
#define ENGINELLM_ANSWER_WAITING 1u  /* no word has come yet */
#define ENGINELLM_ANSWER_SPEAKING 2u
#define ENGINELLM_ANSWER_FINISHED 3u

#define ENGINELLM_FINISH_NONE 0u         /* it has not ended */
#define ENGINELLM_FINISH_END_OF_TURN 1u  /* the character had no more to say */
#define ENGINELLM_FINISH_LENGTH 2u       /* max_answer_tokens were reached */
#define ENGINELLM_FINISH_STOPPED 3u      /* by enginellm_npc_stop; what was said stays said */
#define ENGINELLM_FINISH_CANCELLED 4u    /* by enginellm_npc_cancel or _reset; it counts as never said */
#define ENGINELLM_FINISH_CONTEXT_FULL 5u /* the context, or the pool of pages, is full */
#define ENGINELLM_FINISH_FAILED 6u       /* the engine failed */

/* New words of a character: length bytes, whole characters, and a zero byte behind them; valid during the call. */
typedef void(*enginellm_text_callback)(enginellm_npc npc, const char *text, size_t length, void *user_data);

/* The answer is over, all of its words have come; finish is an ENGINELLM_FINISH_... */
typedef void(*enginellm_finished_callback)(enginellm_npc npc, uint32_t finish, void *user_data);

/* What a player might say, and what the character would answer. */
typedef struct enginellm_example {
    const char *player;
    const char *character;
} enginellm_example;

typedef struct enginellm_npc_options {
    uint32_t size;                      /* sizeof(enginellm_npc_options) */
    int32_t priority;                   /* higher goes first: give it to whom the player looks at */
    const char *name;                   /* required */
    const char *persona;                /* who the character is, told to the model as its instructions; never forgotten; may be null */
    const char *greeting;               /* what it says when the player comes up; may be null */
    const enginellm_example *examples;  /* [example_count] never forgotten either; small models follow these best */
    const char *const *stop_texts;      /* [stop_text_count] texts that end an answer; with 0 of them those that start a player's line do */
    uint32_t example_count;
    uint32_t stop_text_count;
    uint32_t max_answer_tokens;         /* 0 for 160 */
    float temperature;                  /* below 0 the likeliest token is taken always; 0 for what suits the model: the same
                                           for the one that comes with EngineLlm, 0.7 for others */
    int32_t top_k;                      /* likeliest tokens kept; 0 for 40, below 0 for all */
    float top_p;                        /* probability kept, above 0 to 1; 0 for 0.95 */
    float min_p;                        /* tokens at least this likely, as a share of the likeliest, are kept; 0 for all */
    float repetition_penalty;           /* above 0; 0 for 1, which is none */
    uint64_t seed;                      /* the same inputs and seed give the same words */
    enginellm_text_callback on_text;         /* called by update; where it is null, take the words with enginellm_npc_read */
    enginellm_finished_callback on_finished; /* called by update; may be null */
    void *user_data;                         /* given to the callbacks */
} enginellm_npc_options;

typedef struct enginellm_answer {
    uint32_t size;          /* sizeof(enginellm_answer) */
    uint32_t state;         /* ENGINELLM_ANSWER_... */
    uint32_t finish;        /* ENGINELLM_FINISH_... */
    uint32_t prompt_tokens; /* tokens of the prompt, persona and conversation included */
    uint32_t shared_tokens; /* of those, found in pages that were computed before */
    uint32_t answer_tokens; /* tokens of the answer so far */
    uint64_t unread_bytes;  /* what enginellm_npc_read would give, with room enough */
} enginellm_answer;

/* Makes a character. Costs nothing on the device until it is spoken to. */
ENGINELLM_API enginellm_status enginellm_npc_create(
    enginellm_engine engine, const enginellm_npc_options *options, enginellm_npc *npc);

/* Frees a character; what it was saying ends without a word. */
ENGINELLM_API enginellm_status enginellm_npc_free(enginellm_npc npc);

/* Has the persona computed ahead, while the player walks up, so that the first words come at once. */
ENGINELLM_API enginellm_status enginellm_npc_prepare(enginellm_npc npc);

/* The player says something, and the character answers. Where it is still answering, the player cuts it short: it remembers what it said so
   far, and its words that were not read yet are dropped. Text that is too long is refused, and cuts nothing short. */
ENGINELLM_API enginellm_status enginellm_npc_say(enginellm_npc npc, const char *text);

/* Takes new words: as many whole characters as fit, and a zero byte behind them. capacity is at least 8; length, which may be null, is set
   to the bytes without the zero byte, 0 where nothing is new. Read on while length is not 0. */
ENGINELLM_API enginellm_status enginellm_npc_read(enginellm_npc npc, char *buffer, size_t capacity, size_t *length);

/* How far the newest answer is. */
ENGINELLM_API enginellm_status enginellm_npc_get_answer(enginellm_npc npc, enginellm_answer *answer);

/* Ends the answer here; what was said stays said. Does nothing where no answer is being given. */
ENGINELLM_API enginellm_status enginellm_npc_stop(enginellm_npc npc);

/* Ends the answer and takes it back, with what the player said. Does nothing where no answer is being given. */
ENGINELLM_API enginellm_status enginellm_npc_cancel(enginellm_npc npc);

/* The character forgets everything but its persona and greeting. */
ENGINELLM_API enginellm_status enginellm_npc_reset(enginellm_npc npc);

/* ---- Structs with their size set and everything else at its default ---- */

static inline enginellm_engine_options enginellm_engine_options_default(void) {
    enginellm_engine_options options;
    memset(&options, 0, sizeof options);
    options.size = (uint32_t)sizeof options;
    return options;
}

static inline enginellm_npc_options enginellm_npc_options_default(void) {
    enginellm_npc_options options;
    memset(&options, 0, sizeof options);
    options.size = (uint32_t)sizeof options;
    return options;
}

#ifdef __cplusplus
}
#endif

#endif
