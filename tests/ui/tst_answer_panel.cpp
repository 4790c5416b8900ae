// A question and its answers: no answer is the default, whatever is pressed by habit, and what an answer
// would mean is said.
#include "tests/ui/page_pictures.h"
#include "tests/ui/reading.h"
#include "ui/widgets/answer_panel.h"
#include "ui/widgets/fact_line.h"

#include <QComboBox>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>

using namespace muster;
using namespace Qt::StringLiterals;

class TestAnswerPanel : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { testing::hushOffscreen(); }
    void init();
    void noAnswerIsTheDefault();
    void theFocusComesToTheQuestion();
    void enterAnswersNothing();
    void aFocusOnAnAnswerIsForOneQuestion();
    void riskAndPlaceAreSaid();
    void takesNoRoomForWhatIsNotAsked();

private:
    static api::InboxInfo permission(int id)
    {
        return {.id = InboxId{id},
                .kind = InboxKind::Permission,
                .title = u"Run the tests"_s,
                .command = u"make test"_s,
                .who = u"survey #3"_s,
                .project = u"/p"_s};
    }
    [[nodiscard]] QPushButton *button(const QString &text) const
    {
        const auto all = m_panel->findChildren<QPushButton *>();
        const auto found = std::ranges::find_if(
            all, [&](QPushButton *b) { return QString(b->text()).remove(u'&') == text; });
        return found == all.end() ? nullptr : *found;
    }
    [[nodiscard]] QLabel *question() const
    {
        const auto all = m_panel->findChildren<QLabel *>();
        const auto found =
            std::ranges::find_if(all, [](QLabel *l) { return l->property("role") == u"question"_s; });
        return found == all.end() ? nullptr : *found;
    }

    Theme m_theme;
    std::unique_ptr<AnswerPanel> m_panel;
    std::unique_ptr<QSignalSpy> m_answers;
};

void TestAnswerPanel::init()
{
    m_panel = std::make_unique<AnswerPanel>();
    m_answers = std::make_unique<QSignalSpy>(m_panel.get(), &AnswerPanel::answered);
    m_panel->setItem(permission(1), false);
    m_panel->resize(600, 300);
    m_panel->show();
    QVERIFY(QTest::qWaitForWindowActive(m_panel.get()));
}

void TestAnswerPanel::noAnswerIsTheDefault() { testing::verifyNoDefault(*m_panel, 3); }

void TestAnswerPanel::theFocusComesToTheQuestion()
{
    m_panel->focusQuestion();
    QCOMPARE(QApplication::focusWidget(), question());
    QCOMPARE(question()->text(), u"Run the tests"_s);
    QVERIFY(question()->accessibleDescription().contains(u"survey #3"_s));
    QTest::keyClick(question(), Qt::Key_Tab);
    QCOMPARE(QApplication::focusWidget(), m_panel->findChild<QPlainTextEdit *>());
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
    QCOMPARE(QApplication::focusWidget(), button(u"Yes"_s));
}

void TestAnswerPanel::enterAnswersNothing()
{
    m_panel->focusQuestion();
    const auto press = [this] {
        for (const Qt::Key key : {Qt::Key_Return, Qt::Key_Enter, Qt::Key_Space})
            QTest::keyClick(QApplication::focusWidget(), key);
    };
    press();
    button(u"Yes"_s)->setFocus();
    press(); // at once: meant for what stood there before
    testing::waitUntilRead();
    QTest::keyClick(button(u"Yes"_s), Qt::Key_Return);
    QTest::keyClick(button(u"Yes"_s), Qt::Key_Enter);
    m_panel->focusQuestion();
    press();
    QVERIFY(m_answers->isEmpty());
    button(u"No"_s)->setFocus();
    QTest::keyClick(button(u"No"_s), Qt::Key_Space);
    QCOMPARE(m_answers->size(), 1);
    QCOMPARE(m_answers->front().front().value<api::AnswerInbox>().answer, api::AnswerKind::No);
}

void TestAnswerPanel::aFocusOnAnAnswerIsForOneQuestion()
{
    button(u"Yes"_s)->setFocus();
    m_panel->setItem(permission(1), false); // it grew older
    QCOMPARE(QApplication::focusWidget(), button(u"Yes"_s));
    m_panel->setItem(permission(2), false);
    QCOMPARE(QApplication::focusWidget(), question());
}

void TestAnswerPanel::riskAndPlaceAreSaid()
{
    const auto facts = [this] {
        QStringList shown;
        for (const FactLine *line : m_panel->findChildren<FactLine *>()) {
            if (line->isVisible())
                shown += line->text();
        }
        return shown;
    };
    QCOMPARE(facts(), QStringList());
    api::InboxInfo item = permission(2);
    item.risk = PermissionRisk::OutsideWorkspace;
    item.riskDetail = u"/etc/pass\u202Ewd"_s;
    item.place = WorkPlace::Project;
    item.folder = u"/p"_s;
    m_panel->setItem(item, false);
    QCOMPARE(facts(), QStringList({u"Outside the folder that the agent works in: /etc/pass⟨U+202E⟩wd"_s,
                                   u"In the project folder itself: /p"_s}));
    QVERIFY(question()->accessibleDescription().contains(u"In the project folder itself: /p"_s));
    testing::takePictures(*m_panel, m_theme, u"answer-risk"_s);
    item = permission(3);
    item.place = WorkPlace::Worktree;
    item.folder = u"/w/1"_s;
    m_panel->setItem(item, false);
    QCOMPARE(facts(), QStringList(u"In the worktree /w/1"_s));
}

void TestAnswerPanel::takesNoRoomForWhatIsNotAsked()
{
    const AnswerPanel empty; // behind what a step writes
    const auto boxes = empty.findChildren<QComboBox *>();
    QCOMPARE(boxes.size(), 2);
    for (const QComboBox *box : boxes)
        QVERIFY2(box->isHidden(), qPrintable(box->accessibleName()));
}

QTEST_MAIN(TestAnswerPanel)
#include "tst_answer_panel.moc"
