#include "ui/docks/navigator/load_card.h"

#include "core/viewmodel/describe.h"
#include "core/viewmodel/describe_tasks.h"
#include "ui/theme/metrics.h"
#include "ui/theme/style.h"
#include "ui/theme/theme.h"
#include "ui/widgets/live_tool_tip.h"
#include "ui/widgets/load_look.h"
#include "ui/widgets/recolored_icon_label.h"

#include <QDateTime>
#include <QEvent>
#include <QGridLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPainter>

using namespace Qt::StringLiterals;

namespace muster {

LoadCard::LoadCard(QWidget *parent)
    : QAbstractButton(parent)
    , m_sign(new RecoloredIconLabel(u"load-quiet"_s, this))
    , m_word(new QLabel(this))
    , m_detail(new QLabel(this))
{
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::PointingHandCursor);
    m_word->setProperty("role", u"heading"_s);
    m_detail->setProperty("role", u"muted"_s);
    m_detail->setTextFormat(Qt::PlainText);
    m_detail->setWordWrap(true);
    for (QWidget *part :
         {static_cast<QWidget *>(m_sign), static_cast<QWidget *>(m_word), static_cast<QWidget *>(m_detail)})
        part->setAttribute(Qt::WA_TransparentForMouseEvents);
    auto *grid = new QGridLayout(this);
    grid->setContentsMargins(metrics::normal(), metrics::normal(), metrics::normal(), metrics::normal());
    grid->setHorizontalSpacing(metrics::normal());
    grid->setVerticalSpacing(0);
    grid->addWidget(m_sign, 0, 0);
    grid->addWidget(m_word, 0, 1);
    grid->addWidget(m_detail, 1, 1);
    grid->setColumnStretch(1, 1);
    setLiveToolTip(this, [this] {
        const QString load = describeLoadWhole(m_status, QDateTime::currentMSecsSinceEpoch());
        return QString(load + u'\n' + tr("Click to see what runs and what waits."));
    });
}

void LoadCard::setStatus(const api::NodeStatus &status, api::LinkState link)
{
    m_status = status;
    setEnabled(link == api::LinkState::Connected);
    if (link != api::LinkState::Connected) {
        m_sign->setIcon(u"disconnected"_s, &ThemeColors::neutral);
        say(tr("Connecting…"), tr("What runs goes on meanwhile"));
        return;
    }
    const QString counts = describeCounts(status);
    const QString detail = counts.isEmpty() ? tr("Nothing runs or waits") : counts;
    const StatusLook look = lookOfLoad(status.load);
    if (!status.pausedReason.isEmpty()) { // the store takes no writes, which is a failure
        m_sign->setIcon(look.icon, &ThemeColors::failed);
        say(tr("Paused"), describePause(status.pausedReason));
    } else if (status.load == api::SwarmLoad::Quiet && status.waitingForYou > 0) {
        m_sign->setIcon(u"person"_s, &ThemeColors::waiting); // nothing goes on without the person
        say(tr("Your turn"), detail);
    } else {
        m_sign->setIcon(look.icon, look.color);
        say(describe(status.load), detail);
    }
}

void LoadCard::say(const QString &word, const QString &detail)
{
    m_word->setText(word);
    m_detail->setText(detail);
    setAccessibleName(tr("Swarm: %1").arg(QStringList{word, detail}.join(u", "_s)));
    updateGeometry();
}

QSize LoadCard::sizeHint() const { return layout()->sizeHint(); }

QSize LoadCard::minimumSizeHint() const { return layout()->minimumSize(); }

bool LoadCard::hasHeightForWidth() const { return true; }

int LoadCard::heightForWidth(int width) const { return layout()->heightForWidth(width); }

void LoadCard::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    if (isEnabled() && (underMouse() || isDown()))
        painter.fillRect(rect(), isDown() ? Theme::colors().selection : Theme::colors().hover);
    if (hasFocus())
        drawFocusRing(&painter, rect());
}

bool LoadCard::event(QEvent *event)
{
    if (event->type() == QEvent::Enter || event->type() == QEvent::Leave)
        update();
    if (event->type() == QEvent::KeyPress) { // as of a row in the lists below
        const int key = static_cast<QKeyEvent *>(event)->key();
        if (key == Qt::Key_Return || key == Qt::Key_Enter) {
            click();
            return true;
        }
    }
    return QAbstractButton::event(event);
}

} // namespace muster
