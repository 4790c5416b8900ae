// Large flow files: the time to check one grows as the file does.
#include "core/flow/flow_parser.h"

#include <QTest>

#include <ctime>
#include <functional>
#include <limits>

using namespace muster;
using namespace Qt::StringLiterals;

class TestFlowSizes : public QObject {
    Q_OBJECT
private slots:
    void largeFilesAreReadInOneWalk_data();
    void largeFilesAreReadInOneWalk();
};

namespace {

const QByteArray kHead = "muster: 1\nname: t\n";

} // namespace

void TestFlowSizes::largeFilesAreReadInOneWalk_data()
{
    QTest::addColumn<std::function<QByteArray(int)>>("flow");
    using Maker = std::function<QByteArray(int)>;
    const auto number = [](int i) {
        return QByteArray::number(i);
    };
    QTest::newRow("a chain of which each reads the one before") << Maker([=](int steps) {
        QByteArray text = kHead + "steps:\n  - {id: s0, prompt: A}\n";
        for (int i = 1; i < steps; ++i)
            text += "  - {id: s" + number(i) + ", needs: [s" + number(i - 1) + "], prompt: '${{ steps.s" +
                    number(i - 1) + ".output }}'}\n";
        return text;
    });
    QTest::newRow("a batch of its own for each step") << Maker([=](int steps) {
        QByteArray text = kHead + "batches:\n";
        for (int i = 0; i < steps; ++i)
            text += "  b" + number(i) + ": {max_concurrent: 1}\n";
        text += "steps:\n";
        for (int i = 0; i < steps; ++i)
            text += "  - {id: s" + number(i) + ", prompt: A, batch: b" + number(i) + "}\n";
        return text;
    });
    QTest::newRow("a group of its own for each step") << Maker([=](int steps) {
        QByteArray text = kHead + "steps:\n";
        for (int i = 0; i < steps / 2; ++i)
            text += "  - {id: s" + number(i) + ", prompt: A}\n";
        text += "groups:\n";
        for (int i = 0; i < steps / 2; ++i)
            text += "  g" + number(i) + ": {steps: [s" + number(i) + "]}\n";
        return text;
    });
    QTest::newRow("inputs that are all read") << Maker([=](int inputs) {
        QByteArray text = kHead + "inputs:\n";
        for (int i = 0; i < inputs; ++i)
            text += "  i" + number(i) + ": {type: string}\n";
        text += "steps:\n";
        for (int i = 0; i < inputs; ++i)
            text += "  - {id: s" + number(i) + ", prompt: '${{ inputs.i" + number(i) + " }}'}\n";
        return text;
    });
    QTest::newRow("needs that are all unknown") << Maker([=](int steps) {
        QByteArray text = kHead + "steps:\n";
        for (int i = 0; i < steps; ++i)
            text += "  - {id: step_number_" + number(i) + ", prompt: A, needs: [step-numbr-" + number(i) +
                    "x]}\n";
        return text;
    });
}

// The time of the processor, best of three, must grow about as the file does: four times the steps. What
// looked at every other step for each took sixteen times as long.
void TestFlowSizes::largeFilesAreReadInOneWalk()
{
    QFETCH(std::function<QByteArray(int)>, flow);
    const auto seconds = [&flow](int steps) {
        const QByteArray text = flow(steps);
        std::clock_t best = std::numeric_limits<std::clock_t>::max();
        for (int i = 0; i < 3; ++i) {
            const std::clock_t before = std::clock();
            (void)parseFlow(text, u"t.flow.yaml"_s);
            best = std::min(best, std::clock() - before);
        }
        return static_cast<double>(best) / CLOCKS_PER_SEC;
    };
    const double small = seconds(1250);
    const double large = seconds(5000);
    qInfo("%.0f ms for 5000 steps, %.0f ms for 1250", large * 1000, small * 1000);
    QVERIFY2(large < small * 9, qPrintable(QString::number(large / small)));
}

QTEST_GUILESS_MAIN(TestFlowSizes)
#include "tst_flow_sizes.moc"
