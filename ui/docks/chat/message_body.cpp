#include "ui/docks/chat/message_body.h"

#include "ui/docks/chat/tool_group.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/markdown_view.h"

#include <QTextDocument>
#include <QVBoxLayout>

#include <cmath>

using namespace Qt::StringLiterals;

namespace muster {

MarkdownView *MessageBody::makeText(const QString &accessibleName, QWidget *parent)
{
    auto *view = new MarkdownView(accessibleName, parent);
    view->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    view->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    view->document()->setDocumentMargin(0);
    view->setProperty("role", u"message"_s);
    return view;
}

void MessageBody::fitText(MarkdownView *view)
{
    const int width = view->width() - 2 * view->frameWidth();
    view->document()->setTextWidth(std::max(1, width));
    view->setFixedHeight(static_cast<int>(std::ceil(view->document()->size().height())) +
                         2 * view->frameWidth() + metrics::tight());
}

MessageBody::MessageBody(MessageModel *model, QWidget *parent)
    : QWidget(parent)
    , m_model(model)
    , m_column(new QVBoxLayout(this))
{
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(metrics::tight());
}

// The part at this place as the kind that is wanted: the one that is there, so that what is open or selected
// in it stays, or a new one.
template <typename Part> Part *MessageBody::partAt(int at)
{
    if (at < m_parts.size()) {
        if (auto *there = qobject_cast<Part *>(m_parts.at(at)))
            return there;
        delete m_parts.takeAt(at);
    }
    Part *part = nullptr;
    if constexpr (std::is_same_v<Part, MarkdownView>)
        part = makeText(tr("Message"), this);
    else
        part = new Part(m_model, this);
    m_parts.insert(at, part);
    m_column->insertWidget(at, part);
    return part;
}

void MessageBody::show(const api::MessageInfo &message, const QString &text, bool live)
{
    const std::vector<MessagePart> parts = partsOf(text, message.tools);
    int at = 0;
    for (const MessagePart &part : parts) {
        if (part.tools.empty())
            partAt<MarkdownView>(at)->setText(part.text);
        else
            partAt<ToolGroup>(at)->setCalls(message.task, part.tools, live);
        ++at;
    }
    while (m_parts.size() > at)
        delete m_parts.takeLast();
    setVisible(at > 0);
    fit();
}

void MessageBody::fit()
{
    for (QWidget *part : std::as_const(m_parts)) {
        if (auto *view = qobject_cast<MarkdownView *>(part)) {
            if (view->width() != width())
                view->resize(width(), view->height());
            fitText(view);
        }
    }
}

void MessageBody::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    fit();
}

} // namespace muster
