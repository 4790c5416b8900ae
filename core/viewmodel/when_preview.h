// WhenPreview: how a schedule would be read and fire while it is being written: the node is asked when typing
// rests, and an answer to what was typed before is dropped. GUI thread.
#pragma once

#include "core/node/api/node_api.h"

#include <QObject>
#include <QTimer>

namespace muster {

class WhenPreview final : public QObject {
    Q_OBJECT

public:
    static constexpr int restMs = 250; // that typing must rest

    explicit WhenPreview(api::NodeApi *node, QObject *parent = nullptr);

    void ask(const api::PreviewWhen &question);
    // Of the question that was asked last; kind and problem are empty until then.
    [[nodiscard]] const api::SchedulePreview &preview() const { return m_preview; }
    [[nodiscard]] bool isAsking() const { return m_asking; }
    // "Every weekday at 09:00, Europe/Berlin"; empty: there is a problem.
    [[nodiscard]] QString reading() const;

signals:
    void changed();

private:
    void send();

    api::NodeApi *m_node;
    api::PreviewWhen m_question;
    api::SchedulePreview m_preview;
    QString m_when; // that the preview is of
    QTimer m_rest;
    int m_serial = 0;
    bool m_asking = false;
};

} // namespace muster
