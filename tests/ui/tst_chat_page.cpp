// The Chat dock as a person uses it: choose, write, watch the answer come, answer what is asked, stop and ask
// again.
#include "core/viewmodel/conversation_list_model.h"
#include "core/viewmodel/message_model.h"
#include "core/viewmodel/node_feed.h"
#include "core/viewmodel/project_context.h"
#include "tests/support/memory_node.h"
#include "tests/ui/page_pictures.h"
#include "ui/docks/chat/chat_page.h"
#include "ui/docks/chat/composer.h"
#include "ui/docks/chat/message_card.h"
#include "ui/docks/chat/question_strip.h"
#include "ui/docks/chat/tool_button.h"
#include "ui/docks/chat/tool_line.h"
#include "ui/docks/chat/transcript.h"
#include "ui/widgets/markdown_view.h"

#include <QAbstractItemModelTester>
#include <QAccessible>
#include <QLabel>
#include <QMimeData>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>
#include <QTextBlock>

using namespace muster;
using namespace Qt::StringLiterals;

class TestChatPage : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { testing::hushOffscreen(); }
    void init();
    void emptyProjectTeaches();
    void firstMessageMakesAConversation();
    void answerComesAsItStreams();
    void interruptedAnswerCanBeAskedAgain();
    void staysAtTheEndOnlyIfThePersonIsThere();
    void longConversationOpensAtItsEnd();
    void questionIsAnsweredInPlace();
    void refusedMessageComesBack();
    void droppedFilesGoWithTheMessage();
    void htmlOfAnAgentIsShownAsText();
    void toolCallsStandBetweenTheParagraphs();
    void manyToolCallsAreOneLine();
    void rightToLeftTextReadsFromTheRight();
    void whatIsLookedAtCountsAsRead();
    void everyControlHasAName();

private:
    void open(const QSize &size = {700, 600});
    void talk(int messages);
    void write(const QString &text) const
    {
        QTest::keyClicks(edit(), text);
        QTest::keyClick(edit(), Qt::Key_Return);
    }
    [[nodiscard]] MessageEdit *edit() const { return m_page->findChild<MessageEdit *>(); }
    [[nodiscard]] Transcript *transcript() const { return m_page->findChild<Transcript *>(); }
    [[nodiscard]] QPushButton *button(const QString &text) const
    {
        const auto all = m_page->findChildren<QPushButton *>();
        const auto found =
            std::ranges::find_if(all, [&](QPushButton *b) { return b->text() == text && b->isVisible(); });
        return found == all.end() ? nullptr : *found;
    }

    Theme m_theme;
    std::unique_ptr<MemoryNode> m_node;
    std::unique_ptr<NodeFeed> m_feed;
    std::unique_ptr<ProjectContext> m_context;
    std::unique_ptr<ChatPage> m_page;
};

void TestChatPage::init()
{
    m_page.reset();
    m_context.reset();
    m_feed.reset();
    m_node = std::make_unique<MemoryNode>();
    m_node->projects = {{.id = ProjectId{1}, .path = u"/p"_s, .name = u"p"_s}};
    m_node->runtimes = {{.id = u"demo"_s, .label = u"Demo agent"_s, .state = u"ready"_s},
                        {.id = u"other"_s, .label = u"Other"_s, .state = u"not_installed"_s}};
    m_node->answer.refs.project = ProjectId{1};
    m_feed = std::make_unique<NodeFeed>(m_node.get());
    m_context = std::make_unique<ProjectContext>(m_node.get());
    m_context->open(u"/p"_s);
    QTRY_VERIFY(m_context->isOpen());
}

void TestChatPage::open(const QSize &size)
{
    m_page = std::make_unique<ChatPage>(m_feed.get(), m_context.get(), &m_theme);
    // The tester fetches whatever there is, so it looks on only where that is all of it.
    if (m_node->messages.value(ConversationId{7}).size() < MessageModel::page)
        new QAbstractItemModelTester(m_page->messages(),
                                     QAbstractItemModelTester::FailureReportingMode::QtTest, m_page.get());
    m_page->resize(size);
    m_page->show();
    m_page->activate();
    QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
    QTRY_VERIFY(!m_context->conversation().isValid() || m_page->messages()->isLoaded());
}

void TestChatPage::talk(int messages)
{
    m_node->conversations = {{.id = ConversationId{7}, .project = ProjectId{1}, .title = u"Larder"_s}};
    auto &all = m_node->messages[ConversationId{7}];
    for (int i = 0; i < messages; ++i)
        all.push_back(
            {.id = MessageId{i + 1},
             .conversation = ConversationId{7},
             .role = i % 2 == 0 ? u"user"_s : u"assistant"_s,
             .text = i % 2 == 0
                         ? u"Question %1?"_s.arg(i / 2)
                         : u"**Answer %1**\n\n- `one.py` (12 lines)\n- `two.py` (7 lines)"_s.arg(i / 2),
             .createdAt = 1'700'000'000'000 + i * 1000,
             .endedAt = 1'700'000'000'500 + i * 1000});
    m_context->setConversation(ConversationId{7});
}

void TestChatPage::emptyProjectTeaches()
{
    open();
    QPushButton *example = button(u"What is this project?"_s);
    QVERIFY(example);
    testing::takePictures(*m_page, m_theme, u"chat-empty"_s);
    m_node->answer.refs.conversation = ConversationId{7};
    QTest::mouseClick(example, Qt::LeftButton);
    QTRY_VERIFY(m_node->lastCommand<api::SendMessage>());
    QCOMPARE(m_node->lastCommand<api::SendMessage>()->text, u"What is this project?"_s);
}

void TestChatPage::firstMessageMakesAConversation()
{
    open();
    QTest::keyClicks(edit(), u"one"_s);
    QTest::keyClick(edit(), Qt::Key_Return, Qt::ShiftModifier);
    m_node->answer.refs.conversation = ConversationId{7};
    write(u"two"_s);
    QTRY_VERIFY(m_node->lastCommand<api::SendMessage>());
    QVERIFY(m_node->lastCommand<api::NewConversation>());
    QCOMPARE(m_node->lastCommand<api::NewConversation>()->project, u"/p"_s);
    QCOMPARE(m_node->lastCommand<api::NewConversation>()->runtime, u"demo"_s);
    QCOMPARE(m_node->lastCommand<api::SendMessage>()->text, u"one\ntwo"_s);
    QCOMPARE(m_node->lastCommand<api::SendMessage>()->conversation, ConversationId{7});
    QCOMPARE(edit()->toPlainText(), QString());
}

void TestChatPage::answerComesAsItStreams()
{
    talk(2);
    auto &all = m_node->messages[ConversationId{7}];
    all.push_back({.id = MessageId{9},
                   .conversation = ConversationId{7},
                   .role = u"assistant"_s,
                   .status = MessageStatus::Streaming,
                   .text = u"It "_s,
                   .task = TaskId{4}});
    m_node->streams.insert(TaskId{4}, u"It is"_s);
    open();
    const auto shown = [this] {
        return transcript()
            ->findChildren<MessageCard *>()
            .constLast()
            ->findChildren<MarkdownView *>()
            .constLast()
            ->toPlainText();
    };
    QTRY_COMPARE(shown(), u"It is"_s);
    m_node->stream({.task = TaskId{4},
                    .conversation = ConversationId{7},
                    .channel = u"text"_s,
                    .offset = 5,
                    .text = u" a larder."_s});
    QTRY_COMPARE(shown(), u"It is a larder."_s);
    QVERIFY(button(u"Stop"_s));
    testing::takePictures(*m_page, m_theme, u"chat-streaming"_s);
    QTest::keyClick(edit(), Qt::Key_Escape);
    QTRY_VERIFY(m_node->lastCommand<api::StopTurn>());
    all.back().status = MessageStatus::Complete;
    all.back().text = u"It is a larder."_s;
    m_node->touch(u"chat.turn_settled"_s, {.conversation = ConversationId{7}});
    QTRY_VERIFY(!button(u"Stop"_s));
    QCOMPARE(shown(), u"It is a larder."_s);
}

void TestChatPage::interruptedAnswerCanBeAskedAgain()
{
    talk(2);
    auto &last = m_node->messages[ConversationId{7}].back();
    last.status = MessageStatus::Interrupted;
    last.reason = FailureReason::Crashed;
    open();
    QTRY_VERIFY(button(u"Ask again"_s));
    testing::takePictures(*m_page, m_theme, u"chat-interrupted"_s);
    QTest::mouseClick(button(u"Ask again"_s), Qt::LeftButton);
    QTRY_VERIFY(m_node->lastCommand<api::RetryTurn>());
}

void TestChatPage::staysAtTheEndOnlyIfThePersonIsThere()
{
    talk(30);
    open();
    QTRY_VERIFY(transcript()->verticalScrollBar()->maximum() > 0);
    QTRY_VERIFY(transcript()->isAtEnd());
    testing::takePictures(*m_page, m_theme, u"chat-full"_s);
    const auto add = [this](qint64 id) {
        m_node->messages[ConversationId{7}].push_back(
            {.id = MessageId{id}, .conversation = ConversationId{7}, .role = u"user"_s, .text = u"more"_s});
        m_node->touch(u"chat.message"_s, {.conversation = ConversationId{7}});
    };
    add(100);
    QTRY_COMPARE(m_page->messages()->rowCount(), 31);
    QTRY_VERIFY(transcript()->isAtEnd());
    transcript()->verticalScrollBar()->setValue(transcript()->verticalScrollBar()->maximum() / 2);
    QVERIFY(button(u"Latest"_s));
    add(101);
    QTRY_COMPARE(m_page->messages()->rowCount(), 32);
    QVERIFY(!transcript()->isAtEnd());
    QTest::mouseClick(button(u"Latest"_s), Qt::LeftButton);
    QVERIFY(transcript()->isAtEnd());
}

void TestChatPage::longConversationOpensAtItsEnd()
{
    talk(10'000);
    open();
    QTRY_COMPARE(m_page->messages()->rowCount(), MessageModel::page);
    QCOMPARE(m_page->messages()->rowAt(MessageModel::page - 1)->id, MessageId{10'000});
    QTRY_VERIFY(transcript()->verticalScrollBar()->maximum() > 0);
    // At the top, older ones come, and the place stays.
    transcript()->verticalScrollBar()->setValue(0);
    QTRY_COMPARE(m_page->messages()->rowCount(), 2 * MessageModel::page);
    QTRY_VERIFY(transcript()->verticalScrollBar()->value() > 0);
}

void TestChatPage::questionIsAnsweredInPlace()
{
    talk(2);
    m_node->inbox = {{.id = InboxId{3},
                      .kind = InboxKind::Permission,
                      .title = u"git status"_s,
                      .command = u"git status --short"_s,
                      .refs = {.conversation = ConversationId{7}}}};
    open();
    QTRY_VERIFY(button(u"Allow"_s));
    testing::takePictures(*m_page, m_theme, u"chat-question"_s);
    QTRY_VERIFY(
        (QTest::mouseClick(button(u"Allow"_s), Qt::LeftButton), m_node->lastCommand<api::AnswerInbox>()));
    QCOMPARE(m_node->lastCommand<api::AnswerInbox>()->inbox, InboxId{3});
    QCOMPARE(m_node->lastCommand<api::AnswerInbox>()->answer, api::AnswerKind::Yes);
    m_node->inbox.clear();
    m_node->touch(u"inbox.answered"_s, {.inbox = InboxId{3}});
    QTRY_VERIFY(!m_page->findChild<QuestionStrip *>()->isVisible());
}

void TestChatPage::refusedMessageComesBack()
{
    talk(2);
    open();
    m_node->refuseWith = Error{.code = ErrorCode::DiskFull};
    write(u"do not lose me"_s);
    QTRY_COMPARE(edit()->toPlainText(), u"do not lose me"_s);
}

void TestChatPage::droppedFilesGoWithTheMessage()
{
    talk(2);
    open();
    emit edit() -> filesDropped({u"/p/notes.md"_s, u"/p/notes.md"_s});
    write(u"read this"_s);
    QTRY_VERIFY(m_node->lastCommand<api::SendMessage>());
    QCOMPARE(m_node->lastCommand<api::SendMessage>()->attachments, QStringList{u"/p/notes.md"_s});
}

void TestChatPage::htmlOfAnAgentIsShownAsText()
{
    talk(2);
    m_node->messages[ConversationId{7}].back().text = u"<img src=\"http://127.0.0.1/x\"> <b>bold</b>"_s;
    open();
    QTRY_VERIFY(!transcript()->findChildren<MessageCard *>().isEmpty());
    const auto cards = transcript()->findChildren<MessageCard *>();
    QTRY_VERIFY(cards.constLast()->findChildren<MarkdownView *>().constLast()->toPlainText().contains(
        u"<b>bold</b>"_s));
}

void TestChatPage::toolCallsStandBetweenTheParagraphs()
{
    talk(2);
    auto &last = m_node->messages[ConversationId{7}].back();
    last.text = u"I look first.\n\nThen I changed it."_s;
    last.task = TaskId{4};
    last.tools = {{.id = u"a"_s,
                   .title = u"Read src/a_name_that_is_long_enough_to_be_cut_in_a_narrow_dock/store.cpp"_s,
                   .kind = ToolKind::Read,
                   .outcome = ToolOutcome::Ok,
                   .startedAt = 1000,
                   .endedAt = 1400,
                   .textOffset = 13},
                  {.id = u"b"_s,
                   .title = u"Change store.cpp"_s,
                   .kind = ToolKind::Edit,
                   .paths = {u"/p/src/store.cpp"_s},
                   .outcome = ToolOutcome::Ok,
                   .startedAt = 1400,
                   .endedAt = 4400,
                   .textOffset = 13,
                   .added = 12,
                   .removed = 3},
                  {.id = u"c"_s,
                   .title = u"make test"_s,
                   .kind = ToolKind::Execute,
                   .outcome = ToolOutcome::Failed,
                   .startedAt = 4400,
                   .endedAt = 5000,
                   .textOffset = 33}};
    m_node->tools.insert(u"b"_s, {.call = last.tools[1],
                                  .input = u"{\n    \"path\": \"store.cpp\"\n}"_s,
                                  .diff = u"--- store.cpp\n+++ store.cpp\n@@ -1,2 +1,2 @@\n-old\n+new\n"_s,
                                  .output = u"written"_s});
    open();
    MessageCard *card = transcript()->findChildren<MessageCard *>().constLast();
    QTRY_COMPARE(card->findChildren<ToolLine *>().size(), 3);
    // From top to bottom: text, two calls, text, one call.
    const auto shown = [card] {
        QMap<int, QString> parts;
        const auto views = card->findChildren<MarkdownView *>();
        const auto lines = card->findChildren<ToolButton *>();
        for (const QWidget *view : views)
            if (view->isVisible())
                parts.insert(view->mapTo(card, QPoint()).y(), u"text"_s);
        for (const QWidget *line : lines)
            if (line->isVisible())
                parts.insert(line->mapTo(card, QPoint()).y(), u"tool"_s);
        return QStringList(parts.values());
    };
    QTRY_COMPARE(shown(), (QStringList{u"text"_s, u"tool"_s, u"tool"_s, u"text"_s, u"tool"_s}));
    const auto buttons = card->findChildren<ToolLine *>();
    QCOMPARE(buttons[1]->button()->accessibleName(), u"Change store.cpp, +12, −3, Done, 3.0 s"_s);
    buttons[1]->button()->setFocus();
    QTest::keyClick(buttons[1]->button(), Qt::Key_Space);
    QTRY_COMPARE(buttons[1]->findChildren<QPlainTextEdit *>().size(), 3);
    QVERIFY(buttons[1]->findChildren<QPlainTextEdit *>()[1]->toPlainText().contains(u"+new"_s));
    testing::takePictures(*m_page, m_theme, u"chat-tools"_s);
    QTest::keyClick(buttons[1]->button(), Qt::Key_Space);
    QTRY_VERIFY(!buttons[1]->findChildren<QPlainTextEdit *>()[0]->isVisible());
    // What cannot be read says so.
    QTest::mouseClick(buttons[0]->button(), Qt::LeftButton);
    QTRY_VERIFY(!buttons[0]->findChild<QLabel *>()->text().isEmpty());
}

void TestChatPage::manyToolCallsAreOneLine()
{
    talk(2);
    auto &last = m_node->messages[ConversationId{7}].back();
    last.status = MessageStatus::Streaming;
    last.task = TaskId{4};
    for (int i = 0; i < 200; ++i)
        last.tools.push_back({.id = QString::number(i),
                              .title = u"Read file %1"_s.arg(i),
                              .kind = ToolKind::Read,
                              .outcome = ToolOutcome::Ok,
                              .startedAt = 1000 + i,
                              .endedAt = 1001 + i});
    last.tools.back().outcome.reset();
    open();
    const auto visible = [this] {
        const auto all = transcript()->findChildren<ToolButton *>();
        return std::ranges::count_if(all, [](ToolButton *b) { return b->isVisible(); });
    };
    QTRY_COMPARE(visible(), 2); // the head, and the one that runs
    testing::takePictures(*m_page, m_theme, u"chat-many-tools"_s);
    last.tools.back().outcome = ToolOutcome::Failed;
    m_node->touch(u"session.tool_finished"_s, {.conversation = ConversationId{7}});
    QTRY_COMPARE(visible(), 1);
    ToolButton *head = transcript()->findChildren<ToolButton *>().constFirst();
    QVERIFY(head->accessibleName().contains(u"1 failed"_s));
    QTest::mouseClick(head, Qt::LeftButton);
    QTRY_COMPARE(visible(), 201);
}

void TestChatPage::rightToLeftTextReadsFromTheRight()
{
    talk(4);
    auto &all = m_node->messages[ConversationId{7}];
    all[2].text = u"ما هذا المشروع؟"_s;
    all[3].text = u"هذا مشروع صغير اسمه **Larder**.\n\n- الملف الأول `one.py`\n- الملف الثاني"_s;
    all[3].tools = {
        {.id = u"a"_s, .title = u"اقرأ الملف one.py"_s, .kind = ToolKind::Read, .outcome = ToolOutcome::Ok}};
    open();
    QTRY_COMPARE(transcript()->findChildren<MessageCard *>().size(), 4);
    const auto views =
        transcript()->findChildren<MessageCard *>().constLast()->findChildren<MarkdownView *>();
    QCOMPARE(views.constLast()->document()->firstBlock().textDirection(), Qt::RightToLeft);
    testing::takePictures(*m_page, m_theme, u"chat-rtl"_s);
    m_page->setLayoutDirection(Qt::RightToLeft);
    testing::takePictures(*m_page, m_theme, u"chat-mirrored"_s);
}

void TestChatPage::whatIsLookedAtCountsAsRead()
{
    talk(2);
    m_node->conversations.front().unread = true;
    open();
    QTRY_VERIFY(m_node->lastCommand<api::MarkRead>());
    QCOMPARE(m_node->lastCommand<api::MarkRead>()->conversation, ConversationId{7});
    m_node->submitted.clear();
    m_page->deactivate();
    m_page->hide();
    m_node->touch(u"chat.turn_settled"_s, {.conversation = ConversationId{7}});
    QSignalSpy known(m_page->findChild<ConversationListModel *>(), &ConversationListModel::loaded);
    m_page->activate(); // but it is not in sight
    QTRY_VERIFY(known.count() > 0);
    QVERIFY(!m_node->lastCommand<api::MarkRead>());
}

void TestChatPage::everyControlHasAName()
{
    talk(2);
    open();
    const auto widgets = m_page->findChildren<QWidget *>();
    for (QWidget *widget : widgets) {
        if (widget->focusPolicy() == Qt::NoFocus || !widget->isVisible())
            continue;
        QAccessibleInterface *interface = QAccessible::queryAccessibleInterface(widget);
        QVERIFY2(
            interface && !interface->text(QAccessible::Name).isEmpty(),
            qPrintable(QString::fromLatin1(widget->metaObject()->className()) + u' ' + widget->objectName()));
    }
}

QTEST_MAIN(TestChatPage)
#include "tst_chat_page.moc"
