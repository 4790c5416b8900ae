// One git process of ProcessGitRunner. Internal to core/node/adapters; core thread.
#pragma once

#include "core/process/pipe_process.h"
#include "core/workspace/git_runner.h"

#include <QObject>
#include <QPromise>
#include <QTimer>

namespace muster {

class GitJob final : public QObject {
    Q_OBJECT
public:
    GitJob(GitCommand command, QObject *parent);
    ~GitJob() override; // unfinished: Cancelled
    Q_DISABLE_COPY_MOVE(GitJob)

    [[nodiscard]] QFuture<Result<GitOutput>> future() { return m_promise.future(); }
    void start(const QString &program, const QStringList &environment);

signals:
    void finished(); // once; delete it later, not now

private:
    void takeOutput(const QByteArray &bytes);
    void finish(Result<GitOutput> result);

    GitCommand m_command;
    QPromise<Result<GitOutput>> m_promise;
    GitOutput m_output;
    PipeProcess *m_process = nullptr;
    QTimer m_deadline;
    bool m_done = false;
};

} // namespace muster
