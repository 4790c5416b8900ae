#include "ui/widgets/live_tool_tip.h"

#include <QHelpEvent>
#include <QToolTip>
#include <QWidget>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

class LiveToolTip final : public QObject {
public:
    LiveToolTip(QWidget *widget, std::function<QString()> text)
        : QObject(widget)
        , m_widget(widget)
        , m_text(std::move(text))
    {
        widget->installEventFilter(this);
    }

protected:
    bool eventFilter(QObject *watched, QEvent *event) override
    {
        if (watched != m_widget || event->type() != QEvent::ToolTip)
            return QObject::eventFilter(watched, event);
        const QString lines = m_text().toHtmlEscaped().replace(u'\n', u"<br>"_s);
        const QPoint at = static_cast<QHelpEvent *>(event)->globalPos();
        QToolTip::showText(at, lines.isEmpty() ? QString() : QString(u"<p>" + lines + u"</p>"), m_widget);
        return true;
    }

private:
    QWidget *m_widget;
    std::function<QString()> m_text;
};

} // namespace

void setLiveToolTip(QWidget *widget, std::function<QString()> text)
{
    new LiveToolTip(widget, std::move(text));
}

} // namespace muster
