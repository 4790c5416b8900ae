// A whole window against a node of plain values, with something in every dock.
#pragma once

#include "app/window/window_session.h"
#include "core/viewmodel/project_context.h"
#include "tests/support/memory_node.h"
#include "ui/shell/main_window.h"

#include <QAbstractButton>
#include <QTest>

namespace muster::testing {

using namespace Qt::StringLiterals;

struct Bed {
    MemoryNode node;
    std::unique_ptr<app::WindowSession> session;

    explicit Bed(bool ownNode = false)
    {
        node.projects = {{.id = ProjectId{1}, .path = u"/p"_s, .name = u"p"_s}};
        node.answer = {.refs = {.project = ProjectId{1}}, .text = u"/p"_s};
        node.flows = {{.name = u"survey"_s, .description = u"Looks"_s, .origin = u"built-in"_s}};
        session = std::make_unique<app::WindowSession>(
            &node, app::SessionOptions{.theme = u"light"_s, .project = u"/p"_s, .ownNode = ownNode});
        session->open();
        if (!QTest::qWaitFor([this] { return session->context().isOpen(); }))
            qFatal("the project did not open");
    }
    [[nodiscard]] MainWindow &window() const { return session->window(); }
    // Something in every dock.
    void fill()
    {
        node.runtimes = {{.id = u"demo"_s, .label = u"Demo agent"_s, .state = u"ready"_s}};
        node.conversations = {{.id = ConversationId{7}, .project = ProjectId{1}, .title = u"Larder"_s}};
        node.messages[ConversationId{7}] = {
            {.id = MessageId{1}, .conversation = ConversationId{7}, .role = u"user"_s, .text = u"Write"_s},
            {.id = MessageId{2},
             .conversation = ConversationId{7},
             .role = u"assistant"_s,
             .status = MessageStatus::Interrupted,
             .text = u"I look."_s,
             .thinking = u"Hm."_s,
             .task = TaskId{4},
             .tools = {{.id = u"a"_s, .title = u"Read a"_s, .outcome = ToolOutcome::Ok}}}};
        node.inbox = {{.id = InboxId{3},
                       .kind = InboxKind::Permission,
                       .title = u"git status"_s,
                       .command = u"git status"_s,
                       .refs = {.conversation = ConversationId{7}}}};
        node.worktrees = {{.id = WorktreeId{1},
                           .run = RunId{5},
                           .path = u"/w/1"_s,
                           .branch = u"muster/survey-2"_s,
                           .target = u"main"_s,
                           .state = u"ahead"_s,
                           .commitsAhead = 1}};
        node.changes.insert(
            WorktreeId{1},
            {{.path = u"a.txt"_s,
              .status = u"added"_s,
              .added = 1,
              .hunks = {{.header = u"@@ -0,0 +1 @@"_s, .lines = {{u"added"_s, 0, 1, u"a"_s}}}}}});
        const api::RunInfo run{.id = RunId{5},
                               .number = 2,
                               .flow = u"survey"_s,
                               .project = u"/p"_s,
                               .status = RunStatus::Completed,
                               .startedAt = 1000,
                               .endedAt = 5000,
                               .stepsTotal = 1,
                               .stepsSettled = 1};
        node.runs = {run};
        node.details.insert(RunId{5}, {.run = run,
                                       .steps = {{.id = StepRunId{1},
                                                  .run = RunId{5},
                                                  .stepId = u"look"_s,
                                                  .status = StepStatus::Completed,
                                                  .output = u"Done."_s}}});
        const api::ScheduleInfo schedule{
            .id = ScheduleId{2}, .spec = {.name = u"nightly"_s, .prompt = u"Look"_s, .when = u"daily"_s}};
        node.schedules.schedules = {schedule};
        node.scheduleDetails.insert(ScheduleId{2}, {.schedule = schedule,
                                                    .firings = {{.id = FiringId{1},
                                                                 .task = TaskId{4},
                                                                 .status = FiringStatus::Completed,
                                                                 .firedAt = 1000,
                                                                 .claimedAt = 1400,
                                                                 .completedAt = 5000}}});
        session->context().setRun(RunId{5});
        session->context().setConversation(ConversationId{7});
        node.touch(u"run.finished"_s,
                   {.run = RunId{5}, .conversation = ConversationId{7}, .inbox = InboxId{3}});
    }
    void work(int running)
    {
        node.status.running = running;
        node.sendStatus();
    }
    template <typename Dialog> Dialog *dialog() const
    {
        (void)QTest::qWaitFor([this] { return window().template findChild<Dialog *>() != nullptr; });
        return window().template findChild<Dialog *>();
    }
};

inline QAbstractButton *buttonWith(QWidget *dialog, const QString &text)
{
    const auto buttons = dialog->findChildren<QAbstractButton *>();
    for (QAbstractButton *button : buttons) {
        if (QString(button->text()).remove(u'&').startsWith(text))
            return button;
    }
    return nullptr;
}

} // namespace muster::testing
