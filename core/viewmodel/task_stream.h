// TaskStream: the text that a task has written so far, and as it is written. Keeps the last part of a long
// one. What arrives out of order is asked for again, so the text has no holes. GUI thread.
#pragma once

#include "core/node/api/node_api.h"

#include <QObject>
#include <QTimer>

namespace muster {

class TaskStream final : public QObject {
    Q_OBJECT

public:
    // `channel`: text or thinking, or tool for what a command prints.
    explicit TaskStream(api::NodeApi *node, QObject *parent = nullptr,
                        QString channel = QStringLiteral("text"));
    ~TaskStream() override;
    Q_DISABLE_COPY_MOVE(TaskStream)

    // An id that is not valid: nothing.
    void follow(TaskId task) { follow(task, m_channel); }
    void follow(TaskId task, const QString &channel);
    [[nodiscard]] TaskId task() const { return m_task; }
    [[nodiscard]] const QString &text() const { return m_text; }
    // Earlier text was left out, because there is too much of it.
    [[nodiscard]] bool isCut() const { return m_start > 0; }
    // Also of one that has written nothing.
    [[nodiscard]] bool isLoaded() const { return m_loaded; }

    static constexpr qsizetype maxText = 256 << 10; // UTF-16 units

signals:
    void restarted();                       // all of text() is new
    void appended(const QString &addition); // at the end of text()

private:
    void ask();
    void onNotice(const api::StreamNotice &notice);
    void take(qint64 offset, const QString &text);
    void takePending();

    api::NodeApi *m_node;
    QString m_channel;
    TaskId m_task;
    int m_subscription = 0;
    QString m_text;
    qint64 m_start = 0; // of m_text in the whole stream
    std::vector<api::StreamNotice> m_pending;
    QTimer m_fillGap;
    bool m_asking = false;
    bool m_loaded = false;
};

} // namespace muster
