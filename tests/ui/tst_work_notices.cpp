// What a person is told of work that does not go as it was wished, in the run and in the chat: another
// runtime that works instead, with the reason.
#include "core/viewmodel/node_feed.h"
#include "core/viewmodel/project_context.h"
#include "tests/support/memory_node.h"
#include "tests/ui/page_pictures.h"
#include "ui/docks/chat/chat_page.h"
#include "ui/docks/chat/message_card.h"
#include "ui/docks/workflow/run_header.h"
#include "ui/docks/workflow/step_panel.h"
#include "ui/docks/workflow/workflow_page.h"
#include "ui/widgets/fact_line.h"
#include "ui/widgets/notice_banner.h"

#include <QTest>

using namespace muster;
using namespace Qt::StringLiterals;

class TestWorkNotices : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { testing::hushOffscreen(); }
    void init();
    void cleanup();
    void runSaysWhichRuntimeWorksInstead_data();
    void runSaysWhichRuntimeWorksInstead();
    void answerSaysWhichRuntimeWorksInstead_data();
    void answerSaysWhichRuntimeWorksInstead();

private:
    [[nodiscard]] api::StepInfo step(const QString &id, StepStatus status) const;
    void openRun(std::vector<api::StepInfo> steps, const QSize &size);
    void openChat(std::vector<api::MessageInfo> messages, const QSize &size);
    void show(DockPage *page, const QSize &size);

    Theme m_theme;
    std::unique_ptr<MemoryNode> m_node;
    std::unique_ptr<NodeFeed> m_feed;
    std::unique_ptr<ProjectContext> m_context;
    std::unique_ptr<DockPage> m_page;
};

void TestWorkNotices::init()
{
    m_node = std::make_unique<MemoryNode>();
    m_node->projects = {{.id = ProjectId{1}, .path = u"/p"_s, .name = u"p"_s}};
    m_node->answer.refs.project = ProjectId{1};
    m_feed = std::make_unique<NodeFeed>(m_node.get());
    m_context = std::make_unique<ProjectContext>(m_node.get());
    m_context->open(u"/p"_s);
    QTRY_VERIFY(m_context->isOpen());
}

void TestWorkNotices::cleanup()
{
    m_page.reset();
    m_context.reset();
    m_feed.reset();
    m_node.reset();
}

api::StepInfo TestWorkNotices::step(const QString &id, StepStatus status) const
{
    api::StepInfo info;
    info.id = StepRunId{id.front().unicode()}; // each begins with another letter
    info.run = RunId{5};
    info.stepId = id;
    info.kind = u"agent"_s;
    info.status = status;
    info.attempt = 1;
    info.startedAt = 1'700'000'000'000;
    info.task = TaskId{info.id.value};
    info.runtime = u"demo"_s;
    return info;
}

void TestWorkNotices::show(DockPage *page, const QSize &size)
{
    page->resize(size);
    page->show();
    page->activate();
    QVERIFY(QTest::qWaitForWindowExposed(page));
}

void TestWorkNotices::openRun(std::vector<api::StepInfo> steps, const QSize &size)
{
    api::RunDetail detail;
    detail.run = {.id = RunId{5},
                  .number = 2,
                  .flow = u"survey"_s,
                  .projectId = ProjectId{1},
                  .status = RunStatus::Running,
                  .startedAt = 1'700'000'000'000,
                  .stepsTotal = static_cast<int>(steps.size())};
    detail.steps = std::move(steps);
    m_node->details.insert(RunId{5}, detail);
    auto page = std::make_unique<WorkflowPage>(m_feed.get(), m_context.get(), &m_theme);
    m_context->setRun(RunId{5});
    show(page.get(), size);
    m_page = std::move(page);
    QTRY_VERIFY(m_page->findChild<RunHeader *>()->isVisible());
}

void TestWorkNotices::openChat(std::vector<api::MessageInfo> messages, const QSize &size)
{
    m_node->conversations = {{.id = ConversationId{7}, .project = ProjectId{1}, .title = u"Larder"_s}};
    m_node->messages[ConversationId{7}] = std::move(messages);
    m_context->setConversation(ConversationId{7});
    auto page = std::make_unique<ChatPage>(m_feed.get(), m_context.get(), &m_theme);
    show(page.get(), size);
    m_page = std::move(page);
    QTRY_VERIFY(!m_page->findChildren<MessageCard *>().isEmpty());
}

namespace {

void sizes()
{
    QTest::addColumn<QSize>("size");
    QTest::newRow("wide") << QSize(1100, 620);
    QTest::newRow("narrow") << QSize(420, 760);
}

} // namespace

void TestWorkNotices::runSaysWhichRuntimeWorksInstead_data() { sizes(); }

void TestWorkNotices::runSaysWhichRuntimeWorksInstead()
{
    QFETCH(QSize, size);
    api::StepInfo read = step(u"read"_s, StepStatus::Running);
    read.fallback = {.wished = u"claude"_s, .problem = u"not_installed"_s, .taken = u"demo"_s};
    openRun({step(u"plan"_s, StepStatus::Completed), read}, size);
    const auto *banner = m_page->findChild<RunHeader *>()->findChild<NoticeBanner *>();
    QTRY_VERIFY(banner->isVisible());
    QCOMPARE(banner->text(), u"demo works instead of claude on read: Not installed"_s);
    QCOMPARE(banner->accessibleName(), banner->text());
    // The step that runs is the one that is looked at.
    const auto facts = m_page->findChild<StepPanel *>()->findChildren<FactLine *>();
    QVERIFY(std::ranges::any_of(facts, [](const FactLine *line) {
        return line->isVisible() && line->text() == u"demo works instead of claude: Not installed";
    }));
    testing::takePictures(*m_page, m_theme, u"run-fallback-%1"_s.arg(size.width()));
    m_node->details[RunId{5}].steps.back().fallback.reset();
    m_node->touch(u"step.started"_s, {.run = RunId{5}});
    QTRY_VERIFY(banner->isHidden());
}

void TestWorkNotices::answerSaysWhichRuntimeWorksInstead_data() { sizes(); }

void TestWorkNotices::answerSaysWhichRuntimeWorksInstead()
{
    QFETCH(QSize, size);
    const api::FallbackInfo fallback{
        .wished = u"claude"_s, .problem = u"auth_required"_s, .taken = u"demo"_s};
    openChat({{.id = MessageId{1},
               .conversation = ConversationId{7},
               .role = u"user"_s,
               .text = u"What is this?"_s,
               .createdAt = 1'700'000'000'000},
              {.id = MessageId{2},
               .conversation = ConversationId{7},
               .role = u"assistant"_s,
               .text = u"It is a larder."_s,
               .task = TaskId{4},
               .runtime = u"demo"_s,
               .fallback = fallback,
               .createdAt = 1'700'000'001'000,
               .endedAt = 1'700'000'002'000}},
             size);
    const auto cards = m_page->findChildren<MessageCard *>();
    QCOMPARE(cards.size(), 2);
    QVERIFY(cards.first()->findChild<NoticeBanner *>()->isHidden());
    const auto *banner = cards.last()->findChild<NoticeBanner *>();
    QTRY_VERIFY(banner->isVisible());
    QCOMPARE(banner->text(), u"demo works instead of claude: Not signed in"_s);
    testing::takePictures(*m_page, m_theme, u"chat-fallback-%1"_s.arg(size.width()));
}

QTEST_MAIN(TestWorkNotices)
#include "tst_work_notices.moc"
