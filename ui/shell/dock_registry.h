// DockRegistry: one factory per dock. The docks' frames exist from the start, so that layouts can be
// restored; a dock's page is made when it is first seen and sleeps while it is not. GUI thread.
#pragma once

#include "ui/shell/dock_page.h"

#include <QHash>
#include <QKeySequence>
#include <QObject>
#include <QStringList>
#include <QTimer>

#include <functional>

class QDockWidget;
class QMainWindow;

namespace muster {

class ActionRegistry;

struct DockSpec {
    QString id; // "chat": stable, in stored layouts
    QString title;
    QString icon;
    Qt::DockWidgetArea area = Qt::LeftDockWidgetArea;
    QKeySequence shortcut;
    QString help;
    QString beside = {}; // when it is opened and has no place yet: as a tab of that dock, where that is shown
    std::function<DockPage *(QWidget *parent)> create;
};

class DockRegistry final : public QObject {
    Q_OBJECT

public:
    DockRegistry(QMainWindow *window, ActionRegistry *actions);

    void add(DockSpec spec);
    [[nodiscard]] QStringList ids() const { return m_order; }
    [[nodiscard]] QDockWidget *dock(const QString &id) const;
    // nullptr until the dock was first seen.
    [[nodiscard]] DockPage *page(const QString &id) const;
    // Of all pages; see DockPage.
    [[nodiscard]] QStringList endsWithWindow() const;
    [[nodiscard]] QStringList unsaved() const;
    void saveThen(const std::function<void()> &done) const;
    // Shows, raises and focuses the dock.
    void open(const QString &id);
    void setVisible(const QString &id, bool visible) const;
    // Where a person begins: the first dock that is shown.
    void focusFirst() const;
    // The dock that has the focus; nothing if none has.
    void hideFocused();

signals:
    void layoutEdited(); // a dock was moved, floated, shown or hidden
    void dockMoved();    // to another place, or to float, or back

private:
    struct Entry {
        DockSpec spec;
        QDockWidget *dock = nullptr;
        DockPage *page = nullptr;
        bool active = false;
    };

    void onVisibility(const QString &id, bool visible);
    void updateTitles();

    QMainWindow *m_window;
    ActionRegistry *m_actions;
    QStringList m_order;
    QHash<QString, Entry> m_entries;
    QTimer m_titlesSoon;
};

} // namespace muster
