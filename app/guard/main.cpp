// muster-guard: runs a command so that its end is known for certain.
//   muster-guard --dir D --key K --cwd C [--timeout-ms N] [--grace-ms N] [--output-cap N] -- COMMAND ARGS…
//   muster-guard --lifeline PID -- PROGRAM ARGS…
#include "app/guard/guarded.h"
#include "app/guard/lifeline.h"
#include "core/process/guard_layout.h"

#include <cstdlib>
#include <map>
#include <string>

using namespace muster::guard;

int main(int argc, char **argv)
{
    std::map<std::string, std::string> given;
    int at = 1;
    while (at + 1 < argc && std::string(argv[at]) != "--") {
        given[argv[at]] = argv[at + 1];
        at += 2;
    }
    if (at + 1 >= argc || std::string(argv[at]) != "--")
        return exitUsage;
    char **command = argv + at + 1;
    if (given.contains("--lifeline"))
        return runLifeline(static_cast<pid_t>(std::atoi(given["--lifeline"].c_str())), command);

    const auto number = [&](const char *name, std::int64_t otherwise) {
        return given.contains(name) ? std::atoll(given[name].c_str()) : otherwise;
    };
    GuardOptions options;
    options.folder = given["--dir"];
    options.key = given["--key"];
    options.cwd = given["--cwd"];
    options.timeoutMs = number("--timeout-ms", options.timeoutMs);
    options.graceMs = number("--grace-ms", options.graceMs);
    options.outputCap = number("--output-cap", options.outputCap);
    options.command = command;
    if (options.folder.empty() || options.key.empty() || options.cwd.empty())
        return exitUsage;
    return startGuarded(options);
}
