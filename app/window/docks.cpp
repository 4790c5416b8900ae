#include "app/window/docks.h"

#include "app/terminal/pty_channel.h"
#include "core/viewmodel/project_context.h"
#include "core/viewmodel/run_starter.h"
#include "ui/docks/changes/changes_page.h"
#include "ui/docks/chat/chat_page.h"
#include "ui/docks/inbox/inbox_page.h"
#include "ui/docks/navigator/navigator_page.h"
#include "ui/docks/terminal/terminals_page.h"
#include "ui/docks/timeline/timeline_page.h"
#include "ui/docks/workflow/workflow_page.h"

#include <QAction>

namespace muster::app {

using namespace Qt::StringLiterals;

void registerDocks(MainWindow &window, const WindowServices &services, PtyTerminalHost &terminals)
{
    DockRegistry &docks = window.docks();

    docks.add({.id = u"navigator"_s,
               .title = MainWindow::tr("Navigator"),
               .icon = u"navigator"_s,
               .area = Qt::LeftDockWidgetArea,
               .shortcut = QKeySequence(u"Alt+1"_s),
               .help = MainWindow::tr("What the swarm does; conversations, flows and runs of the project"),
               .create = [&window, services](QWidget *parent) -> DockPage * {
        auto *page = new NavigatorPage(services.feed, services.context, services.theme, parent);
        QObject::connect(page, &NavigatorPage::startWanted, &window, &MainWindow::startRun);
        QObject::connect(page, &NavigatorPage::chatWanted, &window,
                         [&window] { window.actions().action(u"chat.new"_s)->trigger(); });
        return page;
    }});

    docks.add({.id = u"workflow"_s,
               .title = MainWindow::tr("Workflow status"),
               .icon = u"flow"_s,
               .area = Qt::RightDockWidgetArea,
               .shortcut = QKeySequence(u"Alt+2"_s),
               .help = MainWindow::tr("The steps of a run as they go"),
               .create = [&window, services](QWidget *parent) -> DockPage * {
        auto *page = new WorkflowPage(services.feed, services.context, services.theme, parent);
        const auto action = [&window](const QString &id) {
            return window.actions().action(id);
        };
        QObject::connect(page, &WorkflowPage::startWanted, &window, [&window] { window.startRun(); });
        QObject::connect(page, &WorkflowPage::cancelWanted, action(u"run.cancel"_s), &QAction::trigger);
        QObject::connect(page, &WorkflowPage::rerunWanted, services.starter, &RunStarter::rerun);
        QObject::connect(page, &WorkflowPage::pauseWanted, action(u"run.pause"_s), &QAction::trigger);
        return page;
    }});

    docks.add({.id = u"inbox"_s,
               .title = MainWindow::tr("Inbox"),
               .icon = u"inbox"_s,
               .area = Qt::BottomDockWidgetArea,
               .shortcut = QKeySequence(u"Alt+3"_s),
               .help = MainWindow::tr("All that waits for you"),
               .create = [services](QWidget *parent) -> DockPage * {
        return new InboxPage(services.feed, services.context, services.theme, parent);
    }});

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
