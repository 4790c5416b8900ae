// What an agent asks in the chat: no answer is the default, and what an answer would mean is said.
#include "tests/ui/page_pictures.h"
#include "tests/ui/reading.h"
#include "ui/docks/chat/question_strip.h"
#include "ui/widgets/choice_answer.h"
#include "ui/widgets/fact_line.h"

#include <QCheckBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QSignalSpy>

using namespace muster;
using namespace Qt::StringLiterals;

class TestQuestionStrip : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { testing::hushOffscreen(); }
    void init();
    void noAnswerIsTheDefault();
    void aFocusOnAnAnswerIsForOneQuestion();
    void riskAndPlaceAreSaid();
    void aQuestionIsAnswered();
    void severalChoicesAreTaken();
    void manyChoicesAreInTheInbox();

private:
    static api::InboxInfo permission(int id)
    {
        return {.id = InboxId{id},
                .kind = InboxKind::Permission,
                .title = u"git status"_s,
                .command = u"git status --short"_s};
    }
    [[nodiscard]] QPushButton *allow() const { return m_strip->findChildren<QPushButton *>().constFirst(); }

    Theme m_theme;
    std::unique_ptr<QuestionStrip> m_strip;
    std::unique_ptr<QSignalSpy> m_answers;
};

void TestQuestionStrip::init()
{
    m_strip = std::make_unique<QuestionStrip>();
    m_answers = std::make_unique<QSignalSpy>(m_strip.get(), &QuestionStrip::answered);
    m_strip->setItem(permission(1), false);
    m_strip->resize(600, 150);
    m_strip->show();
    QVERIFY(QTest::qWaitForWindowActive(m_strip.get()));
}

void TestQuestionStrip::noAnswerIsTheDefault()
{
    QCOMPARE(m_strip->findChildren<QPushButton *>().size(), 4);
    testing::verifyNoDefault(*m_strip, 4);
    QCOMPARE(allow()->text(), u"Allow"_s);
    allow()->setFocus();
    QTest::keyClick(allow(), Qt::Key_Space); // at once: meant for what stood there before
    testing::waitUntilRead();
    QTest::keyClick(allow(), Qt::Key_Return);
    QVERIFY(m_answers->isEmpty());
    QTest::keyClick(allow(), Qt::Key_Space);
    QCOMPARE(m_answers->size(), 1);
}

void TestQuestionStrip::aFocusOnAnAnswerIsForOneQuestion()
{
    allow()->setFocus();
    m_strip->setItem(permission(1), false);
    QVERIFY(allow()->hasFocus());
    m_strip->setItem(permission(2), false);
    QVERIFY(!allow()->hasFocus());
    const auto *question = qobject_cast<QLabel *>(QApplication::focusWidget());
    QVERIFY(question);
    QCOMPARE(question->text(), u"The agent asks to run:"_s);
    QCOMPARE(question->accessibleDescription(), u"git status --short"_s);
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
    QVERIFY(allow()->hasFocus());
}

void TestQuestionStrip::riskAndPlaceAreSaid()
{
    api::InboxInfo item = permission(2);
    item.risk = PermissionRisk::RunsOthers;
    item.riskDetail = u"-c"_s;
    item.place = WorkPlace::Project;
    item.folder = u"/p"_s;
    m_strip->setItem(item, false);
    QStringList shown;
    for (const FactLine *line : m_strip->findChildren<FactLine *>()) {
        if (line->isVisible())
            shown += line->text();
    }
    QCOMPARE(shown,
             QStringList({u"Can run or write anything else: -c"_s, u"In the project folder itself: /p"_s}));
    testing::takePictures(*m_strip, m_theme, u"chat-risk"_s);
}

void TestQuestionStrip::aQuestionIsAnswered()
{
    m_strip->setItem({.id = InboxId{5},
                      .kind = InboxKind::Question,
                      .title = u"Which colour?"_s,
                      .choices = {u"Red"_s, u"Blue"_s},
                      .details = {u"warm"_s, {}}},
                     false);
    m_strip->resize(600, m_strip->sizeHint().height());
    testing::takePictures(*m_strip, m_theme, u"strip-question"_s);
    QCOMPARE(allow()->text(), u"Answer"_s);
    QVERIFY(!allow()->isEnabled());
    const auto choices = m_strip->findChildren<QRadioButton *>();
    QCOMPARE(choices.size(), 2);
    QTest::keyClick(choices.at(1), Qt::Key_Space);
    testing::waitUntilRead();
    QTest::keyClick(allow(), Qt::Key_Space);
    QCOMPARE(m_answers->size(), 1);
    const auto given = m_answers->front().front().value<api::AnswerInbox>();
    QCOMPARE(given.answer, api::AnswerKind::Yes);
    QCOMPARE(given.message, u"Blue"_s);
}

void TestQuestionStrip::severalChoicesAreTaken()
{
    m_strip->setItem({.id = InboxId{9},
                      .kind = InboxKind::Question,
                      .title = u"Which colours?"_s,
                      .choices = {u"Red"_s, u"Blue"_s, u"Green"_s},
                      .details = {u"warm"_s, {}, u"of leaves"_s},
                      .several = true},
                     false);
    m_strip->resize(600, m_strip->sizeHint().height());
    QVERIFY(m_strip->findChildren<QRadioButton *>().isEmpty());
    const auto choices = m_strip->findChildren<QCheckBox *>();
    QCOMPARE(choices.size(), 3);
    QVERIFY(!allow()->isEnabled());
    for (const int one : {2, 0, 1, 1}) // the last is taken back
        QTest::keyClick(choices.at(one), Qt::Key_Space);
    auto *own = m_strip->findChild<QLineEdit *>();
    QTest::keyClicks(own, u"and rust"_s);
    testing::takePictures(*m_strip, m_theme, u"strip-several"_s);
    testing::waitUntilRead();
    QTest::keyClick(allow(), Qt::Key_Space);
    QCOMPARE(m_answers->size(), 1);
    QCOMPARE(m_answers->front().front().value<api::AnswerInbox>().message, u"Red\nGreen\nand rust"_s);
    // The next question has one answer again, and nothing of this one.
    m_strip->setItem({.id = InboxId{10},
                      .kind = InboxKind::Question,
                      .title = u"Which colour?"_s,
                      .choices = {u"Red"_s, u"Blue"_s}},
                     false);
    QCOMPARE(m_strip->findChildren<QRadioButton *>().size(), 2);
    QVERIFY(own->text().isEmpty() && !allow()->isEnabled());
}

void TestQuestionStrip::manyChoicesAreInTheInbox()
{
    api::InboxInfo item{.id = InboxId{6}, .kind = InboxKind::Question, .title = u"Which?"_s};
    for (int i = 0; i < 7; ++i)
        item.choices += QString::number(i);
    m_strip->setItem(item, false);
    QVERIFY(!m_strip->findChild<ChoiceAnswer *>()->isVisible());
    QVERIFY(!allow()->isVisible());
}

QTEST_MAIN(TestQuestionStrip)
#include "tst_question_strip.moc"
