// BackgroundLaunch: starts the background node and learns from it whether it could begin. The node has a pipe
// as its standard output: one line with its error (Conflict: another one has the home), or "{}" when it
// serves. Main thread.
#pragma once

#include "core/base/paths.h"
#include "core/base/result.h"

#include <QByteArray>

namespace muster::app {

class BackgroundLaunch {
public:
    explicit BackgroundLaunch(Paths paths)
        : m_paths(std::move(paths))
    {
    }
    ~BackgroundLaunch() { closePipe(); }
    Q_DISABLE_COPY_MOVE(BackgroundLaunch)

    [[nodiscard]] Status start();
    // The node's own reason once it has given one. Does not wait.
    [[nodiscard]] Status result();

    // In the node: tells the one who started it, and lets go of the pipe.
    static void report(const Status &begun);

private:
    [[nodiscard]] Status read(const QByteArray &line) const;
    void closePipe();

    Paths m_paths;
    int m_pipe = -1;
    QByteArray m_said;
};

} // namespace muster::app
