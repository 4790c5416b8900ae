#include "ui/docks/timeline/timeline_filter.h"

#include "core/viewmodel/describe.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QMenu>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

constexpr int restMs = 250;

// Stays open while kinds are chosen, so that several take one visit.
class StayingMenu final : public QMenu {
public:
    using QMenu::QMenu;

protected:
    void mouseReleaseEvent(QMouseEvent *event) override
    {
        if (QAction *action = activeAction(); action && action->isCheckable())
            action->trigger();
        else
            QMenu::mouseReleaseEvent(event);
    }
    void keyPressEvent(QKeyEvent *event) override
    {
        if (QAction *action = activeAction();
            event->key() == Qt::Key_Space && action && action->isCheckable())
            action->trigger();
        else
            QMenu::keyPressEvent(event);
    }
};

} // namespace

TimelineFilter::TimelineFilter(QWidget *parent)
    : QWidget(parent)
    , m_text(new QLineEdit(this))
    , m_kinds(new QToolButton(this))
    , m_menu(new StayingMenu(this))
    , m_thisRun(new QToolButton(this))
    , m_everything(new QToolButton(this))
    , m_live(new QToolButton(this))
    , m_rows(new QBoxLayout(QBoxLayout::LeftToRight, this))
    , m_groups(eventGroups())
{
    m_text->setPlaceholderText(tr("Words in events"));
    m_text->setAccessibleName(tr("Show only events with these words"));
    m_text->setClearButtonEnabled(true);
    m_text->addAction(themedIcon(u"search"_s), QLineEdit::LeadingPosition);
    m_everything->setText(tr("Everything"));
    m_everything->setToolTip(tr("Show the events of all runs, sessions and of Muster itself"));
    auto *scope = new QButtonGroup(this);
    for (QToolButton *button : {m_thisRun, m_everything}) {
        button->setCheckable(true);
        scope->addButton(button);
    }
    m_everything->setChecked(true);
    m_live->setIcon(themedIcon(u"follow"_s));
    m_live->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_live->setCheckable(true);
    m_live->setToolTip(tr("Go to the newest event and stay there (End)"));
    makeKindMenu();

    auto *second = new QHBoxLayout;
    second->addWidget(m_thisRun);
    second->addWidget(m_everything);
    second->addWidget(m_kinds);
    second->addStretch(1);
    second->addWidget(m_live);
    m_rows->setContentsMargins(metrics::normal(), metrics::tight(), metrics::normal(), metrics::tight());
    m_rows->addWidget(m_text, 1);
    m_rows->addLayout(second);

    m_rest.setSingleShot(true);
    m_rest.setInterval(restMs);
    connect(&m_rest, &QTimer::timeout, this, &TimelineFilter::changed);
    connect(m_text, &QLineEdit::textChanged, this, [this] { m_rest.start(); });
    connect(m_text, &QLineEdit::returnPressed, this, [this] {
        m_rest.stop();
        emit changed();
    });
    connect(scope, &QButtonGroup::buttonClicked, this, &TimelineFilter::changed);
    connect(m_live, &QToolButton::clicked, this, &TimelineFilter::newestWanted);
    setRunName({});
    showKinds();
    setLive(true, 0);
}

void TimelineFilter::makeKindMenu()
{
    m_kinds->setIcon(themedIcon(u"filter"_s));
    m_kinds->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_kinds->setPopupMode(QToolButton::InstantPopup);
    m_kinds->setMenu(m_menu);
    m_kinds->setToolTip(tr("Choose the kinds of events to show"));
    QAction *all = m_menu->addAction(tr("&All kinds"));
    connect(all, &QAction::triggered, this, [this] {
        const QList<QAction *> actions = m_menu->actions();
        for (QAction *action : actions)
            action->setChecked(false);
        showKinds();
        emit changed();
    });
    m_menu->addSeparator();
    for (const EventGroup &group : std::as_const(m_groups)) {
        QAction *action = m_menu->addAction(themedIcon(group.icon), group.label);
        action->setCheckable(true);
        action->setData(group.id);
        connect(action, &QAction::triggered, this, [this] {
            showKinds();
            emit changed();
        });
    }
}

void TimelineFilter::showKinds()
{
    QStringList chosen;
    const QList<QAction *> actions = m_menu->actions();
    for (const QAction *action : actions) {
        if (action->isChecked())
            chosen += action->text();
    }
    if (chosen.isEmpty())
        m_kinds->setText(tr("All kinds"));
    else if (chosen.size() == 1)
        m_kinds->setText(chosen.front());
    else
        m_kinds->setText(tr("%n kinds", nullptr, static_cast<int>(chosen.size())));
    m_kinds->setAccessibleName(tr("Kinds: %1").arg(chosen.isEmpty() ? tr("all") : chosen.join(u", ")));
}

QString TimelineFilter::text() const { return m_text->text().trimmed(); }

QStringList TimelineFilter::kinds() const
{
    QStringList kinds;
    const QList<QAction *> actions = m_menu->actions();
    for (const QAction *action : actions) {
        if (!action->isChecked())
            continue;
        for (const EventGroup &group : m_groups) {
            if (group.id == action->data().toString())
                kinds += group.kinds;
        }
    }
    kinds.removeDuplicates();
    return kinds;
}

bool TimelineFilter::thisRunOnly() const { return m_thisRun->isChecked(); }

void TimelineFilter::setThisRunOnly(bool only) { (only ? m_thisRun : m_everything)->setChecked(true); }

void TimelineFilter::setRunName(const QString &name)
{
    m_thisRun->setText(name.isEmpty() ? tr("This run") : name);
    m_thisRun->setEnabled(!name.isEmpty());
    m_thisRun->setToolTip(name.isEmpty() ? tr("No run is chosen in the window")
                                         : tr("Show only the events of %1").arg(name));
}

void TimelineFilter::setLive(bool live, int unseen)
{
    m_live->setChecked(live);
    m_live->setText(live || unseen == 0 ? tr("Live") : tr("%1 new").arg(describeCount(unseen)));
    m_live->setAccessibleName(live ? tr("Live: new events are shown as they come")
                                   : tr("Go to the newest; %n new", nullptr, unseen));
}

void TimelineFilter::setNarrow(bool narrow)
{
    m_rows->setDirection(narrow ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
}

void TimelineFilter::focusText()
{
    m_text->setFocus();
    m_text->selectAll();
}

void TimelineFilter::reset()
{
    m_text->clear();
    const QList<QAction *> actions = m_menu->actions();
    for (QAction *action : actions)
        action->setChecked(false);
    showKinds();
    m_rest.stop();
    emit changed();
}

} // namespace muster
