#include "ui/shell/status_strip.h"

#include "core/viewmodel/describe.h"
#include "core/viewmodel/describe_tasks.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"
#include "ui/theme/role_icon.h"
#include "ui/widgets/live_tool_tip.h"
#include "ui/widgets/load_look.h"
#include "ui/widgets/recolored_icon_label.h"

#include <QDateTime>
#include <QHBoxLayout>
#include <QLabel>
#include <QMessageBox>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

QToolButton *stripButton(const QString &icon, QWidget *parent)
{
    auto *button = new QToolButton(parent);
    button->setIcon(themedIcon(icon));
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::TabFocus);
    return button;
}

} // namespace

StatusStrip::StatusStrip(QWidget *parent)
    : QStatusBar(parent)
    , m_swarm(stripButton(u"load-quiet"_s, this))
    , m_inbox(stripButton(u"inbox"_s, this))
    , m_paused(new QLabel(this))
    , m_notes(stripButton(u"warning"_s, this))
    , m_linkIcon(new RecoloredIconLabel(u"disconnected"_s, this))
    , m_link(new QLabel(this))
{
    setSizeGripEnabled(false);
    m_paused->setProperty("role", u"error"_s);
    m_paused->setTextFormat(Qt::PlainText);
    m_paused->hide();
    // As one: a message stands in its place, whatever of it comes and goes meanwhile.
    auto *signs = new QWidget(this);
    auto *signRow = new QHBoxLayout(signs);
    signRow->setContentsMargins(0, 0, 0, 0);
    signRow->setSpacing(metrics::tight());
    for (QWidget *sign : {static_cast<QWidget *>(m_swarm), static_cast<QWidget *>(m_inbox),
                          static_cast<QWidget *>(m_paused), static_cast<QWidget *>(m_notes)})
        signRow->addWidget(sign);
    addWidget(signs);
    auto *link = new QWidget(this);
    auto *row = new QHBoxLayout(link);
    row->setContentsMargins(metrics::tight(), 0, metrics::normal(), 0);
    row->setSpacing(metrics::tight());
    row->addWidget(m_linkIcon);
    row->addWidget(m_link);
    addPermanentWidget(link);
    connect(m_swarm, &QToolButton::clicked, this, &StatusStrip::swarmClicked);
    setLiveToolTip(m_swarm, [this] {
        const QString load = describeLoadWhole(m_status, QDateTime::currentMSecsSinceEpoch());
        return QString(load + u'\n' + tr("Click to see what runs and what waits."));
    });
    connect(m_inbox, &QToolButton::clicked, this, &StatusStrip::inboxClicked);
    connect(m_notes, &QToolButton::clicked, this,
            [this] { QMessageBox::information(this, tr("Since the node's start"), m_notes->toolTip()); });
    setStatus({});
    setLink(api::LinkState::Connecting);
}

void StatusStrip::setStatus(const api::NodeStatus &status)
{
    const StatusLook look = lookOfLoad(status.load);
    m_swarm->setIcon(roleIcon(look.icon, look.color));
    m_status = status;
    m_swarm->setText(describeLoad(status));
    m_swarm->setAccessibleName(tr("Swarm: %1").arg(m_swarm->text()));
    m_waiting = status.waitingForYou;
    showCounts();
    m_inbox->setText(tr("Answer"));
    m_inbox->setAccessibleName(tr("Open the inbox, %n waiting", nullptr, status.waitingForYou));
    m_inbox->setToolTip(m_inbox->accessibleName());
    m_paused->setVisible(!status.pausedReason.isEmpty());
    m_paused->setText(tr("Work is paused: %1").arg(describePause(status.pausedReason)));
    QStringList notes;
    for (const QString &note : status.notes)
        notes += describeNote(note);
    m_notes->setVisible(!notes.isEmpty());
    m_notes->setText(tr("%n note(s)", nullptr, static_cast<int>(notes.size())));
    m_notes->setToolTip(notes.join(u"\n\n"_s));
    m_notes->setAccessibleDescription(m_notes->toolTip());
}

// What was true before the connection was lost may not be true any more.
void StatusStrip::showCounts()
{
    m_swarm->setVisible(m_connected);
    m_inbox->setVisible(m_connected && m_waiting > 0);
}

void StatusStrip::setLink(api::LinkState state)
{
    m_connected = state == api::LinkState::Connected;
    showCounts();
    switch (state) {
    case api::LinkState::Connecting:
        m_linkIcon->setIcon(u"status-queued"_s, &ThemeColors::mutedText);
        m_link->setText(tr("Connecting to the node"));
        return;
    case api::LinkState::Connected:
        m_linkIcon->setIcon(u"connected"_s, &ThemeColors::completed);
        m_link->setText(tr("Connected"));
        return;
    case api::LinkState::Lost:
        m_linkIcon->setIcon(u"disconnected"_s, &ThemeColors::failed);
        m_link->setText(tr("Connection lost, trying again"));
        return;
    }
}

} // namespace muster
