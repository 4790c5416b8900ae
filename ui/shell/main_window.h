// MainWindow: the frame of one project's window: docks, menus, palette, start page, status. It knows no
// dock's inside; runWindow() registers them. GUI thread.
#pragma once

#include "core/base/strong_id.h"
#include "ui/shell/action_registry.h"
#include "ui/shell/dock_registry.h"
#include "ui/shell/layout_store.h"

#include <QMainWindow>

class QAbstractItemModel;
class QStackedWidget;

namespace muster {

class CommandPalette;
class NodeFeed;
class ProjectContext;
class RunStarter;
class SchedulePause;
class StartPage;
class StatusStrip;
class Theme;
class Tray;
class WindowSettings;

struct WindowServices {
    NodeFeed *feed = nullptr;
    ProjectContext *context = nullptr;
    RunStarter *starter = nullptr;
    Theme *theme = nullptr;
    WindowSettings *settings = nullptr;
    QAbstractItemModel *recentProjects = nullptr;
};

class MainWindow final : public QMainWindow {
    Q_OBJECT

public:
    explicit MainWindow(const WindowServices &services);
    ~MainWindow() override;
    Q_DISABLE_COPY_MOVE(MainWindow)

    [[nodiscard]] ActionRegistry &actions() { return *m_actions; }
    [[nodiscard]] DockRegistry &docks() { return *m_docks; }

    [[nodiscard]] const SchedulePause *schedulePause() const { return m_schedulePause; }
    [[nodiscard]] Tray *tray() const { return m_tray; } // nullptr where the desktop has none

    // After all docks are registered: menus, stored shortcuts, size and place, tray.
    void finish();
    // A short message that goes away by itself; errors stay longer.
    void tell(const QString &text, bool isError = false);
    // Asks what to start; `flow` is chosen at first.
    void startRun(const QString &flow = {});
    // Agents end with this process: a close asks first while some work.
    void setEndsAgents(bool ends) { m_endsAgents = ends; }
    // Everything was asked: the next close closes.
    void setAsked() { m_asked = true; }

signals:
    void quitWanted();
    void closeWanted(); // the person closed it while a terminal is at work, or something is not saved
    void closed();
    void answerWanted(muster::InboxId item); // the tray asks for it to be shown

protected:
    void closeEvent(QCloseEvent *event) override;
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    void addActions();
    void addWindowActions();
    void addThemeActions();
    void addLayoutActions();
    void onProject();
    void onStatus();
    void chooseFolder();
    void makeTray();

    WindowServices m_services;
    ActionRegistry *m_actions;
    DockRegistry *m_docks;
    LayoutStore *m_layouts;
    StartPage *m_startPage;
    StatusStrip *m_status;
    SchedulePause *m_schedulePause;
    CommandPalette *m_palette = nullptr;
    Tray *m_tray = nullptr;
    bool m_endsAgents = false;
    bool m_asked = false;
    bool m_painted = false;
};

} // namespace muster
