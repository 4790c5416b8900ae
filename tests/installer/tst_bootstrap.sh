#!/usr/bin/env bash
# Tests installer/lib against planted systems. Prints what failed; exit code 1 if anything did.
set -uo pipefail
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
export APT_DIR=$WORK/apt OS_RELEASE=$WORK/os-release PACKAGES_DIR=$WORK/packages
PASSED=0 FAILED=0

expect()
{
    local name=$1 wanted=$2 got=$3
    if [[ $wanted == "$got" ]]; then
        PASSED=$((PASSED + 1))
    else
        FAILED=$((FAILED + 1))
        printf 'FAIL %s\n  wanted: %q\n  got:    %q\n' "$name" "$wanted" "$got"
    fi
}

fresh()
{
    rm -rf "$APT_DIR" "$PACKAGES_DIR"
    mkdir -p "$APT_DIR/sources.list.d" "$PACKAGES_DIR"
    : >"$OS_RELEASE"
}

# Each call in a shell of its own, as the bootstrap would have it.
library() { bash -c "set -euo pipefail; source '$ROOT/installer/lib/apt_source.sh'; source '$ROOT/installer/lib/packages.sh'
source '$ROOT/installer/lib/display.sh'; $1"; }
find_source() { library "apt_find_source $1 || echo none"; }
tab=$'\t'

# ---- one line per source
fresh
cat >"$APT_DIR/sources.list" <<'S'
# deb http://commented.example/debian bookworm main
deb cdrom:[Debian 12]/ bookworm main
deb-src http://source.example/debian bookworm main
deb [arch=amd64 signed-by=/usr/share/keyrings/k.gpg] http://mirror.example/debian bookworm main contrib # near
deb http://second.example/debian bookworm main
deb http://security.example/debian-security bookworm-security main
S
expect "one line, options, key" "http://mirror.example/debian${tab}/usr/share/keyrings/k.gpg" "$(find_source bookworm)"
expect "one line, no such suite" none "$(find_source trixie)"
expect "one line, suite is a whole word" "http://security.example/debian-security${tab}" "$(find_source bookworm-security)"

fresh
echo 'deb http://mirror.example/debian bookworm contrib' >"$APT_DIR/sources.list.d/a.list"
expect "one line without main" none "$(find_source bookworm)"

# ---- paragraphs
fresh
cat >"$APT_DIR/sources.list.d/debian.sources" <<'S'
Types: deb
Enabled: no
URIs: http://off.example/debian
Suites: bookworm
Components: main

# near us
Types: deb deb-src
URIs: http://mirror.example/debian http://other.example/debian
Suites: bookworm
 bookworm-updates
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb-src
URIs: http://source.example/debian
Suites: trixie
Components: main
S
expect "paragraph" "http://mirror.example/debian${tab}/usr/share/keyrings/debian-archive-keyring.gpg" "$(find_source bookworm)"
expect "paragraph, suite on a second line" "http://mirror.example/debian${tab}/usr/share/keyrings/debian-archive-keyring.gpg" "$(find_source bookworm-updates)"
expect "paragraph, sources only" none "$(find_source trixie)"

fresh
printf 'Types: deb\nURIs: mirror+file:/etc/apt/mirrors/debian.list\nSuites: bookworm\nComponents: main\nSigned-By:\n -----BEGIN PGP-----\n .\n abc\n' \
    >"$APT_DIR/sources.list.d/debian.sources"
expect "paragraph, embedded key" "mirror+file:/etc/apt/mirrors/debian.list${tab}" "$(find_source bookworm)"

fresh
expect "no sources at all" none "$(find_source bookworm)"

# ---- what kind of system
kind() { library system_kind; }
system()
{
    fresh
    printf '%s\n' "$@" >"$OS_RELEASE"
}
system 'ID=debian' 'VERSION_ID="12"' 'VERSION_CODENAME=bookworm'
expect "Debian 12" pinned "$(kind)"
system 'ID=debian' 'VERSION_ID="13"' 'VERSION_CODENAME=trixie'
expect "Debian 13" plain "$(kind)"
echo 'deb http://mirror.example/debian bookworm main' >"$APT_DIR/sources.list"
expect "Debian 12 with trixie's base-files" pinned "$(kind)"
system 'ID=debian' 'PRETTY_NAME="Debian GNU/Linux forky/sid"'
expect "Debian unstable" plain "$(kind)"
system 'ID=debian' 'VERSION_ID="11"' 'VERSION_CODENAME=bullseye'
expect "Debian 11" other "$(kind)"
system 'ID=ubuntu' 'VERSION_ID="25.04"'
expect "Ubuntu 25.04" plain "$(kind)"
system 'ID=ubuntu' 'VERSION_ID="24.04"'
expect "Ubuntu 24.04" other "$(kind)"
system 'ID=fedora' 'VERSION_ID=42'
expect "Fedora" other "$(kind)"

# ---- the source for a Debian 12
system 'ID=debian' 'VERSION_CODENAME=bookworm'
echo 'deb [signed-by=/k.gpg] http://mirror.example/debian oldstable main' >"$APT_DIR/sources.list"
expect "source text" $'Types: deb\nURIs: http://mirror.example/debian\nSuites: trixie\nComponents: main\nSigned-By: /k.gpg' \
    "$(library trixie_source_text | grep -v '^#')"
fresh
expect "no mirror known" failed "$(library trixie_source_text || echo failed)"

# ---- package lists
fresh
cat >"$PACKAGES_DIR/a.txt" <<'S'
# comment
bash                | cmd:bash          | always there
bash >=999          | cmd:bash          | said twice, the first counts
surely-not-there    | cmd:surely-not    | never there
dpkg >=999          | cmake:SurelyNot   | too old
dpkg-no-check >=1.5 | -                 | comes along
S
expect "list" "bash${tab}${tab}cmd:bash${tab}always there" "$(library 'packages_of a' | head -n 1)"
if command -v dpkg-query >/dev/null; then
    expect "missing by dpkg" "surely-not-there dpkg dpkg-no-check" "$(library 'missing_by_dpkg a' | cut -f 1 | paste -s -d ' ')"
fi
expect "missing by look" "surely-not-there dpkg" "$(library 'missing_by_look a' | cut -f 1 | paste -s -d ' ')"
for list in "$ROOT"/installer/packages/*.txt; do
    group=$(basename "$list" .txt)
    lines=$(grep -cvE '^(#|$)' "$list")
    expect "every line of $group is understood" "$lines" \
        "$(PACKAGES_DIR=$ROOT/installer/packages library "packages_of $group" | awk -F '\t' 'NF == 4 && $4 != ""' | wc -l)"
done

# ---- displays
usable() { env -i PATH="$PATH" "$@" bash -c "source '$ROOT/installer/lib/display.sh'; display_usable && echo yes || echo no"; }
expect "no display" no "$(usable A=b)"
expect "X server gone" no "$(usable DISPLAY=:98765)"
expect "Wayland server gone" no "$(usable WAYLAND_DISPLAY=wayland-0 XDG_RUNTIME_DIR="$WORK")"
: >"$WORK/wayland-0"
expect "a file instead of a socket" no "$(usable WAYLAND_DISPLAY=wayland-0 XDG_RUNTIME_DIR="$WORK")"
rm "$WORK/wayland-0"
perl -MIO::Socket::UNIX -e '$s = IO::Socket::UNIX->new(Local => $ARGV[0], Listen => 1) or die; print "up\n"; close STDOUT; sleep 20' \
    "$WORK/wayland-0" >"$WORK/up" &
server=$!
until [[ -s $WORK/up || ! -e /proc/$server ]]; do :; done
expect "Wayland server there" yes "$(usable WAYLAND_DISPLAY=wayland-0 XDG_RUNTIME_DIR="$WORK")"
expect "Wayland server there, by path" yes "$(usable WAYLAND_DISPLAY="$WORK/wayland-0")"
kill "$server"
wait "$server" 2>/dev/null
expect "Wayland server dead, socket left" no "$(usable WAYLAND_DISPLAY="$WORK/wayland-0")"

# ---- the program itself
expect "no command" 2 "$("$ROOT/installer/bootstrap" >/dev/null 2>&1; echo $?)"
expect "unknown command" 2 "$("$ROOT/installer/bootstrap" fly >/dev/null 2>&1; echo $?)"
expect "unknown group" 2 "$("$ROOT/installer/bootstrap" deps --check fly >/dev/null 2>&1; echo $?)"
expect "help" 0 "$("$ROOT/installer/bootstrap" help >/dev/null 2>&1; echo $?)"

printf '%d passed, %d failed\n' "$PASSED" "$FAILED"
((FAILED == 0))
