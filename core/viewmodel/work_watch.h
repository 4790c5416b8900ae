// WorkWatch: how what is at work does right now, and when it last got on: asked of the node once a second
// while somebody shows something that works, and else not at all. GUI thread (the thread of the NodeApi).
#pragma once

#include "core/node/api/node_api.h"

#include <QHash>
#include <QObject>
#include <QSet>
#include <QTimer>

namespace muster {

class WorkWatch final : public QObject {
    Q_OBJECT

public:
    static constexpr int everyMs = 1000;

    explicit WorkWatch(api::NodeApi *node, QObject *parent = nullptr);

    // Whoever wants it and is destroyed wants it no more.
    void setWanted(const QObject *by, bool wanted);
    [[nodiscard]] bool isWanted() const { return !m_wantedBy.isEmpty(); }
    // nullptr: it is not at work, as far as is known.
    [[nodiscard]] const api::WorkInfo *of(TaskId task) const;

signals:
    void ticked(); // a second has passed, with what is known now

private:
    void ask();

    api::NodeApi *m_node;
    QTimer m_timer;
    QSet<const QObject *> m_wantedBy;
    QHash<TaskId, api::WorkInfo> m_known;
    bool m_asking = false;
};

} // namespace muster
