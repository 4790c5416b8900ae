#include "app/window/window_session.h"

#include "app/terminal/pty_channel.h"
#include "app/window/docks.h"
#include "core/viewmodel/node_feed.h"
#include "core/viewmodel/project_context.h"
#include "core/viewmodel/project_list_model.h"
#include "core/viewmodel/run_starter.h"
#include "ui/dialogs/quit_dialog.h"
#include "ui/shell/main_window.h"
#include "ui/shell/notifier.h"
#include "ui/shell/window_settings.h"
#include "ui/theme/theme.h"

#include <QDialog>
#include <QTimer>

namespace muster::app {

using namespace Qt::StringLiterals;

namespace {

constexpr int stopPatienceMs = 5000;
constexpr qsizetype mostOpened = 30;

} // namespace

WindowSession::WindowSession(api::NodeApi *node, const SessionOptions &options)
    : m_node(node)
    , m_ownNode(options.ownNode)
    , m_settings(std::make_unique<WindowSettings>(options.settingsFile))
    , m_theme(std::make_unique<Theme>())
    , m_feed(std::make_unique<NodeFeed>(node))
    , m_context(std::make_unique<ProjectContext>(node))
    , m_starter(std::make_unique<RunStarter>(node, m_context.get()))
    , m_recent(std::make_unique<ProjectListModel>(m_feed.get()))
    , m_terminals(std::make_unique<PtyTerminalHost>())
{
    if (!options.theme.isEmpty())
        m_settings->setValue(u"window/theme"_s, options.theme);
    const WindowServices services{.feed = m_feed.get(),
                                  .context = m_context.get(),
                                  .starter = m_starter.get(),
                                  .theme = m_theme.get(),
                                  .settings = m_settings.get(),
                                  .recentProjects = m_recent.get()};
    m_window = std::make_unique<MainWindow>(services);
    m_window->setEndsAgents(m_ownNode);
    registerDocks(*m_window, services, *m_terminals);
    m_window->finish();
    new Notifier(m_feed.get(), m_window.get());
    m_recent->setOnly(m_settings->value(u"window/opened"_s).toStringList());
    m_recent->setActive(true);
    connect(m_window.get(), &MainWindow::quitWanted, this, &WindowSession::askToQuit);
    connect(m_window.get(), &MainWindow::closeWanted, this, [this] { leave([this] { end(); }); });
    connect(m_window.get(), &MainWindow::closed, this, &WindowSession::end);
    openProject(options.project);
    connect(m_context.get(), &ProjectContext::projectChanged, this, &WindowSession::rememberProject);
}

WindowSession::~WindowSession() = default;

void WindowSession::open()
{
    m_window->show();
    if (m_context->isOpen())
        m_window->docks().focusFirst();
}

void WindowSession::openProject(const QString &wanted)
{
    const QString last = m_settings->value(u"window/project_path"_s).toString();
    const ProjectId id{m_settings->value(u"window/project_id"_s).toLongLong()};
    if (id.isValid() && !last.isEmpty() && (wanted.isEmpty() || wanted == last))
        m_context->restore(
            {.id = id, .path = last, .name = m_settings->value(u"window/project_name"_s).toString()});
    else if (!wanted.isEmpty())
        m_context->open(wanted);
}

void WindowSession::rememberProject()
{
    const api::ProjectInfo &project = m_context->project();
    const bool open = m_context->isOpen();
    if (open) {
        QStringList opened = m_settings->value(u"window/opened"_s).toStringList();
        opened.removeAll(project.path);
        opened.prepend(project.path);
        m_settings->setValue(u"window/opened"_s, opened.first(std::min(opened.size(), mostOpened)));
        m_recent->setOnly(opened);
    }
    m_settings->setValue(u"window/project_path"_s, open ? QVariant(project.path) : QVariant());
    m_settings->setValue(u"window/project_id"_s, open ? QVariant(project.id.value) : QVariant());
    m_settings->setValue(u"window/project_name"_s, open ? QVariant(project.name) : QVariant());
}

void WindowSession::askToQuit()
{
    const int running = m_feed->status().running;
    if (running == 0) {
        leave([this] { end(); });
        return;
    }
    QDialog *asking = askAboutRunning(m_window.get(), running, !m_ownNode, [this](QuitChoice choice) {
        leave([this, choice] { carryOut(choice); });
    });
    // There is nothing left to be asked.
    connect(m_feed.get(), &NodeFeed::statusChanged, asking, [this, asking] {
        if (m_feed->status().running > 0 || m_feed->status().queued > 0)
            return;
        asking->close();
        leave([this] { end(); });
    });
}

void WindowSession::carryOut(QuitChoice choice)
{
    if (choice == QuitChoice::WaitForThem)
        quitWhenQuiet();
    else if (choice == QuitChoice::StopThem && !m_ownNode)
        stopAgents();
    else
        end();
}

void WindowSession::leave(const std::function<void()> &go)
{
    const auto terminals = [this, go] {
        const QStringList programs = m_window->docks().endsWithWindow();
        if (programs.isEmpty())
            go();
        else
            askAboutTerminals(m_window.get(), programs, go);
    };
    const QStringList unsaved = m_window->docks().unsaved();
    if (unsaved.isEmpty()) {
        terminals();
        return;
    }
    askAboutUnsaved(m_window.get(), unsaved, [this, terminals](bool save) {
        if (save)
            m_window->docks().saveThen(terminals);
        else
            terminals();
    });
}

void WindowSession::stopAgents()
{
    m_node->submit(api::StopNode{.force = true}, this, [this](const Result<api::CommandDone> &) { end(); });
    QTimer::singleShot(stopPatienceMs, this, &WindowSession::end); // a node that is gone answers nothing
}

void WindowSession::quitWhenQuiet()
{
    m_window->tell(MainWindow::tr("Muster quits when the agents are done."));
    connect(m_feed.get(), &NodeFeed::statusChanged, this, [this] {
        const api::NodeStatus &status = m_feed->status();
        if (status.running == 0 && status.queued == 0)
            end();
    });
}

void WindowSession::end()
{
    if (std::exchange(m_ending, true))
        return;
    m_window->setAsked();
    m_window->close();
    m_settings->flush();
    emit finished();
}

} // namespace muster::app
