# shellcheck shell=bash
# Whether a window can be shown here. Sourced by installer/bootstrap.

# True if something listens behind the socket: a crashed server leaves its file behind.
socket_answers()
{
    [[ -S $1 ]] || return 1
    command -v perl >/dev/null || return 0
    perl -MIO::Socket::UNIX -e 'exit !IO::Socket::UNIX->new(Peer => $ARGV[0])' "$1" 2>/dev/null
}

display_usable()
{
    local number
    if [[ -n ${WAYLAND_DISPLAY:-} ]]; then
        case $WAYLAND_DISPLAY in
            /*) socket_answers "$WAYLAND_DISPLAY" && return 0 ;;
            *) socket_answers "${XDG_RUNTIME_DIR:-/nonexistent}/$WAYLAND_DISPLAY" && return 0 ;;
        esac
    fi
    case ${DISPLAY:-} in
        '') return 1 ;;
        :* | unix:*)
            number=${DISPLAY#*:}
            socket_answers "/tmp/.X11-unix/X${number%%.*}"
            ;;
        *) # another machine's display, for example through ssh -X
            number=${DISPLAY##*:}
            timeout 3 bash -c "exec 3<>/dev/tcp/${DISPLAY%:*}/$((6000 + ${number%%.*}))" 2>/dev/null
            ;;
    esac
}
