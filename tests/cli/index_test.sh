#!/usr/bin/env bash
# The index of a folder of music, as a user meets it.
set -euo pipefail
source "$(dirname "$0")/expect.sh"
here=$(cd "$(dirname "$0")" && pwd)
cd "$scratch"
quiet=(--progress none)
python3 "$here/make_music.py" music 44
echo "no music" > music/junk.mid
sleep 0.1  # what changed a moment ago is looked at again

# Kept in the cache without being asked, beside nothing else; the music's folder stays as it was.
before=$(find music | sort)
expect 0 "FIL003 unknown-format refuses 1 file" -- explore music "${quiet[@]}"
[ "$before" = "$(find music | sort)" ] || fail "the music's folder was written to"
[ "$(ls .cache/symphony/index/*.sqlite | wc -l)" = 1 ] || fail "not one index in the cache"
"$symphony" explore music --json "${quiet[@]}" > kept.json
"$symphony" explore music --json --no-index "${quiet[@]}" > fresh.json
cmp kept.json fresh.json || fail "another account with an index"
# Nothing is read the second time.
"$symphony" explore music --progress json 2>&1 >/dev/null | grep -q "reading music" && fail "unchanged files are read again"
rm music/junk.mid
expect 0 "0 refused" -- explore music "${quiet[@]}"

# find looks through the same index, and reads what is new alone.
listen() { "$symphony" find music --notes "c d e" --progress json > /dev/null 2> progress.json || fail "find failed"; }
expect 0 "of 44 pieces have it" -- find music --notes "c d e" --least 0.3 "${quiet[@]}"
listen
grep -q "reading music" progress.json && fail "find reads what explore has read"
python3 "$here/make_music.py" more 45
cp more/"$(ls more | tail -n 1)" music/one-more.mid
listen
grep -q "reading music" progress.json || fail "find does not see a new file"
rm -r more music/one-more.mid

# A place of its own, a place that cannot be, a cache that cannot be.
expect 0 -- prepare music -o data --index there/songs.sqlite "${quiet[@]}"
[ -s there/songs.sqlite ] || fail "no index where it was asked for"
expect 3 "cannot make the folder" -- explore music --index /dev/null/songs.sqlite "${quiet[@]}"
expect 3 "cannot write the index" "--no-index" -- explore music --index . "${quiet[@]}"
XDG_CACHE_HOME=/dev/null expect 0 "what is read is not kept" -- explore music --progress plain

# Damaged: put aside, said, made anew.
printf 'not a database, and longer than a header of one would be: %0100d' 0 > there/songs.sqlite
rm -f there/songs.sqlite-*
expect 0 "is damaged" "songs.sqlite.damaged" -- explore music --index there/songs.sqlite --progress plain
"$symphony" explore music --json --index there/songs.sqlite "${quiet[@]}" > again.json
"$symphony" explore music --json --no-index "${quiet[@]}" > fresh.json
cmp again.json fresh.json || fail "another account after damage"
finish
