// MessageCard: one message of a conversation: who, when, what, and how an answer ended, with what can be done
// about it. As tall as its text. GUI thread.
#pragma once

#include "core/node/api/values.h"

#include <QFrame>

class QLabel;
class QPushButton;
class QToolButton;

namespace muster {

class MarkdownView;
class MessageBody;
class MessageModel;
class NoticeBanner;
class RecoloredIconLabel;

class MessageCard final : public QFrame {
    Q_OBJECT

public:
    explicit MessageCard(MessageModel *model, QWidget *parent = nullptr);

    // `text` and `thinking` are what is shown of it now; `mayRetry`: it is the newest answer.
    void setMessage(const api::MessageInfo &message, const QString &text, const QString &thinking,
                    bool mayRetry);
    // How its agent does, while nothing else of it has changed.
    void updateState();
    [[nodiscard]] MessageId message() const { return m_message.id; }

signals:
    void retryWanted();

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    [[nodiscard]] QString stateOfRunning() const;
    [[nodiscard]] QString signOfRunning() const; // how long ago it got on; empty: not known

    MessageModel *m_model;
    api::MessageInfo m_message;
    bool m_mayRetry = false;
    RecoloredIconLabel *m_sign;
    QLabel *m_who;
    QLabel *m_state;
    QToolButton *m_copy;
    QToolButton *m_thinkingButton;
    MarkdownView *m_thinking;
    NoticeBanner *m_fallback;
    MessageBody *m_body;
    QLabel *m_attachments;
    QLabel *m_advice;
    QPushButton *m_retry;
};

} // namespace muster
