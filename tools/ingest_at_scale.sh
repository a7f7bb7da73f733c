#!/usr/bin/env bash
# ingest_at_scale.sh MAKE_CORPUS SYMPHONY FILES [MIB]: makes a corpus of FILES files, explores it, and holds the account
# against what was planted; then explores it again, stopped, killed, changed and prepared. No run may need more than MIB
# MiB of memory. Prints the seconds and the memory of each. SCALE_FOLDER=DIR keeps the files there.
set -euo pipefail
make_corpus=$1 symphony=$2 files=$3 most_mib=${4:-1024}
folder=${SCALE_FOLDER:-$(mktemp -d)}
[ -n "${SCALE_FOLDER:-}" ] || trap 'rm -rf "$folder"' EXIT
mkdir -p "$folder"
cd "$folder"
music=music index=index.sqlite
rm -f "$index" "$index"-*
[ -e planted.json ] || { "$make_corpus" "$music" "$files" > planted.tmp; mv planted.tmp planted.json; }

# measured NAME COMMAND...   runs it and prints its seconds, processor seconds and MiB at its peak; output in NAME.out.
measured() {
    local name=$1
    shift
    python3 - "$name" "$most_mib" "$@" <<'PY'
import resource, subprocess, sys, time
name, most, command = sys.argv[1], float(sys.argv[2]), sys.argv[3:]
began = time.time()
with open(name + ".out", "w") as out, open(name + ".err", "w") as err:
    status = subprocess.run(command, stdout=out, stderr=err).returncode
seconds = time.time() - began
used = resource.getrusage(resource.RUSAGE_CHILDREN)
mib = used.ru_maxrss / 1024
print(f"{name:24} {seconds:8.1f} s  {used.ru_utime + used.ru_stime:8.1f} s of processor  {mib:7.0f} MiB", flush=True)
if status != 0:
    sys.exit(f"{name}: exit code {status}\n" + open(name + ".err").read())
if mib > most:
    sys.exit(f"{name}: {mib:.0f} MiB, expected at most {most:.0f}")
PY
}

# account NAME   the account of NAME.out is the one planted.
account() {
    python3 - "$1" <<'PY'
import json, sys
planted, account = json.load(open("planted.json")), json.load(open(sys.argv[1] + ".out"))["account"]
codes = {}
for code in account["codes"]:
    codes[code["code"]] = codes.get(code["code"], 0) + code["times"]
wrong = [f"{key}: got {account[key]}, planted {value}" for key, value in planted.items()
         if key != "codes" and account[key] != value]
wrong += [f"{code}: got {codes.get(code)}, planted {times}" for code, times in planted["codes"].items()
          if codes.get(code) != times]
wrong += [] if len(account["files"]) == planted["found"] else ["not every file is listed"]
sys.exit("\n".join(wrong) or 0)
PY
}

# Stopped, then killed: each run goes on from the one before.
"$symphony" explore "$music" --index "$index" > /dev/null 2> stopped.err & pid=$!
sleep 1; kill -INT "$pid" 2> /dev/null || true; wait "$pid" && status=0 || status=$?
[ "$status" = 75 ] || [ "$status" = 0 ] || { echo "stopped: exit code $status"; cat stopped.err; exit 1; }
"$symphony" explore "$music" --index "$index" > /dev/null 2> killed.err & pid=$!
sleep 1; kill -KILL "$pid" 2> /dev/null || true; wait "$pid" 2> /dev/null || true

measured first "$symphony" explore "$music" --index "$index" --json
account first
measured again "$symphony" explore "$music" --index "$index" --json
cmp first.out again.out
for i in 1 2 3 4 5 6 7 8 9 10; do touch "$music/0000/000000$((i % 10)).mid"; done
measured touched "$symphony" explore "$music" --index "$index" --json
cmp first.out touched.out
measured prepared "$symphony" prepare "$music" -o data --force --no-augment --index "$index" --json
measured without-index "$symphony" prepare "$music" -o data-too --force --no-augment --no-index --threads 1 --json
python3 - <<'PY'
import json, sys
one, other = (json.load(open(name + ".out")) for name in ("prepared", "without-index"))
sys.exit(0 if one["hash"] == other["hash"] else "another data set without the index")
PY
echo "as planted"
