// muster-guard: keeps one command through the life and death of the node, or one agent only as long as it.
#include "app/guard/guarded_command.h"
#include "app/guard/lifeline.h"
#include "app/guard/options.h"
#include "core/process/guard_layout.h"

#include <cstdio>

int main(int count, char **arguments)
{
    using namespace muster::guard;
    const auto options = parseOptions(std::span<char *const>(arguments, static_cast<std::size_t>(count)));
    if (!options) {
        fprintf(stderr,
                "muster-guard --dir D --key K --cwd C [--timeout-ms N] [--grace-ms N] [--output-cap N] "
                "-- PROGRAM ARGS\nmuster-guard --lifeline PID -- PROGRAM ARGS\n");
        return exitUsage;
    }
    return options->lifelineOf > 0 ? runLifeline(*options) : startGuarded(*options);
}
