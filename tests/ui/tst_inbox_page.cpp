// The Inbox dock: several things answered together, by keyboard too, and only after they could be read; what
// needs words of its own is left.
#include "core/viewmodel/project_context.h"
#include "tests/support/memory_node.h"
#include "tests/ui/page_pictures.h"
#include "tests/ui/reading.h"
#include "ui/docks/inbox/inbox_page.h"
#include "ui/widgets/answer_panel.h"
#include "ui/widgets/batch_panel.h"
#include "ui/widgets/list_view.h"

#include <QPlainTextEdit>
#include <QPushButton>
#include <QTest>

using namespace muster;
using namespace Qt::StringLiterals;

class TestInboxPage : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { testing::hushOffscreen(); }
    void init();
    void cleanup();
    void oneIsShownAlone();
    void resultsHaveAHeading();
    void severalAreAnsweredTogether();
    void questionsAreLeft();
    void tooEarlyIsNoAnswer();

private:
    [[nodiscard]] ListView *list() const
    {
        const auto all = m_page->findChildren<ListView *>();
        const auto found = std::ranges::find(all, u"Waiting for you"_s, &QWidget::accessibleName);
        return found == all.end() ? nullptr : *found;
    }
    [[nodiscard]] QSet<InboxId> answeredWith(api::AnswerKind kind) const
    {
        QSet<InboxId> items;
        for (const api::Command &command : m_node->submitted) {
            const auto *answer = std::get_if<api::AnswerInbox>(&command);
            if (answer && answer->answer == kind && answer->scope == api::AnswerScope::Once)
                items.insert(answer->inbox);
        }
        return items;
    }

    Theme m_theme;
    std::unique_ptr<MemoryNode> m_node;
    std::unique_ptr<NodeFeed> m_feed;
    std::unique_ptr<ProjectContext> m_context;
    std::unique_ptr<InboxPage> m_page;
    BatchPanel *m_batch = nullptr;
};

void TestInboxPage::init()
{
    m_node = std::make_unique<MemoryNode>();
    m_node->inbox = {
        {.id = InboxId{1},
         .kind = InboxKind::Permission,
         .title = u"Run make test"_s,
         .command = u"make test"_s,
         .who = u"fix #4"_s},
        {.id = InboxId{2},
         .kind = InboxKind::Permission,
         .title = u"Run rm -r build"_s,
         .command = u"rm -r build \u202E; true"_s,
         .who = u"fix #5"_s},
        {.id = InboxId{3}, .kind = InboxKind::Approval, .title = u"Go on?"_s, .who = u"ship #2"_s},
        {.id = InboxId{4},
         .kind = InboxKind::Question,
         .title = u"Which cache?"_s,
         .who = u"review #1"_s,
         .choices = {u"Redis"_s, u"None"_s},
         .details = {{}, {}}}};
    m_feed = std::make_unique<NodeFeed>(m_node.get());
    m_context = std::make_unique<ProjectContext>(m_node.get());
    m_page = std::make_unique<InboxPage>(m_feed.get(), m_context.get(), &m_theme);
    m_batch = m_page->findChild<BatchPanel *>();
    m_page->resize(900, 420);
    m_page->setVisible(true);
    m_page->activate();
    QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
    QTRY_COMPARE(list()->model()->rowCount(), 4);
    list()->setFocus();
}

void TestInboxPage::cleanup()
{
    m_page.reset();
    m_context.reset();
    m_feed.reset();
    m_node.reset();
}

void TestInboxPage::oneIsShownAlone()
{
    testing::verifyNoDefault(*m_batch, 3);
    QVERIFY(m_page->findChild<AnswerPanel *>()->isVisible());
    QVERIFY(!m_batch->isVisible());
    QTest::keyClick(list(), Qt::Key_Down, Qt::ShiftModifier);
    QVERIFY(m_batch->isVisible());
    QTest::keyClick(list(), Qt::Key_Up);
    QVERIFY(!m_batch->isVisible());
}

void TestInboxPage::resultsHaveAHeading()
{
    const auto height = [this](int row) {
        return list()->visualRect(list()->model()->index(row, 0)).height();
    };
    const int usual = height(0);
    for (const int id : {5, 6})
        m_node->inbox.push_back({.id = InboxId{id},
                                 .kind = InboxKind::Result,
                                 .body = u"3 tests failed, all of the parser"_s,
                                 .purpose = u"schedule_result\ncompleted"_s,
                                 .who = u"nightly"_s,
                                 .schedule = ScheduleId{7}});
    m_node->inbox.push_back(m_node->inbox.front());
    m_node->inbox.back().id = InboxId{7};
    m_node->inbox.back().later = true;
    m_node->touch(u"inbox.opened"_s, {.inbox = InboxId{5}});
    QTRY_COMPARE(list()->model()->rowCount(), 7);
    QTRY_VERIFY(height(4) > usual && height(6) > usual); // the first of the results; what was put off
    QCOMPARE(height(3), usual);
    QCOMPARE(height(5), usual);
    testing::takePictures(*m_page, m_theme, u"inbox-results"_s);
    // Without the first the next one has it.
    m_node->inbox.erase(m_node->inbox.begin() + 4);
    m_node->touch(u"inbox.answered"_s, {.inbox = InboxId{5}});
    QTRY_COMPARE(list()->model()->rowCount(), 6);
    QTRY_VERIFY(height(4) > usual);
}

void TestInboxPage::severalAreAnsweredTogether()
{
    QTest::keyClick(list(), Qt::Key_Down, Qt::ShiftModifier);
    QTest::keyClick(list(), Qt::Key_Down, Qt::ShiftModifier);
    const QString text = m_batch->findChild<QPlainTextEdit *>()->toPlainText();
    QVERIFY2(text.contains(u"make test"_s) && text.contains(u"rm -r build ⟨U+202E⟩; true"_s) &&
                 text.contains(u"Go on?"_s) && text.contains(u"fix #5"_s),
             qPrintable(text));
    testing::takePictures(*m_page, m_theme, u"inbox-several"_s);
    testing::waitUntilRead();
    QTest::keyClick(list(), Qt::Key_N);
    QCOMPARE(answeredWith(api::AnswerKind::No), (QSet{InboxId{1}, InboxId{2}, InboxId{3}}));
}

void TestInboxPage::questionsAreLeft()
{
    list()->selectAll();
    testing::takePictures(*m_page, m_theme, u"inbox-several-question"_s);
    testing::waitUntilRead();
    const auto buttons = m_batch->findChildren<QPushButton *>();
    QTest::mouseClick(buttons.front(), Qt::LeftButton);
    QCOMPARE(answeredWith(api::AnswerKind::Yes), (QSet{InboxId{1}, InboxId{2}, InboxId{3}}));
}

void TestInboxPage::tooEarlyIsNoAnswer()
{
    list()->selectAll();
    QTest::keyClick(list(), Qt::Key_Y);
    QVERIFY(m_node->submitted.isEmpty());
}

QTEST_MAIN(TestInboxPage)
#include "tst_inbox_page.moc"
