// Starts one program with given descriptors in a session of its own and tells its end: the part that
// PipeProcess and PtyProcess share. QProcess does the forking, the error report and the reaping; pipes are
// ours, because QProcess cannot stop reading. Private to core/process; one thread.
#pragma once

#include "core/base/result.h"
#include "core/process/child_registry.h"
#include "core/process/file_descriptor.h"
#include "core/process/launch_spec.h"

#include <QObject>
#include <QProcess>

#include <memory>

namespace muster {

class Cgroup;

struct SpawnOptions {
    ChildKind kind = ChildKind::Tool;
    int joinCgroupFd = -1;      // borrowed for the call
    bool diesWithParent = true; // with the thread that starts it, to be exact
};

struct ChildDescriptors {
    int in = -1;
    int out = -1;
    int err = -1;
    bool terminal = false; // `in` becomes the controlling terminal
};

class SpawnedChild final : public QObject {
    Q_OBJECT
public:
    explicit SpawnedChild(QObject *parent);
    ~SpawnedChild() override;
    Q_DISABLE_COPY_MOVE(SpawnedChild)

    // The descriptors are the caller's and may be closed when this returns.
    void start(const LaunchSpec &spec, const ChildDescriptors &descriptors, const SpawnOptions &options);
    void failLater(const Error &error);

    [[nodiscard]] qint64 pid() const { return m_pid; }
    [[nodiscard]] bool isRunning() const;

signals:
    void started();
    void failed(const muster::Error &error);
    void ended(const muster::ExitInfo &info);

private:
    void onError(QProcess::ProcessError error);
    void onFinished(int code, QProcess::ExitStatus status);

    std::unique_ptr<QProcess> m_process;
    qint64 m_pid = 0;
};

} // namespace muster
