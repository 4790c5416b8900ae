#include "core/node/work/day_costs.h"

#include "core/store/cost_repository.h"

#include <QDateTime>

namespace muster {

QString dayOf(qint64 nowMs) { return QDateTime::fromMSecsSinceEpoch(nowMs).date().toString(Qt::ISODate); }

DayCosts::DayCosts(Ledger &ledger, std::function<qint64()> capMicroUsd, QObject *parent)
    : QObject(parent)
    , m_ledger(ledger)
    , m_cap(std::move(capMicroUsd))
{
}

qint64 DayCosts::spent()
{
    if (m_day != day()) {
        m_day = day();
        m_spent = 0;
    }
    return m_spent;
}

void DayCosts::add(qint64 microUsd) { m_spent = spent() + microUsd; }

// What is on its way to the store is not in it yet, and what others spend is not here: neither is more than
// the truth.
void DayCosts::look(std::function<void()> done)
{
    m_ledger.read(this, [day = day()](Connection &db) { return CostRepository(db).ofDay(day); },
                  [this, day = day(), done = std::move(done)](const Result<qint64> &cost) {
        if (cost && day == this->day())
            m_spent = std::max(spent(), *cost);
        done();
    });
}

} // namespace muster
