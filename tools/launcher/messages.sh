# shellcheck shell=bash disable=SC2154
# Messages of the launcher. Everything goes to standard error: standard output belongs to the program.

say() { printf 'enginellm: %s\n' "$*" >&2; }

die() {
    say "$*"
    exit 1
}

# Runs a slow command with its output in a log; a dot every two seconds on a terminal, the log's end when it fails.
# run_logged MESSAGE COMMAND...
run_logged() {
    local message=$1 log code=0 ticker=""
    shift
    log=$(mktemp "${TMPDIR:-/tmp}/enginellm.XXXXXX")
    if [ -t 2 ]; then
        printf 'enginellm: %s ' "$message" >&2
        (while sleep 2; do printf '.' >&2; done) </dev/null >/dev/null &
        ticker=$!
    else
        say "$message"
    fi
    "$@" </dev/null >"$log" 2>&1 || code=$?
    if [ -n "$ticker" ]; then
        kill "$ticker" 2>/dev/null || true
        wait "$ticker" 2>/dev/null || true
        if [ "$code" = 0 ]; then printf ' done\n' >&2; else printf ' failed\n' >&2; fi
    fi
    [ "$code" = 0 ] || tail -n 20 "$log" >&2
    rm -f "$log"
    return "$code"
}
