// HubProcess: one command of the hub as a child process in a session of its own, without input. What it says
// is kept up to a bound, or told as it comes. It is ended with all of its group at its time limit and by
// stop(): TERM, a moment later KILL; and it goes with this program. Main thread.
#pragma once

#include "core/base/result.h"

#include <QFuture>
#include <QObject>
#include <QProcess>
#include <QTimer>

#include <chrono>
#include <memory>

namespace muster::hub {

struct HubOutput {
    QByteArray out;
    QByteArray err;   // its end
    int exitCode = 0; // -1: ended by a signal
    bool stopped = false;
};

class HubProcess final : public QObject {
    Q_OBJECT
public:
    static constexpr qsizetype maxOut = 32LL * 1024 * 1024;
    static constexpr qsizetype maxErr = 64LL * 1024;
    enum class Keep : std::uint8_t { All, Nothing }; // of its output; Nothing: said() tells it

    explicit HubProcess(Keep keep = Keep::All, QObject *parent = nullptr);
    ~HubProcess() override; // ends the group
    Q_DISABLE_COPY_MOVE(HubProcess)

    // Once. `limit` 0: none. Errors: LaunchFailed, Timeout, TooLarge.
    QFuture<Result<HubOutput>> start(const QString &program, const QStringList &arguments,
                                     const QString &folder, std::chrono::milliseconds limit);
    void stop();
    // For one whose end nobody waits for.
    static void endAndDelete(std::unique_ptr<HubProcess> process);

signals:
    void said(const QByteArray &bytes);
    void over();

private:
    void readOut();
    void readErr();
    void end();
    void finish();
    void signalGroup(int signal) const;

    QProcess m_process;
    QPromise<Result<HubOutput>> m_promise;
    QTimer m_limit;
    QTimer m_kill;
    Keep m_keep;
    qint64 m_group = 0;
    HubOutput m_output;
    bool m_timedOut = false;
    bool m_tooLarge = false;
    bool m_isDone = false;
};

} // namespace muster::hub
