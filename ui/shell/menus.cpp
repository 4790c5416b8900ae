#include "ui/shell/menus.h"

#include "ui/shell/action_registry.h"
#include "ui/shell/dock_registry.h"

#include <QCoreApplication>
#include <QMenu>
#include <QMenuBar>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

// "" is a separator; an id that nobody registered is left out.
void fill(QMenu *menu, const ActionRegistry &actions, const QStringList &ids)
{
    for (const QString &id : ids) {
        if (id.isEmpty())
            menu->addSeparator();
        else if (QAction *action = actions.action(id))
            menu->addAction(action);
    }
}

struct Menus {
    Q_DECLARE_TR_FUNCTIONS(Menus)
};

} // namespace

void buildMenus(QMenuBar *bar, ActionRegistry &actions, const DockRegistry &docks)
{
    fill(bar->addMenu(Menus::tr("&Project")), actions,
         {u"project.open"_s, u"project.demo"_s, u"project.trust"_s, u""_s, u"project.close"_s, u""_s,
          u"app.settings"_s, u""_s, u"app.quit"_s});
    fill(bar->addMenu(Menus::tr("&Work")), actions,
         {u"flow.start"_s, u"run.again"_s, u"run.pause"_s, u"run.cancel"_s, u"run.graph"_s, u""_s,
          u"flow.new"_s, u"flow.edit"_s, u"flow.insert"_s, u""_s, u"schedule.new"_s, u"schedule.edit"_s,
          u"schedule.run"_s, u"schedule.pause"_s, u""_s, u"chat.new"_s, u"chat.stop"_s, u""_s,
          u"terminal.new"_s});
    QMenu *view = bar->addMenu(Menus::tr("&View"));
    fill(view, actions, {u"app.palette"_s, u""_s});
    const QStringList ids = docks.ids();
    for (const QString &id : ids)
        fill(view, actions, {u"view.dock." % id});
    fill(view, actions,
         {u"view.hide"_s, u""_s, u"view.layout.chat"_s, u"view.layout.flow"_s, u"view.layout.review"_s,
          u"view.layout.debug"_s, u"view.layout.reset"_s, u""_s, u"view.theme.system"_s,
          u"view.theme.light"_s, u"view.theme.dark"_s});
    fill(bar->addMenu(Menus::tr("&Help")), actions, {u"app.about"_s});
}

} // namespace muster
