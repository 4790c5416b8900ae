#include "ui/shell/run_actions.h"

#include "core/viewmodel/node_feed.h"
#include "core/viewmodel/project_context.h"
#include "core/viewmodel/run_starter.h"
#include "ui/shell/main_window.h"

#include <QAction>

using namespace Qt::StringLiterals;

namespace muster {

void addRunActions(MainWindow &window, const WindowServices &services)
{
    ProjectContext *context = services.context;
    RunStarter *starter = services.starter;
    QAction *start = window.actions().add({u"flow.start"_s, MainWindow::tr("&Start a flow…"), u"start"_s,
                                           QKeySequence(u"Ctrl+R"_s),
                                           MainWindow::tr("Choose a flow and what goes into it")},
                                          [&window] { window.startRun(); });
    QAction *cancel =
        window.actions().add({u"run.cancel"_s, MainWindow::tr("&Cancel the run"), u"stop"_s,
                              QKeySequence(u"Ctrl+."_s), MainWindow::tr("Stop the agents of the chosen run")},
                             [context, starter] { starter->cancel(context->run()); });
    QAction *again = window.actions().add({u"run.again"_s, MainWindow::tr("Run &again"), u"retry"_s,
                                           QKeySequence(u"Ctrl+Shift+R"_s),
                                           MainWindow::tr("The whole of the chosen run once more")},
                                          [context, starter] { starter->rerun({.run = context->run()}); });
    QAction *pause = window.actions().add(
        {u"run.pause"_s, MainWindow::tr("&Pause or continue the run"), u"pause"_s,
         QKeySequence(u"Ctrl+Shift+."_s),
         MainWindow::tr("What runs goes on to its end; nothing more begins until it is continued")},
        [context, starter, feed = services.feed] {
        feed->node().query(api::GetRun{.run = context->run()}, starter,
                           [context, starter](const Result<api::RunDetail> &detail) {
            if (detail)
                starter->pause(detail->run.id, !detail->run.pauseAsked);
            else
                emit context->failed(detail.error());
        });
    });
    const auto update = [context, start, cancel, again, pause] {
        start->setEnabled(context->isOpen());
        cancel->setEnabled(context->run().isValid());
        again->setEnabled(context->run().isValid());
        pause->setEnabled(context->run().isValid());
    };
    QObject::connect(context, &ProjectContext::projectChanged, start, update);
    QObject::connect(context, &ProjectContext::runChanged, start, update);
    update();
}

} // namespace muster
