// Logging: one category per module, and the file that all of it goes to: redacted, one line a message,
// changed for a new one at a size limit, a few old ones kept. Logging: any thread; installLog(): composition,
// once.
#pragma once

#include "core/base/result.h"

#include <QLoggingCategory>
#include <QString>

namespace muster {

Q_DECLARE_LOGGING_CATEGORY(logBase)
Q_DECLARE_LOGGING_CATEGORY(logStore)
Q_DECLARE_LOGGING_CATEGORY(logProcess)
Q_DECLARE_LOGGING_CATEGORY(logProtocol)
Q_DECLARE_LOGGING_CATEGORY(logAgent)
Q_DECLARE_LOGGING_CATEGORY(logTasks)
Q_DECLARE_LOGGING_CATEGORY(logFlow)
Q_DECLARE_LOGGING_CATEGORY(logChat)
Q_DECLARE_LOGGING_CATEGORY(logWorkspace)
Q_DECLARE_LOGGING_CATEGORY(logNode)
Q_DECLARE_LOGGING_CATEGORY(logUi)
Q_DECLARE_LOGGING_CATEGORY(logApp)

struct LogOptions {
    QString dir;
    QString name = QStringLiteral("muster"); // <dir>/<name>.log, then .1.log, .2.log …
    qint64 maxBytes = 8LL * 1024 * 1024;     // of one file
    int keep = 4;                            // files, the current one included
    bool alsoStderr = false;
};

// From now on messages go to the file. A second call changes where they go. Io: the file cannot be opened.
[[nodiscard]] Status installLog(const LogOptions &options);
// Of a log that another process is about to append to by itself: when it is at its limit it becomes the first
// of the old ones. Only between two writers is the limit kept.
void rotateFullLog(const LogOptions &options);
// Back to Qt's own handler; the file is closed.
void uninstallLog();

} // namespace muster
