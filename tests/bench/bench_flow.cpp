// Row 5 of the bars: one decision of the engine does not grow with the number of steps. The reference is the
// same run: decisions among the last thousand steps against the first thousand; medians of rounds. Beside it
// what reading a file of 5 000 steps and folding its journal take.
#include "core/flow/flow_parser.h"
#include "core/flow/rules.h"

#include <QElapsedTimer>
#include <QTest>

using namespace muster;
using namespace Qt::StringLiterals;

namespace {

constexpr int steps = 5000;
constexpr int part = 1000;
constexpr int rounds = 7;

// A chain, or steps side by side that all have to end before the last begins.
QByteArray chain(bool sideBySide)
{
    QByteArray yaml = "muster: 1\nname: chain\nsteps:\n";
    for (int i = 0; i < steps; ++i) {
        yaml += "  - {id: s" + QByteArray::number(i) + ", prompt: x";
        if (!sideBySide && i > 0)
            yaml += ", needs: [s" + QByteArray::number(i - 1) + "]";
        yaml += "}\n";
    }
    return yaml;
}

struct Played {
    double firstNs = 0; // a decision among the first thousand steps
    double lastNs = 0;
    std::vector<FlowEvent> journal;
};

Played play(const FlowDefinition &definition)
{
    Played played;
    FlowState state = initialState(definition);
    const auto take = [&](FlowFact fact) {
        auto transition = advance(definition, state, std::move(fact), 1);
        if (!transition)
            qFatal("%s", qPrintable(transition.error().detail));
        (void)takeTouched(state);
        std::ranges::move(transition->events, std::back_inserter(played.journal));
    };
    take(RunStarted{.run = RunId{1}});
    QElapsedTimer timer;
    for (int i = 0; i < steps; ++i) {
        if (i == 0 || i == steps - part)
            timer.start();
        const AttemptKey key{.run = RunId{1}, .step = definition.step(i).id};
        take(AttemptStarted{.key = key});
        take(AttemptFinished{.key = key, .result = {.output = u"done"_s}});
        const double each = static_cast<double>(timer.nsecsElapsed()) / (2.0 * part);
        if (i == part - 1)
            played.firstNs = each;
        if (i == steps - 1)
            played.lastNs = each;
    }
    if (!state.verdict || state.verdict->status != RunStatus::Completed)
        qFatal("the run did not complete");
    return played;
}

double median(std::vector<double> values)
{
    std::ranges::sort(values);
    return values[values.size() / 2];
}

} // namespace

class BenchFlow : public QObject {
    Q_OBJECT
private slots:
    void oneDecision_data();
    void oneDecision();
    void reading();
};

void BenchFlow::oneDecision_data()
{
    QTest::addColumn<bool>("sideBySide");
    QTest::newRow("one after the other") << false;
    QTest::newRow("side by side") << true;
}

void BenchFlow::oneDecision()
{
    QFETCH(bool, sideBySide);
    const auto flow = parseFlow(chain(sideBySide), u"chain"_s).definition;
    QVERIFY(flow);
    std::vector<double> first;
    std::vector<double> last;
    std::vector<double> ratios;
    for (int round = 0; round < rounds; ++round) {
        const Played played = play(*flow);
        first.push_back(played.firstNs);
        last.push_back(played.lastNs);
        ratios.push_back(played.lastNs / played.firstNs);
    }
    qInfo("bar 5: %.0f ns a decision in the first thousand steps, %.0f ns in the last: ratio %.2f (%.2f to "
          "%.2f)",
          median(first), median(last), median(ratios), *std::ranges::min_element(ratios),
          *std::ranges::max_element(ratios));
    QVERIFY(median(ratios) < 1.5);
}

void BenchFlow::reading()
{
    const QByteArray yaml = chain(false);
    std::vector<double> parse;
    std::vector<double> fold;
    const auto flow = parseFlow(yaml, u"chain"_s).definition;
    const Played played = play(*flow);
    for (int round = 0; round < rounds; ++round) {
        QElapsedTimer timer;
        timer.start();
        QVERIFY(parseFlow(yaml, u"chain"_s).ok());
        parse.push_back(static_cast<double>(timer.nsecsElapsed()) / 1e6);
        timer.start();
        QVERIFY(foldJournal(*flow, played.journal));
        fold.push_back(static_cast<double>(timer.nsecsElapsed()) / 1e6);
    }
    qInfo("%d steps: %.0f ms to read the file (%lld KiB), %.0f ms to fold %zu events", steps, median(parse),
          static_cast<long long>(yaml.size() / 1024), median(fold), played.journal.size());
}

QTEST_GUILESS_MAIN(BenchFlow)
#include "bench_flow.moc"
