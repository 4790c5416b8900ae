# shellcheck shell=bash
# What the scripts in .ci share. Sourced with the repository's root as the working folder.

SECTIONS=() # one line per section that ran: result, seconds, title

# section TITLE COMMAND…: runs it with a heading and its time. A failure is kept for the end, so that one run
# says everything that is wrong.
section()
{
    local title=$1 start=$SECONDS code=0
    shift
    printf '\n######## %s\n' "$title"
    "$@" || code=$?
    SECTIONS+=("$( ((code)) && echo FAILED || echo passed) $((SECONDS - start)) $title")
    printf '######## %s: %s after %d s\n' "$title" "$( ((code)) && echo "FAILED ($code)" || echo passed)" \
        $((SECONDS - start))
    return 0
}

# Like section, for what the rest cannot do without.
need()
{
    section "$@"
    [[ ${SECTIONS[-1]} == passed* ]] || summary
}

# Ends the run: every section with its time; exit code 1 if one failed.
summary()
{
    local line failed=0
    printf '\n######## Summary\n'
    for line in "${SECTIONS[@]}"; do
        printf '  %-6s %5d s  %s\n' "${line%% *}" "$(cut -d ' ' -f 2 <<<"$line")" "$(cut -d ' ' -f 3- <<<"$line")"
        [[ $line == passed* ]] || failed=1
    done
    exit "$failed"
}

# Tracked and new files that match the patterns; the working tree counts, not only what is committed.
our_files()
{
    local file
    git ls-files --cached --others --exclude-standard -- "$@" | while read -r file; do
        if [[ -f $file ]]; then printf '%s\n' "$file"; fi
    done
}

# What this change touches: since the branch left origin/main, or the last commit where there is no such thing.
changed_files()
{
    local base
    base=$(git merge-base HEAD origin/main 2>/dev/null || true)
    if [[ -z $base || $base == "$(git rev-parse HEAD)" ]]; then
        base=$(git rev-parse --verify --quiet HEAD~1 || git hash-object -t tree /dev/null)
    fi
    { git diff --name-only --diff-filter=d "$base"; git ls-files --others --exclude-standard; } | sort -u
}

# The source files in the tidy preset's compile commands that are ours, as paths from the root.
compiled_files()
{
    sed -n "s|^ *\"file\": \"$PWD/\(.*\)\",\{0,1\}$|\1|p" build/tidy/compile_commands.json |
        grep -v '^build/' | sort -u
}

# run_on_each SECONDS COMMAND…: reads file names and runs the command on each, one per core, showing only what
# fails. With SECONDS > 0 the files not begun by then are named instead.
run_on_each()
{
    local limit=$1
    shift
    # shellcheck disable=SC2016
    CHECK_DEADLINE=$((limit ? EPOCHSECONDS + limit : 0)) xargs -r -P "$(nproc)" -I {} bash -c '
        file=$1
        shift
        if ((CHECK_DEADLINE && EPOCHSECONDS > CHECK_DEADLINE)); then
            echo "not checked, out of time: $file"
            exit 0
        fi
        out=$("$@" "$file" 2>&1) || { printf "%s\n" "$out"; exit 1; }' _ {} "$@"
}

# Configures the preset whose compile commands the checkers read. Nothing is built for it.
compile_commands() { cmake --preset tidy --log-level=WARNING >/dev/null; }
