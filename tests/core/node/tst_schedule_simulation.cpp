// A week of many schedules by a clock set by hand, with sleep, clocks that are set, cores that die in the
// middle of a pass, and work that takes as long as it likes: every nominal time has exactly one record, and
// every firing exactly one task. A seed that fails is printed; MUSTER_SEED repeats it, MUSTER_ROUNDS says how
// many (label fuzz: see tests/core/node/CMakeLists.txt).
#include "core/node/schedules/all_paused.h"
#include "core/node/schedules/firing_end.h"
#include "core/node/schedules/schedule_pass.h"
#include "core/node/schedules/schedule_reading.h"
#include "core/node/schedules/schedule_writing.h"
#include "core/schedule/schedule_plan.h"
#include "core/store/schedule_repository.h"
#include "core/store/task_repository.h"
#include "tests/support/temp_store.h"

#include <QRandomGenerator>
#include <QTest>

#include <map>

using namespace muster;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 secondMs = 1000;
constexpr qint64 minuteMs = 60 * secondMs;
constexpr qint64 hourMs = 60 * minuteMs;
constexpr qint64 weekMs = 7 * 24 * hourMs;
// In the week in which Europe sets its clocks forth.
constexpr qint64 start = 1'806'000'000'000; // 2027-03-25
constexpr auto owner = "sim";

class Simulation {
public:
    Simulation(Connection &db, quint32 seed)
        : m_db(db)
        , m_random(seed)
    {
    }

    [[nodiscard]] Status makeSchedules(int count);
    [[nodiscard]] Status run();
    [[nodiscard]] QString fault(); // empty: all is accounted for
    [[nodiscard]] qint64 firingCount() const { return m_firingCount; }

private:
    struct Gap {
        qint64 from = 0;
        qint64 to = 0;
    };

    [[nodiscard]] bool chance(int percent) { return m_random.bounded(100) < percent; }
    [[nodiscard]] qint64 upTo(qint64 ms)
    {
        return static_cast<qint64>(m_random.generateDouble() * double(ms));
    }
    template <typename Change> auto commit(Change change)
    {
        EventBatch log(m_now);
        return m_db.inTransaction([&] { return change(log); });
    }
    void letTimePass();
    [[nodiscard]] Status pass();
    [[nodiscard]] Status passOne(ScheduleId id);
    [[nodiscard]] Status work();
    [[nodiscard]] Status resumePaused();
    [[nodiscard]] Status pauseAll();
    [[nodiscard]] QString faultOf(const ScheduleRow &row);
    [[nodiscard]] QString shown(ScheduleId id);

    Connection &m_db;
    QRandomGenerator m_random;
    qint64 m_now = start;
    qint64 m_earliest = start;
    qint64 m_truth = start; // what a right clock shows
    qint64 m_firingCount = 0;
    QString m_untold;                              // a change of what is shown, without an event
    std::map<ScheduleId, std::vector<Gap>> m_gaps; // paused
};

const QStringList times{u"0 * * * *"_s,        u"30 2 * * *"_s,  u"15 */6 * * *"_s,    u"every 45m"_s,
                        u"every 2h30m"_s,      u"0 9 * * 1-5"_s, u"*/20 8-10 * * *"_s, u"0 0 L * *"_s,
                        u"2027-03-28 02:30"_s, u"every 7h"_s,    u"5 1-3 * * *"_s,     u"0 12 * * 0#4"_s,
                        u"@daily"_s,           u"every 100s"_s};
const QStringList zones{u"UTC"_s, u"Europe/Berlin"_s, u"America/New_York"_s, u"Australia/Lord_Howe"_s,
                        u"Asia/Kolkata"_s};

Status Simulation::makeSchedules(int count)
{
    return commit([&](EventBatch &log) -> Status {
        const auto project = ProjectRepository(m_db).open(u"/p"_s, u"p"_s, m_now);
        if (!project)
            return std::unexpected(project.error());
        for (int number = 0; number < count; ++number) {
            // Only a few of the last kind, which fires all the time.
            const qsizetype kinds = number % 50 == 0 ? times.size() : times.size() - 1;
            const api::ScheduleSpec spec{.name = u"s%1"_s.arg(number),
                                         .prompt = u"do"_s,
                                         .when = times.at(m_random.bounded(static_cast<int>(kinds))),
                                         .zone = zones.at(m_random.bounded(static_cast<int>(zones.size()))),
                                         .missed = static_cast<MissedRule>(m_random.bounded(3)),
                                         .overlap = static_cast<OverlapRule>(m_random.bounded(3))};
            if (const auto made =
                    writeSchedule(m_db, log, {.project = project->id, .spec = spec}, u"person"_s);
                !made)
                return std::unexpected(made.error());
        }
        return {};
    });
}

void Simulation::letTimePass()
{
    const auto next = ScheduleRepository(m_db).nextDue();
    qint64 step = 30 * secondMs;
    if (next && *next)
        step = std::clamp<qint64>(**next - m_now, 1, 30 * minuteMs);
    if (chance(3))
        step += upTo(10 * minuteMs); // a busy machine
    if (chance(1))
        step += upTo(9 * hourMs); // it sleeps
    m_truth += step;
    m_now += step;
    if (m_random.bounded(400) == 0)
        m_now += upTo(5 * hourMs); // the clock is set forth
    if (m_random.bounded(400) == 0)
        m_now -= upTo(5 * hourMs); // and back
    if (m_random.bounded(150) == 0)
        m_now = m_truth; // and right
    m_earliest = std::min(m_earliest, m_now);
}

// What a list says of it.
QString Simulation::shown(ScheduleId id)
{
    const auto row = ScheduleRepository(m_db).find(id);
    const auto waiting = FiringRepository(m_db).waiting(id);
    if (!row || !waiting)
        return {};
    return u"%1, next %2, due %3, %4 waiting"_s.arg(enumName(row->state))
        .arg(row->nextMs.value_or(0))
        .arg(row->dueMs.value_or(0))
        .arg(waiting->size());
}

Status Simulation::passOne(ScheduleId id)
{
    const auto dies = std::unexpected(Error{.code = ErrorCode::Cancelled});
    Result<PassStep> step;
    const auto passed = commit([&](EventBatch &log) -> Status {
        const QString before = shown(id);
        step = passSchedule(m_db, log, id);
        if (!step)
            return std::unexpected(step.error());
        if (const QString now = shown(id); now != before && log.events().empty())
            m_untold = u"of %1, %2 became %3"_s.arg(id.toString(), before, now);
        return chance(3) ? Status(dies) : Status(); // the core dies before it has committed
    });
    if (!passed)
        return passed;
    if (chance(2))
        return dies; // or after it
    for (const QString &key : step->stoppedTasks) {
        const auto task = TaskRepository(m_db).findByKey(key);
        if (!task || !*task || (*task)->endedMs)
            continue;
        const TaskEnd end{.status = TaskStatus::Cancelled, .reason = FailureReason::Aborted};
        const Status ended = commit([&](EventBatch &log) -> Status {
            return (*task)->status == TaskStatus::Queued
                       ? TaskRepository(m_db).cancelQueued((*task)->id, log.nowMs(), end)
                       : TaskRepository(m_db).finish((*task)->id, (*task)->lease.epoch, log.nowMs(), end);
        });
        if (!ended)
            return ended;
    }
    return {};
}

Status Simulation::pass()
{
    for (bool more = true; more;) {
        Result<PassBegin> begin;
        const Status begun = commit([&](EventBatch &log) -> Status {
            begin = beginPass(m_db, log, QString::fromLatin1(owner));
            return begin ? Status() : Status(std::unexpected(begin.error()));
        });
        if (!begun)
            return begun;
        more = false;
        for (const ScheduleId id : begin->due) {
            const Status passed = passOne(id);
            if (!passed && passed.error().code == ErrorCode::Cancelled)
                return {}; // dead; another one begins anew
            if (!passed)
                return passed;
        }
    }
    return {};
}

// Tasks begin and end as they like, some of them badly.
Status Simulation::work()
{
    return commit([&](EventBatch &log) -> Status {
        TaskRepository tasks(m_db);
        const auto open = tasks.list({.openOnly = true, .limit = 10'000});
        if (!open)
            return std::unexpected(open.error());
        for (const TaskRow &task : *open) {
            if (task.status == TaskStatus::Queued && chance(60)) {
                if (const auto claimed = tasks.claim(task.id, {.owner = u"w"_s, .nowMs = log.nowMs()});
                    !claimed)
                    return std::unexpected(claimed.error());
            } else if (task.status == TaskStatus::Running && chance(40)) {
                const bool well = chance(85);
                const Status ended = tasks.finish(
                    task.id, task.lease.epoch, log.nowMs(),
                    well ? TaskEnd{}
                         : TaskEnd{.status = TaskStatus::Failed, .reason = FailureReason::Crashed});
                if (!ended)
                    return ended;
            }
        }
        return {};
    });
}

Status Simulation::resumePaused()
{
    if (!chance(10))
        return {};
    return commit([&](EventBatch &log) -> Status {
        ScheduleRepository schedules(m_db);
        const auto rows = schedules.list({});
        if (!rows)
            return std::unexpected(rows.error());
        for (ScheduleRow row : *rows) {
            if (row.state != ScheduleState::PausedByRule)
                continue;
            auto clock = clockOf(row);
            if (!clock)
                return std::unexpected(clock.error());
            m_gaps[row.id].push_back({.from = row.accountedMs, .to = log.nowMs()});
            beginAnew(row, *clock, log.nowMs());
            row.failureStreak = 0;
            if (const Status updated = schedules.update(row); !updated)
                return updated;
        }
        return {};
    });
}

// A person pauses all of them for some hours, and sometimes lets them go on before.
Status Simulation::pauseAll()
{
    const int dice = m_random.bounded(1000);
    if (dice >= 4)
        return {};
    return commit([&](EventBatch &log) {
        return SettingsRepository(m_db).set(kAllPausedKey, dice == 0 ? 0 : m_now + 1 + upTo(8 * hourMs),
                                            log.nowMs());
    });
}

Status Simulation::run()
{
    while (m_truth < start + weekMs) {
        letTimePass();
        for (const auto &step :
             {&Simulation::pauseAll, &Simulation::pass, &Simulation::work, &Simulation::resumePaused}) {
            if (const Status done = (this->*step)(); !done)
                return done;
        }
    }
    const Status goesOn =
        commit([&](EventBatch &) { return SettingsRepository(m_db).remove(kAllPausedKey); });
    return goesOn ? pass() : goesOn;
}

QString Simulation::faultOf(const ScheduleRow &row)
{
    auto clock = clockOf(row);
    const auto rows = FiringRepository(m_db).occurrences(row.id, 0, 1'000'000);
    if (!clock || !rows)
        return u"unreadable"_s;
    std::map<qint64, int> records; // of each nominal time
    qint64 furthest = row.accountedMs;
    for (const OccurrenceRow &each : *rows) {
        furthest = std::max(furthest, each.lastMs);
        qint64 time = each.nominalMs;
        for (qint64 count = 0; count < each.count; ++count) {
            ++records[time];
            const auto next = clock->next(time);
            if (count + 1 == each.count && time != each.lastMs)
                return u"the range from %1 does not end where it says"_s.arg(each.nominalMs);
            time = next.value_or(0);
        }
        if (each.nominalMs > row.accountedMs && !each.firing.isValid())
            return u"%1 has a record though its time is to come"_s.arg(each.nominalMs);
    }
    const auto &gaps = m_gaps[row.id];
    // A clock that is set back to before the schedule was made has times that come then, or are passed over.
    for (auto time = clock->next(m_earliest - 1); time && *time <= furthest; time = clock->next(*time)) {
        const int found = records.contains(*time) ? records.extract(*time).mapped() : 0;
        const bool mayLack =
            *time <= start || *time > row.accountedMs || std::ranges::any_of(gaps, [&](const Gap &gap) {
            return *time > std::min(gap.from, gap.to) && *time <= std::max(gap.from, gap.to);
        });
        if (found > 1 || (found == 0 && !mayLack))
            return u"%1 has %2 records"_s.arg(*time).arg(found);
    }
    return records.empty() ? QString() : u"%1 is no time of it"_s.arg(records.begin()->first);
}

QString Simulation::fault()
{
    if (!m_untold.isEmpty())
        return u"not told: "_s + m_untold;
    const auto rows = ScheduleRepository(m_db).list({});
    for (const ScheduleRow &row : *rows) {
        if (const QString found = faultOf(row); !found.isEmpty())
            return u"%1 (%2, %3, %4): %5"_s.arg(row.name, row.when, row.zone, enumName(specOf(row).missed),
                                                found);
    }
    const auto count = [&](const QString &sql) {
        return m_db.value<qint64>(sql).value().value();
    };
    m_firingCount = count(u"SELECT count(*) FROM firings"_s);
    if (count(u"SELECT count(*) FROM tasks"_s) != m_firingCount)
        return u"not as many tasks as firings"_s;
    if (count(u"SELECT count(*) FROM occurrences WHERE firing_id IS NOT NULL"_s) != m_firingCount ||
        count(u"SELECT count(DISTINCT firing_id) FROM occurrences"_s) != m_firingCount)
        return u"not one time for each firing"_s;
    // Of a schedule one firing at a time: each began when the one before it had ended.
    if (count(u"SELECT count(*) FROM (SELECT 1 FROM firings WHERE completed_at IS NULL GROUP BY schedule_id "
              "HAVING count(*) > 1)"_s) > 0)
        return u"two firings of one schedule go on"_s;
    return {};
}

} // namespace

class TestScheduleSimulation : public QObject {
    Q_OBJECT
private slots:
    void everyTimeIsAccountedForOnce_data();
    void everyTimeIsAccountedForOnce();
};

void TestScheduleSimulation::everyTimeIsAccountedForOnce_data()
{
    QTest::addColumn<quint32>("seed");
    const int first = qEnvironmentVariableIntValue("MUSTER_SEED");
    const int rounds = std::max(1, qEnvironmentVariableIntValue("MUSTER_ROUNDS"));
    for (int round = 0; round < rounds; ++round)
        QTest::addRow("seed %d", first + round) << static_cast<quint32>(first + round);
}

void TestScheduleSimulation::everyTimeIsAccountedForOnce()
{
    QFETCH(quint32, seed);
    TempStore temp;
    const auto db = temp.connection();
    QVERIFY(db);
    QVERIFY(PoolRepository(*db).setCap(u"scheduled"_s, 1000));
    Simulation simulation(*db, seed);
    VERIFY_RESULT(simulation.makeSchedules(200));
    const Status ran = simulation.run();
    VERIFY_RESULT(ran);
    const QString fault = simulation.fault();
    QVERIFY2(fault.isEmpty(), qPrintable(u"seed %1: %2"_s.arg(seed).arg(fault)));
    QVERIFY(simulation.firingCount() > 1000);
}

QTEST_GUILESS_MAIN(TestScheduleSimulation)
#include "tst_schedule_simulation.moc"
