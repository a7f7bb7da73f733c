#!/usr/bin/env bash
# Long fuzzing runs with libFuzzer, AddressSanitizer and UndefinedBehaviorSanitizer (clang 14: clang-14, libclang-rt-14-dev).
#   scripts/fuzz.sh MINUTES [TARGET...]     each target (midi musicxml mxl abc tokenizer_json token_decode) runs for MINUTES
# What a run learns is kept in build/fuzz/corpus/TARGET and used by the next; findings go to build/fuzz/findings/TARGET-*.
# Prints a line a target and ends with 1 if anything was found. docs/robustness.md says what was found so far.
set -euo pipefail
[[ ${1:-} =~ ^[0-9]+$ ]] || { sed -n '2,5p' "$0" >&2; exit 2; }
minutes=$1
shift
cd "$(dirname "$0")/.."
targets=("$@")
[ $# -gt 0 ] || targets=(midi musicxml mxl abc tokenizer_json token_decode)

cmake --preset fuzz >/dev/null
cmake --build --preset fuzz --target "${targets[@]/%/_fuzzer}"
mkdir -p build/fuzz/findings build/fuzz/logs
status=0
for target in "${targets[@]}"; do
    corpus=build/fuzz/corpus/$target
    log=build/fuzz/logs/$target.log
    mkdir -p "$corpus"
    found=no
    "build/fuzz/fuzz/${target}_fuzzer" -max_total_time=$((minutes * 60)) -max_len=16384 -timeout=10 -rss_limit_mb=2048 \
        -print_final_stats=1 -artifact_prefix="build/fuzz/findings/$target-" "$corpus" "fuzz/seeds/$target" >"$log" 2>&1 || found=yes
    printf '%-15s %s executions, %s of corpus, finding: %s\n' "$target" \
        "$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")" "$(find "$corpus" -type f | wc -l) files" "$found"
    [ "$found" = no ] || { tail -30 "$log" >&2; status=1; }
done
exit $status
