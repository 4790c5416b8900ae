// At the start of a node: finds what an earlier node left running, by its markers and its cgroups, and ends
// it: TERM, grace, KILL, verified. Guarded shell steps carry another marker and are never touched. Core
// thread.
#pragma once

#include "core/process/process_tree.h"

#include <QElapsedTimer>
#include <QHash>
#include <QObject>
#include <QStringList>
#include <QTimer>

namespace muster {

class StartupSweep final : public QObject {
    Q_OBJECT
public:
    // `markers`: of the sessions that the store believes to run, before any new one is launched.
    explicit StartupSweep(QStringList markers, QObject *parent = nullptr);

    // finished() follows, never from within this call; once.
    void start(const KillLadder &ladder = {.termGrace = std::chrono::milliseconds{2000}});

signals:
    // `found`: pids that were there; the report's survivors are those that could not be ended.
    void finished(const QList<qint64> &found, const muster::StopReport &report);

private:
    void scan();
    void scanned(const QHash<qint64, quint64> &alive);

    QStringList m_markers;
    KillLadder m_ladder;
    QHash<qint64, quint64> m_found;
    StopReport m_report;
    QElapsedTimer m_elapsed;
    QElapsedTimer m_sinceKill;
    QTimer m_timer;
};

} // namespace muster
