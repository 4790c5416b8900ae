#!/bin/bash
# Installs the real agent programs, each in its own folder and in exactly the
# version below, for the suite tst_real_agents. Run again, it keeps what is there.
#   install.sh [--cache DIR] [--list] [PROGRAM…]
# Cache: --cache, else $MUSTER_AGENT_CACHE, else ~/.cache/muster-e2e. About 2.5 GB in all.
# The registry is the one npm is configured with. Exit: 0 all there · 1 one failed · 2 wrong use · 3 no npm, or it cannot be reached.
set -u

# name            package                                version
table() {
    cat <<'EOF'
node22            node                                   22.23.3
claude            @anthropic-ai/claude-code              2.1.329
codex             @openai/codex                          0.169.0
opencode          opencode-ai                            1.18.33
gemini            @google/gemini-cli                     0.61.0
qwen              @qwen-code/qwen-code                   0.24.4
copilot           @github/copilot                        1.0.102
claude-acp        @agentclientprotocol/claude-agent-acp  0.100.0
codex-acp         @agentclientprotocol/codex-acp         2.6.0
pi                @earendil-works/pi-coding-agent        0.87.1
EOF
}

cache=${MUSTER_AGENT_CACHE:-$HOME/.cache/muster-e2e}
wanted=()
while [ $# -gt 0 ]; do
    case $1 in
    --cache) cache=${2:?--cache needs a folder}; shift ;;
    --list) table; exit 0 ;;
    -*) echo "unknown option $1" >&2; exit 2 ;;
    *) wanted+=("$1") ;;
    esac
    shift
done

command -v npm >/dev/null || { echo "npm is not installed: install Node.js with npm" >&2; exit 3; }
mkdir -p "$cache" || exit 1
# Node 22 comes first and runs the installs: npm takes older versions of some
# programs, without a word, where the running node is older than they declare.
export PATH="$cache/node22/node_modules/.bin:$PATH"

installed() { # name package version
    local manifest="$cache/$1/node_modules/$2/package.json"
    [ -f "$cache/$1/.complete" ] && [ "$(cat "$cache/$1/.complete")" = "$2@$3" ] && [ -f "$manifest" ]
}

install_one() { # name package version
    local folder="$cache/$1" log="$cache/$1/install.log" begun=$SECONDS
    if installed "$1" "$2" "$3"; then
        echo "$1: $2@$3 is there"
        return 0
    fi
    echo "$1: installing $2@$3 into $folder"
    rm -rf "$folder"
    mkdir -p "$folder"
    echo '{"private":true}' >"$folder/package.json"
    if ! (cd "$folder" && npm install --no-audit --no-fund --no-package-lock --save-exact --loglevel=warn "$2@$3") >"$log" 2>&1; then
        echo "$1: failed, see $log" >&2
        tail -n 5 "$log" >&2
        return 1
    fi
    echo "$2@$3" >"$folder/.complete"
    echo "$1: done in $((SECONDS - begun)) s, $(du -sm "$folder" | cut -f1) MiB"
}

reach() { # package version
    npm view "$1@$2" version >/dev/null 2>&1
}

failed=0
asked=0
while read -r name package version; do
    if [ ${#wanted[@]} -gt 0 ] && [ "$name" != node22 ] && [[ " ${wanted[*]} " != *" $name "* ]]; then
        continue
    fi
    if ! installed "$name" "$package" "$version" && [ $asked = 0 ]; then
        asked=1
        reach "$package" "$version" || { echo "npm cannot be reached: $package@$version is not offered" >&2; exit 3; }
    fi
    install_one "$name" "$package" "$version" || failed=1
done < <(table)
exit $failed
