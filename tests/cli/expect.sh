# Helpers of the command line tests; source it. A test ends with `finish`.
symphony=$1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export XDG_CACHE_HOME=$scratch/.cache  # indexes of music stay out of the user's own
failures=0

# expect CODE WORDS... -- ARGS...   runs symphony ARGS; the exit code must be CODE and each of WORDS in what it printed.
expect() {
    local code=$1 words=() out status=0
    shift
    while [ "$1" != -- ]; do words+=("$1"); shift; done
    shift
    out=$("$symphony" "$@" 2>&1 </dev/null) || status=$?
    if [ "$status" != "$code" ]; then
        printf 'FAILED: symphony %s\n  exit code %s, expected %s\n%s\n' "$*" "$status" "$code" "$out"
        failures=$((failures + 1))
    fi
    for word in "${words[@]}"; do
        case "$out" in
            *"$word"*) ;;
            *)
                printf 'FAILED: symphony %s\n  "%s" is not in:\n%s\n' "$*" "$word" "$out"
                failures=$((failures + 1))
                ;;
        esac
    done
}

# expect_json ARGS...   standard output must be one JSON document.
expect_json() {
    if ! "$symphony" "$@" 2>/dev/null </dev/null | python3 -c 'import json,sys; json.load(sys.stdin)'; then
        printf 'FAILED: symphony %s\n  standard output is not JSON\n' "$*"
        failures=$((failures + 1))
    fi
}

# fail WORDS...   counts a failure that `expect` cannot see.
fail() {
    echo "FAILED: $*"
    failures=$((failures + 1))
}

# stopped_after FILE ARGS...   runs symphony ARGS, sends it SIGTERM once FILE is there, and prints its exit code.
stopped_after() {
    local file=$1 pid status=0
    shift
    "$symphony" "$@" >/dev/null 2>stopped.log </dev/null &
    pid=$!
    for _ in $(seq 500); do
        [ -e "$file" ] && break
        sleep 0.02
    done
    kill -TERM "$pid" 2>/dev/null || true
    wait "$pid" || status=$?
    echo "$status"
}

finish() {
    [ "$failures" = 0 ] && echo "all as expected" || exit 1
}
