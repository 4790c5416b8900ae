#include "ui/shell/tray_menu.h"

#include "core/viewmodel/describe.h"
#include "core/viewmodel/describe_tasks.h"
#include "core/viewmodel/inbox_model.h"
#include "core/viewmodel/schedule_pause.h"
#include "core/viewmodel/visible_text.h"
#include "ui/shell/action_registry.h"
#include "ui/theme/icons.h"

#include <QAction>
#include <QMenu>

#include <ranges>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

constexpr qsizetype mostNamed = 3;
constexpr qsizetype longestName = 48;

// In a menu "&" marks a key.
QString shortName(const QString &name)
{
    QString shown = withVisibleMarks(name).simplified();
    if (shown.size() > longestName)
        shown = shown.first(longestName - 1) + u'…';
    return shown.replace(u'&', u"&&"_s);
}

QString nameOf(const api::RunningInfo &task)
{
    return shortName(task.title.isEmpty() ? task.task.toString() : task.title);
}

QString nameOf(const api::InboxInfo &item)
{
    return shortName(item.title.isEmpty() ? describeTitle(item) : item.title);
}

} // namespace

TrayMenu::TrayMenu(NodeFeed *feed, const SchedulePause *pause, ActionRegistry *actions, QObject *parent)
    : QObject(parent)
    , m_feed(feed)
    , m_pause(pause)
    , m_actions(actions)
    , m_inbox(new InboxModel(feed, InboxModel::Shows::Open, this))
    , m_menu(std::make_unique<QMenu>())
{
    m_menu->setToolTipsVisible(true);
    connect(feed, &NodeFeed::statusChanged, this, &TrayMenu::update);
    connect(feed, &NodeFeed::linkChanged, this, &TrayMenu::update);
    connect(pause, &SchedulePause::changed, this, &TrayMenu::update);
    connect(m_inbox, &InboxModel::loaded, this, &TrayMenu::update);
    connect(m_menu.get(), &QMenu::aboutToShow, this, &TrayMenu::update);
    connect(m_menu.get(), &QMenu::aboutToHide, this, &TrayMenu::update, Qt::QueuedConnection);
    rebuild();
}

TrayMenu::~TrayMenu() = default;

void TrayMenu::setActive(bool active)
{
    m_active = active;
    m_inbox->setActive(active);
    update();
}

QStringList TrayMenu::content() const
{
    const api::NodeStatus &status = m_feed->status();
    QStringList lines{m_feed->link() == api::LinkState::Connected ? describeLoad(status) : QString(),
                      m_pause->sentence()};
    for (const api::RunningInfo &task : status.foremost)
        lines += task.task.toString() + task.title;
    for (const api::InboxInfo &item : m_inbox->rows())
        lines += item.id.toString() + item.title;
    return lines;
}

void TrayMenu::update()
{
    if (m_active && !m_menu->isVisible() && content() != m_content)
        rebuild();
}

void TrayMenu::rebuild()
{
    m_content = content();
    const QList<QMenu *> below = m_menu->findChildren<QMenu *>(Qt::FindDirectChildrenOnly);
    m_menu->clear();
    qDeleteAll(below);
    if (m_feed->link() == api::LinkState::Connected) {
        addRunning();
        addWaiting();
    }
    addSchedules();
    for (const QString &id : {u"chat.new"_s, u"flow.start"_s})
        addRegistered(id, true);
    addRegistered(u"window.show"_s, false);
    m_menu->addSeparator();
    addRegistered(u"app.quit"_s, true); // which asks in the window while agents work
}

void TrayMenu::addRunning()
{
    const api::NodeStatus &status = m_feed->status();
    m_menu->addAction(describeLoad(status))->setEnabled(false);
    for (const api::RunningInfo &task : status.foremost) {
        QMenu *one = m_menu->addMenu(nameOf(task));
        one->setIcon(themedIcon(u"status-running"_s));
        connect(one->addAction(themedIcon(u"stop"_s), tr("&Stop")), &QAction::triggered, this,
                [this, id = task.task] { stop(id); });
    }
    const auto more = status.running - status.chatting - std::ssize(status.foremost);
    if (QAction *queue = m_actions->action(u"queue.running"_s)) {
        QAction *open = m_menu->addAction(
            queue->icon(),
            more > 0 ? tr("%n more in the queue…", nullptr, static_cast<int>(more)) : tr("Open the q&ueue…"));
        open->setEnabled(queue->isEnabled());
        connect(queue, &QAction::enabledChanged, open, &QAction::setEnabled);
        connect(open, &QAction::triggered, this, [this, queue] {
            m_actions->action(u"window.show"_s)->trigger();
            queue->trigger();
        });
    }
    m_menu->addSeparator();
}

void TrayMenu::addWaiting()
{
    const auto &items = m_inbox->rows();
    if (items.empty())
        return;
    for (const api::InboxInfo &item : items | std::views::take(mostNamed)) {
        QAction *answer = m_menu->addAction(themedIcon(u"question"_s), tr("Answer: %1…").arg(nameOf(item)));
        answer->setToolTip(withVisibleMarks(item.who));
        connect(answer, &QAction::triggered, this, [this, id = item.id] {
            m_actions->action(u"window.show"_s)->trigger();
            emit answerWanted(id);
        });
    }
    if (const auto more = std::ssize(items) - mostNamed; more > 0) {
        QAction *all = m_menu->addAction(tr("%n more wait for you…", nullptr, static_cast<int>(more)));
        connect(all, &QAction::triggered, this, [this, id = items[mostNamed].id] {
            m_actions->action(u"window.show"_s)->trigger();
            emit answerWanted(id);
        });
    }
    m_menu->addSeparator();
}

void TrayMenu::addSchedules()
{
    const QString paused = m_pause->sentence();
    if (!paused.isEmpty()) {
        m_menu->addAction(paused)->setEnabled(false);
        addRegistered(u"schedules.resume_all"_s, false);
    } else {
        QMenu *pause = m_menu->addMenu(themedIcon(u"pause"_s), tr("Pause all s&chedules"));
        for (const auto &[id, text] : {std::pair{u"schedules.pause_all_hour"_s, tr("For an &hour")},
                                       std::pair{u"schedules.pause_all_tomorrow"_s, tr("Until &tomorrow")}}) {
            if (QAction *registered = m_actions->action(id))
                connect(pause->addAction(text), &QAction::triggered, registered, &QAction::trigger);
        }
    }
    m_menu->addSeparator();
}

// What leads into the window brings it to the front first.
void TrayMenu::addRegistered(const QString &id, bool bringsWindow)
{
    QAction *registered = m_actions->action(id);
    if (!registered)
        return;
    if (!bringsWindow) {
        m_menu->addAction(registered);
        return;
    }
    QAction *action = m_menu->addAction(registered->icon(), registered->text());
    action->setEnabled(registered->isEnabled());
    connect(registered, &QAction::enabledChanged, action, &QAction::setEnabled);
    connect(action, &QAction::triggered, this, [this, registered] {
        m_actions->action(u"window.show"_s)->trigger();
        registered->trigger();
    });
}

void TrayMenu::stop(TaskId task)
{
    m_feed->node().submit(api::CancelTask{.task = task}, this, [this](const Result<api::CommandDone> &done) {
        if (!done)
            emit failed(done.error());
    });
}

} // namespace muster
