// Rows 13 to 15 of the bars: warm start to the first useful paint (the list of runs, read from the node),
// memory and processor of window and node at rest, beside an empty Qt window with six docks. Interleaved,
// medians. MUSTER_BENCH_RUNS (1 000) and MUSTER_BENCH_EVENTS (per run, 20) make the store larger;
// QT_QPA_PLATFORM chooses where both windows are shown.
#include "core/base/paths.h"
#include "core/store/event_repository.h"
#include "core/store/project_repository.h"
#include "core/store/run_repository.h"
#include "tests/support/temp_store.h"

#include <QDeadlineTimer>
#include <QElapsedTimer>
#include <QProcess>
#include <QSettings>

using namespace muster;
using namespace Qt::StringLiterals;

namespace {

constexpr int rounds = 7;
constexpr int patienceMs = 30'000;
constexpr int restMs = 3'000;
constexpr int idleMs = 20'000;

int fromEnvironment(const char *name, int fallback)
{
    bool ok = false;
    const int value = qEnvironmentVariableIntValue(name, &ok);
    return ok ? value : fallback;
}

double median(std::vector<double> values)
{
    std::ranges::sort(values);
    return values.at(values.size() / 2);
}

struct Memory {
    double rssMb = 0;
    double pssMb = 0;
};

Memory memoryOf(qint64 pid)
{
    QFile file(u"/proc/%1/smaps_rollup"_s.arg(pid));
    Memory memory;
    if (!file.open(QIODevice::ReadOnly))
        return memory;
    const QList<QByteArray> lines = file.readAll().split('\n');
    for (const QByteArray &line : lines) {
        const double mb = line.simplified().split(' ').value(1).toDouble() / 1024.0;
        if (line.startsWith("Rss:"))
            memory.rssMb = mb;
        else if (line.startsWith("Pss:"))
            memory.pssMb = mb;
    }
    return memory;
}

// Nanoseconds of processor since its start, of all its threads (proc(5), schedstat).
double cpuOf(qint64 pid)
{
    double all = 0;
    const QStringList threads =
        QDir(u"/proc/%1/task"_s.arg(pid)).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    for (const QString &thread : threads) {
        QFile file(u"/proc/%1/task/%2/schedstat"_s.arg(pid).arg(thread));
        if (file.open(QIODevice::ReadOnly))
            all += file.readAll().split(' ').value(0).toDouble();
    }
    return all;
}

// What is measured here is a time in which nothing happens.
void rest(int ms)
{
    const QDeadlineTimer over(ms);
    (void)QTest::qWaitFor([&] { return over.hasExpired(); }, ms + 1000);
}

// A program that is told apart by what it writes to stderr.
class Shown {
public:
    Shown(const QString &program, const QStringList &arguments, const QProcessEnvironment &environment)
    {
        m_process.setProcessEnvironment(environment);
        m_process.setStandardOutputFile(QProcess::nullDevice());
        m_process.setReadChannel(QProcess::StandardError);
        m_clock.start();
        m_process.start(program, arguments);
    }
    ~Shown()
    {
        m_process.kill();
        m_process.waitForFinished();
    }
    Q_DISABLE_COPY_MOVE(Shown)
    // Milliseconds from the start of the process; negative if it never came.
    double saidAfter(const QByteArray &mark)
    {
        QByteArray heard;
        while (m_clock.elapsed() < patienceMs && m_process.waitForReadyRead(patienceMs)) {
            heard += m_process.readAllStandardError();
            if (heard.contains(mark))
                return static_cast<double>(m_clock.nsecsElapsed()) / 1e6;
        }
        return -1;
    }
    [[nodiscard]] qint64 pid() const { return m_process.processId(); }

private:
    QProcess m_process;
    QElapsedTimer m_clock;
};

} // namespace

class BenchWindow : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void warmStart();
    void atRest();
    void cleanupTestCase();

private:
    [[nodiscard]] Status fill(Connection &db);
    [[nodiscard]] QString project() const { return m_home.filePath(u"project"_s); }
    [[nodiscard]] std::unique_ptr<Shown> muster() const
    {
        return std::make_unique<Shown>(QStringLiteral(MUSTER_BIN_DIR "/muster-window"),
                                       QStringList{u"--theme"_s, u"light"_s}, m_environment);
    }
    [[nodiscard]] std::unique_ptr<Shown> reference() const
    {
        const QString program = QCoreApplication::applicationDirPath() + u"/empty_window"_s;
        return std::make_unique<Shown>(program, QStringList(), m_environment);
    }

    QTemporaryDir m_home;
    QProcessEnvironment m_environment = QProcessEnvironment::systemEnvironment();
    std::unique_ptr<QProcess> m_node;
};

void BenchWindow::initTestCase()
{
    m_environment.insert(u"MUSTER_HOME"_s, m_home.path());
    m_environment.insert(u"QT_LOGGING_RULES"_s, u"muster.ui.debug=true"_s);
    const auto paths = Paths::resolve(m_environment);
    QVERIFY(paths);
    QVERIFY(QDir().mkpath(project()));
    QCOMPARE(QProcess::execute(u"git"_s, {u"-C"_s, project(), u"init"_s, u"-q"_s}), 0);
    {
        TempStore temp;
        temp.options.file = paths->storeFile;
        temp.options.backupDir = paths->backupDir;
        auto db = temp.connection();
        QVERIFY(db);
        const Status filled = fill(*db);
        QVERIFY2(filled.has_value(), filled ? "" : qPrintable(filled.error().detail));
    }
    QSettings settings(paths->configDir + u"/window.ini"_s, QSettings::IniFormat);
    settings.setValue(u"window/project_path"_s, project());
    settings.setValue(u"window/project_id"_s, 1);
    settings.setValue(u"window/project_name"_s, u"project"_s);
    settings.sync();
    m_node = std::make_unique<QProcess>();
    m_node->setProcessEnvironment(m_environment);
    m_node->setStandardErrorFile(QProcess::nullDevice());
    m_node->start(QStringLiteral(MUSTER_BIN_DIR "/muster"), {u"serve"_s});
    QVERIFY(m_node->waitForStarted());
    QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(paths->socketFile), patienceMs);
    const auto first = muster(); // cold: fills the caches
    QVERIFY(first->saidAfter("runs painted") > 0);
}

Status BenchWindow::fill(Connection &db)
{
    const int runs = fromEnvironment("MUSTER_BENCH_RUNS", 1000);
    const int eventsPerRun = fromEnvironment("MUSTER_BENCH_EVENTS", 20);
    constexpr qint64 began = 1'790'000'000'000;
    if (const Status begun = db.exec(u"BEGIN IMMEDIATE"_s); !begun)
        return begun;
    const auto opened = ProjectRepository(db).open(project(), u"project"_s, began);
    if (!opened)
        return std::unexpected(opened.error());
    RunRepository repository(db);
    const QString text =
        u"muster: 1\nname: bench\nsteps:\n  - {id: a, prompt: x}\n  - {id: b, prompt: y, needs: [a]}\n"_s;
    const auto definition = repository.saveDefinition({.hash = u"h"_s,
                                                       .name = u"bench"_s,
                                                       .origin = u"builtin"_s,
                                                       .path = {},
                                                       .text = text,
                                                       .createdMs = began});
    if (!definition)
        return std::unexpected(definition.error());
    for (int i = 0; i < runs; ++i) {
        const qint64 at = began + qint64{60'000} * i;
        const auto run = repository.create({.project = opened->id,
                                            .flow = u"bench"_s,
                                            .definition = *definition,
                                            .createdBy = u"bench"_s,
                                            .createdMs = at},
                                           true);
        if (!run)
            return std::unexpected(run.error());
        const auto lease = repository.claim(run->id, u"bench"_s, at, 1000);
        if (!lease || !*lease)
            return fail(ErrorCode::Internal, u"lease"_s);
        for (const QString &id : {u"a"_s, u"b"_s}) {
            const auto step = repository.saveStep({.run = run->id,
                                                   .stepId = id,
                                                   .status = StepStatus::Completed,
                                                   .attempt = 1,
                                                   .startedMs = at,
                                                   .endedMs = at + 500},
                                                  (*lease)->epoch);
            if (!step)
                return std::unexpected(step.error());
        }
        for (const RunStatus status : {RunStatus::Running, RunStatus::Completed}) {
            if (Status set =
                    repository.setStatus(run->id, (*lease)->epoch, {.status = status, .nowMs = at + 900});
                !set)
                return set;
        }
        std::vector<Event> events(static_cast<size_t>(eventsPerRun));
        for (Event &event : events)
            event = {.atMs = at,
                     .kind = u"session.tool_started"_s,
                     .refs = {.project = opened->id, .run = run->id},
                     .source = u"agent:1"_s,
                     .data = {{u"title"_s, u"Read a file with a name of a usual length"_s}}};
        if (Status added = EventRepository(db).append(events); !added)
            return added;
    }
    return db.exec(u"COMMIT"_s);
}

void BenchWindow::warmStart()
{
    std::vector<double> empty;
    std::vector<double> window;
    std::vector<double> runs;
    for (int i = 0; i < rounds; ++i) {
        empty.push_back(reference()->saidAfter("painted"));
        window.push_back(muster()->saidAfter("window painted"));
        runs.push_back(muster()->saidAfter("runs painted"));
    }
    QVERIFY(std::ranges::min(empty) > 0 && std::ranges::min(window) > 0 && std::ranges::min(runs) > 0);
    qInfo("empty window with six docks   %6.1f ms", median(empty));
    qInfo("Muster, docks painted         %6.1f ms  %.2fx", median(window), median(window) / median(empty));
    qInfo("Muster, runs of the project   %6.1f ms  %.2fx  (bar 2.5x)", median(runs),
          median(runs) / median(empty));
}

void BenchWindow::atRest()
{
    const auto empty = reference();
    const auto window = muster();
    QVERIFY(empty->saidAfter("painted") > 0);
    QVERIFY(window->saidAfter("runs painted") > 0);
    rest(restMs);
    const Memory reference = memoryOf(empty->pid());
    const Memory ofWindow = memoryOf(window->pid());
    const Memory ofNode = memoryOf(m_node->processId());
    QVERIFY(reference.rssMb > 0 && ofWindow.rssMb > 0 && ofNode.rssMb > 0);
    qInfo("RSS  reference %.1f MB, window %.1f + node %.1f = %.1f MB  %.2fx  (bar 3x)", reference.rssMb,
          ofWindow.rssMb, ofNode.rssMb, ofWindow.rssMb + ofNode.rssMb,
          (ofWindow.rssMb + ofNode.rssMb) / reference.rssMb);
    qInfo("PSS  reference %.1f MB, window %.1f + node %.1f = %.1f MB  (bar 105 MB)", reference.pssMb,
          ofWindow.pssMb, ofNode.pssMb, ofWindow.pssMb + ofNode.pssMb);
    const double windowBefore = cpuOf(window->pid());
    const double nodeBefore = cpuOf(m_node->processId());
    rest(idleMs);
    const auto percent = [](double ns) {
        return ns / 1e6 / idleMs * 100;
    };
    const double ofWindowCpu = percent(cpuOf(window->pid()) - windowBefore);
    const double ofNodeCpu = percent(cpuOf(m_node->processId()) - nodeBefore);
    qInfo("CPU  at rest: window %.3f + node %.3f = %.3f %% of a core  (bar 0.05 %%)", ofWindowCpu, ofNodeCpu,
          ofWindowCpu + ofNodeCpu);
}

void BenchWindow::cleanupTestCase()
{
    if (!m_node)
        return;
    m_node->terminate();
    m_node->waitForFinished(patienceMs);
}

QTEST_GUILESS_MAIN(BenchWindow)
#include "bench_window.moc"
