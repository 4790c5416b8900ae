// Rows 1 to 4 of the bars, whole: runs of steps that do nothing, through the engine, its journal and the
// store's writer, beside plain SQLite calls that write the same rows and events, and, for orientation, beside
// the bare transitions of bench_store (an update and an event each). Interleaved rounds, medians with their
// spread. MUSTER_BENCH_ROUNDS: how many (5).
#include "core/node/flows/eval_process.h"
#include "tests/bench/raw_journal.h"
#include "tests/bench/raw_store.h"
#include "tests/bench/run_bed.h"

using namespace muster;
using namespace muster::bench;
using namespace Qt::StringLiterals;

namespace {

int rounds()
{
    return qEnvironmentVariableIsSet("MUSTER_BENCH_ROUNDS")
               ? qEnvironmentVariableIntValue("MUSTER_BENCH_ROUNDS")
               : 5;
}

enum class Shape : std::uint8_t { Chain, Join, Foreach, Texts };

// Chain: each needs the one before. Join: side by side, then one that needs all. Foreach: so many items, 64
// at a time; Texts: each with an expression in its text.
FlowDefinitionPtr flowOf(Shape shape, int count)
{
    QByteArray yaml = "muster: 1\nname: bench\ninputs: { items: { type: string } }\n"
                      "batches: { many: { max_concurrent: 64 } }\nsteps:\n";
    if (shape == Shape::Foreach || shape == Shape::Texts) {
        yaml += "  - { id: each, batch: many, foreach: '${{ inputs.items }}', run: 'do";
        yaml += shape == Shape::Texts ? " ${{ item }}' }\n" : "' }\n";
        count = 0;
    }
    QByteArrayList ids;
    for (int i = 0; i < count; ++i) {
        ids += "s" + QByteArray::number(i);
        yaml += "  - {id: " + ids.back() + ", isolation: none, run: do";
        if (shape == Shape::Chain && i > 0)
            yaml += ", needs: [" + ids.at(i - 1) + "]";
        yaml += "}\n";
    }
    if (shape == Shape::Join)
        yaml += "  - {id: join, isolation: none, run: do, needs: [" + ids.join(", ") + "]}\n";
    const FlowParseResult parsed = parseFlow(yaml, u"bench"_s);
    if (!parsed.ok())
        qFatal("not a flow");
    return parsed.definition;
}

QJsonArray numbers(int count)
{
    QJsonArray items;
    for (int i = 0; i < count; ++i)
        items.append(i);
    return items;
}

// The same rows and events; so many transitions a commit.
Measured replay(Durability durability, const FlowDefinitionPtr &definition, const std::vector<Written> &rows,
                int perCommit)
{
    RunBed bed(durability, definition);
    const RunId run = bed.run();
    RawJournal raw(bed.closedFile(), durability == Durability::Full, run.value);
    std::vector<double> latencies;
    int transitions = 0;
    bool open = false;
    const Stopwatch watch;
    Stopwatch one;
    const auto commit = [&] {
        raw.commit();
        open = false;
        latencies.push_back(one.seconds() * 1000);
    };
    for (const Written &row : rows) {
        // What follows a transition belongs to its commit.
        if (open && row.isTransition && transitions % perCommit == 0)
            commit();
        if (!open) {
            one = Stopwatch();
            raw.begin();
            open = true;
        }
        transitions += row.isTransition ? 1 : 0;
        raw.write(row);
    }
    commit();
    return {
        .perSecond = transitions / 2.0 / watch.seconds(), .p99Ms = p99(latencies), .cpuSeconds = watch.cpu()};
}

// A step's row updated and an event, so many a commit.
Measured bareTransitions(Durability durability, const FlowDefinitionPtr &definition, int count, int perCommit)
{
    RunBed bed(durability, definition);
    const RunId run = bed.run();
    const QString file = bed.closedFile();
    {
        RawDatabase db(file, false);
        db.run("INSERT INTO step_runs(run_id, step_id, status) VALUES (1, 's', 'ready')");
    }
    RawStore raw(file, durability == Durability::Full);
    const Stopwatch watch;
    for (int i = 0; i < 2 * count; ++i) {
        if (i % perCommit == 0)
            raw.begin();
        raw.transition(run.value, 1);
        if ((i + 1) % perCommit == 0 || i + 1 == 2 * count)
            raw.commit();
    }
    return {.perSecond = count / watch.seconds(), .p99Ms = 0, .cpuSeconds = watch.cpu()};
}

std::pair<double, double> spread(const std::vector<Measured> &ours, const std::vector<Measured> &raw)
{
    std::vector<double> ratios;
    for (size_t i = 0; i < ours.size(); ++i)
        ratios.push_back(100 * ours[i].perSecond / raw[i].perSecond);
    return {std::ranges::min(ratios), std::ranges::max(ratios)};
}

} // namespace

class BenchRuns : public QObject {
    Q_OBJECT
private slots:
    void runs_data();
    void runs();
    void textsThroughTheEvaluator();
};

void BenchRuns::runs_data()
{
    QTest::addColumn<Durability>("durability");
    QTest::addColumn<Shape>("shape");
    QTest::addColumn<int>("count");
    QTest::addColumn<int>("repeats");
    QTest::addColumn<int>("rawPerCommit");
    QTest::addColumn<double>("bar"); // 0: none
    QTest::newRow("row 1: 1 000 in a row, FULL")
        << Durability::Full << Shape::Chain << 1000 << 1 << 1 << 0.75;
    // A flow has at most 5 000 steps, so two of them.
    QTest::newRow("rows 2, 4: 10 000 in a row, NORMAL")
        << Durability::Normal << Shape::Chain << 5000 << 2 << 1 << 0.60;
    QTest::newRow("row 3: 1 000 and a join, FULL")
        << Durability::Full << Shape::Join << 1000 << 1 << 100 << 0.18;
    QTest::newRow("row 3: 1 000 and a join, NORMAL")
        << Durability::Normal << Shape::Join << 1000 << 1 << 100 << 0.18;
    QTest::newRow("4 999 and a join, NORMAL") << Durability::Normal << Shape::Join << 4999 << 1 << 100 << 0.0;
    QTest::newRow("10 000 items, 64 at a time, NORMAL")
        << Durability::Normal << Shape::Foreach << 10'000 << 1 << 100 << 0.0;
}

void BenchRuns::runs()
{
    QFETCH(Durability, durability);
    QFETCH(Shape, shape);
    QFETCH(int, count);
    QFETCH(int, repeats);
    QFETCH(int, rawPerCommit);
    QFETCH(double, bar);
    const FlowDefinitionPtr definition = flowOf(shape, count);
    const QJsonObject inputs{{u"items"_s, shape == Shape::Foreach ? numbers(count) : QJsonArray()}};
    std::vector<Measured> ours;
    std::vector<Measured> same;
    std::vector<Measured> bare;
    std::vector<Written> rows;
    for (int round = 0; round < rounds(); ++round) {
        for (int repeat = 0; repeat < repeats; ++repeat) {
            RunBed bed(durability, definition, inputs);
            ours.push_back(bed.play());
            const QString file = bed.closedFile();
            if (rows.empty())
                rows = writtenBy(file);
            same.push_back(replay(durability, definition, rows, rawPerCommit));
            bare.push_back(bareTransitions(durability, definition, count, rawPerCommit));
        }
    }
    const auto of = [](const auto &all, double Measured::*what) {
        return medianOf(all, what);
    };
    const auto percent = [&](const std::vector<Measured> &reference) {
        return 100 * of(ours, &Measured::perSecond) / of(reference, &Measured::perSecond);
    };
    const auto [least, most] = spread(ours, same);
    const QByteArray wanted = bar > 0 ? ", bar " + QByteArray::number(100 * bar) + " %" : QByteArray();
    qInfo("%-36s %8.0f/s of %8.0f/s: %3.0f %% (%.0f to %.0f%s); p99 %.2f of %.2f ms (%.1fx); CPU %.2f of "
          "%.2f s "
          "(%.1fx); of bare transitions %.0f/s: %.0f %%; %zu events",
          QTest::currentDataTag(), of(ours, &Measured::perSecond), of(same, &Measured::perSecond),
          percent(same), least, most, wanted.constData(), of(ours, &Measured::p99Ms),
          of(same, &Measured::p99Ms), of(ours, &Measured::p99Ms) / of(same, &Measured::p99Ms),
          of(ours, &Measured::cpuSeconds), of(same, &Measured::cpuSeconds),
          of(ours, &Measured::cpuSeconds) / of(same, &Measured::cpuSeconds), of(bare, &Measured::perSecond),
          percent(bare), rows.size());
}

// A text with an expression for each item, by the evaluator's own process; no bar.
void BenchRuns::textsThroughTheEvaluator()
{
    constexpr int count = 10'000;
    const FlowDefinitionPtr definition = flowOf(Shape::Texts, count);
    std::vector<Measured> ours;
    for (int round = 0; round < rounds(); ++round) {
        EvalProcess evaluator(QStringLiteral(MUSTER_BIN_DIR "/muster-eval"));
        RunBed bed(Durability::Normal, definition, {{u"items"_s, numbers(count)}}, &evaluator);
        ours.push_back(bed.play());
    }
    qInfo("%-36s %8.0f/s; CPU of this process %.2f s", "10 000 items, each with an expression",
          medianOf(ours, &Measured::perSecond), medianOf(ours, &Measured::cpuSeconds));
}

QTEST_GUILESS_MAIN(BenchRuns)
#include "bench_runs.moc"
