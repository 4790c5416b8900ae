// MessageBody: what a message says, paragraph by paragraph, with what its agent did in between. As tall as
// all of it. GUI thread.
#pragma once

#include "core/viewmodel/message_parts.h"

#include <QWidget>

class QVBoxLayout;

namespace muster {

class MarkdownView;
class MessageModel;

class MessageBody final : public QWidget {
    Q_OBJECT

public:
    explicit MessageBody(MessageModel *model, QWidget *parent = nullptr);

    void show(const api::MessageInfo &message, const QString &text, bool live);
    void fit(); // to its width

    // A view for Markdown that is as tall as its text.
    [[nodiscard]] static MarkdownView *makeText(const QString &accessibleName, QWidget *parent);
    static void fitText(MarkdownView *view);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    template <typename Part> Part *partAt(int at);

    MessageModel *m_model;
    QVBoxLayout *m_column;
    QList<QWidget *> m_parts; // MarkdownView or ToolGroup
};

} // namespace muster
