// VersionJob: asks one program for its version, within a time limit, and leaves no process behind. Deletes
// itself when that is so. Core thread. Internal to core/agent.
#pragma once

#include "core/agent/runtime_record.h"
#include "core/agent/runtime_status.h"
#include "core/process/launcher.h"

#include <QObject>
#include <QTimer>

#include <chrono>

namespace muster {

class VersionJob final : public QObject {
    Q_OBJECT
public:
    VersionJob(RuntimeRecord runtime, QString program, QObject *parent);

    // `environment`: already filtered.
    void start(Launcher &launcher, const QStringList &environment, const QString &tmpDir,
               std::chrono::milliseconds limit);

signals:
    void answered(muster::VersionState state, const QString &version); // once
    void over();                                                       // once, after answered()

private:
    void take(const QByteArray &bytes);
    void answer(VersionState state, const QString &version = {});
    void end();

    RuntimeRecord m_runtime;
    QString m_program;
    LaunchedProcess *m_process = nullptr;
    QByteArray m_printed;
    QTimer m_deadline;
    bool m_answered = false;
    bool m_stopping = false;
};

} // namespace muster
