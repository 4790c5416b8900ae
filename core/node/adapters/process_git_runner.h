// GitRunner on core/process: each command is a child of its own, at most 8 at a time, the rest in order. A
// command over its time or over its cap of output is killed with its group.
//
// Thread: the core thread, which owns it. Destroying it ends what runs; those futures give Cancelled.
#pragma once

#include "core/workspace/git_runner.h"

#include <QObject>

#include <deque>
#include <memory>

namespace muster {

class GitJob;

class ProcessGitRunner final : public QObject, public GitRunner {
    Q_OBJECT
public:
    // `environment` is searched for PATH, HOME, TMPDIR; `program` is a name looked up in that PATH, or a
    // path.
    explicit ProcessGitRunner(QStringList environment, QString program = QStringLiteral("git"),
                              QObject *parent = nullptr);
    ~ProcessGitRunner() override;
    Q_DISABLE_COPY_MOVE(ProcessGitRunner)

    [[nodiscard]] QFuture<Result<GitOutput>> run(GitCommand command) override;

private:
    void startNext();

    QStringList m_environment;
    QString m_program;
    std::deque<GitJob *> m_waiting; // children of this object
    int m_running = 0;
};

} // namespace muster
