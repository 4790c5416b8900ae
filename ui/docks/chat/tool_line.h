// ToolLine: a tool call in an answer: one line, and when opened what it was given, what it changed and what
// it said. These are asked for when they are looked at, and again while the call runs. GUI thread.
#pragma once

#include "core/base/result.h"
#include "core/node/api/values.h"

#include <QTimer>
#include <QWidget>

class QLabel;
class QPlainTextEdit;
class QVBoxLayout;

namespace muster {

class DiffHighlighter;
class MessageModel;
class ToolButton;

class ToolLine final : public QWidget {
    Q_OBJECT

public:
    explicit ToolLine(MessageModel *model, QWidget *parent = nullptr);

    // `live`: the turn that it belongs to runs.
    void setCall(TaskId task, const api::ToolCall &call, bool live);
    [[nodiscard]] ToolButton *button() const { return m_button; }

protected:
    void changeEvent(QEvent *event) override;

private:
    void showLook();
    void open(bool wanted);
    void ask();
    void showDetail(const Result<api::ToolDetail> &detail);
    void showText(QPlainTextEdit *&box, const QString &name, const QString &text);

    MessageModel *m_model;
    TaskId m_task;
    api::ToolCall m_call;
    bool m_live = false;
    ToolButton *m_button;
    QWidget *m_details = nullptr; // made when first opened
    QVBoxLayout *m_column = nullptr;
    QLabel *m_note = nullptr;
    QPlainTextEdit *m_input = nullptr;
    QPlainTextEdit *m_diff = nullptr;
    QPlainTextEdit *m_output = nullptr;
    DiffHighlighter *m_colors = nullptr;
    QTimer m_clock; // while it runs
};

} // namespace muster
