// Starting a program somewhere and owning it until it is proven gone. One interface, so that a session does
// not know where its agent runs. Lives on the thread that starts processes (core).
#pragma once

#include "core/process/launch_spec.h"
#include "core/process/pipe_process.h"
#include "core/process/process_tree.h"

#include <QObject>

namespace muster {

// A launched program: its pipes and its death. Delete it after failedToStart() or gone(); deleted earlier
// the tree is killed without report.
class LaunchedProcess : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    [[nodiscard]] virtual PipeProcess *pipes() = 0;
    // Ends the whole tree by the ladder; gone() follows. Also right after a launch that has not started yet.
    virtual void stop(const KillLadder &ladder) = 0;
    [[nodiscard]] virtual Containment containment() const = 0;
    // Bytes of memory that the whole tree takes, looked at once a second; 0: not yet. Below the mark it is a
    // cheap measure that counts what is shared more than once, above it an exact one.
    [[nodiscard]] virtual qint64 memoryBytes() const = 0;
    virtual void setMemoryMark(qint64 bytes) = 0; // 0: never exact

signals:
    // Once, after pipes()->exited(): nothing of the tree is left, or the survivors are named. Comes after a
    // normal exit as well. Not after failedToStart().
    void gone(const muster::StopReport &report);
};

class Launcher {
public:
    Launcher() = default;
    Launcher(const Launcher &) = delete;
    Launcher &operator=(const Launcher &) = delete;
    virtual ~Launcher() = default;

    // Connect to pipes() at once; every signal comes from the event loop, none from within this call.
    [[nodiscard]] virtual LaunchedProcess *launch(const LaunchSpec &spec, QObject *parent) = 0;
};

} // namespace muster
