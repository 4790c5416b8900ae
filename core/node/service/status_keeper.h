// StatusKeeper: what the whole swarm does, counted from the store after each change (coalesced) and told to
// every subscriber when it differs. Core thread.
#pragma once

#include "core/node/api/values.h"
#include "core/node/events/ledger.h"

#include <QObject>
#include <QTimer>

namespace muster {

class StatusKeeper final : public QObject {
    Q_OBJECT
public:
    StatusKeeper(Ledger &ledger, api::NodeStatus fixed, QObject *parent = nullptr);

    [[nodiscard]] const api::NodeStatus &status() const { return m_status; }
    void addNote(const QString &note) { m_status.notes += note; }
    void setPaused(const QString &reason);
    // Looked at again at `untilMs`.
    void setHeldBack(std::optional<HeldBack> why, qint64 untilMs);
    void refreshSoon();

signals:
    void changed(const muster::api::NodeStatus &status);

private:
    void refresh();

    Ledger &m_ledger;
    api::NodeStatus m_status;
    QTimer m_timer;
};

} // namespace muster
