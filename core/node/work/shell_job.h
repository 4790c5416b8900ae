// ShellJob: a shell step. The command runs under muster-guard, which outlives this node and keeps output and
// exit code under the attempt's key: so a command is found again after a crash and never begun twice. Core
// thread.
#pragma once

#include "core/base/stream_redactor.h"
#include "core/node/work/task_job.h"

#include <QStringDecoder>

namespace muster {

class ShellJob final : public TaskJob {
    Q_OBJECT
public:
    ShellJob(ClaimedTask task, WorkContext &context, QObject *parent);

    void start() override;
    void stop(FailureReason reason, const QString &detail) override;
    void abandon() override;

private:
    [[nodiscard]] Async<bool> begin();
    [[nodiscard]] Async<bool> skipWhatIsStored();
    [[nodiscard]] Async<bool> complete(GuardResult result);
    void launch(const QString &folder);
    void onOutput(const QString &key, const QByteArray &bytes);
    void show(const QString &text);
    void fail(FailureReason reason, const QString &detail, bool lost = false);

    std::optional<WorktreeRow> m_worktree;
    QString m_folder; // that it works in
    std::optional<FailureReason> m_stopReason;
    QString m_stopDetail;
    GitTrust m_trust = GitTrust::Untrusted;
    QStringDecoder m_decoder{QStringDecoder::Utf8}; // characters come in halves
    StreamRedactor m_mask;
    qint64 m_skip = 0; // units of the output that an earlier node has stored
    bool m_done = false;
};

} // namespace muster
