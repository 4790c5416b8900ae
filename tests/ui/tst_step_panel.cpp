// The panel of a step: what it writes is seen while it runs, whatever kind of step it is.
#include "core/viewmodel/inbox_model.h"
#include "core/viewmodel/node_feed.h"
#include "tests/support/memory_node.h"
#include "tests/support/offscreen.h"
#include "ui/docks/workflow/step_panel.h"
#include "ui/widgets/fact_line.h"

#include <QPlainTextEdit>
#include <QTest>

using namespace muster;
using namespace Qt::StringLiterals;

class TestStepPanel : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { testing::ignoreOffscreenWarning(); }
    void outputIsSeenWhileItRuns_data();
    void outputIsSeenWhileItRuns();
    void whatItsAgentWasGivenIsSeen();
};

void TestStepPanel::outputIsSeenWhileItRuns_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("channel");
    QTest::newRow("command") << u"shell"_s << u"tool"_s;
    QTest::newRow("agent") << u"agent"_s << u"text"_s;
}

void TestStepPanel::outputIsSeenWhileItRuns()
{
    QFETCH(QString, kind);
    QFETCH(QString, channel);
    MemoryNode node;
    NodeFeed feed(&node);
    InboxModel inbox(&feed, InboxModel::Shows::Open);
    StepPanel panel(&feed, &inbox);
    const auto *output = panel.findChild<QPlainTextEdit *>();
    QVERIFY(output);
    panel.setActive(true);
    api::StepInfo step;
    step.stepId = u"a"_s;
    step.kind = kind;
    step.status = StepStatus::Running;
    step.task = TaskId{7};
    panel.setStep(&step, u"Running"_s);
    QTRY_VERIFY(node.queryCount > 0);
    node.stream({.task = TaskId{7}, .channel = channel, .offset = 0, .text = u"one\n"_s});
    QTRY_COMPARE(output->toPlainText(), u"one\n"_s);
    node.stream({.task = TaskId{7}, .channel = channel, .offset = 4, .text = u"two\n"_s});
    QTRY_COMPARE(output->toPlainText(), u"one\ntwo\n"_s);
    if (kind != u"shell")
        return;
    // Of a command the record has more than the stream keeps.
    step.status = StepStatus::Completed;
    step.output = u"zero\none\ntwo\n"_s;
    panel.setStep(&step, u"Completed"_s);
    QCOMPARE(output->toPlainText(), step.output);
}

void TestStepPanel::whatItsAgentWasGivenIsSeen()
{
    MemoryNode node;
    NodeFeed feed(&node);
    InboxModel inbox(&feed, InboxModel::Shows::Open);
    StepPanel panel(&feed, &inbox);
    api::StepInfo step;
    step.stepId = u"a"_s;
    step.kind = u"agent"_s;
    step.status = StepStatus::Completed;
    step.context = {{.kind = u"prompt"_s, .bytes = 40, .tokens = 10},
                    {.kind = u"skill"_s,
                     .name = u"cite-places"_s,
                     .origin = u"project"_s,
                     .hides = {u"built-in"_s},
                     .bytes = 400,
                     .tokens = 100},
                    {.kind = u"document"_s, .name = u"docs/<b>.md"_s, .bytes = 8000, .tokens = 2000}};
    panel.setStep(&step, u"Completed"_s);
    const auto lines = panel.findChildren<FactLine *>();
    const auto given = std::ranges::find_if(
        lines, [](const FactLine *line) { return line->text().startsWith(u"Given: "_s); });
    QVERIFY(given != lines.end());
    QVERIFY((*given)->isVisibleTo(&panel));
    QVERIFY2((*given)->text().contains(u"prompt, cite-places, docs/<b>.md"_s), qPrintable((*given)->text()));
    QVERIFY((*given)->toolTip().contains(u"in place of built-in"_s));
    QVERIFY((*given)->toolTip().contains(u"docs/&lt;b&gt;.md"_s));
    step.context.clear();
    panel.setStep(&step, u"Completed"_s);
    QVERIFY(!(*given)->isVisibleTo(&panel));
}

QTEST_MAIN(TestStepPanel)
#include "tst_step_panel.moc"
