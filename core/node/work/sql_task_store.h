// TaskStore over the store: each call is one transaction with its event. Core thread.
#pragma once

#include "core/node/events/ledger.h"
#include "core/node/work/task_forms.h"
#include "core/tasks/task_ports.h"

#include <QObject>

namespace muster {

class SqlTaskStore final : public QObject, public TaskStore {
    Q_OBJECT
public:
    // `owner`: this process, as leases name it (core/process/process_identity.h).
    SqlTaskStore(Ledger &ledger, QString owner, QObject *parent = nullptr);

    void insert(const TaskRequest &request, Callback<TaskId> done) override;
    void claimNext(const ClaimWish &wish, Callback<std::vector<ClaimedTask>> done) override;
    void takeOverLost(const std::vector<HeldLease> &held, const ClaimWish &wish,
                      Callback<std::vector<ClaimedTask>> done) override;
    void renew(const std::vector<HeldLease> &held, qint64 leaseMs,
               Callback<std::vector<TaskId>> done) override;
    void setWaiting(TaskId task, qint64 epoch, bool waiting, Callback<bool> done) override;
    void shiftDeadlines(const std::vector<HeldLease> &held, qint64 byMs) override;
    void finish(TaskId task, qint64 epoch, const TaskOutcome &outcome, Callback<void> done) override;
    void putOff(TaskId task, qint64 epoch, const TaskOutcome &outcome, Callback<void> done) override;
    void cancelsAsked(Callback<std::vector<TaskId>> done) override;
    void cancelQueued(const QString &key, const TaskOutcome &outcome, Callback<TaskId> done) override;

private:
    Ledger &m_ledger;
    QString m_owner;
};

} // namespace muster
