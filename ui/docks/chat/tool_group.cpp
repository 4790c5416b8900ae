#include "ui/docks/chat/tool_group.h"

#include "core/viewmodel/describe.h"
#include "core/viewmodel/describe_tool.h"
#include "ui/docks/chat/tool_button.h"
#include "ui/docks/chat/tool_line.h"
#include "ui/theme/metrics.h"

#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace muster {

ToolGroup::ToolGroup(MessageModel *model, QWidget *parent)
    : QWidget(parent)
    , m_model(model)
    , m_head(new ToolButton(this))
    , m_column(new QVBoxLayout(this))
{
    m_column->setContentsMargins(0, metrics::tight() / 2, 0, metrics::tight() / 2);
    m_column->setSpacing(metrics::tight());
    m_column->addWidget(m_head);
    m_head->hide();
    connect(m_head, &QAbstractButton::toggled, this, &ToolGroup::showLines);
}

void ToolGroup::setCalls(TaskId task, const std::vector<api::ToolCall> &calls, bool live)
{
    m_task = task;
    m_calls = calls;
    m_live = live;
    showHead();
    showLines();
}

void ToolGroup::showHead()
{
    m_head->setVisible(m_calls.size() > few);
    if (m_calls.size() <= few)
        return;
    const auto failed = std::ranges::count_if(
        m_calls, [](const api::ToolCall &call) { return call.outcome == ToolOutcome::Failed; });
    ToolLook look{.icon = u"tool"_s,
                  .title = tr("%n tool call(s)", nullptr, static_cast<int>(m_calls.size())) % u": " %
                           describeTools(m_calls),
                  .added = {},
                  .removed = {},
                  .state = {},
                  .sign = {u"status-completed"_s, &ThemeColors::completed}};
    if (failed > 0) {
        look.state = tr("%n failed", nullptr, static_cast<int>(failed));
        look.sign = {u"status-failed"_s, &ThemeColors::failed};
    } else if (const qint64 took = m_calls.back().endedAt - m_calls.front().startedAt; took > 0) {
        look.state = describeDuration(took);
    }
    const bool runs = m_live && std::ranges::any_of(m_calls, [](const api::ToolCall &call) {
        return !call.outcome.has_value();
    });
    if (runs)
        look.sign = {u"status-running"_s, &ThemeColors::running};
    m_head->setLook(look);
}

bool ToolGroup::isShown(size_t row) const
{
    return m_calls.size() <= few || m_head->isChecked() || (m_live && !m_calls[row].outcome);
}

void ToolGroup::showLines()
{
    while (m_lines.size() > m_calls.size()) {
        delete m_lines.back();
        m_lines.pop_back();
    }
    m_lines.resize(m_calls.size(), nullptr);
    int place = 1; // after the head
    for (size_t row = 0; row < m_calls.size(); ++row) {
        ToolLine *&line = m_lines[row];
        const bool shown = isShown(row);
        if (shown && !line) {
            line = new ToolLine(m_model, this);
            m_column->insertWidget(place, line);
        }
        if (!line)
            continue;
        ++place;
        line->setCall(m_task, m_calls[row], m_live);
        line->setVisible(shown);
    }
}

} // namespace muster
