// A question and its answers: no answer is the default, whatever is pressed by habit, and what an answer
// would mean is said.
#include "tests/ui/page_pictures.h"
#include "tests/ui/reading.h"
#include "ui/widgets/answer_panel.h"
#include "ui/widgets/choice_answer.h"
#include "ui/widgets/fact_line.h"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRadioButton>
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
    void aQuestionIsAnsweredByAChoiceOrInWords();
    void aFreeQuestionIsAnsweredInWords();
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

    [[nodiscard]] QLineEdit *ownWords() const
    {
        return m_panel->findChild<ChoiceAnswer *>()->findChild<QLineEdit *>();
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

void TestAnswerPanel::aQuestionIsAnsweredByAChoiceOrInWords()
{
    m_panel->setItem({.id = InboxId{7},
                      .kind = InboxKind::Question,
                      .title = u"Which cache should the service use?"_s,
                      .who = u"review #4"_s,
                      .choices = {u"Redis"_s, u"R&D\u202Eyrom"_s},
                      .details = {u"A server of its own. Survives a restart."_s, {}}},
                     false);
    m_panel->resize(600, 400);
    testing::takePictures(*m_panel, m_theme, u"answer-question"_s);
    auto *answer = button(u"Answer"_s);
    QVERIFY(answer);
    QVERIFY(!answer->isEnabled());
    const auto choices = m_panel->findChildren<QRadioButton *>();
    QCOMPARE(choices.size(), 2);
    QVERIFY(!choices.at(0)->isChecked() && !choices.at(1)->isChecked());
    QCOMPARE(choices.at(1)->text(), u"R&&D⟨U+202E⟩yrom"_s);
    auto *own = ownWords();
    QTest::keyClicks(own, u"none"_s);
    QVERIFY(answer->isEnabled());
    QTest::keyClick(choices.at(1), Qt::Key_Space);
    QCOMPARE(own->text(), QString());
    testing::waitUntilRead();
    QTest::keyClick(answer, Qt::Key_Return);
    QVERIFY(m_answers->isEmpty());
    QTest::keyClick(answer, Qt::Key_Space);
    QCOMPARE(m_answers->size(), 1);
    const auto given = m_answers->front().front().value<api::AnswerInbox>();
    QCOMPARE(given.answer, api::AnswerKind::Yes);
    QCOMPARE(given.message, u"R&D\u202Eyrom"_s); // what the agent offered, to the letter
}

void TestAnswerPanel::aFreeQuestionIsAnsweredInWords()
{
    m_panel->setItem({.id = InboxId{8}, .kind = InboxKind::Question, .title = u"What is it called?"_s},
                     false);
    auto *own = ownWords();
    testing::waitUntilRead();
    QTest::keyClick(own, Qt::Key_Return); // nothing is no answer
    QVERIFY(m_answers->isEmpty());
    QTest::keyClicks(own, u" Muster "_s);
    m_panel->setItem({.id = InboxId{8}, .kind = InboxKind::Question, .title = u"What is it called?"_s},
                     false);
    QTest::keyClick(own, Qt::Key_Return);
    QCOMPARE(m_answers->size(), 1);
    QCOMPARE(m_answers->front().front().value<api::AnswerInbox>().message, u"Muster"_s);
    QTest::mouseClick(button(u"Do not answer"_s), Qt::LeftButton);
    QCOMPARE(m_answers->size(), 2);
    const auto declined = m_answers->back().front().value<api::AnswerInbox>();
    QCOMPARE(declined.answer, api::AnswerKind::No);
    QCOMPARE(declined.message, QString());
}

void TestAnswerPanel::takesNoRoomForWhatIsNotAsked()
{
    const AnswerPanel empty; // behind what a step writes
    const auto boxes = empty.findChildren<QComboBox *>();
    QCOMPARE(boxes.size(), 1);
    QVERIFY2(boxes.front()->isHidden(), qPrintable(boxes.front()->accessibleName()));
    QVERIFY(empty.findChild<ChoiceAnswer *>()->isHidden());
}

QTEST_MAIN(TestAnswerPanel)
#include "tst_answer_panel.moc"
