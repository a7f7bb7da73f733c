#!/usr/bin/env bash
# ingest_at_scale.sh MAKE_CORPUS SYMPHONY FILES [MIB]: makes a corpus of FILES files, explores it, and holds the account
# against what was planted; then explores it again: stopped, killed, unchanged, touched, with ten files changed, ten added
# and ten gone, and on one thread without an index; then prepares it on all threads and on one. No run may need more than
# MIB MiB of memory. Prints the seconds, the seconds of processor and the memory of each. SCALE_FOLDER=DIR keeps the files.
set -euo pipefail
make_corpus=$1 symphony=$2 files=$3 most_mib=${4:-1024}
folder=${SCALE_FOLDER:-$(mktemp -d)}
[ -n "${SCALE_FOLDER:-}" ] || trap 'rm -rf "$folder"' EXIT
mkdir -p "$folder"
cd "$folder"
music=music index=index.sqlite
rm -f "$index" "$index"-*
[ -e planted.json ] || { "$make_corpus" "$music" "$files" > planted.tmp; mv planted.tmp planted.json; }

# measured NAME COMMAND...   runs it and prints its seconds, processor seconds and MiB at its peak; output in NAME.out,
# progress in NAME.err.
measured() {
    local name=$1
    shift
    python3 - "$name" "$most_mib" "$@" <<'PY'
import resource, subprocess, sys, time
name, most, command = sys.argv[1], float(sys.argv[2]), sys.argv[3:]
began = time.time()
with open(name + ".out", "w") as out, open(name + ".err", "w") as err:
    status = subprocess.run(command + ["--progress", "json"], stdout=out, stderr=err).returncode
seconds = time.time() - began
used = resource.getrusage(resource.RUSAGE_CHILDREN)
mib = used.ru_maxrss / 1024
print(f"{name:24} {seconds:8.1f} s  {used.ru_utime + used.ru_stime:8.1f} s of processor  {mib:7.0f} MiB", flush=True)
if status != 0:
    sys.exit(f"{name}: exit code {status}\n" + open(name + ".err").read()[-2000:])
if mib > most:
    sys.exit(f"{name}: {mib:.0f} MiB, expected at most {most:.0f}")
PY
}

# interrupted SIGNAL SHARE STATUS   explores until the index holds SHARE of the files, then sends the signal.
interrupted() {
    python3 - "$files" "$index" "$@" -- "$symphony" explore "$music" --index "$index" --progress none <<'PY'
import os, signal, sqlite3, subprocess, sys, time
files, index, name, share, expected = int(sys.argv[1]), *sys.argv[2:6]
command = sys.argv[sys.argv.index("--") + 1:]
def held():
    try:
        with sqlite3.connect(f"file:{index}?mode=ro", uri=True) as database:
            return database.execute("SELECT count(*) FROM files").fetchone()[0]
    except sqlite3.Error:
        return 0
run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
while run.poll() is None and held() < float(share) * files:
    time.sleep(0.5)
run.send_signal(getattr(signal, name))
status = run.wait()
print(f"{name} {held():31} files in the index", flush=True)
if status != int(expected):
    sys.exit(f"{name}: exit code {status}, expected {expected}")
PY
}

# account NAME [CHANGES]   the account of NAME.out is the one planted, with these changes (JSON).
account() {
    python3 - "$1" "${2:-{\}}" <<'PY'
import json, sys
planted, account = json.load(open("planted.json")), json.load(open(sys.argv[1] + ".out"))["account"]
for key, change in json.loads(sys.argv[2]).items():
    counts = planted if key in planted else planted["codes"]
    counts[key] += change
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

# read_in NAME COUNT   that run read so many files.
read_in() {
    python3 - "$1" "$2" <<'PY'
import json, sys
stages = [json.loads(line) for line in open(sys.argv[1] + ".err") if line.startswith("{")]
read = max([stage.get("total", 0) for stage in stages if stage["stage"] == "reading music"], default=0)
sys.exit(0 if read == int(sys.argv[2]) else f"{sys.argv[1]}: {read} files read, expected {sys.argv[2]}")
PY
}

interrupted SIGINT 0.1 75
interrupted SIGKILL 0.5 -9
measured first "$symphony" explore "$music" --index "$index" --json
account first
measured unchanged "$symphony" explore "$music" --index "$index" --json
read_in unchanged 0
cmp first.out unchanged.out

own() { printf "$music/0000/%07d.mid\n" $(seq "$1" "$2"); }  # pieces that no other file repeats
touch $(own 1 10)
sleep 0.1
measured touched "$symphony" explore "$music" --index "$index" --json
read_in touched 10
cmp first.out touched.out

for file in $(own 1 10); do printf 'tail' >> "$file"; done
mkdir -p "$music/zzzz" gone
cp $(own 12 21) "$music/zzzz"
mv $(own 23 32) gone
sleep 0.1
measured changed "$symphony" explore "$music" --index "$index" --json
read_in changed 20
account changed '{"used": -20, "repaired": 10, "MID034": 10, "duplicates_exact": 10}'

for file in $(own 1 10); do truncate -s -4 "$file"; done
rm -r "$music/zzzz"
mv gone/* "$music/0000"
measured restored "$symphony" explore "$music" --index "$index" --json
cmp first.out restored.out
measured prepared "$symphony" prepare "$music" -o data --force --no-augment --index "$index" --json
measured prepared-on-one-thread "$symphony" prepare "$music" -o data-too --force --no-augment --index "$index" --threads 1 --json
diff -r data data-too
measured on-one-thread "$symphony" explore "$music" --no-index --threads 1 --json
cmp first.out on-one-thread.out
echo "as planted"
