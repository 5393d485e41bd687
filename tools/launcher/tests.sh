# shellcheck shell=bash disable=SC2154
# Runs every test project and sums their results. Needs $root, $artifacts, $dotnet and messages.sh.

# The test runner talks to its test processes through 127.0.0.1, and would wait for minutes where a sandbox leaves that interface down.
require_loopback() {
    case $( (LC_ALL=C; : </dev/tcp/127.0.0.1/9) 2>&1 ) in *unreachable*) ;; *) return 0 ;; esac
    ip link set lo up 2>/dev/null || die "the loopback interface is down, and the test runner needs it; as root, type: ip link set lo up"
}

# Unity's package is also tested on Mono. Never fatal: where it cannot be had those tests are skipped, and say so.
ensure_mono() {
    if command -v mono >/dev/null && [ -e /usr/lib/mono/4.5/Facades/netstandard.dll ]; then return; fi
    if command -v apt-get >/dev/null; then install_packages mono-runtime mono-devel; fi
}

# The Godot extension is tested in the engine itself. Never fatal: where it cannot be had those tests are skipped, and say so.
ensure_godot() {
    if [ -n "${ENGINELLM_GODOT:-}" ] || ! command -v apt-get >/dev/null; then return; fi
    "$root/tools/fetch-godot.sh" || say "GODOT CANNOT BE FETCHED: the tests of its extension are going to be skipped"
}

# run_tests [ARGUMENTS OF dotnet test...]
run_tests() {
    local results=$artifacts/test-results code=0 fetching
    require_sdk
    require_loopback
    mkdir -p "$artifacts" "$HOME"
    rm -rf "$results"
    cd "$root" || die "there is no folder $root"
    ensure_godot &
    fetching=$!
    # What is fetched comes through the network, what is built takes the processors. Arguments may be meant for the build as well.
    if [ $# = 0 ]; then
        say "building all tests"
        "$dotnet" build EngineLlm.sln --nologo --verbosity quiet </dev/null || code=$?
        set -- --no-build
    fi
    wait "$fetching"
    if [ "$code" = 0 ]; then
        say "running all tests"
        "$dotnet" test EngineLlm.sln --nologo --results-directory "$results" --logger 'trx;LogFilePrefix=tests' "$@" </dev/null || code=$?
    fi
    sum_results "$results" || { [ "$code" != 0 ] || code=1; }
    exit "$code"
}

# Prints why tests were skipped, then the line "N passed, N failed, N skipped". Fails when a test failed or none ran.
sum_results() {
    local files=()
    shopt -s nullglob
    files=("$1"/*.trx)
    shopt -u nullglob
    [ ${#files[@]} -gt 0 ] || files=(/dev/null)
    skip_reasons "${files[@]}" >&2
    awk '
        function counter(name,    text) {
            if (!match($0, " " name "=\"[0-9]+\"")) return 0
            text = substr($0, RSTART, RLENGTH)
            gsub(/[^0-9]/, "", text)
            return text + 0
        }
        /<Counters / {
            total += counter("total")
            passed += counter("passed")
            failed += counter("failed") + counter("error") + counter("timeout") + counter("aborted")
        }
        END {
            skipped = total - passed - failed
            printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
            exit !(passed > 0 && failed == 0)
        }' "${files[@]}"
}

# Every different reason for which tests were skipped, with how many there were.
skip_reasons() {
    awk '
        /<UnitTestResult / { skipped = /outcome="NotExecuted"/ }
        /<\/UnitTestResult>/ { skipped = 0 }
        skipped && /<Message>/ {
            sub(/.*<Message>/, ""); sub(/<\/Message>.*/, "")
            gsub(/&lt;/, "<"); gsub(/&gt;/, ">"); gsub(/&quot;/, "\""); gsub(/&#39;|&apos;/, "\047"); gsub(/&amp;/, "\\&")
            count[$0]++
        }
        END { for (reason in count) printf "skipped %d: %s\n", count[reason], reason }' "$@" | sort
}
