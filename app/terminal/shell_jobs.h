// What runs below a shell of a terminal: its foreground program, its background jobs and all that they have
// started. One look at /proc, which is memory: no disk is waited for. Any thread. Linux; elsewhere nothing is
// found.
#pragma once

#include "core/process/process_identity.h"

#include <QList>
#include <QStringList>

namespace muster {

// A shell leads its session. Its number is not given to another while one of the session lives, so that it
// still names them when the shell itself is a zombie or gone. No start time if there is no such process.
[[nodiscard]] ProcessIdentity shellRoot(qint64 pid);
// All living members without the shell itself, also after the shell has ended.
[[nodiscard]] QList<ProcessIdentity> membersOf(const ProcessIdentity &shell);
// One command line for each job, without control characters.
[[nodiscard]] QStringList jobsOf(const ProcessIdentity &shell);

} // namespace muster
