// WindowSession: one window from its opening to its end: makes what it shows from a NodeApi, brings back what
// was open, remembers it, and settles what becomes of running agents when the person quits. GUI thread.
#pragma once

#include "core/node/api/node_api.h"

#include <QObject>

#include <functional>
#include <memory>

namespace muster {
class MainWindow;
class NodeFeed;
class ProjectContext;
class ProjectListModel;
class PtyTerminalHost;
class RunStarter;
class Theme;
class WindowSettings;
enum class QuitChoice : std::uint8_t;
} // namespace muster

namespace muster::app {

struct SessionOptions {
    QString settingsFile; // empty: nothing is kept
    QString theme;        // light | dark | system; empty: as it was
    QString project;      // absolute; empty: the last one
    bool ownNode = false; // the node ends with this process
};

class WindowSession final : public QObject {
    Q_OBJECT

public:
    WindowSession(api::NodeApi *node, const SessionOptions &options);
    ~WindowSession() override;
    Q_DISABLE_COPY_MOVE(WindowSession)

    void open();
    [[nodiscard]] MainWindow &window() { return *m_window; }
    [[nodiscard]] ProjectContext &context() { return *m_context; }

signals:
    void finished(); // the window is gone; the program may end

private:
    void openProject(const QString &wanted);
    void rememberProject();
    void askToQuit();
    void leave(const std::function<void()> &go); // asks first: unsaved flows, programs in terminals
    void carryOut(QuitChoice choice);
    void stopAgents();
    void quitWhenQuiet();
    void end();

    api::NodeApi *m_node;
    bool m_ownNode;
    bool m_ending = false;
    std::unique_ptr<WindowSettings> m_settings;
    std::unique_ptr<Theme> m_theme;
    std::unique_ptr<NodeFeed> m_feed;
    std::unique_ptr<ProjectContext> m_context;
    std::unique_ptr<RunStarter> m_starter;
    std::unique_ptr<ProjectListModel> m_recent;
    std::unique_ptr<PtyTerminalHost> m_terminals;
    std::unique_ptr<MainWindow> m_window;
};

} // namespace muster::app
