# shellcheck shell=bash
# The package lists in installer/packages, and what of them is missing here. Sourced by installer/bootstrap.

: "${PACKAGES_DIR:?}"

# Prints "package<tab>least version<tab>check<tab>why" for each line of the groups named.
packages_of()
{
    local group
    for group in "$@"; do
        sed -E -e '/^[[:space:]]*(#|$)/d' \
            -e 's/^([^ |]+)[ ]*(>=([^ |]+))?[ ]*\|[ ]*([^ |]+)[ ]*\|[ ]*(.*)$/\1\t\3\t\4\t\5/' \
            "$PACKAGES_DIR/$group.txt"
    done | awk -F '\t' '!seen[$1]++'
}

# One question to dpkg for all packages: "name version" of those that are installed.
installed_versions()
{
    # dpkg-query says which it does not know; that is the answer, not an error.
    # shellcheck disable=SC2016
    dpkg-query -W -f '${Package} ${Version} ${db:Status-Status}\n' "$@" 2>/dev/null | sed -n 's/ installed$//p' || true
}

# Prints the lines of packages_of that are not there, or too old.
missing_by_dpkg()
{
    local -A have=()
    local names name version least line
    mapfile -t names < <(packages_of "$@" | cut -f 1)
    while read -r name version; do
        have[$name]=$version
    done < <(installed_versions "${names[@]}")
    # The columns are cut: read would join the two tabs around an empty one.
    while read -r line; do
        name=$(cut -f 1 <<<"$line") least=$(cut -f 2 <<<"$line")
        version=${have[$name]:-}
        [[ -n $version ]] && { [[ -z $least ]] || dpkg --compare-versions "$version" ge "$least"; } && continue
        printf '%s\n' "$line"
    done < <(packages_of "$@")
}

# Where there is no dpkg: by program, or by CMake package in the places where those lie.
missing_by_look()
{
    local line check
    while read -r line; do
        check=$(cut -f 3 <<<"$line")
        case $check in
            cmd:*) command -v "${check#cmd:}" >/dev/null && continue ;;
            cmake:*) cmake_package_there "${check#cmake:}" && continue ;;
            *) continue ;; # comes with one of the others there
        esac
        printf '%s\n' "$line"
    done < <(packages_of "$@")
}

cmake_package_there()
{
    local -a found
    shopt -s nullglob
    found=({/usr,/usr/local,/opt/homebrew,"${CMAKE_PREFIX_PATH:-/usr}"}/{lib,lib64,lib/*,share}/cmake/"$1"*/)
    shopt -u nullglob
    ((${#found[@]}))
}

missing_packages()
{
    if command -v dpkg-query >/dev/null; then missing_by_dpkg "$@"; else missing_by_look "$@"; fi
}
