// Which file a program's name means, and why it cannot be started, told apart before anything is forked.
// Looks in PATH of the child's environment, not in ours. Any thread; touches the file system.
#pragma once

#include "core/base/result.h"

#include <QString>
#include <QStringList>

namespace muster {

// The absolute path, or LaunchFailed with `where` launch_fault::notFound or launch_fault::notExecutable.
// A name with a slash is taken relative to `workingDir`.
[[nodiscard]] Result<QString> findProgram(const QString &program, const QStringList &environment,
                                          const QString &workingDir = {});

} // namespace muster
