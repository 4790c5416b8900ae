// DayCosts: what all work has cost since midnight of the machine's zone, against the person's cap. What this
// process spends counts at once; what another spends is seen with the next look at the store. Core thread.
// Source: spec "tasks and schedules", Turn and money budgets.
#pragma once

#include "core/node/events/ledger.h"

#include <QObject>

#include <functional>

namespace muster {

// 2026-11-22, of the machine's zone.
[[nodiscard]] QString dayOf(qint64 nowMs);

class DayCosts final : public QObject {
    Q_OBJECT
public:
    DayCosts(Ledger &ledger, std::function<qint64()> capMicroUsd, QObject *parent = nullptr);

    [[nodiscard]] qint64 cap() const { return m_cap(); } // 0: none
    [[nodiscard]] QString day() const { return dayOf(m_ledger.clock().nowMs()); }
    [[nodiscard]] qint64 spent(); // today
    void add(qint64 microUsd);
    // At the start, before anything is spent; and when another process has written. `done`: it is known.
    void look(std::function<void()> done = [] {});

private:
    Ledger &m_ledger;
    std::function<qint64()> m_cap;
    QString m_day;
    qint64 m_spent = 0;
};

} // namespace muster
