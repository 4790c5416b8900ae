// One child on a pseudo-terminal of our own, as controlling terminal of its own session. For the terminal
// dock: bytes() go through the escape filter to the widget, what the person types comes to write().
// Any thread with an event loop that outlasts the child. Nothing blocks.
#pragma once

#include "core/base/result.h"
#include "core/process/launch_spec.h"
#include "core/process/spawned_child.h"

#include <QByteArray>
#include <QObject>
#include <QTimer>

#include <optional>

namespace muster {

class InputPipe;
class OutputPipe;

struct TerminalSize {
    int rows = 24; // 1 … 10000, as columns
    int columns = 80;
};

class PtyProcess final : public QObject {
    Q_OBJECT
public:
    explicit PtyProcess(QObject *parent = nullptr);
    ~PtyProcess() override; // closes the terminal and SIGKILLs its session's foreground group
    Q_DISABLE_COPY_MOVE(PtyProcess)

    // stdinMode and lifeline of the spec mean nothing here.
    void start(const LaunchSpec &spec, TerminalSize size = {});
    [[nodiscard]] qint64 pid() const;
    [[nodiscard]] bool isRunning() const;

    Status write(const QByteArray &bytes); // TooLarge over 1 MiB queued, Unavailable once ended
    void resize(TerminalSize size);
    void setReadPaused(bool paused); // the program then waits in its write
    void hangUp();                   // as closing a terminal window: SIGHUP to the session by the kernel

signals:
    void started();
    void failedToStart(const muster::Error &error);
    void bytes(const QByteArray &bytes);
    void exited(const muster::ExitInfo &info); // after what it wrote

private:
    void childEnded(const ExitInfo &info);
    void emitExit();
    [[nodiscard]] Result<FileDescriptor> openTerminal(TerminalSize size);

    SpawnedChild *m_child = nullptr;
    InputPipe *m_writer = nullptr;
    OutputPipe *m_reader = nullptr;
    FileDescriptor m_master;
    std::optional<ExitInfo> m_exit;
    QTimer m_lastOutput;
    bool m_readPaused = false;
};

} // namespace muster
