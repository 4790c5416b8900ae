// CommandRun: one command line of the model, run by /bin/sh in a session of its own, without input. Its
// output is kept up to a bound: the beginning and the end. It is ended with all of its group at its time
// limit and by stop(): TERM, a moment later KILL. What left the group goes with this program's own tree,
// which the node ends. Main thread.
#pragma once

#include "core/base/result.h"

#include <QFuture>
#include <QObject>
#include <QProcess>
#include <QTimer>

#include <chrono>

namespace muster::model {

struct CommandResult {
    QString output;
    int exitCode = 0; // -1: ended by a signal
    bool timedOut = false;
    bool stopped = false;
};

class CommandRun final : public QObject {
    Q_OBJECT
public:
    explicit CommandRun(QObject *parent = nullptr);
    ~CommandRun() override; // ends the group
    Q_DISABLE_COPY_MOVE(CommandRun)

    // Once. LaunchFailed if it cannot be started.
    QFuture<Result<CommandResult>> start(const QString &command, const QString &folder,
                                         std::chrono::seconds limit);
    void stop();

signals:
    void outputGrew(const QString &output); // all that is kept, now and then

private:
    void read();
    void end();
    void finish();
    void signalGroup(int signal) const;
    [[nodiscard]] QString kept() const;

    QProcess m_process;
    QPromise<Result<CommandResult>> m_promise;
    QTimer m_limit;
    QTimer m_kill;
    QTimer m_tell;
    qint64 m_group = 0;
    QByteArray m_first;
    QByteArray m_last;
    qint64 m_dropped = 0;
    CommandResult m_result;
    bool m_isDone = false;
};

} // namespace muster::model
