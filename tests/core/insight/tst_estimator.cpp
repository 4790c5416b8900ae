// What a run will take: what each key of a flow does to the least, the likely and the most, and which steps
// are named where it is over a cap.
#include "core/flow/flow_parser.h"
#include "core/insight/estimator.h"

#include <QTest>

#include <ctime>

using namespace muster;
using namespace Qt::StringLiterals;

class TestEstimator : public QObject {
    Q_OBJECT
private slots:
    void tokens_data();
    void tokens();
    void whatIsGivenCounts();
    void sameStepBeforeSameProfile();
    void pricesAreKnownOrNot();
    void capsNameTheSteps_data();
    void capsNameTheSteps();
    void manySteps();
};

namespace {

constexpr Range kIn{.low = 10, .likely = 100, .high = 1000};
constexpr Range kOut{.low = 1, .likely = 1, .high = 1};
constexpr TokenPrices kPrices{.input = 1'000'000, .output = 0}; // a token in is a micro-dollar

FlowDefinitionPtr parsed(const QByteArray &steps)
{
    const FlowParseResult result = parseFlow("muster: 1\nname: t\n" + steps, u"t"_s);
    if (!result.ok())
        qFatal("%s at %d", qPrintable(enumName(result.problems.front().code)), result.problems.front().line);
    return result.definition;
}

// Every agent's attempt took kIn before.
std::vector<StepBasis> sameForAll(const FlowDefinition &flow)
{
    return {flow.steps.size(),
            StepBasis{
                .past = {.basis = EstimateBasis::SameStep, .samples = 3, .tokensIn = kIn, .tokensOut = kOut},
                .prices = kPrices}};
}

QString text(const Range &range) { return u"%1 %2 %3"_s.arg(range.low).arg(range.likely).arg(range.high); }

QStringList namesOf(const FlowDefinition &flow, const std::vector<int> &steps)
{
    QStringList names;
    for (const int step : steps)
        names += flow.step(step).id;
    return names;
}

} // namespace

void TestEstimator::tokens_data()
{
    QTest::addColumn<QByteArray>("steps");
    QTest::addColumn<QString>("expected"); // tokens in of all
    const auto row = [](const char *name, const QByteArray &steps, const char *expected) {
        QTest::newRow(name) << "steps:\n" + steps << QString::fromLatin1(expected);
    };
    const QByteArray a = "  - {id: a, prompt: A}\n";
    row("one", a, "10 100 1000");
    row("two", a + "  - {id: b, needs: [a], prompt: B}\n", "20 200 2000");
    row("a shell step costs nothing", a + "  - {id: b, run: ls}\n", "10 100 1000");
    row("retries only at the most", "  - {id: a, prompt: A, retries: 2}\n", "10 100 3000");
    row("a condition", a + "  - {id: b, needs: [a], when: '${{ steps.a.output }}', prompt: B}\n",
        "10 200 2000");
    row("never", a + "  - {id: b, when: false, prompt: B}\n", "10 100 1000");
    row("always", a + "  - {id: b, when: true, prompt: B}\n", "20 200 2000");
    row("a list that is written", "  - {id: a, prompt: A, foreach: [1, 2, 3]}\n", "30 300 3000");
    row("a list that nobody knows", "  - {id: a, prompt: A, foreach: '${{ [run.id] }}'}\n", "10 500 20000");
    row("a loop of three", "  - {id: l, loop: {max: 3, steps: [{id: a, prompt: A}]}}\n", "30 300 3000");
    row("a loop until",
        "  - {id: l, loop: {max: 7, until: '${{ steps.a.output }}', steps: [{id: a, prompt: A}]}}\n",
        "10 200 7000");
    row("a loop that may be skipped",
        "  - {id: l, when: '${{ run.number > 1 }}', loop: {max: 2, steps: [{id: a, prompt: A}]}}\n",
        "0 200 2000");
    const QByteArray branches = "  - {id: x, needs: [s], prompt: X}\n"
                                "  - {id: y, needs: [s], prompt: Y}\n"
                                "  - {id: z, needs: [y], prompt: Z}\n";
    row("the cheaper and the dearer branch",
        "  - {id: s, switch: [{case: p, when: '${{ run.number }}', then: [x]}, {default: [y]}]}\n" + branches,
        "10 150 2000");
    row("no branch is one, too",
        "  - {id: s, switch: [{case: p, when: '${{ run.number }}', then: [x]},"
        " {case: q, when: '${{ run.id }}', then: [y]}]}\n" +
            branches,
        "0 99 2000");
    row("what waits for both branches runs",
        "  - {id: s, switch: [{case: p, when: '${{ run.number }}', then: [x]}, {default: [y]}]}\n" +
            branches + "  - {id: e, needs: [x, z], prompt: E}\n",
        "20 250 3000");
    row("a switch within a branch",
        "  - {id: s, switch: [{case: p, when: '${{ run.number }}', then: [x]}, {default: [t]}]}\n"
        "  - {id: x, needs: [s], prompt: X}\n"
        "  - {id: t, needs: [s], switch: [{case: q, when: '${{ run.id }}', then: [y]}, {default: []}]}\n"
        "  - {id: y, needs: [t], prompt: Y}\n"
        "  - {id: z, needs: [y], prompt: Z}\n",
        "0 100 2000");
    row("what is jumped to only at the most",
        "  - {id: a, prompt: A, on_error: goto b}\n"
        "  - {id: b, prompt: B}\n"
        "  - {id: c, needs: [b], prompt: C}\n",
        "10 100 3000");
}

void TestEstimator::tokens()
{
    QFETCH(QByteArray, steps);
    const FlowDefinitionPtr flow = parsed(steps);
    const FlowEstimate made = estimate({.flow = *flow, .steps = sameForAll(*flow), .inputs = {}});
    QTEST(text(made.tokensIn), "expected");
    QCOMPARE(text(made.cost), text(made.tokensIn)); // by the price
}

void TestEstimator::whatIsGivenCounts()
{
    const FlowDefinitionPtr flow =
        parsed("inputs: {focus: {type: string, default: ''}}\nsteps:\n"
               "  - {id: a, prompt: A}\n"
               "  - {id: b, needs: [a], prompt: 'one two ${{ steps.a.output }} ${{ inputs.focus }}'}\n");
    std::vector<StepBasis> known(flow->steps.size());
    known[0].handedOn = Range{.low = 7, .likely = 70, .high = 700};
    known[1].instructionTokens = 100;
    const auto given = [&](const QJsonObject &inputs) {
        return estimate({.flow = *flow, .steps = known, .inputs = inputs}).steps[1].tokensIn;
    };
    // Two words, the instructions, what `a` hands on, and what an agent is assumed to read.
    QCOMPARE(text(given({})), u"109 20172 200802"_s);
    QCOMPARE(text(given({{u"focus"_s, u"three more words"_s}})), u"112 20175 200805"_s);
}

void TestEstimator::sameStepBeforeSameProfile()
{
    const FlowDefinitionPtr flow = parsed("steps:\n  - {id: a, prompt: one two three four}\n");
    StepBasis basis{.past = {.basis = EstimateBasis::SameProfile,
                             .samples = 2,
                             .tokensIn = {.low = 1, .likely = 50, .high = 60},
                             .tokensOut = kOut}};
    const auto made = [&] {
        return estimate({.flow = *flow, .steps = {basis}, .inputs = {}}).steps.front();
    };
    QCOMPARE(text(made().tokensIn), u"4 50 60"_s); // never less than it is given
    QCOMPARE(made().basis, EstimateBasis::SameProfile);
    basis.past.basis = EstimateBasis::SameStep;
    QCOMPARE(text(made().tokensIn), u"1 50 60"_s);
    QCOMPARE(made().samples, 2);
    basis.past = {};
    QCOMPARE(text(made().tokensOut), u"200 1500 8000"_s);
}

void TestEstimator::pricesAreKnownOrNot()
{
    const FlowDefinitionPtr flow = parsed("steps:\n  - {id: a, prompt: A}\n  - {id: b, prompt: B}\n");
    std::vector<StepBasis> known = sameForAll(*flow);
    known[1].prices.reset();
    const FlowEstimate made = estimate({.flow = *flow, .steps = known, .inputs = {}});
    QCOMPARE(text(made.cost), text(kIn));
    QVERIFY(!made.steps[1].cost.has_value());
    QCOMPARE(namesOf(*flow, made.unpriced), QStringList{u"b"_s});
    // What it cost before is known without a catalog.
    known[1].past.cost = Range{.low = 5, .likely = 6, .high = 7};
    const FlowEstimate told = estimate({.flow = *flow, .steps = known, .inputs = {}});
    QCOMPARE(text(told.cost), u"15 106 1007"_s);
    QVERIFY(told.unpriced.empty());
}

void TestEstimator::capsNameTheSteps_data()
{
    QTest::addColumn<qint64>("ofFlow");
    QTest::addColumn<qint64>("ofStep");
    QTest::addColumn<QStringList>("expected");
    QTest::newRow("none") << qint64{0} << qint64{0} << QStringList{};
    QTest::newRow("enough") << qint64{7000} << qint64{1000} << QStringList{};
    QTest::newRow("the flow may be over") << qint64{6999} << qint64{0} << QStringList{u"flow may: b c a"_s};
    QTest::newRow("the flow is likely over")
        << qint64{599} << qint64{0} << QStringList{u"flow likely: b c a"_s};
    QTest::newRow("attempts of all") << qint64{0} << qint64{99}
                                     << QStringList{u"b likely: b"_s, u"c likely: c"_s, u"a likely: a"_s,
                                                    u"d likely: d"_s};
}

void TestEstimator::capsNameTheSteps()
{
    QFETCH(qint64, ofFlow);
    QFETCH(qint64, ofStep);
    const FlowDefinitionPtr flow = parsed("steps:\n  - {id: a, prompt: A}\n"
                                          "  - {id: b, prompt: B, foreach: [1, 2, 3]}\n"
                                          "  - {id: c, prompt: C, retries: 1}\n"
                                          "  - {id: d, prompt: D, when: '${{ run.id }}'}\n");
    std::vector<StepBasis> known = sameForAll(*flow);
    for (StepBasis &basis : known)
        basis.capMicroUsd = ofStep;
    QStringList told;
    const FlowEstimate made = estimate({.flow = *flow, .steps = known, .inputs = {}, .capMicroUsd = ofFlow});
    for (const CapWarning &warning : made.warnings)
        told += (warning.step < 0 ? u"flow"_s : flow->step(warning.step).id) +
                (warning.reach == CapReach::Likely ? u" likely: "_s : u" may: "_s) +
                namesOf(*flow, warning.blame).join(u' ');
    QTEST(told, "expected");
}

void TestEstimator::manySteps()
{
    QByteArray steps =
        "steps:\n  - {id: s0, switch: [{case: x, when: '${{ run.id }}', then: [s1]}, {default: []}]}\n";
    constexpr int most = 2000;
    for (int i = 1; i < most; ++i) {
        const QByteArray self = QByteArray::number(i);
        const QByteArray needs = ", needs: [s" + QByteArray::number(i - 1) + "]";
        const QByteArray next = QByteArray::number(i + 1);
        steps += "  - {id: s" + self + needs;
        if (i % 2 == 1)
            steps += ", prompt: A}\n";
        else
            steps += ", switch: [{case: x, when: '${{ run.id }}', then: [s" + next + "]}, {default: []}]}\n";
    }
    const FlowDefinitionPtr flow = parsed(steps + "  - {id: s2000, needs: [s1999], prompt: A}\n");
    const std::clock_t before = std::clock();
    const FlowEstimate made = estimate({.flow = *flow, .steps = sameForAll(*flow), .inputs = {}});
    qInfo("%.0f ms for a thousand switches, each within the branch of the one before",
          1000.0 * static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC);
    QCOMPARE(made.tokensIn.low, 0);
    QCOMPARE(made.tokensIn.high, 1001 * kIn.high);
}

QTEST_GUILESS_MAIN(TestEstimator)
#include "tst_estimator.moc"
