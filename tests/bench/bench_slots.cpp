// Rows 6 and 7 of the bars. Row 6: ten claimers go for one queue under a cap of three, each on a connection
// of its own, as threads and as processes; claim and end of each task beside the same work by a conditional
// UPDATE of plain SQLite. Row 7: from the commit that gives a slot back to the start of the next task,
// through service, port and writer. Interleaved rounds, medians. MUSTER_BENCH_ROUNDS, MUSTER_BENCH_TASKS.
#include "core/store/task_repository.h"
#include "tests/bench/measure.h"
#include "tests/bench/slot_claimers.h"
#include "tests/core/tasks/task_world.h"

#include <QProcess>

#include <array>
#include <atomic>
#include <cstdio>
#include <deque>

using namespace muster;
using namespace muster::bench;
using namespace muster::test;
using namespace Qt::StringLiterals;

namespace {

constexpr int claimers = 10;
constexpr int cap = slotCap;
const QString rawArgument = u"--claim-raw"_s;
const QString ourArgument = u"--claim-ours"_s;

int asked(const char *variable, int usual)
{
    const int number = qEnvironmentVariableIntValue(variable);
    return number > 0 ? number : usual;
}

struct Outcome {
    double perSecond = 0;
    qint64 most = 0; // slots that were seen held at once
    int errors = 0;
    bool eachOnce = false;
};

// What was claimed, and how often.
bool eachWasClaimedOnce(Connection &db, int tasks)
{
    return db.value<qint64>(u"SELECT count(*) FROM tasks WHERE status = 'completed' AND lease_epoch = 1"_s)
               .value()
               .value_or(0) == tasks;
}

std::unique_ptr<Connection> filled(TempStore &temp, int tasks)
{
    auto db = temp.connection();
    (void)PoolRepository(*db).setCap(u"scheduled"_s, cap);
    (void)db->inTransaction([&]() -> Status {
        for (int i = 0; i < tasks; ++i)
            (void)TaskRepository(*db).insert({.createdBy = u"person"_s}, {}, {u"scheduled"_s});
        return {};
    });
    return db;
}

template <typename Claimer> Outcome inThreads(int tasks, bool looks)
{
    TempStore temp;
    const auto db = filled(temp, tasks);
    std::vector<std::unique_ptr<Claimer>> all;
    for (int i = 0; i < claimers; ++i)
        all.push_back(std::make_unique<Claimer>(temp.options.file, QString::number(i)));
    std::array<qint64, claimers> held{};
    std::atomic<int> errors = 0;
    std::vector<std::unique_ptr<QThread>> threads;
    const Stopwatch watch;
    for (size_t i = 0; i < claimers; ++i)
        threads
            .emplace_back(QThread::create([&, i] {
            errors += claimAll(*all[i], looks ? &held.at(i) : nullptr);
        }))->start();
    for (const auto &thread : threads)
        thread->wait();
    return {.perSecond = tasks / watch.seconds(),
            .most = std::ranges::max(held),
            .errors = errors,
            .eachOnce = eachWasClaimedOnce(*db, tasks)};
}

// Each is this program again: it says when it is ready, begins when it is told, and ends with its errors.
Outcome inProcesses(int tasks, const QString &who)
{
    TempStore temp;
    const auto db = filled(temp, tasks);
    std::vector<std::unique_ptr<QProcess>> all;
    for (int i = 0; i < claimers; ++i) {
        QProcess &process = *all.emplace_back(std::make_unique<QProcess>());
        process.start(QCoreApplication::applicationFilePath(), {who, temp.options.file});
        process.waitForReadyRead(60'000);
    }
    const Stopwatch watch;
    for (const auto &process : all)
        process->write("go\n");
    Outcome outcome;
    for (const auto &process : all) {
        process->waitForFinished(600'000);
        outcome.errors += process->exitCode() == 0 ? 0 : 1;
    }
    outcome.perSecond = tasks / watch.seconds();
    outcome.eachOnce = eachWasClaimedOnce(*db, tasks);
    return outcome;
}

template <typename Claimer> int beOne(const QString &file)
{
    Claimer claimer(file, QString::number(QCoreApplication::applicationPid()));
    std::puts("ready");
    std::fflush(stdout);
    char line[8];
    return std::fgets(line, sizeof line, stdin) ? claimAll(claimer) : 1;
}

void report(const char *row, const std::vector<Outcome> &ours, const std::vector<Outcome> &raw)
{
    std::vector<double> own;
    std::vector<double> limit;
    std::vector<double> ratios;
    qint64 most = 0;
    int errors = 0;
    bool each = true;
    for (size_t i = 0; i < ours.size(); ++i) {
        own.push_back(ours[i].perSecond);
        limit.push_back(raw[i].perSecond);
        ratios.push_back(100 * ours[i].perSecond / raw[i].perSecond);
        most = std::max(most, ours[i].most);
        errors += ours[i].errors;
        each = each && ours[i].eachOnce;
    }
    std::ranges::sort(ratios);
    qInfo("%-36s %6.0f/s of %6.0f/s: %3.0f %% (%.0f … %.0f; bar 70 %%); most held %lld of %d, claimed once: "
          "%s, errors %d",
          row, median(own), median(limit), median(ratios), ratios.front(), ratios.back(),
          static_cast<long long>(most), cap, each ? "yes" : "NO", errors);
    QVERIFY(most <= cap);
    QVERIFY(each);
    QCOMPARE(errors, 0);
}

} // namespace

class BenchSlots : public QObject {
    Q_OBJECT
private slots:
    void threads();
    void separateProcesses();
    void freedToStarted();
};

void BenchSlots::threads()
{
    std::vector<Outcome> ours;
    std::vector<Outcome> raw;
    for (int round = 0; round < asked("MUSTER_BENCH_ROUNDS", 5); ++round) {
        raw.push_back(inThreads<RawClaimer>(asked("MUSTER_BENCH_TASKS", 2000), false));
        ours.push_back(inThreads<OurClaimer>(asked("MUSTER_BENCH_TASKS", 2000), false));
    }
    // Not timed: what it looks at costs.
    ours.back().most = inThreads<OurClaimer>(asked("MUSTER_BENCH_TASKS", 2000), true).most;
    report("row 6: ten threads", ours, raw);
}

void BenchSlots::separateProcesses()
{
    std::vector<Outcome> ours;
    std::vector<Outcome> raw;
    for (int round = 0; round < asked("MUSTER_BENCH_ROUNDS", 5); ++round) {
        raw.push_back(inProcesses(asked("MUSTER_BENCH_TASKS", 2000), rawArgument));
        ours.push_back(inProcesses(asked("MUSTER_BENCH_TASKS", 2000), ourArgument));
    }
    report("row 6: ten processes", ours, raw);
}

// The service of a node: the next one is claimed in the answer to the commit that gave the slot back.
void BenchSlots::freedToStarted()
{
    const int tasks = asked("MUSTER_BENCH_TASKS", 2000);
    TempStore temp;
    Worker worker(temp, livingOwner(1));
    const auto db = temp.connection();
    QVERIFY(PoolRepository(*db).setCap(u"scheduled"_s, cap));
    std::vector<double> latencies;
    std::deque<Stopwatch> freed;
    int ended = 0;
    worker.runner.onStart = [&](const ClaimedTask &task) {
        if (!freed.empty()) {
            latencies.push_back(freed.front().seconds() * 1000);
            freed.pop_front();
        }
        QTimer::singleShot(0, &worker.service, [&, id = task.id] { worker.service.finished(id, completed); });
    };
    QObject::connect(&worker.service, &TaskService::settled, &worker.service, [&] {
        ++ended;
        if (ended + cap <= tasks)
            freed.emplace_back();
    });
    for (int i = 0; i < tasks; ++i)
        worker.service.enqueue(aRequest(u"t%1"_s.arg(i)), [](const Result<TaskId> &) {});
    QVERIFY(worker.idle());
    worker.service.start();
    QVERIFY(waitUntil([&] { return ended == tasks; }, 600'000));
    qInfo("%-36s p50 %.2f ms, p99 %.2f ms, most %.2f ms of %zu (bar: p99 50 ms)",
          "row 7: freed → next started", median(latencies), p99(latencies), std::ranges::max(latencies),
          latencies.size());
    QVERIFY(p99(latencies) <= 50);
}

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.value(1) == rawArgument)
        return beOne<RawClaimer>(arguments.value(2));
    if (arguments.value(1) == ourArgument)
        return beOne<OurClaimer>(arguments.value(2));
    BenchSlots bench;
    return QTest::qExec(&bench, argc, argv);
}

#include "bench_slots.moc"
