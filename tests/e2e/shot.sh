#!/usr/bin/env bash
# Pictures of the window in its main states, driven by keyboard alone on a private display with a home of its own:
# first start, running, waiting for approval, done, failed.
#
#   tests/e2e/shot.sh FOLDER [light|dark] [1|2] [WIDTH HEIGHT]
#
# Needs a build (MUSTER_BIN, default build/dev/bin), Xvfb, openbox, xdotool and ImageMagick's import.
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
out=${1:?folder for the pictures}
theme=${2:-light}
scale=${3:-1}
width=${4:-1280}
height=${5:-800}
bin=${MUSTER_BIN:-$root/build/dev/bin}
# shellcheck source=tests/e2e/display.sh
. "$root/tests/e2e/display.sh"

home=$(mktemp -d /tmp/muster-shot.XXXXXX)
export MUSTER_HOME=$home QT_SCALE_FACTOR=$scale MUSTER_DEMO_PACE_MS=${MUSTER_DEMO_PACE_MS:-60}
window_pid=
finish()
{
    "$bin/muster" serve --stop --force >/dev/null 2>&1
    [[ -n $window_pid ]] && kill "$window_pid" 2>/dev/null
    [[ -n $window_pid ]] && wait "$window_pid" 2>/dev/null
    display_end
    # The node still writes for a moment.
    for _ in $(seq 50); do
        rm -rf "$home" 2>/dev/null && break
        sleep 0.1
    done
}
trap finish EXIT
mkdir -p "$out"
display_begin $((width * scale)) $((height * scale)) || exit 3

shot() { import -window root "$out/$1-$theme-${scale}x-$width.png"; }
keys() { xdotool key --clearmodifiers --delay 60 "$@"; }

# What the store says, not what time has passed.
wait_for()
{
    for _ in $(seq 150); do
        "$bin/muster" runs --all-projects --json 2>/dev/null | grep -q "\"status\":\"$1\"" && return 0
        sleep 0.2
    done
    echo "no run got to $1" >&2
    return 1
}

start_window()
{
    "$bin/muster" --theme "$theme" >"$out/window.log" 2>&1 &
    window_pid=$!
    local id
    id=$(timeout 30 xdotool search --sync --onlyvisible --pid "$window_pid" --name Muster | head -n 1)
    xdotool windowactivate --sync "$id" windowsize "$id" $((width * scale)) $(((height - 22) * scale)) windowmove "$id" 0 0
    sleep 1
}

start_window
shot 1-first-start
keys Return # "Run the demo" has the focus
wait_for running
sleep 2
shot 2-running
wait_for waiting
sleep 1
shot 3-waiting
keys alt+3
sleep 1
shot 4-inbox
keys y
wait_for completed
sleep 1
keys alt+2
sleep 1
shot 5-done
keys ctrl+shift+p
sleep 0.7
shot 6-palette
keys Escape
keys ctrl+r
sleep 1
shot 7-start
keys Escape
# A flow of the project that cannot end well, trusted on the command line.
project=$("$bin/muster" runs --all-projects --json | grep -o '"project":"[^"]*"' | head -n 1 | cut -d '"' -f 4)
mkdir -p "$project/flows"
cat >"$project/flows/broken.flow.yaml" <<'FLOW'
muster: 1
name: broken
description: Fails, to show what that looks like
steps:
  - id: look
    prompt: List the languages of this repository.
  - id: test
    needs: [look]
    run: "echo '3 tests, 1 failure: test_shelf'; exit 3"
  - id: report
    needs: [test]
    prompt: Write what the tests said.
FLOW
"$bin/muster" trust "$project" >>"$out/cli.log" 2>&1
"$bin/muster" run broken --project "$project" --yes --quiet >>"$out/cli.log" 2>&1
sleep 1
keys alt+1 Home
sleep 1
keys Return
sleep 1
shot 8-failed
