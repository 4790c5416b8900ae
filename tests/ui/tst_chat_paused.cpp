// The Chat dock while the node can store nothing: it says so, and what is written is not lost.
#include "core/viewmodel/node_feed.h"
#include "core/viewmodel/project_context.h"
#include "tests/support/memory_node.h"
#include "tests/ui/page_pictures.h"
#include "ui/docks/chat/chat_page.h"
#include "ui/docks/chat/composer.h"
#include "ui/docks/chat/pause_banner.h"

using namespace muster;
using namespace Qt::StringLiterals;

class TestChatPaused : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { testing::hushOffscreen(); }
    void init();
    void isSaidAndNothingIsSent_data();
    void isSaidAndNothingIsSent();
    void whatComesBackStandsBeforeWhatWasTypedSince();

private:
    [[nodiscard]] MessageEdit *edit() const { return m_page->findChild<MessageEdit *>(); }
    void pause(const QString &reason)
    {
        m_node.status.pausedReason = reason;
        m_node.sendStatus();
    }

    Theme m_theme;
    MemoryNode m_node;
    std::unique_ptr<NodeFeed> m_feed;
    std::unique_ptr<ProjectContext> m_context;
    std::unique_ptr<ChatPage> m_page;
};

void TestChatPaused::init()
{
    m_page.reset();
    m_node.submitted.clear();
    m_node.refuseWith = std::nullopt;
    m_node.status = {};
    m_node.projects = {{.id = ProjectId{1}, .path = u"/p"_s, .name = u"p"_s}};
    m_node.conversations = {{.id = ConversationId{7}, .project = ProjectId{1}, .title = u"Larder"_s}};
    m_node.messages[ConversationId{7}] = {
        {.id = MessageId{1}, .conversation = ConversationId{7}, .role = u"user"_s, .text = u"Hm"_s}};
    m_node.answer.refs.project = ProjectId{1};
    m_context = std::make_unique<ProjectContext>(&m_node);
    m_feed = std::make_unique<NodeFeed>(&m_node);
    m_context->open(u"/p"_s);
    QTRY_VERIFY(m_context->isOpen());
    m_page = std::make_unique<ChatPage>(m_feed.get(), m_context.get(), &m_theme);
    m_page->resize(700, 600);
    m_page->show();
    m_page->activate();
    QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
    QTRY_VERIFY(m_context->conversation().isValid());
}

void TestChatPaused::isSaidAndNothingIsSent_data()
{
    QTest::addColumn<QString>("reason");
    QTest::addColumn<QStringList>("says");
    QTest::newRow("disk full") << u"disk_full\nCOMMIT"_s << QStringList{u"disk is full"_s, u"make room"_s};
    QTest::newRow("no writing") << u"io\nCOMMIT"_s
                                << QStringList{u"cannot be written (COMMIT)"_s, u"see that its disk"_s};
}

void TestChatPaused::isSaidAndNothingIsSent()
{
    QFETCH(QString, reason);
    QFETCH(QStringList, says);
    auto *banner = m_page->findChild<PauseBanner *>();
    QVERIFY(banner->isHidden());
    pause(reason);
    QTRY_VERIFY(banner->isVisible());
    says += {u"Nothing that was kept is lost"_s, u"What you write stays here"_s};
    for (const QString &part : says)
        QVERIFY2(banner->accessibleName().contains(part), qPrintable(banner->accessibleName()));
    testing::takePictures(*m_page, m_theme, u"chat-paused"_s);
    QTest::keyClicks(edit(), u"a thought"_s);
    QTest::keyClick(edit(), Qt::Key_Return);
    QCOMPARE(edit()->toPlainText(), u"a thought"_s);
    QVERIFY(!m_node.lastCommand<api::SendMessage>());
    pause({});
    QTRY_VERIFY(banner->isHidden());
    QTest::keyClick(edit(), Qt::Key_Return);
    QVERIFY(m_node.lastCommand<api::SendMessage>());
    QCOMPARE(m_node.lastCommand<api::SendMessage>()->text, u"a thought"_s);
}

// It was sent before anybody knew.
void TestChatPaused::whatComesBackStandsBeforeWhatWasTypedSince()
{
    m_node.refuseWith = Error{.code = ErrorCode::DiskFull};
    QTest::keyClicks(edit(), u"first"_s);
    QTest::keyClick(edit(), Qt::Key_Return);
    QTest::keyClicks(edit(), u"second"_s);
    QTRY_COMPARE(edit()->toPlainText(), u"first\n\nsecond"_s);
}

QTEST_MAIN(TestChatPaused)
#include "tst_chat_paused.moc"
