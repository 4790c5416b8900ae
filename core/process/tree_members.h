// Who belongs to a launched tree: pure functions over one look at /proc. Any thread.
#pragma once

#include "core/process/proc_table.h"

#include <QHash>
#include <QList>
#include <QString>
#include <QtTypes>

#include <memory>

namespace muster {

class Cgroup;

struct TreeMember {
    qint64 pid = 0;
    quint64 startTicks = 0;
    bool guessed = false; // may be another tree's as well
};

struct TreeQuery {
    qint64 rootPid = 0;
    quint64 rootStart = 0;
    QString marker; // empty: not looked for
    std::shared_ptr<Cgroup> cgroup;
    QHash<qint64, quint64> seen;    // found earlier; counts while the start time is the same
    QHash<qint64, quint64> guessed; // orphans that nothing tells apart any more
};

// Living members, the root included; never this process or its ancestors.
[[nodiscard]] QList<TreeMember> findMembers(const TreeQuery &query, const ProcessTable &table);
// The cheap part: ancestry and session.
[[nodiscard]] QList<TreeMember> findRelated(const TreeQuery &query, const ProcessTable &table);
[[nodiscard]] bool holdsMarker(qint64 pid, const QString &marker);

} // namespace muster
