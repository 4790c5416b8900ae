#include "ui/docks/chat/chat_notices.h"

#include "core/viewmodel/describe_tasks.h"
#include "core/viewmodel/describe_work.h"
#include "ui/docks/chat/pause_banner.h"
#include "ui/widgets/load_look.h"

#include <QDateTime>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace muster {

ChatNotices::ChatNotices(QWidget *parent)
    : QWidget(parent)
    , m_pause(new PauseBanner(this))
    , m_wait(new NoticeBanner(this))
    , m_capacity(new NoticeBanner(this))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    for (NoticeBanner *banner : {static_cast<NoticeBanner *>(m_pause), m_wait, m_capacity})
        column->addWidget(banner);
    auto *cancel = m_wait->addButton(tr("&Cancel"), tr("Do not wait: the answer ends here"));
    connect(cancel, &QPushButton::clicked, this, &ChatNotices::cancelWanted);
    auto *activity = m_capacity->addButton(tr("View the &queue"), tr("See what works and what waits"));
    connect(activity, &QPushButton::clicked, this, &ChatNotices::activityWanted);
    auto *away =
        m_capacity->addButton(tr("&Dismiss"), tr("Not again in this conversation before this changes"));
    connect(away, &QPushButton::clicked, this, [this] {
        m_putAway.insert(m_conversation);
        showLoad();
    });
}

void ChatNotices::setSideMargin(int pixels)
{
    for (NoticeBanner *banner : {static_cast<NoticeBanner *>(m_pause), m_wait, m_capacity})
        banner->setContentsMargins(pixels, 0, pixels, 0);
}

void ChatNotices::setPause(const QString &reason) { m_pause->setReason(reason); }

void ChatNotices::setAnswer(const api::MessageInfo *answer)
{
    m_wait->setNotice(answer ? describeWait(*answer, QDateTime::currentMSecsSinceEpoch()) : QString(),
                      {u"status-waiting"_s, &ThemeColors::waiting});
}

void ChatNotices::setLoad(ConversationId conversation, const api::NodeStatus &status)
{
    m_conversation = conversation;
    m_overload = describeOverload(status);
    if (m_overload.isEmpty())
        m_putAway.clear();
    showLoad();
}

void ChatNotices::showLoad()
{
    m_capacity->setNotice(m_putAway.contains(m_conversation) ? QString() : m_overload,
                          lookOfLoad(api::SwarmLoad::Saturated));
}

} // namespace muster
