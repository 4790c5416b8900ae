// Flows in the whole window: where the editor is opened from, that a close asks for what is not saved, and
// what the dialog that starts a run tells before.
#include "tests/ui/page_pictures.h"
#include "tests/ui/settings_bed.h"
#include "tests/ui/window_bed.h"
#include "ui/dialogs/preflight_panel.h"
#include "ui/dialogs/start_run_dialog.h"
#include "ui/docks/editor/flow_editor_page.h"
#include "ui/docks/editor/yaml_edit.h"
#include "ui/docks/navigator/navigator_page.h"
#include "ui/widgets/fact_line.h"

#include <QAction>
#include <QLayout>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QSignalSpy>

using namespace muster;
using namespace muster::testing;
using namespace Qt::StringLiterals;

class TestFlowWindow : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { hushOffscreen(); }
    void init() { m_bed = std::make_unique<Bed>(); }
    void cleanup() { m_bed.reset(); }
    void opensFromTheNavigatorAndByActions();
    void closingAsksForWhatIsNotSaved_data();
    void closingAsksForWhatIsNotSaved();
    void startTellsWhatItWouldTake();
    void startIsGoneThroughByTab();

private:
    [[nodiscard]] FlowEditorPage *editor() const
    {
        return qobject_cast<FlowEditorPage *>(m_bed->window().docks().page(u"editor"_s));
    }
    void giveFlow() const
    {
        m_bed->node.flowTexts.insert(u"survey"_s, {.name = u"survey"_s,
                                                   .path = u"/p/flows/survey.flow.yaml"_s,
                                                   .origin = u"project"_s,
                                                   .text = u"muster: 1\n"_s,
                                                   .hash = u"h1"_s,
                                                   .writable = true});
    }

    std::unique_ptr<Bed> m_bed;
};

void TestFlowWindow::opensFromTheNavigatorAndByActions()
{
    giveFlow();
    auto *navigator = m_bed->window().findChild<NavigatorPage *>();
    QVERIFY(navigator);
    auto *flows = namedIn<ListView>(navigator, u"Flows"_s);
    QTRY_COMPARE(flows->model()->rowCount(), 1);
    flows->setCurrentIndex(flows->model()->index(0, 0));
    QStringList offered;
    for (QAction *action : flows->actions())
        offered += QString(action->text()).remove(u'&');
    QCOMPARE(offered, (QStringList{u"Start…"_s, u"Edit flow"_s, u"New flow…"_s}));
    QVERIFY(!editor());
    flows->actions().at(1)->trigger();
    QVERIFY(editor());
    QTRY_COMPARE(editor()->findChild<YamlEdit *>()->toPlainText(), u"muster: 1\n"_s);
    QVERIFY(editor()->isVisible());
    for (const QString &id : {u"flow.new"_s, u"flow.edit"_s, u"flow.insert"_s})
        QVERIFY(m_bed->window().actions().action(id)->isEnabled());
    m_bed->session->context().close();
    QVERIFY(!m_bed->window().actions().action(u"flow.new"_s)->isEnabled());
}

void TestFlowWindow::closingAsksForWhatIsNotSaved_data()
{
    QTest::addColumn<QString>("answer");
    QTest::addColumn<bool>("closes");
    QTest::addColumn<bool>("saves");
    QTest::newRow("cancel") << u"Cancel"_s << false << false;
    QTest::newRow("save") << u"Save and close"_s << true << true;
    QTest::newRow("keep the draft") << u"Close, keep the draft"_s << true << false;
}

void TestFlowWindow::closingAsksForWhatIsNotSaved()
{
    QFETCH(QString, answer);
    QFETCH(bool, closes);
    QFETCH(bool, saves);
    giveFlow();
    m_bed->window().docks().open(u"editor"_s);
    editor()->edit(u"survey"_s);
    auto *text = editor()->findChild<YamlEdit *>();
    QTRY_COMPARE(text->toPlainText(), u"muster: 1\n"_s);
    text->insertPlainText(u"# mine\n"_s);
    QTRY_COMPARE(m_bed->window().docks().unsaved(), QStringList{u"survey"_s});
    QSignalSpy finished(m_bed->session.get(), &app::WindowSession::finished);
    m_bed->window().close();
    auto *box = m_bed->dialog<QMessageBox>();
    QVERIFY(box);
    QVERIFY(box->text().contains(u"survey"_s));
    m_bed->node.answer = {.text = u"/p/flows/survey.flow.yaml"_s, .list = {u"h2"_s}};
    QTest::mouseClick(buttonWith(box, answer), Qt::LeftButton);
    if (closes)
        QTRY_COMPARE(finished.count(), 1);
    else
        QTRY_VERIFY(!m_bed->window().findChild<QMessageBox *>());
    QCOMPARE(m_bed->window().isVisible(), !closes);
    const auto *written = m_bed->node.lastCommand<api::WriteFlow>();
    QCOMPARE(written != nullptr, saves);
    if (written)
        QCOMPARE(written->text, u"# mine\nmuster: 1\n"_s);
    if (written)
        QCOMPARE(written->expectedHash, u"h1"_s);
}

void TestFlowWindow::startTellsWhatItWouldTake()
{
    m_bed->node.flows.front().usable = true;
    m_bed->node.preflight = {
        .check = {.steps = {{.id = u"look"_s, .kind = u"agent"_s, .isolation = u"none"_s},
                            {.id = u"write"_s,
                             .kind = u"agent"_s,
                             .needs = {u"look"_s},
                             .isolation = u"run"_s,
                             .mayWrite = {u"A.md"_s}}}},
        .steps = {{.step = u"look"_s,
                   .basis = u"same_step"_s,
                   .samples = 3,
                   .costMicroUsd = api::RangeInfo{.low = 10'000, .likely = 20'000, .high = 900'000}},
                  {.step = u"write"_s, .basis = u"assumed"_s}},
        .tokensIn = {.low = 100, .likely = 12'000, .high = 80'000},
        .tokensOut = {.low = 5, .likely = 5, .high = 5},
        .costMicroUsd = {.low = 10'000, .likely = 20'000, .high = 900'000},
        .unpriced = {u"write"_s},
        .caps = {{.step = u"look"_s, .capMicroUsd = 500'000, .likely = false, .blame = {u"look"_s}}},
        .runtimes = {{.runtime = u"claude"_s,
                      .problem = u"not_installed"_s,
                      .taken = u"demo"_s,
                      .steps = {u"look"_s}},
                     {.runtime = u"pi"_s, .problem = u"auth_required"_s, .steps = {u"write"_s}}},
        .needsGit = true};
    m_bed->node.flowCheck = {.mayWrite = {u"A.md"_s}};
    m_bed->window().startRun(u"survey"_s);
    auto *dialog = m_bed->dialog<StartRunDialog>();
    QVERIFY(dialog);
    auto *panel = dialog->findChild<PreflightPanel *>();
    QVERIFY(panel);
    QTRY_VERIFY(panel->isVisible());
    QStringList warnings;
    for (const FactLine *line : panel->findChildren<FactLine *>()) {
        if (line->accessibleName().isEmpty())
            warnings += line->text();
    }
    QCOMPARE(warnings.size(), 4);
    QVERIFY(warnings.at(0).contains(u"git repository"_s));
    QVERIFY(warnings.at(1).contains(u"demo works in its place: look"_s));
    QVERIFY(warnings.at(2).contains(u"would fail: write"_s));
    QVERIFY(warnings.at(3).contains(u"look may cost more than its cap of $0.50"_s));
    const QString estimate = namedIn<FactLine>(panel, u"What a run would take"_s)->text();
    QVERIFY2(estimate.contains(u"Cost: likely $0.02 (least $0.01, at most $0.90), without write"_s),
             qPrintable(estimate));
    QVERIFY2(estimate.contains(u"Tokens in: likely 12.0 k (least 100, at most 80.0 k)"_s),
             qPrintable(estimate));
    QVERIFY2(estimate.contains(u"Tokens out: 5\n"_s), qPrintable(estimate));
    const QString places = namedIn<FactLine>(panel, u"Which steps work where"_s)->text();
    QVERIFY2(places.contains(u"taking turns: write"_s), qPrintable(places));
    // What is accepted is told once, and nothing is cut off.
    int accepted = 0;
    for (const FactLine *line : dialog->findChildren<FactLine *>())
        accepted += static_cast<int>(line->text().count(u"A.md"_s));
    for (const QLabel *label : dialog->findChildren<QLabel *>()) {
        if (label->isVisible() && label->wordWrap())
            QVERIFY2(label->height() >= label->heightForWidth(label->width()), qPrintable(label->text()));
    }
    QCOMPARE(accepted, 1);
    QVERIFY(namelessControls(dialog).isEmpty());
    auto *steps = namedIn<QPlainTextEdit>(panel, u"Steps of the flow"_s);
    QVERIFY(!steps->isVisible());
    QTest::mouseClick(buttonWith(panel, u"Show the"_s), Qt::LeftButton);
    QVERIFY(steps->isVisible());
    QTRY_VERIFY(dialog->height() >= dialog->layout()->totalHeightForWidth(dialog->width()));
    QCOMPARE(steps->toPlainText(), u"look  agent\nwrite  agent  ← look"_s);
    // It only tells: the start is open all the same.
    QVERIFY(buttonWith(dialog, u"Start"_s)->isEnabled());
    Theme theme;
    takePictures(*dialog, theme, u"start-dialog"_s);
}

void TestFlowWindow::startIsGoneThroughByTab()
{
    m_bed->node.flows.front().inputs = {{.name = u"task"_s, .type = u"string"_s},
                                        {.name = u"strict"_s, .type = u"boolean"_s}};
    m_bed->node.preflight.check.steps = {{.id = u"look"_s, .kind = u"agent"_s}};
    m_bed->window().startRun(u"survey"_s);
    auto *dialog = m_bed->dialog<StartRunDialog>();
    QVERIFY(dialog);
    auto *panel = dialog->findChild<PreflightPanel *>();
    QTRY_VERIFY(panel->isVisible());
    dialog->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(dialog));
    namedIn<QWidget>(dialog, u"Flow"_s)->setFocus();
    QStringList passed;
    for (int i = 0; i < 5; ++i) {
        QTest::keyClick(dialog->focusWidget(), Qt::Key_Tab);
        const auto *button = qobject_cast<QAbstractButton *>(dialog->focusWidget());
        passed += button && button->accessibleName().isEmpty() ? QString(button->text()).remove(u'&')
                                                               : dialog->focusWidget()->accessibleName();
    }
    QCOMPARE(passed,
             (QStringList{u"Runtime"_s, u"task"_s, u"strict"_s, u"Show the 1 step(s)"_s, u"Start"_s}));
}

QTEST_MAIN(TestFlowWindow)
#include "tst_flow_window.moc"
