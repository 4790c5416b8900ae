// ActionRegistry: every action of a window by id, with its text, shortcut and state, so that menus, the
// command palette, the tray and the list of shortcuts show the same thing. Owns the actions. GUI thread.
#pragma once

#include <QHash>
#include <QKeySequence>
#include <QList>
#include <QObject>
#include <QString>

#include <functional>

class QAction;
class QWidget;

namespace muster {

struct ActionSpec {
    QString id;   // "view.dock.chat": stable, for stored shortcuts
    QString text; // with & mnemonic
    QString icon = {};
    QKeySequence shortcut = {};
    QString help = {}; // one sentence; also searched by the palette
};

class ActionRegistry final : public QObject {
    Q_OBJECT

public:
    // Actions are added to `window`, so that their shortcuts work wherever the focus is in it.
    explicit ActionRegistry(QWidget *window);

    QAction *add(const ActionSpec &spec, std::function<void()> run);
    // nullptr for an unknown id.
    [[nodiscard]] QAction *action(const QString &id) const;
    [[nodiscard]] const QList<QAction *> &all() const { return m_all; }

    // A changed shortcut; an empty one takes the shortcut away. Returns the id that had it before, if any.
    QString setShortcut(const QString &id, const QKeySequence &shortcut);

private:
    QWidget *m_window;
    QList<QAction *> m_all;
    QHash<QString, QAction *> m_byId;
};

[[nodiscard]] QString actionId(const QAction &action);
// The action's text without mnemonic and ellipsis marks, as the palette shows it.
[[nodiscard]] QString plainText(const QAction &action);

} // namespace muster
