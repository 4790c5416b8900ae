#include "ui/shell/main_window.h"

#include "core/base/log.h"
#include "core/viewmodel/describe.h"
#include "core/viewmodel/node_feed.h"
#include "core/viewmodel/project_context.h"
#include "core/viewmodel/run_starter.h"
#include "core/viewmodel/schedule_pause.h"
#include "ui/dialogs/settings_dialog.h"
#include "ui/dialogs/start_run_dialog.h"
#include "ui/shell/about_dialog.h"
#include "ui/shell/command_palette.h"
#include "ui/shell/load_actions.h"
#include "ui/shell/menus.h"
#include "ui/shell/run_actions.h"
#include "ui/shell/start_page.h"
#include "ui/shell/status_strip.h"
#include "ui/shell/tray.h"
#include "ui/shell/tray_menu.h"
#include "ui/shell/trust_banner.h"
#include "ui/shell/window_settings.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"
#include "ui/theme/theme.h"

#include <QAction>
#include <QActionGroup>
#include <QCloseEvent>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QMenuBar>
#include <QMimeData>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

QString droppedFolder(const QMimeData *data)
{
    const QList<QUrl> urls = data->urls();
    return urls.size() == 1 && urls.constFirst().isLocalFile() ? urls.constFirst().toLocalFile() : QString();
}

} // namespace

MainWindow::MainWindow(const WindowServices &services)
    : m_services(services)
    , m_actions(new ActionRegistry(this))
    , m_docks(new DockRegistry(this, m_actions))
    , m_layouts(new LayoutStore(this, m_docks, services.settings))
    , m_startPage(new StartPage(services.recentProjects, this))
    , m_status(new StatusStrip(this))
    , m_schedulePause(new SchedulePause(services.feed, this))
{
    setObjectName(u"MainWindow"_s);
    setAcceptDrops(true);
    setDockOptions(QMainWindow::AllowNestedDocks | QMainWindow::AllowTabbedDocks |
                   QMainWindow::GroupedDragging);
    setCorner(Qt::BottomLeftCorner, Qt::LeftDockWidgetArea);
    setTabPosition(Qt::AllDockWidgetAreas, QTabWidget::North);
    setCentralWidget(m_startPage);
    setStatusBar(m_status);
    addToolBar(Qt::TopToolBarArea, new TrustBanner(services.feed, services.context, this));
    setMinimumSize(metrics::units(180), metrics::units(130)); // below, answers could not be read
    resize(metrics::units(300), metrics::units(200));

    connect(m_startPage, &StartPage::demoWanted, services.starter, &RunStarter::startDemo);
    connect(m_startPage, &StartPage::openWanted, this, &MainWindow::chooseFolder);
    connect(m_startPage, &StartPage::projectChosen, services.context, &ProjectContext::open);
    connect(services.context, &ProjectContext::projectChanged, this, &MainWindow::onProject);
    connect(services.context, &ProjectContext::dockWanted, m_docks, &DockRegistry::open);
    connect(services.context, &ProjectContext::failed, this, [this](const Error &error) {
        tell(describe(error), true);
        if (!m_services.context->isOpen())
            m_startPage->showProblem(describe(error));
    });
    connect(services.feed, &NodeFeed::statusChanged, this, &MainWindow::onStatus);
    connect(services.feed, &NodeFeed::linkChanged, this, &MainWindow::onStatus);
    connect(m_status, &StatusStrip::swarmClicked, this, [this] {
        if (QAction *queue = m_actions->action(u"queue.running"_s))
            queue->trigger();
    });
    connect(m_status, &StatusStrip::inboxClicked, this, [this] { m_docks->open(u"inbox"_s); });
}

MainWindow::~MainWindow() = default;

void MainWindow::finish()
{
    addActions();
    addRunActions(*this, m_services);
    addLoadActions(*this, m_schedulePause);
    addWindowActions();
    addThemeActions();
    addLayoutActions();
    const QStringList changed = m_services.settings->keysUnder(u"shortcuts"_s);
    for (const QString &id : changed) {
        m_actions->setShortcut(
            id, QKeySequence::fromString(m_services.settings->value(u"shortcuts/" % id).toString()));
    }
    m_palette = new CommandPalette(m_actions, this);
    buildMenus(menuBar(), *m_actions, *m_docks);
    restoreGeometry(m_services.settings->value(u"window/geometry"_s).toByteArray());
    makeTray();
    onProject();
    onStatus();
}

void MainWindow::tell(const QString &text, bool isError)
{
    constexpr int shortMs = 6000;
    constexpr int longMs = 20000;
    m_status->showMessage(text, isError ? longMs : shortMs);
}

void MainWindow::startRun(const QString &flow)
{
    if (m_services.context->isOpen())
        (new StartRunDialog(m_services.feed, m_services.context, m_services.starter, flow, this))->open();
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    if (!m_asked && m_endsAgents && m_services.feed->status().running > 0) {
        event->ignore();
        emit quitWanted();
        return;
    }
    if (!m_asked && (!m_docks->endsWithWindow().isEmpty() || !m_docks->unsaved().isEmpty())) {
        event->ignore();
        emit closeWanted();
        return;
    }
    m_layouts->saveNow();
    m_services.settings->setValue(u"window/geometry"_s, saveGeometry());
    event->accept();
    emit closed();
}

void MainWindow::dragEnterEvent(QDragEnterEvent *event)
{
    if (!droppedFolder(event->mimeData()).isEmpty())
        event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent *event)
{
    // Whether it is a folder is the node's to say: the window reads no files.
    event->acceptProposedAction();
    m_services.context->open(droppedFolder(event->mimeData()));
}

void MainWindow::paintEvent(QPaintEvent *event)
{
    if (!std::exchange(m_painted, true))
        qCDebug(logUi, "window painted"); // tests/bench/bench_window.cpp waits for it
    QMainWindow::paintEvent(event);
}

void MainWindow::addActions()
{
    m_actions->add({u"app.palette"_s, tr("Command &palette…"), u"palette"_s, QKeySequence(u"Ctrl+Shift+P"_s),
                    tr("Find any action by name")},
                   [this] { m_palette->openPalette(); });
    m_actions->add({u"project.open"_s, tr("&Open a repository…"), u"folder-open"_s, QKeySequence::Open,
                    tr("Choose a folder that agents may work in")},
                   [this] { chooseFolder(); });
    m_actions->add({u"project.demo"_s,
                    tr("Run the &demo"),
                    u"start"_s,
                    {},
                    tr("Survey a small repository that is built in; no key, no network")},
                   [this] { m_services.starter->startDemo(); });
    m_actions->add({u"project.close"_s, tr("&Close the project"), u"home"_s, QKeySequence(u"Ctrl+Shift+W"_s),
                    tr("Back to the start page; what runs goes on")},
                   [this] { m_services.context->close(); });
    m_actions->add({u"project.trust"_s,
                    tr("&Trust this project"),
                    u"permission"_s,
                    {},
                    tr("Let the project's own flows, profiles and hooks run")},
                   [this] { m_services.context->setTrusted(true); });
}

void MainWindow::addWindowActions()
{
    m_actions->add({u"view.hide"_s, tr("&Hide this dock"), u"close"_s, QKeySequence(u"Ctrl+W"_s),
                    tr("Hide the dock that has the focus; the View menu brings it back")},
                   [this] { m_docks->hideFocused(); });
    m_actions->add(
        {u"window.show"_s, tr("&Show Muster"), u"layout"_s, {}, tr("Bring the window to the front")}, [this] {
        showNormal();
        raise();
        activateWindow();
    });
    m_actions->add({u"app.settings"_s, tr("&Settings…"), u"settings"_s, QKeySequence(u"Ctrl+,"_s),
                    tr("Providers and the default runtime, lasting permissions")},
                   [this] { (new SettingsDialog(m_services.feed, this))->open(); });
    m_actions->add({u"app.about"_s,
                    tr("&About Muster"),
                    u"info"_s,
                    {},
                    tr("Version, licence and where things are kept")},
                   [this] { showAbout(this, m_services.feed->status()); });
    m_actions->add({u"app.quit"_s, tr("&Quit"), u"quit"_s, QKeySequence(u"Ctrl+Q"_s),
                    tr("Close the window; asks if agents work")},
                   [this] { emit quitWanted(); });
}

void MainWindow::addThemeActions()
{
    auto *group = new QActionGroup(this);
    const auto stored = m_services.settings->value(u"window/theme"_s, u"system"_s).toString();
    const auto add = [&](const QString &id, const QString &text, ThemeMode mode) {
        QAction *action = m_actions->add(
            {u"view.theme." % id, text, u"theme"_s, {}, tr("Change the window's colours")}, [this, id, mode] {
            m_services.theme->setMode(mode);
            m_services.settings->setValue(u"window/theme"_s, id);
        });
        action->setCheckable(true);
        action->setIconVisibleInMenu(false);
        group->addAction(action);
        action->setChecked(stored == id);
        if (stored == id)
            m_services.theme->setMode(mode);
    };
    add(u"system"_s, tr("Theme: as the &system"), ThemeMode::System);
    add(u"light"_s, tr("Theme: &light"), ThemeMode::Light);
    add(u"dark"_s, tr("Theme: &dark"), ThemeMode::Dark);
}

void MainWindow::addLayoutActions()
{
    int number = 1;
    const QList<NamedLayout> layouts = namedLayouts();
    for (const NamedLayout &layout : layouts) {
        m_actions->add({u"view.layout." % layout.id, tr("Layout: %1").arg(layout.title), u"layout"_s,
                        QKeySequence(u"Ctrl+Alt+" % QString::number(number++)), layout.help},
                       [this, id = layout.id] { m_layouts->apply(id); });
    }
    m_actions->add(
        {u"view.layout.reset"_s, tr("Layout: &reset"), u"retry"_s, {}, tr("Forget how the docks were moved")},
        [this] { m_layouts->reset(); });
}

void MainWindow::onProject()
{
    const bool open = m_services.context->isOpen();
    const api::ProjectInfo &project = m_services.context->project();
    setWindowTitle(open ? tr("%1 – Muster").arg(project.name) : tr("Muster"));
    centralWidget()->setVisible(!open);
    m_layouts->openFor(open ? project.path : QString());
    const QList<QAction *> actions = m_actions->all();
    for (QAction *action : actions) {
        const QString id = actionId(*action);
        if (id.startsWith("view.dock."_L1) || id.startsWith("view.layout."_L1) || id == "chat.new"_L1 ||
            id == "project.close"_L1)
            action->setEnabled(open);
    }
    m_actions->action(u"project.trust"_s)->setEnabled(open && !project.trusted);
    if (open)
        m_startPage->showProblem({});
    else
        m_startPage->setFocus();
}

void MainWindow::onStatus()
{
    m_status->setLink(m_services.feed->link());
    m_status->setStatus(m_services.feed->status());
}

void MainWindow::chooseFolder()
{
    auto *dialog = new QFileDialog(this, tr("Open a repository"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    connect(dialog, &QFileDialog::fileSelected, m_services.context, &ProjectContext::open);
    dialog->open();
}

void MainWindow::makeTray()
{
    auto *menu = new TrayMenu(m_services.feed, m_schedulePause, m_actions, this);
    connect(menu, &TrayMenu::answerWanted, this, &MainWindow::answerWanted);
    connect(menu, &TrayMenu::failed, this, [this](const Error &error) { tell(describe(error), true); });
    m_tray = Tray::createIfAvailable(m_services.feed, m_schedulePause, menu, this);
    if (!m_tray)
        return;
    QAction *show = m_actions->action(u"window.show"_s);
    connect(m_tray, &Tray::activated, show, &QAction::trigger);
    connect(m_tray, &Tray::messageClicked, this, [this, show] {
        show->trigger();
        m_docks->open(u"inbox"_s);
    });
}

} // namespace muster
