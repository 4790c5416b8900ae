// Which children of this process it started itself. The list of children belongs to the process, so the
// registry does too. Whoever is our child, is not in it and stands in another session than ours was orphaned
// by a launched tree and re-parented to us (becomeSubreaper). Any thread.
#pragma once

#include "core/base/result.h"

#include <QHash>
#include <QList>
#include <QMutex>
#include <QObject>
#include <QSet>
#include <QString>
#include <QtTypes>

#include <cstdint>
#include <functional>
#include <optional>

namespace muster {

enum class ChildKind : std::uint8_t { Agent, Tool, Guard, Terminal };

struct KnownChild {
    qint64 pid = 0;
    ChildKind kind = ChildKind::Tool;
    QString marker;
};

class ChildRegistry {
public:
    [[nodiscard]] static ChildRegistry &instance();

    // Runs `spawn` so that nobody sees its child before it is known; returns its pid, 0 on failure.
    qint64 addSpawned(ChildKind kind, const QString &marker, const std::function<qint64()> &spawn);
    void remove(qint64 pid); // right after it was reaped

    [[nodiscard]] std::optional<KnownChild> find(qint64 pid) const;
    // Orphans that re-parented to us, living ones; dead ones are reaped by pid on the way.
    [[nodiscard]] QList<qint64> collectOrphans();
    // Whether orphans come to us: without that, only a look at all processes finds them.
    [[nodiscard]] static bool adoptsOrphans();
    // What waits for the end of a child that nobody else waits for any more; known until it is destroyed.
    void keep(QObject *waiting);

private:
    void forget(QObject *gone);

    mutable QMutex m_mutex;
    QHash<qint64, KnownChild> m_children;
    QSet<QObject *> m_waiting;
};

// Once, in the node process: orphans of our descendants become our children. Unsupported elsewhere than
// Linux.
Status becomeSubreaper();

} // namespace muster
