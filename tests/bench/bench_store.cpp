// Rows 1 to 4, 6 and 10 of the bars, the store's share: step transitions with their events through
// StoreWriter and the repositories, beside plain SQLite calls that write the same tables. Interleaved rounds,
// medians.
#include "core/store/event_repository.h"
#include "core/store/project_repository.h"
#include "core/store/run_repository.h"
#include "core/store/task_repository.h"
#include "tests/bench/measure.h"
#include "tests/bench/raw_store.h"
#include "tests/support/temp_store.h"

#include <QEventLoop>

using namespace muster;
using namespace muster::bench;
using namespace Qt::StringLiterals;

namespace {

constexpr int rounds = 5;

// A run with its lease and `steps` step rows, as both sides begin.
struct Prepared {
    explicit Prepared(Durability durability, int steps)
    {
        temp.options.durability = durability;
        const auto db = temp.connection();
        const ProjectId project = ProjectRepository(*db).open(u"/p"_s, u"p"_s, 1).value().id;
        RunRepository runs(*db);
        RunRow row;
        row.project = project;
        row.definition =
            runs.saveDefinition({.hash = u"h"_s, .name = u"f"_s, .origin = u"builtin"_s}).value();
        row.createdBy = u"person"_s;
        run = runs.create(row, true).value().id;
        epoch = runs.claim(run, u"me"_s, 1, 1'000'000).value()->epoch;
        (void)db->inTransaction([&]() -> Status {
            for (int i = 0; i < steps; ++i)
                ids.push_back(runs.saveStep({.run = run, .stepId = u"s"_s, .itemIndex = i}, epoch).value());
            return {};
        });
    }
    TempStore temp;
    RunId run;
    qint64 epoch = 0;
    std::vector<StepRunId> ids;
};

Event eventOf(RunId run, StepRunId step)
{
    return {.atMs = 5,
            .kind = u"step.status"_s,
            .refs = {.run = run, .step = step},
            .source = u"node"_s,
            .data = {{u"status"_s, u"running"_s}}};
}

// Each step: running, then completed, each a job of its own with its event; `width` steps at a time.
class StepDriver {
public:
    StepDriver(Prepared &prepared, int width)
        : m_prepared(prepared)
        , m_store(prepared.temp.open())
        , m_width(width)
    {
    }

    Measured run()
    {
        const Stopwatch watch;
        for (int i = 0; i < m_width; ++i)
            begin();
        m_loop.exec();
        const double seconds = watch.seconds();
        return {.perSecond = static_cast<double>(m_prepared.ids.size()) / seconds,
                .p99Ms = p99(m_latencies),
                .cpuSeconds = watch.cpu()};
    }

private:
    void begin()
    {
        if (m_next < m_prepared.ids.size())
            transition(m_next++, StepStatus::Running);
    }

    void transition(size_t index, StepStatus status)
    {
        auto job = [this, index, status](Connection &db) -> Status {
            const auto saved = RunRepository(db).saveStep({.run = m_prepared.run,
                                                           .stepId = u"s"_s,
                                                           .itemIndex = static_cast<int>(index),
                                                           .status = status,
                                                           .startedMs = 5},
                                                          m_prepared.epoch);
            if (!saved)
                return std::unexpected(saved.error());
            return EventRepository(db).append(eventOf(m_prepared.run, *saved)).transform([](qint64) {});
        };
        const Stopwatch watch;
        m_store->writer().post(std::move(job), &m_loop, [this, index, status, watch](const Status &done) {
            if (!done)
                qFatal("%s", qPrintable(done.error().detail));
            m_latencies.push_back(watch.seconds() * 1000);
            if (status == StepStatus::Running)
                transition(index, StepStatus::Completed);
            else
                finished();
        });
    }

    void finished()
    {
        if (++m_done == m_prepared.ids.size())
            m_loop.quit();
        else
            begin();
    }

    Prepared &m_prepared;
    Store *m_store;
    int m_width;
    QEventLoop m_loop;
    std::vector<double> m_latencies;
    size_t m_next = 0;
    size_t m_done = 0;
};

Measured rawSteps(Prepared &prepared, int perCommit)
{
    const auto full = prepared.temp.options.durability == Durability::Full;
    RawStore raw(prepared.temp.options.file, full);
    std::vector<double> latencies;
    const Stopwatch watch;
    const size_t transitions = prepared.ids.size() * 2;
    for (size_t i = 0; i < transitions; ++i) {
        const Stopwatch one;
        if (i % static_cast<size_t>(perCommit) == 0)
            raw.begin();
        raw.transition(prepared.run.value, prepared.ids.at(i / 2).value);
        if ((i + 1) % static_cast<size_t>(perCommit) == 0 || i + 1 == transitions)
            raw.commit();
        latencies.push_back(one.seconds() * 1000);
    }
    return {.perSecond = static_cast<double>(prepared.ids.size()) / watch.seconds(),
            .p99Ms = p99(latencies),
            .cpuSeconds = watch.cpu()};
}

} // namespace

class BenchStore : public QObject {
    Q_OBJECT
private slots:
    void steps_data();
    void steps();
    void claims();
    void eventBatches();
};

void BenchStore::steps_data()
{
    QTest::addColumn<Durability>("durability");
    QTest::addColumn<int>("count");
    QTest::addColumn<int>("width");
    QTest::addColumn<int>("rawPerCommit");
    QTest::addColumn<double>("bar");
    QTest::newRow("row 1: one after the other, FULL") << Durability::Full << 1000 << 1 << 1 << 0.75;
    QTest::newRow("row 2: one after the other, NORMAL") << Durability::Normal << 10'000 << 1 << 1 << 0.60;
    QTest::newRow("row 3: in parallel, FULL") << Durability::Full << 1000 << 1000 << 100 << 0.18;
    QTest::newRow("row 3: in parallel, NORMAL") << Durability::Normal << 1000 << 1000 << 100 << 0.18;
}

void BenchStore::steps()
{
    QFETCH(Durability, durability);
    QFETCH(int, count);
    QFETCH(int, width);
    QFETCH(int, rawPerCommit);
    QFETCH(double, bar);
    std::vector<Measured> ours;
    std::vector<Measured> raw;
    for (int round = 0; round < rounds; ++round) {
        Prepared reference(durability, count);
        raw.push_back(rawSteps(reference, rawPerCommit));
        Prepared prepared(durability, count);
        ours.push_back(StepDriver(prepared, width).run());
    }
    const auto of = [](const auto &all, double Measured::*what) {
        return medianOf(all, what);
    };
    qInfo(
        "%-36s %8.0f/s of %8.0f/s: %3.0f %% (bar %2.0f %%); p99 %.2f of %.2f ms; CPU %.2f of %.2f s (%.1fx)",
        QTest::currentDataTag(), of(ours, &Measured::perSecond), of(raw, &Measured::perSecond),
        100 * of(ours, &Measured::perSecond) / of(raw, &Measured::perSecond), 100 * bar,
        of(ours, &Measured::p99Ms), of(raw, &Measured::p99Ms), of(ours, &Measured::cpuSeconds),
        of(raw, &Measured::cpuSeconds), of(ours, &Measured::cpuSeconds) / of(raw, &Measured::cpuSeconds));
}

// Row 6, one claimer: the statements alone, without the threads that tests/core/store covers.
void BenchStore::claims()
{
    constexpr int tasks = 5000;
    std::vector<double> ours;
    std::vector<double> raw;
    for (int round = 0; round < rounds; ++round) {
        for (const bool isRaw : {true, false}) {
            TempStore temp;
            const auto db = temp.connection();
            std::vector<TaskId> ids;
            (void)db->inTransaction([&]() -> Status {
                for (int i = 0; i < tasks; ++i)
                    ids.push_back(TaskRepository(*db)
                                      .insert({.createdBy = u"person"_s}, {}, {u"scheduled"_s})
                                      .value()
                                      .id);
                return {};
            });
            RawStore plain(temp.options.file, false);
            TaskRepository repository(*db);
            const Stopwatch watch;
            for (const TaskId id : ids) {
                if (isRaw) {
                    plain.claimAndFinish(id.value);
                    continue;
                }
                const auto lease = repository.claim(id, {.owner = u"me"_s, .nowMs = 1}).value();
                (void)repository.finish(id, lease->epoch, 2, {.status = TaskStatus::Completed});
            }
            (isRaw ? raw : ours).push_back(tasks / watch.seconds());
        }
    }
    qInfo("%-36s %8.0f/s of %8.0f/s: %3.0f %% (bar 70 %%)", "row 6: claim and complete", median(ours),
          median(raw), 100 * median(ours) / median(raw));
}

// Row 10, storing only: events of a stream in batches of 256.
void BenchStore::eventBatches()
{
    constexpr int events = 100'000;
    constexpr int batch = 256;
    std::vector<double> ours;
    std::vector<double> raw;
    for (int round = 0; round < rounds; ++round) {
        for (const bool isRaw : {true, false}) {
            TempStore temp;
            const auto db = temp.connection();
            RawStore plain(temp.options.file, false);
            const Event event = eventOf({1}, {2});
            const Stopwatch watch;
            for (int done = 0; done < events; done += batch) {
                if (isRaw) {
                    plain.begin();
                    for (int i = 0; i < batch; ++i)
                        plain.event(1, 2);
                    plain.commit();
                    continue;
                }
                (void)db->inTransaction([&] {
                    std::vector<Event> all(batch, event);
                    return EventRepository(*db).append(all);
                });
            }
            (isRaw ? raw : ours).push_back(events / watch.seconds());
        }
    }
    qInfo("%-36s %8.0f/s of %8.0f/s: %3.0f %% (bar 70 %%, decoding included)", "row 10: events stored",
          median(ours), median(raw), 100 * median(ours) / median(raw));
}

QTEST_GUILESS_MAIN(BenchStore)
#include "bench_store.moc"
