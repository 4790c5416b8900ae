#include "ui/shell/action_registry.h"

#include "ui/theme/icons.h"

#include <QAction>
#include <QWidget>

using namespace Qt::StringLiterals;

namespace muster {

ActionRegistry::ActionRegistry(QWidget *window)
    : QObject(window)
    , m_window(window)
{
}

QAction *ActionRegistry::add(const ActionSpec &spec, std::function<void()> run)
{
    Q_ASSERT(!m_byId.contains(spec.id));
    auto *action = new QAction(spec.text, this);
    action->setObjectName(spec.id);
    if (!spec.icon.isEmpty())
        action->setIcon(themedIcon(spec.icon));
    action->setShortcut(spec.shortcut);
    action->setStatusTip(spec.help);
    action->setMenuRole(QAction::NoRole);
    if (run)
        connect(action, &QAction::triggered, this, [run = std::move(run)] { run(); });
    m_window->addAction(action);
    m_all.append(action);
    m_byId.insert(spec.id, action);
    return action;
}

QAction *ActionRegistry::action(const QString &id) const { return m_byId.value(id); }

QString ActionRegistry::setShortcut(const QString &id, const QKeySequence &shortcut)
{
    QAction *target = action(id);
    if (!target)
        return {};
    QString before;
    for (QAction *other : std::as_const(m_all)) {
        if (other != target && !shortcut.isEmpty() && other->shortcut() == shortcut) {
            before = actionId(*other);
            other->setShortcut({});
        }
    }
    target->setShortcut(shortcut);
    return before;
}

QString actionId(const QAction &action) { return action.objectName(); }

QString plainText(const QAction &action)
{
    QString text = action.text();
    text.remove(u'&');
    if (text.endsWith(u'…'))
        text.chop(1);
    return text;
}

} // namespace muster
