// TaskTextDialog: what the agent of a firing wrote, and writes. GUI thread.
#pragma once

#include "core/node/api/node_api.h"

#include <QDialog>

class QPlainTextEdit;

namespace muster {

class TaskStream;

class TaskTextDialog final : public QDialog {
    Q_OBJECT

public:
    TaskTextDialog(api::NodeApi *node, TaskId task, const QString &title, QWidget *parent = nullptr);

private:
    void showText();

    TaskStream *m_stream;
    QPlainTextEdit *m_text;
};

} // namespace muster
