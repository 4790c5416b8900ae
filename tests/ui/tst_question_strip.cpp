// What an agent asks in the chat: no answer is the default, and what an answer would mean is said.
#include "tests/ui/page_pictures.h"
#include "tests/ui/reading.h"
#include "ui/docks/chat/question_strip.h"
#include "ui/widgets/fact_line.h"

#include <QLabel>
#include <QPushButton>
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

QTEST_MAIN(TestQuestionStrip)
#include "tst_question_strip.moc"
