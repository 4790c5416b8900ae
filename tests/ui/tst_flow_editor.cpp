// The Flow editor with a real node: problems as they come and go, the graph beside the text, steps that are
// inserted, files that are saved, changed meanwhile or not to be changed, and drafts.
#include "core/viewmodel/flow_document.h"
#include "core/viewmodel/project_context.h"
#include "core/viewmodel/step_yaml.h"
#include "tests/core/node/node_harness.h"
#include "tests/ui/page_pictures.h"
#include "tests/ui/settings_bed.h"
#include "ui/docks/editor/editor_header.h"
#include "ui/docks/editor/flow_editor_page.h"
#include "ui/docks/editor/insert_step_dialog.h"
#include "ui/docks/editor/new_flow_dialog.h"
#include "ui/docks/editor/problem_list.h"
#include "ui/docks/editor/yaml_edit.h"
#include "ui/shell/window_settings.h"
#include "ui/widgets/flow_graph_view.h"
#include "ui/widgets/notice_banner.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>
#include <QListWidget>
#include <QSignalSpy>
#include <QTextBlock>

using namespace muster;
using namespace muster::testing;
using namespace Qt::StringLiterals;

namespace {

const QString kFlow = u"muster: 1\nname: own\nsteps:\n"
                      "  - id: look\n    output: json\n    prompt: Look\n"
                      "  - id: pick\n    needs: [look]\n    switch:\n"
                      "      - { case: many, when: \"${{ steps.look.json.n > 3 }}\", then: [read] }\n"
                      "      - { default: [write] }\n"
                      "  - id: read\n    needs: [pick]\n    foreach: [a, b]\n    prompt: Read\n"
                      "  - id: write\n    needs: [pick]\n    prompt: Write\n"
                      "finally:\n  - id: tidy\n    run: ls\n"_s;

class Bed {
public:
    explicit Bed(const QString &home = {})
        : m_node(false)
    {
        m_settingsFile = home.isEmpty() ? m_folder.filePath(u"window.ini"_s) : home;
        write(u"own"_s, kFlow);
        m_feed = std::make_unique<NodeFeed>(&m_node.api());
        m_context = std::make_unique<ProjectContext>(&m_node.api());
        m_context->open(m_folder.path());
        if (!waitFor([this] { return m_context->isOpen(); }))
            qFatal("the project did not open");
        QObject::connect(m_context.get(), &ProjectContext::failed, m_context.get(),
                         [this](const Error &error) { errors += error.where; });
        open();
    }
    ~Bed() { close(); }
    Q_DISABLE_COPY_MOVE(Bed)

    void open()
    {
        m_settings = std::make_unique<WindowSettings>(m_settingsFile);
        m_page = std::make_unique<FlowEditorPage>(m_feed.get(), m_context.get(), &m_theme, m_settings.get());
        m_page->resize(1200, 700);
        m_page->activate();
        m_page->show();
        if (!QTest::qWaitForWindowExposed(m_page.get()))
            qFatal("the page did not show");
    }
    void close()
    {
        m_page.reset();
        m_settings.reset();
    }
    // As a crash of the window does: what was kept so far is all there is.
    void crash()
    {
        m_settings->flush();
        const QString kept = m_settingsFile + u".kept"_s;
        (void)QFile::remove(kept);
        QVERIFY(QFile::copy(m_settingsFile, kept));
        close();
        (void)QFile::remove(m_settingsFile);
        QVERIFY(QFile::copy(kept, m_settingsFile));
        open();
    }
    void edit(const QString &flow)
    {
        QSignalSpy drawn(&page().document(), &FlowDocument::graphChanged);
        page().edit(flow);
        QVERIFY(drawn.wait());
    }
    // As a person would type it.
    void type(int line, int column, const QString &text)
    {
        edit().goTo(line, column);
        edit().insertPlainText(text);
    }
    void write(const QString &name, const QString &text) const
    {
        QVERIFY(QDir(m_folder.path()).mkpath(u"flows"_s));
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text.toUtf8());
    }
    [[nodiscard]] QString content(const QString &name) const
    {
        QFile file(path(name));
        return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
    }
    [[nodiscard]] QString path(const QString &name) const
    {
        return m_folder.filePath(u"flows/"_s + name + u".flow.yaml"_s);
    }
    [[nodiscard]] FlowEditorPage &page() { return *m_page; }
    [[nodiscard]] YamlEdit &edit() { return *m_page->findChild<YamlEdit *>(); }
    [[nodiscard]] FlowGraphView &graph() { return *m_page->findChild<FlowGraphView *>(); }
    [[nodiscard]] ProblemList &problems() { return *m_page->findChild<ProblemList *>(); }
    [[nodiscard]] NodeHarness &node() { return m_node; }
    [[nodiscard]] ProjectContext &context() { return *m_context; }
    [[nodiscard]] Theme &theme() { return m_theme; }
    [[nodiscard]] QPushButton *button(const QString &text) { return buttonIn(m_page.get(), text); }
    [[nodiscard]] QString notice() const
    {
        for (const NoticeBanner *banner : m_page->findChildren<NoticeBanner *>()) {
            if (banner->isVisible())
                return banner->text();
        }
        return {};
    }

    QStringList errors;

private:
    NodeHarness m_node;
    QTemporaryDir m_folder;
    QString m_settingsFile;
    Theme m_theme;
    std::unique_ptr<NodeFeed> m_feed;
    std::unique_ptr<ProjectContext> m_context;
    std::unique_ptr<WindowSettings> m_settings;
    std::unique_ptr<FlowEditorPage> m_page;
};

} // namespace

class TestFlowEditor : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { hushOffscreen(); }
    void problemsComeAndGo();
    void graphAndTextFollowEachOther();
    void insertsStepsThatUndoTakesBack();
    void formMakesAStep();
    void savesAndSaysSo();
    void keepsWhatAnotherProgramWrote();
    void builtInFlowsAreToRead();
    void draftsOutliveTheWindow();
    void draftsOfOtherFlowsAreKept();
    void newFlowsBeginAsTemplates();
    void runsColourTheGraph();
    void everyControlHasAName();
    void looks_data();
    void looks();
};

void TestFlowEditor::problemsComeAndGo()
{
    Bed bed;
    bed.edit(u"own"_s);
    QCOMPARE(bed.graph().graph().steps.size(), size_t{5});
    QVERIFY(!bed.problems().isVisible());
    bed.type(8, 13, u"k"_s);                 // needs: [klook]
    QTRY_COMPARE(bed.problems().count(), 2); // and what `pick` reads of it
    QVERIFY(bed.problems().isVisible());
    QCOMPARE(bed.edit().underlined(), 2);
    QCOMPARE(bed.page().document().problems().front().code, u"unknown_step"_s);
    QCOMPARE(bed.graph().graph().steps.size(), size_t{5}); // the last that was good stays
    QVERIFY(shownIn(&bed.page(), u"muted"_s).startsWith(u"As of the last version"_s));
    bed.edit().goTo(1, 1);
    QTest::keyClick(&bed.edit(), Qt::Key_F8);
    QCOMPARE(bed.edit().currentLine(), 8);
    QCOMPARE(bed.edit().textCursor().positionInBlock(), 12);
    bed.edit().undo();
    QTRY_COMPARE(bed.problems().count(), 0);
    QVERIFY(!bed.problems().isVisible());
    QCOMPARE(bed.edit().underlined(), 0);
    QVERIFY(shownIn(&bed.page(), u"muted"_s).isEmpty());
    bed.edit().selectAll();
    QTest::keyClick(&bed.edit(), Qt::Key_Delete);
    QTRY_VERIFY(!bed.page().document().problems().empty()); // nothing at all is no flow
    QCOMPARE(bed.page().document().problems().front().code, u"empty_file"_s);
}

void TestFlowEditor::graphAndTextFollowEachOther()
{
    Bed bed;
    bed.edit(u"own"_s);
    bed.edit().goTo(14, 1); // within `read`
    QCOMPARE(bed.graph().chosen(), u"read"_s);
    bed.edit().goTo(1, 1);
    QCOMPARE(bed.graph().chosen(), QString());
    const QRect box = bed.graph().rectOf(u"write"_s);
    QVERIFY(bed.graph().viewport()->rect().contains(box.center()));
    QTest::mouseClick(bed.graph().viewport(), Qt::LeftButton, {}, box.center());
    QCOMPARE(bed.graph().chosen(), u"write"_s);
    QCOMPARE(bed.edit().currentLine(), 16);
    bed.graph().setFocus();
    QTest::keyClick(&bed.graph(), Qt::Key_Up);
    QCOMPARE(bed.graph().chosen(), u"pick"_s);
    QCOMPARE(bed.edit().currentLine(), 7);
    QVERIFY(bed.graph().accessibleDescription().contains(u"pick: switch, needs look"_s));
    QTest::keyClick(&bed.graph(), Qt::Key_Down);
    QVERIFY((QStringList{u"read"_s, u"write"_s}).contains(bed.graph().chosen()));
    // By keys from one part to the next.
    bed.edit().setFocus();
    QTest::keyClick(&bed.edit(), Qt::Key_F6);
    QTRY_VERIFY(bed.graph().hasFocus());
    QTest::keyClick(&bed.graph(), Qt::Key_Return);
    QTRY_VERIFY(bed.edit().hasFocus());
}

void TestFlowEditor::insertsStepsThatUndoTakesBack()
{
    Bed bed;
    bed.edit(u"own"_s);
    bed.page().insert({.id = u"check"_s,
                       .kind = u"run"_s,
                       .text = u"make test\nmake lint"_s,
                       .needs = {u"read"_s, u"write"_s}});
    QVERIFY(bed.edit().toPlainText().contains(
        u"    prompt: Write\n  - id: check\n    needs: [read, write]\n    run: |\n      make test\n      make lint\nfinally:"_s));
    QTRY_COMPARE(bed.graph().graph().steps.size(), size_t{6});
    QCOMPARE(bed.graph().chosen(), u"check"_s);
    QVERIFY(bed.problems().count() == 0);
    bed.edit().undo();
    QCOMPARE(bed.edit().toPlainText(), kFlow);
    QTRY_COMPARE(bed.graph().graph().steps.size(), size_t{5});
}

void TestFlowEditor::formMakesAStep()
{
    Bed bed;
    bed.edit(u"own"_s);
    bed.edit().goTo(17, 1); // in `write`
    bed.page().insertStep();
    auto *dialog = bed.page().findChild<InsertStepDialog *>();
    QVERIFY(dialog);
    QVERIFY(namelessControls(dialog).isEmpty());
    auto *needs = namedIn<QListWidget>(dialog, u"Steps that come before it"_s);
    QCOMPARE(needs->count(), 4);                         // not that of `finally`
    QCOMPARE(needs->item(3)->checkState(), Qt::Checked); // behind the one that is chosen
    QPushButton *insert = buttonIn(dialog, u"Insert"_s);
    QVERIFY(!insert->isEnabled());
    QTest::keyClicks(namedIn<QLineEdit>(dialog, u"Id"_s), u"look"_s);
    QVERIFY(shownIn(dialog, u"error"_s).contains(u"of that id"_s));
    QTest::keyClicks(namedIn<QLineEdit>(dialog, u"Id"_s), u"_again"_s);
    QTest::keyClicks(namedIn<QPlainTextEdit>(dialog, u"Prompt"_s), u"Is it: \"good\"?"_s);
    QVERIFY(insert->isEnabled());
    takePictures(*dialog, bed.theme(), u"editor-insert"_s);
    QTest::mouseClick(insert, Qt::LeftButton);
    QVERIFY(bed.edit().toPlainText().contains(
        u"  - id: look_again\n    needs: [write]\n    prompt: \"Is it: \\\"good\\\"?\"\n"_s));
    QTRY_COMPARE(bed.graph().graph().steps.size(), size_t{6});
}

void TestFlowEditor::savesAndSaysSo()
{
    Bed bed;
    bed.edit(u"own"_s);
    QSignalSpy titles(&bed.page(), &FlowEditorPage::titleChanged);
    QVERIFY(bed.page().unsaved().isEmpty());
    bed.type(3, 1, u"# a word\n"_s);
    QCOMPARE(bed.page().unsaved(), QStringList{u"own"_s});
    QVERIFY(titles.last().first().toString().endsWith(u"own •"_s));
    QVERIFY(bed.button(u"Save"_s)->isEnabled());
    QTest::keyClick(&bed.edit(), Qt::Key_S, Qt::ControlModifier);
    QTRY_VERIFY(bed.page().unsaved().isEmpty());
    QCOMPARE(bed.content(u"own"_s), bed.edit().toPlainText());
    QVERIFY(titles.last().first().toString().endsWith(u"own"_s));
    bed.type(3, 1, u"# more\n"_s);
    bool went = false;
    bed.page().saveThen([&went] { went = true; });
    QTRY_VERIFY(went);
    QVERIFY(bed.content(u"own"_s).contains(u"# more"_s));
}

void TestFlowEditor::keepsWhatAnotherProgramWrote()
{
    Bed bed;
    bed.edit(u"own"_s);
    bed.type(1, 1, u"# mine\n"_s);
    const QString theirs = u"# theirs\n"_s + kFlow;
    bed.write(u"own"_s, theirs);
    bool went = false;
    bed.page().saveThen([&went] { went = true; });
    QTRY_VERIFY(bed.notice().contains(u"Another program has changed this file"_s));
    QVERIFY(!went);
    QCOMPARE(bed.content(u"own"_s), theirs);
    takePictures(bed.page(), bed.theme(), u"editor-conflict"_s);
    QTest::mouseClick(bed.button(u"Load theirs"_s), Qt::LeftButton);
    QTRY_COMPARE(bed.edit().toPlainText(), theirs);
    QTRY_VERIFY(bed.notice().isEmpty());
    bed.edit().undo(); // mine is not lost
    QCOMPARE(bed.edit().toPlainText(), u"# mine\n"_s + kFlow);
    bed.write(u"own"_s, kFlow);
    bed.page().save();
    QTRY_VERIFY(!bed.notice().isEmpty());
    QTest::mouseClick(bed.button(u"Keep mine"_s), Qt::LeftButton);
    QTRY_COMPARE(bed.content(u"own"_s), u"# mine\n"_s + kFlow);
    QTRY_VERIFY(bed.notice().isEmpty());
    QVERIFY(bed.page().unsaved().isEmpty());
}

void TestFlowEditor::builtInFlowsAreToRead()
{
    Bed bed;
    bed.edit(u"survey"_s);
    QVERIFY(bed.edit().isReadOnly());
    QVERIFY(!bed.button(u"Insert a step…"_s)->isEnabled());
    const QString text = bed.edit().toPlainText();
    QTest::keyClicks(&bed.edit(), u"x"_s);
    bed.page().save();
    QCOMPARE(bed.edit().toPlainText(), text);
    QTest::mouseClick(bed.button(u"Copy to this project"_s), Qt::LeftButton);
    QTRY_COMPARE(bed.content(u"survey"_s), text);
    QTRY_VERIFY(!bed.edit().isReadOnly());
    QCOMPARE(bed.page().document().info().path, bed.path(u"survey"_s));
    QVERIFY(bed.page().unsaved().isEmpty());
    bed.type(1, 1, u"# mine\n"_s);
    bed.page().save();
    QTRY_VERIFY(bed.content(u"survey"_s).startsWith(u"# mine"_s));
}

void TestFlowEditor::draftsOutliveTheWindow()
{
    Bed bed;
    bed.edit(u"own"_s);
    bed.type(1, 1, u"# not saved: äöü, 日本\n"_s);
    const QString mine = bed.edit().toPlainText();
    QSignalSpy opened(&bed.page().document(), &FlowDocument::checked);
    QVERIFY(opened.wait()); // later than a draft is kept
    bed.crash();
    QTRY_COMPARE(bed.edit().toPlainText(), mine);
    QVERIFY(bed.notice().contains(u"kept as a draft"_s));
    QCOMPARE(bed.page().unsaved(), QStringList{u"own"_s});
    QCOMPARE(bed.content(u"own"_s), kFlow);
    bed.edit().undo();
    QCOMPARE(bed.edit().toPlainText(), kFlow);
    bed.edit().redo();
    QTest::mouseClick(bed.button(u"Discard the draft"_s), Qt::LeftButton);
    QTRY_COMPARE(bed.edit().toPlainText(), kFlow);
    QTRY_VERIFY(bed.page().unsaved().isEmpty());
    bed.crash();
    QTRY_COMPARE(bed.edit().toPlainText(), kFlow); // and it is open again
    QVERIFY(bed.notice().isEmpty());
}

// What was made from a file that is another now is not written over it.
void TestFlowEditor::draftsOfOtherFlowsAreKept()
{
    Bed bed;
    bed.write(u"other"_s, kFlow);
    bed.edit(u"own"_s);
    bed.type(1, 1, u"# mine\n"_s);
    bed.page().edit(bed.path(u"other"_s));
    QTRY_COMPARE(bed.edit().toPlainText(), kFlow);
    QTRY_VERIFY(bed.button(u"1 draft"_s) || bed.button(u"1 draft(s)"_s));
    bed.write(u"own"_s, u"# theirs\n"_s + kFlow);
    bed.page().edit(u"own"_s);
    QTRY_COMPARE(bed.edit().toPlainText(), u"# mine\n"_s + kFlow);
    bed.page().save();
    QTRY_VERIFY(bed.notice().contains(u"Another program"_s));
    QCOMPARE(bed.content(u"own"_s), u"# theirs\n"_s + kFlow);
}

void TestFlowEditor::newFlowsBeginAsTemplates()
{
    Bed bed;
    QTRY_VERIFY(bed.page().findChild<EditorHeader *>()->findChild<QComboBox *>()->count() > 3);
    bed.page().newFlow();
    auto *dialog = bed.page().findChild<NewFlowDialog *>();
    QVERIFY(dialog);
    QVERIFY(namelessControls(dialog).isEmpty());
    auto *name = namedIn<QLineEdit>(dialog, u"Name of the flow"_s);
    QTest::keyClicks(name, u"own"_s);
    QVERIFY(!buttonIn(dialog, u"Begin"_s)->isEnabled());
    QTest::keyClicks(name, u"er"_s);
    auto *from = namedIn<QComboBox>(dialog, u"What it begins with"_s);
    from->setCurrentIndex(from->findData(u"survey"_s));
    QVERIFY(from->currentIndex() > 0);
    QTest::mouseClick(buttonIn(dialog, u"Begin"_s), Qt::LeftButton);
    QTRY_VERIFY(bed.edit().toPlainText().contains(u"name: owner\n"_s));
    QCOMPARE(bed.page().unsaved(), QStringList{u"owner"_s});
    QTRY_COMPARE(bed.graph().graph().steps.size(), size_t{4});
    bed.crash(); // it is nowhere but in the draft
    QTRY_VERIFY(bed.edit().toPlainText().contains(u"name: owner\n"_s));
    bed.page().save();
    QTRY_VERIFY(bed.page().unsaved().isEmpty());
    QCOMPARE(bed.content(u"owner"_s), bed.edit().toPlainText());
}

void TestFlowEditor::runsColourTheGraph()
{
    Bed bed;
    QVERIFY(bed.node().submit(api::TrustProject{.path = bed.context().project().path}));
    bed.write(u"quick"_s, u"muster: 1\nname: quick\nsteps:\n  - {id: a, script: '1'}\n"
                          "  - {id: b, needs: [a], when: false, script: '2'}\n"_s);
    const auto run = bed.node().submit(
        api::StartRun{.project = bed.context().project().path, .flow = u"quick"_s, .trust = true});
    QVERIFY(run);
    QVERIFY(bed.node().ended(run->refs.run));
    bed.edit(bed.path(u"quick"_s));
    const auto box = [&bed] {
        return namedIn<QCheckBox>(&bed.page(), u"Show run #1"_s);
    };
    QVERIFY(!box() || !box()->isVisible());
    bed.context().setRun(run->refs.run);
    QTRY_VERIFY(box() && box()->isVisible());
    QVERIFY(bed.graph().statuses().isEmpty());
    box()->click();
    QTRY_COMPARE(bed.graph().statuses().value(u"a"_s), StepStatus::Completed);
    QCOMPARE(bed.graph().statuses().value(u"b"_s), StepStatus::Skipped);
    takePictures(bed.page(), bed.theme(), u"editor-run"_s);
}

void TestFlowEditor::everyControlHasAName()
{
    Bed bed;
    QVERIFY2(namelessControls(&bed.page()).isEmpty(), qPrintable(namelessControls(&bed.page()).join(u' ')));
    bed.edit(u"own"_s);
    QVERIFY2(namelessControls(&bed.page()).isEmpty(), qPrintable(namelessControls(&bed.page()).join(u' ')));
}

void TestFlowEditor::looks_data()
{
    QTest::addColumn<int>("width");
    QTest::addColumn<QString>("text");
    QString large = u"muster: 1\nname: own\nsteps:\n  - {id: s0, prompt: A}\n"_s;
    for (int i = 1; i < 200; ++i)
        large += u"  - {id: s%1, needs: [s%2], prompt: Do the next thing}\n"_s.arg(i).arg(i / 3);
    QTest::newRow("empty") << 1200 << QString();
    QTest::newRow("narrow") << 620 << kFlow;
    QTest::newRow("wide") << 1600 << kFlow;
    QTest::newRow("large") << 1600 << large;
    QTest::newRow("problems")
        << 1200 << QString(kFlow).replace(u"[look]"_s, u"[lok]"_s).replace(u"[pick]"_s, u"[pik]"_s);
}

void TestFlowEditor::looks()
{
    QFETCH(int, width);
    QFETCH(QString, text);
    Bed bed;
    bed.page().resize(width, 760);
    if (!text.isEmpty()) {
        bed.write(u"own"_s, text);
        QSignalSpy checked(&bed.page().document(), &FlowDocument::checked);
        bed.page().edit(u"own"_s);
        QVERIFY(checked.wait());
        QTRY_VERIFY(!bed.page().document().problems().empty() || !bed.graph().graph().steps.empty());
    }
    // Nothing is wider than the page, and the parts share it.
    QVERIFY(bed.page().width() == width);
    if (!text.isEmpty())
        QVERIFY(bed.edit().width() > 250 && bed.graph().width() > 250);
    takePictures(bed.page(), bed.theme(), u"editor-"_s + QString::fromLatin1(QTest::currentDataTag()));
}

QTEST_MAIN(TestFlowEditor)
#include "tst_flow_editor.moc"
