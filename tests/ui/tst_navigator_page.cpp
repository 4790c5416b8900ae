// The Navigator dock: conversations, flows and runs of the project, each with its state as a sign and a word.
#include "core/viewmodel/conversation_list_model.h"
#include "core/viewmodel/describe_work.h"
#include "core/viewmodel/node_feed.h"
#include "core/viewmodel/project_context.h"
#include "tests/support/memory_node.h"
#include "tests/ui/page_pictures.h"
#include "ui/docks/navigator/navigator_page.h"
#include "ui/widgets/list_view.h"

#include <QApplication>
#include <QHelpEvent>
#include <QLabel>
#include <QSignalSpy>
#include <QTest>
#include <QToolTip>

using namespace muster;
using namespace Qt::StringLiterals;

class TestNavigatorPage : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { testing::hushOffscreen(); }
    void init();
    void conversationsTellTheirState_data();
    void conversationsTellTheirState();
    void untilWhenItRestsIsShownWhole();
    void choosingAConversationShowsIt();
    void theChosenOneIsMarked();
    void whatIsCutIsShownWhole();
    void saysThatAllWaitsForThePerson();
    void looksFull();

private:
    void open();
    [[nodiscard]] ListView *list(const QString &name) const
    {
        const auto all = m_page->findChildren<ListView *>();
        const auto found = std::ranges::find(all, name, &QWidget::accessibleName);
        return found == all.end() ? nullptr : *found;
    }

    Theme m_theme;
    std::unique_ptr<MemoryNode> m_node;
    std::unique_ptr<NodeFeed> m_feed;
    std::unique_ptr<ProjectContext> m_context;
    std::unique_ptr<NavigatorPage> m_page;
};

void TestNavigatorPage::init()
{
    m_page.reset();
    m_context.reset();
    m_feed.reset();
    m_node = std::make_unique<MemoryNode>();
    m_node->projects = {{.id = ProjectId{1}, .path = u"/p"_s, .name = u"p"_s}};
    m_node->answer.refs.project = ProjectId{1};
    m_feed = std::make_unique<NodeFeed>(m_node.get());
    m_context = std::make_unique<ProjectContext>(m_node.get());
    m_context->open(u"/p"_s);
    QTRY_VERIFY(m_context->isOpen());
}

void TestNavigatorPage::open()
{
    m_page = std::make_unique<NavigatorPage>(m_feed.get(), m_context.get(), &m_theme);
    m_page->resize(280, 700);
    m_page->show();
    m_page->activate();
    QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
    QTRY_COMPARE(list(u"Conversations"_s)->model()->rowCount(),
                 static_cast<int>(m_node->conversations.size()));
}

void TestNavigatorPage::conversationsTellTheirState_data()
{
    QTest::addColumn<api::ConversationInfo>("conversation");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, api::ConversationInfo info, const QString &expected) {
        info.id = ConversationId{7};
        info.title = u"Larder"_s;
        QTest::newRow(name) << info << expected;
    };
    row("nothing to tell", {.lastAnswer = MessageStatus::Complete}, u"Larder"_s);
    row("waits", {.working = true, .waitingForYou = 1}, u"Larder, Waits for you"_s);
    row("writes", {.working = true, .queuedMessages = 1}, u"Larder, Writing…"_s);
    const qint64 until = QDateTime(QDate::currentDate().addDays(1), QTime(14, 30)).toMSecsSinceEpoch();
    row("rests", {.notBefore = until, .queuedMessages = 1},
        u"Larder, Waits for its provider’s limit until %1"_s.arg(
            clockTime(until, QDateTime::currentMSecsSinceEpoch())));
    row("rests, asks", {.notBefore = until, .waitingForYou = 1}, u"Larder, Waits for you"_s);
    row("queued", {.queuedMessages = 2}, u"Larder, Queued"_s);
    row("failed", {.unread = true, .lastAnswer = MessageStatus::Error}, u"Larder, Failed"_s);
    row("interrupted", {.lastAnswer = MessageStatus::Interrupted}, u"Larder, Interrupted"_s);
    row("unread", {.unread = true, .lastAnswer = MessageStatus::Complete}, u"Larder, New answer"_s);
}

void TestNavigatorPage::conversationsTellTheirState()
{
    QFETCH(api::ConversationInfo, conversation);
    QFETCH(QString, expected);
    m_node->conversations = {conversation};
    open();
    const QModelIndex row = list(u"Conversations"_s)->model()->index(0, 0);
    QCOMPARE(row.data(Qt::AccessibleTextRole).toString(), expected);
}

// The row has room for little of it.
void TestNavigatorPage::untilWhenItRestsIsShownWhole()
{
    const qint64 until = QDateTime(QDate::currentDate().addDays(1), QTime(14, 30)).toMSecsSinceEpoch();
    m_node->conversations = {{.id = ConversationId{7}, .title = u"<b>One</b>"_s, .notBefore = until}};
    open();
    ListView *view = list(u"Conversations"_s);
    const QPoint at = view->visualRect(view->model()->index(0, 0)).center();
    QHelpEvent event(QEvent::ToolTip, at, view->viewport()->mapToGlobal(at));
    QApplication::sendEvent(view->viewport(), &event);
    const QString said = u"<p>&lt;b&gt;One&lt;/b&gt;, Waits for its provider’s limit until %1</p>"_s;
    QCOMPARE(QToolTip::text(), said.arg(clockTime(until, QDateTime::currentMSecsSinceEpoch())));
}

void TestNavigatorPage::choosingAConversationShowsIt()
{
    m_node->conversations = {{.id = ConversationId{7}, .title = u"One"_s},
                             {.id = ConversationId{3}, .title = u"Two"_s}};
    open();
    ListView *view = list(u"Conversations"_s);
    const QSignalSpy wanted(m_context.get(), &ProjectContext::dockWanted);
    QTest::mouseClick(view->viewport(), Qt::LeftButton, {},
                      view->visualRect(view->model()->index(1, 0)).center());
    QCOMPARE(m_context->conversation(), ConversationId{3});
    QCOMPARE(wanted.count(), 1);
    QCOMPARE(wanted.front().front().toString(), u"chat"_s);
    view->setFocus();
    QTest::keyClick(view, Qt::Key_Up);
    QTest::keyClick(view, Qt::Key_Return);
    QCOMPARE(m_context->conversation(), ConversationId{7});
}

void TestNavigatorPage::theChosenOneIsMarked()
{
    m_node->conversations = {{.id = ConversationId{7}, .title = u"One"_s},
                             {.id = ConversationId{3}, .title = u"Two"_s}};
    open();
    m_context->setConversation(ConversationId{3});
    QCOMPARE(list(u"Conversations"_s)->currentIndex().row(), 1);
    m_context->setConversation({}); // a new one is begun
    QVERIFY(!list(u"Conversations"_s)->currentIndex().isValid());
}

void TestNavigatorPage::whatIsCutIsShownWhole()
{
    const QString title = u"What is this <project>, and who uses it in the whole wide world?"_s;
    m_node->conversations = {{.id = ConversationId{7}, .title = title}};
    open();
    ListView *view = list(u"Conversations"_s);
    const QPoint at = view->visualRect(view->model()->index(0, 0)).center();
    QHelpEvent event(QEvent::ToolTip, at, view->viewport()->mapToGlobal(at));
    QApplication::sendEvent(view->viewport(), &event);
    QVERIFY(QToolTip::text().contains(title.toHtmlEscaped()));
}

void TestNavigatorPage::saysThatAllWaitsForThePerson()
{
    open();
    const auto says = [&](const QString &text) {
        const auto labels = m_page->findChildren<QLabel *>();
        return std::ranges::any_of(labels, [&](const QLabel *label) { return label->text() == text; });
    };
    QTRY_VERIFY(says(u"Quiet"_s));
    m_node->status.waitingForYou = 1;
    m_node->sendStatus();
    QTRY_VERIFY(says(u"Your turn"_s));
    m_node->status.load = api::SwarmLoad::Working; // others go on
    m_node->sendStatus();
    QTRY_VERIFY(says(u"Working"_s));
}

void TestNavigatorPage::looksFull()
{
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    m_node->conversations = {
        {.id = ConversationId{5}, .title = u"Run the tests"_s, .working = true, .waitingForYou = 1},
        {.id = ConversationId{4}, .title = u"What is this project, and who uses it?"_s, .working = true},
        {.id = ConversationId{6},
         .title = u"Is there a licence?"_s,
         .notBefore = QDateTime(QDate::currentDate(), QTime(23, 59)).toMSecsSinceEpoch()},
        {.id = ConversationId{3},
         .title = u"Which files are the largest?"_s,
         .unread = true,
         .lastAnswer = MessageStatus::Complete},
        {.id = ConversationId{2}, .title = u"Why does it fail?"_s, .lastAnswer = MessageStatus::Error},
        {.id = ConversationId{1}, .title = u"Hello"_s, .updatedAt = now - 600'000}};
    m_node->flows = {{.name = u"survey"_s, .description = u"Looks at all of it"_s, .origin = u"built-in"_s}};
    m_node->runs = {{.id = RunId{1},
                     .number = 3,
                     .flow = u"survey"_s,
                     .project = u"/p"_s,
                     .status = RunStatus::Waiting,
                     .startedAt = now - 60'000,
                     .stepsTotal = 4,
                     .waitingForYou = 1}};
    open();
    QTRY_COMPARE(list(u"Runs"_s)->model()->rowCount(), 1);
    QTRY_VERIFY(list(u"Conversations"_s)->isVisible());
    testing::takePictures(*m_page, m_theme, u"navigator"_s);
}

QTEST_MAIN(TestNavigatorPage)
#include "tst_navigator_page.moc"
