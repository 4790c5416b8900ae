// What a person is told of work in the run and in the chat: another runtime that works instead, how long ago
// there was a sign, what it waits for, and that the swarm is full.
#include "core/viewmodel/node_feed.h"
#include "core/viewmodel/project_context.h"
#include "core/viewmodel/run_model.h"
#include "tests/support/memory_node.h"
#include "tests/ui/page_pictures.h"
#include "ui/docks/chat/chat_page.h"
#include "ui/docks/chat/message_card.h"
#include "ui/docks/workflow/run_header.h"
#include "ui/docks/workflow/step_panel.h"
#include "ui/docks/workflow/workflow_page.h"
#include "ui/widgets/fact_line.h"
#include "ui/widgets/notice_banner.h"

#include <QDateTime>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
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
    void runSaysHowItDoes_data();
    void runSaysHowItDoes();
    void answerSaysHowItDoes_data();
    void answerSaysHowItDoes();
    void nothingIsAskedWhileNothingWorks();
    void answerThatWaitsSaysForWhat_data();
    void answerThatWaitsSaysForWhat();
    void fullSwarmIsSaidOnce_data();
    void fullSwarmIsSaidOnce();

private:
    [[nodiscard]] api::StepInfo step(const QString &id, StepStatus status) const;
    void openRun(std::vector<api::StepInfo> steps, const QSize &size);
    [[nodiscard]] static std::vector<api::MessageInfo> asked(const api::MessageInfo &answer);
    [[nodiscard]] static api::WorkInfo work(TaskId task, api::WorkState state, qint64 quietMs)
    {
        return {.task = task,
                .runtime = u"demo"_s,
                .state = state,
                .lastSignAt = QDateTime::currentMSecsSinceEpoch() - quietMs};
    }
    // The one that is seen and says this.
    [[nodiscard]] NoticeBanner *banner(const QString &containing) const
    {
        const auto all = m_page->findChildren<NoticeBanner *>();
        const auto found = std::ranges::find_if(
            all, [&](NoticeBanner *one) { return one->isVisible() && one->text().contains(containing); });
        return found == all.end() ? nullptr : *found;
    }
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

std::vector<api::MessageInfo> TestWorkNotices::asked(const api::MessageInfo &answer)
{
    return {{.id = MessageId{1},
             .conversation = ConversationId{7},
             .role = u"user"_s,
             .text = u"What is this?"_s,
             .createdAt = 1'700'000'000'000},
            answer};
}

void TestWorkNotices::runSaysHowItDoes_data() { sizes(); }

void TestWorkNotices::runSaysHowItDoes()
{
    QFETCH(QSize, size);
    const api::StepInfo read = step(u"read"_s, StepStatus::Running);
    const api::StepInfo check = step(u"check"_s, StepStatus::Running);
    const api::StepInfo write = step(u"write"_s, StepStatus::Waiting);
    m_node->work = {work(read.task, api::WorkState::Working, 12'500),
                    work(check.task, api::WorkState::Stalled, 605'000),
                    work(write.task, api::WorkState::WaitingForYou, 200'000)};
    m_node->work.front().tool = u"git status"_s;
    openRun({step(u"plan"_s, StepStatus::Completed), read, check, write}, size);
    const RunModel &model = qobject_cast<WorkflowPage *>(m_page.get())->model();
    const auto says = [&](const QString &id, const QString &beginning) {
        const QString text = model.indexOf(id, -1).siblingAtColumn(RunModel::StatusColumn).data().toString();
        return text.startsWith(beginning);
    };
    // The seconds go on while this is looked at.
    QTRY_VERIFY(says(u"read"_s, u"git status · last sign 1"_s));
    QVERIFY(says(u"check"_s, u"Stalled · silent for 10 min"_s));
    QVERIFY(says(u"write"_s, u"Waiting for you · last sign 3 min"_s));
    QVERIFY(model.indexOf(u"check"_s, -1).data(RunModel::StalledRole).toBool());
    QVERIFY(!model.indexOf(u"read"_s, -1).data(RunModel::StalledRole).toBool());
    testing::takePictures(*m_page, m_theme, u"run-signs-%1"_s.arg(size.width()));
    // It has done something: by itself that is seen within the second.
    m_node->work.front() = work(read.task, api::WorkState::Working, -60'000);
    QTRY_VERIFY(says(u"read"_s, u"Running · last sign just now"_s));
}

void TestWorkNotices::answerSaysHowItDoes_data()
{
    QTest::addColumn<api::WorkState>("state");
    QTest::addColumn<qint64>("quietMs");
    QTest::addColumn<QString>("says");
    using enum api::WorkState;
    QTest::newRow("works") << Working << qint64{20'000} << u"begins… · last sign 2"_s;
    QTest::newRow("silent") << Working << qint64{90'000} << u"begins… · silent for 1 min"_s;
    QTest::newRow("stalled") << Stalled << qint64{600'000} << u"Stalled · silent for 10 min"_s;
    QTest::newRow("ends") << Ending << qint64{20'000} << u"Being ended · last sign 2"_s;
}

void TestWorkNotices::answerSaysHowItDoes()
{
    QFETCH(api::WorkState, state);
    QFETCH(qint64, quietMs);
    QFETCH(QString, says);
    m_node->work = {work(TaskId{4}, state, quietMs)};
    openChat(asked({.id = MessageId{2},
                    .conversation = ConversationId{7},
                    .role = u"assistant"_s,
                    .status = MessageStatus::Pending,
                    .task = TaskId{4}}),
             {500, 500});
    const auto said = [this] {
        const auto labels = m_page->findChildren<MessageCard *>().last()->findChildren<QLabel *>();
        QStringList texts;
        for (const QLabel *label : labels)
            texts += label->text();
        return QString(u'\n' + texts.join(u'\n'));
    };
    QTRY_VERIFY2(said().contains(u'\n' + says), qPrintable(said()));
    testing::takePictures(*m_page, m_theme,
                          u"chat-signs-%1"_s.arg(QString::fromLatin1(QTest::currentDataTag())));
}

void TestWorkNotices::nothingIsAskedWhileNothingWorks()
{
    openRun({step(u"read"_s, StepStatus::Running)}, {700, 500});
    QTRY_VERIFY(m_node->workQueries > 0);
    QVERIFY(m_feed->work().isWanted());
    m_page->deactivate(); // nobody sees it
    QVERIFY(!m_feed->work().isWanted());
    m_page->activate();
    QVERIFY(m_feed->work().isWanted());
    m_node->details[RunId{5}].run.status = RunStatus::Completed;
    m_node->touch(u"run.finished"_s, {.run = RunId{5}});
    QTRY_VERIFY(!m_feed->work().isWanted());
}

void TestWorkNotices::answerThatWaitsSaysForWhat_data() { sizes(); }

void TestWorkNotices::answerThatWaitsSaysForWhat()
{
    QFETCH(QSize, size);
    const qint64 until = QDateTime::currentMSecsSinceEpoch() + 23 * 60'000 + 50'000;
    openChat(asked({.id = MessageId{2},
                    .conversation = ConversationId{7},
                    .role = u"assistant"_s,
                    .status = MessageStatus::Pending,
                    .task = TaskId{4},
                    .runtime = u"claude"_s,
                    .notBefore = until,
                    .limit = u"You've hit your limit"_s}),
             size);
    const QString who = u"claude is rate limited by its provider"_s;
    QTRY_VERIFY(banner(who));
    const NoticeBanner *wait = banner(who);
    for (const QString &part : {u"goes on by itself at "_s, u"(in 23 min)"_s, u"You've hit your limit"_s})
        QVERIFY2(wait->text().contains(part), qPrintable(wait->text()));
    testing::takePictures(*m_page, m_theme, u"chat-waits-%1"_s.arg(size.width()));
    QTest::mouseClick(wait->findChild<QPushButton *>(), Qt::LeftButton);
    QTRY_VERIFY(m_node->lastCommand<api::StopTurn>());
    QCOMPARE(m_node->lastCommand<api::StopTurn>()->conversation, ConversationId{7});
    m_node->messages[ConversationId{7}].back().status = MessageStatus::Interrupted;
    m_node->messages[ConversationId{7}].back().notBefore = 0;
    m_node->touch(u"chat.turn_settled"_s, {.conversation = ConversationId{7}});
    QTRY_VERIFY(wait->isHidden());
}

void TestWorkNotices::fullSwarmIsSaidOnce_data() { sizes(); }

void TestWorkNotices::fullSwarmIsSaidOnce()
{
    QFETCH(QSize, size);
    const auto setLoad = [this](api::SwarmLoad load) {
        m_node->status.load = load;
        m_node->sendStatus();
    };
    openChat(asked({.id = MessageId{2}, .conversation = ConversationId{7}, .role = u"assistant"_s}), size);
    const auto isSaid = [this] {
        return banner(u"At capacity"_s) != nullptr;
    };
    setLoad(api::SwarmLoad::Working);
    QTRY_COMPARE(m_feed->status().load, api::SwarmLoad::Working);
    QVERIFY(!isSaid());
    setLoad(api::SwarmLoad::Saturated);
    QTRY_VERIFY(isSaid());
    testing::takePictures(*m_page, m_theme, u"chat-full-%1"_s.arg(size.width()));
    const auto buttons = banner(u"At capacity"_s)->findChildren<QPushButton *>();
    QCOMPARE(buttons.size(), 2);
    const QSignalSpy docks(m_context.get(), &ProjectContext::dockWanted);
    QTest::mouseClick(buttons.first(), Qt::LeftButton);
    QCOMPARE(docks.size(), 1);
    QTest::mouseClick(buttons.last(), Qt::LeftButton);
    QVERIFY(!isSaid());
    m_context->setConversation(ConversationId{8});
    QTRY_VERIFY(isSaid()); // put away for the other one
    m_context->setConversation(ConversationId{7});
    QTRY_VERIFY(!isSaid());
    setLoad(api::SwarmLoad::Working);
    QTRY_COMPARE(m_feed->status().load, api::SwarmLoad::Working);
    setLoad(api::SwarmLoad::Saturated);
    QTRY_VERIFY(isSaid());
}

QTEST_MAIN(TestWorkNotices)
#include "tst_work_notices.moc"
