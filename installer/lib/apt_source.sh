# shellcheck shell=bash
# Which packages this system offers, and the second source that a Debian 12 needs. Sourced by installer/bootstrap.
# APT_DIR and OS_RELEASE can be set elsewhere by tests.

: "${APT_DIR:=/etc/apt}" "${OS_RELEASE:=/etc/os-release}"
# shellcheck disable=SC2034 # used by installer/bootstrap
TRIXIE_SOURCE=$APT_DIR/sources.list.d/muster-trixie.sources
# shellcheck disable=SC2034
TRIXIE_PIN=$APT_DIR/preferences.d/muster-trixie

# Prints "URI<tab>key file" of the first enabled binary source that offers suite $1, component main; fails if
# none does. Reads both forms: lines of `deb [options] URI suite components`, and paragraphs of fields.
apt_find_source()
{
    local suite=$1 files=() file
    for file in "$APT_DIR/sources.list" "$APT_DIR"/sources.list.d/*.list "$APT_DIR"/sources.list.d/*.sources; do
        [[ -r $file ]] && files+=("$file")
    done
    ((${#files[@]})) || return 1
    awk -v suite="$suite" '
        function found(uri, key) { if (!done && uri != "" && uri !~ /^cdrom:/) { print uri "\t" key; done = 1 } }
        function has(list, word,   words, n, i) {
            n = split(list, words, " "); for (i = 1; i <= n; i++) if (words[i] == word) return 1; return 0
        }
        function paragraph(   uris) {
            if (has(f["types"], "deb") && has(f["suites"], suite) && has(f["components"], "main") \
                && tolower(f["enabled"]) !~ /^ *(no|false|0|off) *$/) {
                split(f["uris"], uris, " "); found(uris[1], f["signed-by"] ~ /^ *\// ? f["signed-by"] : "")
            }
            delete f; name = ""
        }
        FNR == 1 { paragraph(); fields = FILENAME ~ /\.sources$/ }
        /^[ \t]*#/ { next }
        fields && /^[ \t]*$/ { paragraph(); next }
        fields && /^[ \t]/ { sub(/^[ \t]+/, ""); f[name] = f[name] " " $0; next }
        fields { at = index($0, ":"); name = tolower(substr($0, 1, at - 1))
                 f[name] = substr($0, at + 1); gsub(/^[ \t]+|[ \t]+$/, "", f[name]); next }
        $1 == "deb" {
            line = $0; sub(/^[ \t]*deb[ \t]+/, "", line); sub(/[ \t]#.*$/, "", line); key = ""
            if (match(line, /^\[[^]]*\][ \t]*/)) {
                options = substr(line, 1, RLENGTH); line = substr(line, RLENGTH + 1)
                if (match(options, /signed-by=[^] \t]+/)) key = substr(options, RSTART + 10, RLENGTH - 10)
            }
            n = split(line, part, " ")
            if (part[2] == suite) for (i = 3; i <= n; i++) if (part[i] == "main") found(part[1], key)
        }
        END { paragraph(); exit !done }' "${files[@]}"
}

os_field()
{
    [[ -r $OS_RELEASE ]] || return 0
    sed -n "s/^$1=\"\{0,1\}\([^\"]*\)\"\{0,1\}$/\1/p" "$OS_RELEASE" | head -n 1
}

# plain: this system's own packages will do; pinned: the trixie suite beside a Debian 12; other: neither.
system_kind()
{
    local id version codename
    id=$(os_field ID) version=$(os_field VERSION_ID) codename=$(os_field VERSION_CODENAME)
    if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
        echo other
    elif [[ $id == debian ]]; then
        # The sources decide before the release file does: a Debian 12 may already have trixie's base-files.
        if [[ $codename == bookworm ]] || apt_find_source bookworm >/dev/null; then
            echo pinned
        elif [[ -z $version ]] || dpkg --compare-versions "$version" ge 13; then
            echo plain
        else
            echo other
        fi
    elif [[ $id == ubuntu ]] && dpkg --compare-versions "${version:-0}" ge 25.04; then
        echo plain
    else
        echo other
    fi
}

# The two files for a Debian 12, as text: apt prefers its own packages and takes these only when told to.
trixie_source_text()
{
    local uri key
    IFS=$'\t' read -r uri key < <(apt_find_source bookworm || apt_find_source oldstable) || return 1
    [[ -n $uri ]] || return 1
    printf '# Added by the Muster bootstrap; remove this file and preferences.d/muster-trixie to undo.\n'
    printf 'Types: deb\nURIs: %s\nSuites: trixie\nComponents: main\n' "$uri"
    [[ -z $key ]] || printf 'Signed-By: %s\n' "$key"
}

trixie_pin_text()
{
    printf '# Nothing comes from trixie unless it is asked for by name.\n'
    printf 'Package: *\nPin: release n=trixie\nPin-Priority: 100\n'
}
