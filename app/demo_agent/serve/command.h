// Runs one shell command in a folder, in a process group of its own that is ended whole when the turn is
// stopped. Blocks the turn's thread.
#pragma once

#include "app/demo_agent/serve/turn_port.h"

#include <QString>

#include <functional>

namespace muster::demo {

struct CommandResult {
    bool started = false;
    bool stopped = false; // by the client
    int exitCode = -1;
    QString output; // both streams, the last maxOutputBytes
};

constexpr qsizetype maxOutputBytes = 64LL * 1024;

[[nodiscard]] CommandResult runCommand(const QString &folder, const QString &command, const TurnPort &port,
                                       const std::function<void(const QString &)> &show);
void endAllCommands();

} // namespace muster::demo
