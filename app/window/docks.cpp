#include "app/window/docks.h"

#include "app/terminal/pty_channel.h"
#include "core/viewmodel/project_context.h"
#include "core/viewmodel/run_starter.h"
#include "ui/docks/changes/changes_page.h"
#include "ui/docks/chat/chat_page.h"
#include "ui/docks/editor/flow_editor_page.h"
#include "ui/docks/inbox/inbox_page.h"
#include "ui/docks/navigator/navigator_page.h"
#include "ui/docks/queue/queue_page.h"
#include "ui/docks/schedules/schedules_page.h"
#include "ui/docks/terminal/terminals_page.h"
#include "ui/docks/timeline/timeline_page.h"
#include "ui/docks/workflow/workflow_page.h"

#include <QAction>
#include <QDockWidget>

namespace muster::app {

using namespace Qt::StringLiterals;

namespace {

FlowEditorPage *openEditor(MainWindow &window)
{
    window.docks().open(u"editor"_s);
    return qobject_cast<FlowEditorPage *>(window.docks().page(u"editor"_s));
}

void addEditor(MainWindow &window, const WindowServices &services)
{
    window.docks().add({.id = u"editor"_s,
                        .title = MainWindow::tr("Flow editor"),
                        .icon = u"flow"_s,
                        .area = Qt::RightDockWidgetArea,
                        .shortcut = QKeySequence(u"Alt+8"_s),
                        .help = MainWindow::tr("The text and the graph of a flow, side by side"),
                        .beside = u"workflow"_s,
                        .create = [&window, services](QWidget *parent) -> DockPage * {
        auto *page =
            new FlowEditorPage(services.feed, services.context, services.theme, services.settings, parent);
        QObject::connect(page, &FlowEditorPage::startWanted, &window, &MainWindow::startRun);
        QObject::connect(page, &FlowEditorPage::titleChanged, &window, [&window](const QString &title) {
            window.docks().dock(u"editor"_s)->setWindowTitle(title);
        });
        return page;
    }});
    const auto add = [&](const QString &id, const QString &text, const QString &icon,
                         const QKeySequence &keys, const QString &help, void (FlowEditorPage::*act)()) {
        QAction *action = window.actions().add(
            {.id = id, .text = text, .icon = icon, .shortcut = keys, .help = help}, [&window, act] {
            if (FlowEditorPage *editor = openEditor(window))
                (editor->*act)();
        });
        const auto update = [action, context = services.context] {
            action->setEnabled(context->isOpen());
        };
        QObject::connect(services.context, &ProjectContext::projectChanged, action, update);
        update();
    };
    add(u"flow.new"_s, MainWindow::tr("Ne&w flow…"), u"plus"_s, QKeySequence(u"Ctrl+Shift+N"_s),
        MainWindow::tr("Begin a flow of this project: empty, or as another one"), &FlowEditorPage::newFlow);
    add(u"flow.edit"_s, MainWindow::tr("&Edit flow…"), u"flow"_s, QKeySequence(u"Ctrl+E"_s),
        MainWindow::tr("Choose a flow and change its text"), &FlowEditorPage::editOther);
    add(u"flow.insert"_s, MainWindow::tr("&Insert a step…"), u"plus"_s, QKeySequence(u"Ctrl+Shift+I"_s),
        MainWindow::tr("Add a step to the flow that is edited"), &FlowEditorPage::insertStep);
}

void addGraphAction(MainWindow &window, const WindowServices &services)
{
    QAction *action =
        window.actions().add({.id = u"run.graph"_s,
                              .text = MainWindow::tr("The run as a &graph or as a list"),
                              .icon = u"flow"_s,
                              .shortcut = QKeySequence(u"Ctrl+G"_s),
                              .help = MainWindow::tr("Show the steps of the chosen run the other way")},
                             [&window] {
        window.docks().open(u"workflow"_s);
        if (auto *page = qobject_cast<WorkflowPage *>(window.docks().page(u"workflow"_s)))
            page->toggleGraph();
    });
    const auto update = [action, context = services.context] {
        action->setEnabled(context->run().isValid());
    };
    QObject::connect(services.context, &ProjectContext::runChanged, action, update);
    update();
}

void addNavigator(MainWindow &window, const WindowServices &services)
{
    window.docks().add(
        {.id = u"navigator"_s,
         .title = MainWindow::tr("Navigator"),
         .icon = u"navigator"_s,
         .area = Qt::LeftDockWidgetArea,
         .shortcut = QKeySequence(u"Alt+1"_s),
         .help = MainWindow::tr("What the swarm does; conversations, flows and runs of the project"),
         .create = [&window, services](QWidget *parent) -> DockPage * {
        auto *page = new NavigatorPage(services.feed, services.context, services.theme, parent);
        QObject::connect(page, &NavigatorPage::startWanted, &window, &MainWindow::startRun);
        QObject::connect(page, &NavigatorPage::editWanted, &window, [&window](const QString &flow) {
            if (FlowEditorPage *editor = openEditor(window))
                editor->edit(flow);
        });
        QObject::connect(page, &NavigatorPage::newFlowWanted, &window,
                         [&window] { window.actions().action(u"flow.new"_s)->trigger(); });
        QObject::connect(page, &NavigatorPage::queueWanted, &window,
                         [&window] { window.actions().action(u"queue.running"_s)->trigger(); });
        QObject::connect(page, &NavigatorPage::chatWanted, &window,
                         [&window] { window.actions().action(u"chat.new"_s)->trigger(); });
        QObject::connect(page, &NavigatorPage::newScheduleWanted, &window,
                         [&window] { window.actions().action(u"schedule.new"_s)->trigger(); });
        return page;
    }});
}

void addQueue(MainWindow &window, const WindowServices &services)
{
    window.docks().add({.id = u"queue"_s,
                        .title = MainWindow::tr("Queue"),
                        .icon = u"queue"_s,
                        .area = Qt::BottomDockWidgetArea,
                        .shortcut = QKeySequence(u"Alt+0"_s),
                        .help = MainWindow::tr("What runs, what waits for a slot, and the pools of slots"),
                        .beside = u"inbox"_s,
                        .create = [&window, services](QWidget *parent) -> DockPage * {
        auto *page =
            new QueuePage(services.feed, services.context, window.schedulePause(), services.theme, parent);
        QObject::connect(page, &QueuePage::resumeWanted, window.actions().action(u"schedules.resume_all"_s),
                         &QAction::trigger);
        return page;
    }});
    QAction *running = window.actions().add({.id = u"queue.running"_s,
                                             .text = MainWindow::tr("What r&uns now"),
                                             .icon = u"queue"_s,
                                             .shortcut = QKeySequence(u"Alt+Shift+0"_s),
                                             .help = MainWindow::tr("The queue, with what runs alone")},
                                            [&window] {
        window.docks().open(u"queue"_s);
        if (auto *page = qobject_cast<QueuePage *>(window.docks().page(u"queue"_s)))
            page->show(QueuePage::View::Running);
    });
    const auto update = [running, context = services.context] {
        running->setEnabled(context->isOpen());
    };
    QObject::connect(services.context, &ProjectContext::projectChanged, running, update);
    update();
}

void addSchedules(MainWindow &window, const WindowServices &services)
{
    window.docks().add({.id = u"schedules"_s,
                        .title = MainWindow::tr("Schedules"),
                        .icon = u"later"_s,
                        .area = Qt::RightDockWidgetArea,
                        .shortcut = QKeySequence(u"Alt+9"_s),
                        .help = MainWindow::tr("What starts by the clock, and what became of it"),
                        .beside = u"workflow"_s,
                        .create = [&window, services](QWidget *parent) -> DockPage * {
        auto *page = new SchedulesPage(services.feed, services.context, window.schedulePause(),
                                       services.theme, parent);
        QObject::connect(page, &SchedulesPage::resumeAllWanted,
                         window.actions().action(u"schedules.resume_all"_s), &QAction::trigger);
        return page;
    }});
    const auto add = [&](const QString &id, const QString &text, const QString &icon,
                         const QKeySequence &keys, const QString &help, void (SchedulesPage::*act)(),
                         bool ofOne) {
        QAction *action = window.actions().add(
            {.id = id, .text = text, .icon = icon, .shortcut = keys, .help = help}, [&window, act] {
            window.docks().open(u"schedules"_s);
            if (auto *page = qobject_cast<SchedulesPage *>(window.docks().page(u"schedules"_s)))
                (page->*act)();
        });
        const auto update = [action, ofOne, context = services.context] {
            action->setEnabled(ofOne ? context->schedule().isValid() : context->isOpen());
        };
        QObject::connect(services.context, &ProjectContext::projectChanged, action, update);
        QObject::connect(services.context, &ProjectContext::scheduleChanged, action, update);
        update();
    };
    add(u"schedule.new"_s, MainWindow::tr("New sche&dule…"), u"plus"_s, QKeySequence(u"Ctrl+Shift+D"_s),
        MainWindow::tr("Start a prompt or a flow by the clock"), &SchedulesPage::newSchedule, false);
    add(u"schedule.edit"_s, MainWindow::tr("Edit the sc&hedule…"), u"settings"_s, {},
        MainWindow::tr("Change when the chosen schedule fires, and what it starts"), &SchedulesPage::edit,
        true);
    add(u"schedule.run"_s, MainWindow::tr("Run the schedule no&w"), u"start"_s, {},
        MainWindow::tr("Once, beside its times"), &SchedulesPage::runNow, true);
    add(u"schedule.pause"_s, MainWindow::tr("Pause or res&ume the schedule"), u"pause"_s, {},
        MainWindow::tr("Whether the times of the chosen schedule count"), &SchedulesPage::togglePause, true);
}

} // namespace

void registerDocks(MainWindow &window, const WindowServices &services, PtyTerminalHost &terminals)
{
    DockRegistry &docks = window.docks();

    addNavigator(window, services);
    docks.add({.id = u"workflow"_s,
               .title = MainWindow::tr("Workflow status"),
               .icon = u"flow"_s,
               .area = Qt::RightDockWidgetArea,
               .shortcut = QKeySequence(u"Alt+2"_s),
               .help = MainWindow::tr("The steps of a run as they go"),
               .create = [&window, services](QWidget *parent) -> DockPage * {
        auto *page =
            new WorkflowPage(services.feed, services.context, services.theme, services.settings, parent);
        const auto action = [&window](const QString &id) {
            return window.actions().action(id);
        };
        QObject::connect(page, &WorkflowPage::startWanted, &window, [&window] { window.startRun(); });
        QObject::connect(page, &WorkflowPage::cancelWanted, action(u"run.cancel"_s), &QAction::trigger);
        QObject::connect(page, &WorkflowPage::pauseWanted, action(u"run.pause"_s), &QAction::trigger);
        QObject::connect(page, &WorkflowPage::rerunWanted, services.starter, &RunStarter::rerun);
        return page;
    }});

    addGraphAction(window, services);
    addEditor(window, services);
    addSchedules(window, services);

    docks.add({.id = u"inbox"_s,
               .title = MainWindow::tr("Inbox"),
               .icon = u"inbox"_s,
               .area = Qt::BottomDockWidgetArea,
               .shortcut = QKeySequence(u"Alt+3"_s),
               .help = MainWindow::tr("All that waits for you"),
               .create = [services](QWidget *parent) -> DockPage * {
        return new InboxPage(services.feed, services.context, services.theme, parent);
    }});
    QObject::connect(&window, &MainWindow::answerWanted, &docks, [&docks](InboxId item) {
        docks.open(u"inbox"_s);
        if (auto *page = qobject_cast<InboxPage *>(docks.page(u"inbox"_s)))
            page->choose(item);
    });
    addQueue(window, services);

    docks.add({.id = u"chat"_s,
               .title = MainWindow::tr("Chat"),
               .icon = u"chat"_s,
               .area = Qt::RightDockWidgetArea,
               .shortcut = QKeySequence(u"Alt+4"_s),
               .help = MainWindow::tr("Talk to an agent about the project"),
               .create = [services](QWidget *parent) -> DockPage * {
        auto *page = new ChatPage(services.feed, services.context, services.theme, parent);
        page->keepDrafts(services.settings);
        return page;
    }});
    window.actions().add({u"chat.new"_s, MainWindow::tr("&New conversation"), u"chat"_s,
                          QKeySequence(u"Ctrl+N"_s), MainWindow::tr("Talk to an agent about the project")},
                         [&docks] {
        docks.open(u"chat"_s);
        if (auto *chat = qobject_cast<ChatPage *>(docks.page(u"chat"_s)))
            chat->newConversation();
    });

    docks.add({.id = u"changes"_s,
               .title = MainWindow::tr("Changes"),
               .icon = u"changes"_s,
               .area = Qt::RightDockWidgetArea,
               .shortcut = QKeySequence(u"Alt+5"_s),
               .help = MainWindow::tr("What runs have changed: read it, merge it or drop it"),
               .create = [&docks, services](QWidget *parent) -> DockPage * {
        auto *page = new ChangesPage(services.feed, services.context, services.theme, parent);
        QObject::connect(page, &ChangesPage::terminalWanted, &docks, [&docks](const QString &folder) {
            docks.open(u"terminals"_s);
            if (auto *shells = qobject_cast<TerminalsPage *>(docks.page(u"terminals"_s)))
                shells->openShell(folder);
        });
        return page;
    }});

    docks.add({.id = u"timeline"_s,
               .title = MainWindow::tr("Debug timeline"),
               .icon = u"timeline"_s,
               .area = Qt::BottomDockWidgetArea,
               .shortcut = QKeySequence(u"Alt+6"_s),
               .help = MainWindow::tr("Every event of a run or of everything, as it happens"),
               .create = [services](QWidget *parent) -> DockPage * {
        return new TimelinePage(services.feed, services.context, services.theme, parent);
    }});

    docks.add({.id = u"terminals"_s,
               .title = MainWindow::tr("Terminals"),
               .icon = u"terminal"_s,
               .area = Qt::BottomDockWidgetArea,
               .shortcut = QKeySequence(u"Alt+7"_s),
               .help = MainWindow::tr("Shells in the project"),
               .create = [services, &terminals](QWidget *parent) -> DockPage * {
        return new TerminalsPage(terminals.factory(), services.feed, services.context, services.theme,
                                 parent);
    }});
}

} // namespace muster::app
