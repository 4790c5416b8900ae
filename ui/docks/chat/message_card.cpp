#include "ui/docks/chat/message_card.h"

#include "core/viewmodel/describe.h"
#include "core/viewmodel/describe_runtime.h"
#include "core/viewmodel/describe_work.h"
#include "core/viewmodel/message_model.h"
#include "ui/docks/chat/message_body.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/markdown_view.h"
#include "ui/widgets/notice_banner.h"
#include "ui/widgets/recolored_icon_label.h"

#include <QApplication>
#include <QClipboard>
#include <QDateTime>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

struct StateLook {
    QString icon;
    QColor ThemeColors::*color;
};

bool isRunning(const api::MessageInfo &message)
{
    return message.status == MessageStatus::Pending || message.status == MessageStatus::Streaming;
}

bool asks(const api::MessageInfo &message)
{
    return std::ranges::any_of(message.tools, &api::ToolCall::waitsForYou);
}

StateLook lookOf(const api::MessageInfo &message, const api::WorkInfo *work)
{
    if (message.role == "user"_L1)
        return {u"person"_s, &ThemeColors::accent};
    if (isRunning(message) && message.notBefore > 0)
        return {u"status-waiting"_s, &ThemeColors::waiting};
    if (isRunning(message) && asks(message))
        return {u"permission"_s, &ThemeColors::waiting};
    if (work && work->state == api::WorkState::Stalled)
        return {u"warning"_s, &ThemeColors::waiting};
    switch (message.status) {
    case MessageStatus::Pending:
    case MessageStatus::Streaming:
        return {u"status-running"_s, &ThemeColors::running};
    case MessageStatus::Interrupted:
        return {u"status-cancelled"_s, &ThemeColors::waiting};
    case MessageStatus::Error:
        return {u"status-failed"_s, &ThemeColors::failed};
    default:
        return {u"agent"_s, &ThemeColors::neutral};
    }
}

QLabel *plainLabel(const QString &role, QWidget *parent)
{
    auto *label = new QLabel(parent);
    label->setTextFormat(Qt::PlainText);
    label->setProperty("role", role);
    label->setWordWrap(true);
    return label;
}

} // namespace

MessageCard::MessageCard(MessageModel *model, QWidget *parent)
    : QFrame(parent)
    , m_model(model)
    , m_sign(new RecoloredIconLabel(u"agent"_s, this))
    , m_who(plainLabel(u"heading"_s, this))
    , m_state(plainLabel(u"muted"_s, this))
    , m_copy(new QToolButton(this))
    , m_thinkingButton(new QToolButton(this))
    , m_thinking(MessageBody::makeText(tr("Thinking"), this))
    , m_fallback(new NoticeBanner(this))
    , m_body(new MessageBody(model, this))
    , m_attachments(plainLabel(u"muted"_s, this))
    , m_advice(plainLabel(u"muted"_s, this))
    , m_retry(new QPushButton(tr("Ask again"), this))
{
    m_who->setWordWrap(false);
    m_copy->setIcon(themedIcon(u"copy"_s));
    m_copy->setToolTip(tr("Copy this message"));
    m_copy->setAccessibleName(m_copy->toolTip());
    m_thinkingButton->setText(tr("Thinking"));
    m_thinkingButton->setIcon(themedIcon(u"chevron-right"_s));
    m_thinkingButton->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_thinkingButton->setCheckable(true);
    m_retry->setIcon(themedIcon(u"retry"_s));
    m_retry->setToolTip(tr("Send the same question once more"));
    m_thinking->setVisible(false);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);

    auto *head = new QHBoxLayout;
    head->setSpacing(metrics::normal());
    head->addWidget(m_sign);
    head->addWidget(m_who);
    head->addWidget(m_state, 1);
    head->addWidget(m_copy);
    auto *ending = new QHBoxLayout;
    ending->addWidget(m_advice, 1);
    ending->addWidget(m_retry);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(metrics::units(3), metrics::normal(), metrics::units(3), metrics::units(3));
    column->setSpacing(metrics::tight());
    column->addLayout(head);
    column->addWidget(m_fallback);
    column->addWidget(m_thinkingButton, 0, Qt::AlignLeft);
    column->addWidget(m_thinking);
    column->addWidget(m_body);
    column->addWidget(m_attachments);
    column->addLayout(ending);

    connect(m_copy, &QToolButton::clicked, this,
            [this] { QApplication::clipboard()->setText(m_message.text); });
    connect(m_thinkingButton, &QToolButton::toggled, this, [this](bool open) {
        m_thinkingButton->setIcon(themedIcon(open ? u"chevron-down"_s : u"chevron-right"_s));
        m_thinking->setVisible(open);
        MessageBody::fitText(m_thinking);
    });
    connect(m_retry, &QPushButton::clicked, this, &MessageCard::retryWanted);
}

void MessageCard::setMessage(const api::MessageInfo &message, const QString &text, const QString &thinking,
                             bool mayRetry)
{
    m_message = message;
    m_message.text = text;
    m_message.thinking = thinking;
    const bool person = message.role == "user"_L1;
    m_who->setText(person ? tr("You") : tr("Agent"));
    m_copy->setVisible(!text.isEmpty());
    m_fallback->setNotice(message.fallback ? describeFallback(*message.fallback) : QString(),
                          lookOfFallback());
    m_body->show(message, text, isRunning(message));
    m_thinkingButton->setVisible(!thinking.isEmpty());
    m_thinking->setText(thinking);
    if (m_thinking->isVisible())
        MessageBody::fitText(m_thinking);
    QStringList names;
    for (const QString &path : message.attachments)
        names += QFileInfo(path).fileName();
    m_attachments->setText(tr("With: %1").arg(names.join(u", "_s)));
    m_attachments->setVisible(!names.isEmpty());
    m_mayRetry = mayRetry;
    updateState();
}

void MessageCard::updateState()
{
    const StateLook look = lookOf(m_message, m_model->workOf(m_message));
    m_sign->setIcon(look.icon, look.color);
    const bool person = m_message.role == "user"_L1;
    const bool ended =
        m_message.status == MessageStatus::Interrupted || m_message.status == MessageStatus::Error;
    QString state = describeTime(m_message.createdAt);
    QString sign; // gets older each second: no news for a screen reader
    if (m_message.status == MessageStatus::Queued) {
        state = tr("waits for its turn");
    } else if (!person && isRunning(m_message)) {
        state = stateOfRunning();
        sign = signOfRunning();
    } else if (!person && m_message.endedAt > m_message.createdAt) {
        state += u" · " % describeDuration(m_message.endedAt - m_message.createdAt);
    }
    m_state->setText(sign.isEmpty() ? state : QString(state % u" · " % sign));
    QString ending;
    if (ended) {
        ending = describe(m_message.status);
        if (m_message.reason)
            ending += u": " % describeFailure(*m_message.reason, m_message.detail) % u". " %
                      adviceFor(*m_message.reason, m_message.detail);
    }
    m_advice->setText(ending);
    m_advice->setVisible(ended);
    m_retry->setVisible(ended && m_mayRetry);
    setAccessibleName(m_who->text() % u", " % (ended ? ending : state));
}

QString MessageCard::signOfRunning() const
{
    const api::WorkInfo *work = m_model->workOf(m_message);
    return work ? describeSign(*work, QDateTime::currentMSecsSinceEpoch()) : QString();
}

QString MessageCard::stateOfRunning() const
{
    if (m_message.notBefore > 0)
        return describeRest(m_message.notBefore);
    const api::WorkInfo *work = m_model->workOf(m_message);
    if (work && work->state != api::WorkState::Working && work->state != api::WorkState::WaitingForYou)
        return describe(work->state);
    const bool usesTool = std::ranges::any_of(
        m_message.tools, [](const api::ToolCall &call) { return !call.outcome.has_value(); });
    if (asks(m_message))
        return tr("waits for you");
    if (usesTool)
        return tr("works…");
    if (!m_message.text.isEmpty())
        return tr("writes…");
    return m_message.thinking.isEmpty() ? tr("begins…") : tr("thinks…");
}

void MessageCard::resizeEvent(QResizeEvent *event)
{
    QFrame::resizeEvent(event);
    layout()->activate();
    if (m_thinking->isVisible())
        MessageBody::fitText(m_thinking);
}

} // namespace muster
