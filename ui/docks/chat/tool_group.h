// ToolGroup: the tool calls between two paragraphs of an answer. A few stand one under the other; many are
// one line that opens, with the ones that still run under it. GUI thread.
#pragma once

#include "core/node/api/values.h"

#include <QWidget>

class QVBoxLayout;

namespace muster {

class MessageModel;
class ToolButton;
class ToolLine;

class ToolGroup final : public QWidget {
    Q_OBJECT

public:
    static constexpr size_t few = 4;

    explicit ToolGroup(MessageModel *model, QWidget *parent = nullptr);

    void setCalls(TaskId task, const std::vector<api::ToolCall> &calls, bool live);

private:
    void showHead();
    void showLines();
    [[nodiscard]] bool isShown(size_t row) const;

    MessageModel *m_model;
    TaskId m_task;
    std::vector<api::ToolCall> m_calls;
    bool m_live = false;
    ToolButton *m_head;
    QVBoxLayout *m_column;
    std::vector<ToolLine *> m_lines; // nullptr: not yet looked at
};

} // namespace muster
