#include "ui/shell/load_actions.h"

#include "core/viewmodel/describe.h"
#include "core/viewmodel/schedule_pause.h"
#include "ui/shell/main_window.h"

#include <QAction>
#include <QDateTime>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

constexpr qint64 hourMs = 3'600'000;

qint64 now() { return QDateTime::currentMSecsSinceEpoch(); }

} // namespace

void addLoadActions(MainWindow &window, SchedulePause *pause)
{
    window.actions().add({u"schedules.pause_all_hour"_s,
                          MainWindow::tr("Pause all schedules for an &hour"),
                          u"pause"_s,
                          {},
                          MainWindow::tr("What runs goes on; each schedule's own rule says what becomes of "
                                         "the times that pass")},
                         [pause] { pause->pauseUntil(now() + hourMs); });
    window.actions().add({u"schedules.pause_all_tomorrow"_s,
                          MainWindow::tr("Pause all schedules until &tomorrow"),
                          u"pause"_s,
                          {},
                          MainWindow::tr("Until the next day begins; what runs goes on")},
                         [pause] { pause->pauseUntil(startOfTomorrow(now())); });
    QAction *resume = window.actions().add({u"schedules.resume_all"_s,
                                            MainWindow::tr("Let all schedules &go on"),
                                            u"continue"_s,
                                            {},
                                            MainWindow::tr("End the pause of all schedules")},
                                           [pause] { pause->pauseUntil(0); });
    const auto update = [resume, pause] {
        resume->setEnabled(!pause->sentence().isEmpty());
    };
    QObject::connect(pause, &SchedulePause::changed, &window, [&window, pause, update] {
        update();
        const QString sentence = pause->sentence();
        window.tell(sentence.isEmpty() ? MainWindow::tr("Schedules fire again.") : sentence);
    });
    QObject::connect(pause, &SchedulePause::failed, &window,
                     [&window](const Error &error) { window.tell(describe(error), true); });
    update();
}

} // namespace muster
