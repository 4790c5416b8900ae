# shellcheck shell=bash
# A private display with a window manager, for scripts that drive the window: Xvfb and openbox, both started here
# and ended by display_end by their own ids.

DISPLAY_PIDS=()

# display_begin WIDTH HEIGHT [DPI]
display_begin()
{
    local number
    for number in $(seq 90 190); do
        [[ -e /tmp/.X11-unix/X$number || -e /tmp/.X$number-lock ]] && continue
        Xvfb ":$number" -screen 0 "$1x$2x24" -dpi "${3:-96}" -nolisten tcp >/dev/null 2>&1 &
        local server=$!
        for _ in $(seq 100); do
            if [[ -S /tmp/.X11-unix/X$number ]] && DISPLAY=:$number xdotool getmouselocation >/dev/null 2>&1; then
                DISPLAY_PIDS+=("$server")
                export DISPLAY=:$number
                unset WAYLAND_DISPLAY QT_QPA_PLATFORM
                openbox --sm-disable >/dev/null 2>&1 &
                DISPLAY_PIDS+=("$!")
                return 0
            fi
            kill -0 "$server" 2>/dev/null || break
            sleep 0.1
        done
        kill "$server" 2>/dev/null
    done
    echo "no display could be started" >&2
    return 1
}

display_end()
{
    local pid
    for pid in "${DISPLAY_PIDS[@]}"; do
        kill "$pid" 2>/dev/null
    done
    wait "${DISPLAY_PIDS[@]}" 2>/dev/null
    DISPLAY_PIDS=()
}
