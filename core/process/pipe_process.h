// One child on three pipes, in a session of its own, dying with the thread that started it. Lives on one
// thread with an event loop that outlasts the child (PR_SET_PDEATHSIG follows the thread). Nothing blocks.
//
// Bytes are handed on as they come and never kept here: while reads are paused the pipe fills and the child
// waits. `ended` says at once that the process died; `exited` comes after the output it left, also when a
// grandchild still holds the pipe. While reads are paused `exited` waits for the consumer to go on.
// Errors: write() gives TooLarge over the queue's cap and Unavailable once stdin is closed.
#pragma once

#include "core/base/result.h"
#include "core/process/launch_spec.h"
#include "core/process/spawned_child.h"

#include <QByteArray>
#include <QObject>

#include <memory>
#include <optional>

namespace muster {

class InputPipe;
class OutputPipe;

class PipeProcess final : public QObject {
    Q_OBJECT
public:
    explicit PipeProcess(QObject *parent = nullptr);
    ~PipeProcess() override; // a child that still runs gets SIGKILL with its group; no waiting
    Q_DISABLE_COPY_MOVE(PipeProcess)

    // Once per object. The result comes as started() or failedToStart(), never from within this call.
    void start(const LaunchSpec &spec, const SpawnOptions &options = {});
    // For a launcher that finds out by itself: failedToStart(error) comes from the event loop.
    void refuse(const Error &error);

    [[nodiscard]] qint64 pid() const; // 0 before the start; stays after the end
    [[nodiscard]] bool isRunning() const;

    Status write(const QByteArray &bytes);
    [[nodiscard]] qint64 bytesToWrite() const;
    void closeStdin(); // after what is queued
    void setReadPaused(bool paused);

signals:
    void started(); // before any bytes
    void failedToStart(const muster::Error &error);
    void stdoutBytes(const QByteArray &bytes); // at most 64 KiB each
    void stderrBytes(const QByteArray &bytes);
    void stdoutClosed(); // the other side closed it, which says nothing about the process
    void stdinDrained(); // the queue is empty again after it was not
    void stdinClosed();  // by closeStdin(), or because the child stopped reading
    void ended(const muster::ExitInfo &info);
    void exited(const muster::ExitInfo &info);

private:
    void childStarted();
    void childEnded(const ExitInfo &info);
    void emitExitWhenDrained();
    void fail(const Error &error);

    SpawnedChild *m_child = nullptr;
    InputPipe *m_stdin = nullptr;
    OutputPipe *m_stdout = nullptr;
    OutputPipe *m_stderr = nullptr;
    std::optional<ExitInfo> m_exit;
    bool m_readPaused = false;
    bool m_started = false; // said so: what the child writes before that waits in its pipe
};

} // namespace muster
