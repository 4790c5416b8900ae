// Row 5 of the bars: one decision of the engine does not grow with the number of steps. The reference is the
// same run: decisions among the last thousand steps or items against the first thousand; medians of rounds.
// Beside it what reading a file of 5 000 steps and folding its journal take.
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

enum class Shape : std::uint8_t { Chain, Join, Foreach };
constexpr int items = 10'000;

// A chain; steps side by side and one that needs all of them; or a list, 64 items at a time.
QByteArray yamlOf(Shape shape)
{
    QByteArray yaml = "muster: 1\nname: chain\nbatches: { many: { max_concurrent: 64 } }\nsteps:\n";
    if (shape == Shape::Foreach)
        return yaml + "  - {id: each, foreach: '${{ [] }}', batch: many, prompt: x}\n";
    const int beside = shape == Shape::Join ? steps - 1 : steps;
    QByteArrayList ids;
    for (int i = 0; i < beside; ++i) {
        ids += "s" + QByteArray::number(i);
        yaml += "  - {id: " + ids.back() + ", prompt: x";
        if (shape == Shape::Chain && i > 0)
            yaml += ", needs: [" + ids.at(i - 1) + "]";
        yaml += "}\n";
    }
    if (shape == Shape::Join)
        yaml += "  - {id: join, prompt: x, needs: [" + ids.join(", ") + "]}\n";
    return yaml;
}

struct Played {
    double firstNs = 0; // a decision among the first thousand
    double lastNs = 0;
    std::vector<FlowEvent> journal;
};

Played play(const FlowDefinition &definition, Shape shape)
{
    const bool list = shape == Shape::Foreach;
    const int count = list ? items : steps;
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
    QJsonArray values;
    for (int i = 0; list && i < items; ++i)
        values.append(i);
    if (list)
        take(ForeachExpanded{.step = definition.step(0).id, .items = values});
    QElapsedTimer timer;
    for (int i = 0; i < count; ++i) {
        if (i == 0 || i == count - part)
            timer.start();
        const AttemptKey key{
            .run = RunId{1}, .step = definition.step(list ? 0 : i).id, .item = list ? i : kNoItem};
        take(AttemptStarted{.key = key});
        take(AttemptFinished{.key = key, .result = {.output = u"done"_s}});
        const double each = static_cast<double>(timer.nsecsElapsed()) / (2.0 * part);
        if (i == part - 1)
            played.firstNs = each;
        if (i == count - 1)
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
    QTest::addColumn<Shape>("shape");
    QTest::newRow("5 000 one after the other") << Shape::Chain;
    QTest::newRow("4 999 side by side and a join") << Shape::Join;
    QTest::newRow("10 000 items, 64 at a time") << Shape::Foreach;
}

void BenchFlow::oneDecision()
{
    QFETCH(Shape, shape);
    const auto flow = parseFlow(yamlOf(shape), u"chain"_s).definition;
    QVERIFY(flow);
    std::vector<double> first;
    std::vector<double> last;
    std::vector<double> ratios;
    for (int round = 0; round < rounds; ++round) {
        const Played played = play(*flow, shape);
        first.push_back(played.firstNs);
        last.push_back(played.lastNs);
        ratios.push_back(played.lastNs / played.firstNs);
    }
    qInfo("bar 5: %.0f ns a decision in the first thousand, %.0f ns in the last: ratio %.2f (%.2f to %.2f)",
          median(first), median(last), median(ratios), *std::ranges::min_element(ratios),
          *std::ranges::max_element(ratios));
    QVERIFY(median(ratios) < 1.5);
}

void BenchFlow::reading()
{
    const QByteArray yaml = yamlOf(Shape::Chain);
    std::vector<double> parse;
    std::vector<double> fold;
    const auto flow = parseFlow(yaml, u"chain"_s).definition;
    const Played played = play(*flow, Shape::Chain);
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
