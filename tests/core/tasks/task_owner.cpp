// A process that owns tasks, for tests that stop it: task_owner FILE LEASE_MS claims whatever is queued,
// renews its leases, and writes what each of its tasks has used all the time. Prints "started ID EPOCH",
// "lost ID", and "stale N" for N writes that were refused since the last line of that kind.
#include "core/node/work/sql_task_store.h"
#include "core/process/process_identity.h"
#include "core/store/task_repository.h"
#include "core/tasks/task_service.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QTimer>

#include <cstdio>

using namespace muster;

namespace {

constexpr int eachMs = 2;

void say(const char *what, qint64 number, qint64 more = 0)
{
    std::printf("%s %lld %lld\n", what, static_cast<long long>(number), static_cast<long long>(more));
    std::fflush(stdout);
}

class Owner final : public QObject, public TaskRunner {
public:
    Owner(const QString &file, qint64 leaseMs)
        : m_store(Store::open({.file = file,
                               .backupDir = QFileInfo(file).path() + QStringLiteral("/backups"),
                               .durability = Durability::Normal},
                              m_clock)
                      .value())
        , m_hub(*m_store)
        , m_ledger(*m_store, m_hub, m_clock)
        , m_port(m_ledger, ownerText())
        , m_service(m_port, *this, m_clock,
                    {.leaseMs = leaseMs, .renewMs = static_cast<int>(leaseMs / 3), .reapMs = 3'600'000})
    {
        connect(&m_service, &TaskService::lost, this, [this](TaskId id) {
            m_held.remove(id);
            say("lost", id.value);
        });
        connect(&m_timer, &QTimer::timeout, this, &Owner::work);
        m_service.start();
        m_timer.start(eachMs);
    }

    void start(const ClaimedTask &task) override
    {
        m_held.insert(task.id, task.epoch);
        say("started", task.id.value, task.epoch);
    }
    void goOn(TaskId) override {}
    void stop(TaskId, FailureReason, const QString &) override {}
    void abandon(TaskId task) override { m_held.remove(task); }

private:
    void work()
    {
        m_service.drain();
        for (auto held = m_held.cbegin(); held != m_held.cend(); ++held)
            write(held.key(), held.value());
    }

    void write(TaskId id, qint64 epoch)
    {
        m_ledger.commit(this, [id, epoch, used = ++m_used](Connection &db, EventBatch &) {
            TaskRepository tasks(db);
            Status set = tasks.setUsage(id, epoch, used, {.tokensIn = used});
            return set ? tasks.setOutput(id, epoch, {{QStringLiteral("used"), used}}) : set;
        }, [](const Status &written) {
            if (!written)
                say("stale", 1);
        });
    }

    SystemClock m_clock;
    std::unique_ptr<Store> m_store;
    EventHub m_hub;
    Ledger m_ledger;
    SqlTaskStore m_port;
    TaskService m_service;
    QTimer m_timer;
    QHash<TaskId, qint64> m_held;
    qint64 m_used = 0;
};

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    const Owner owner(arguments.value(1), arguments.value(2).toLongLong());
    return QCoreApplication::exec();
}
