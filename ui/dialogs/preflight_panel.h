// PreflightPanel: what a run would take and meet: the estimate, runtimes that cannot be used with what works
// in their place, caps that it is over, and which steps work where. Asks the node a moment after the last
// change; an answer to an older question is dropped. It only tells, and never holds a start up. GUI thread.
#pragma once

#include "core/node/api/queries.h"

#include <QTimer>
#include <QWidget>

class QPlainTextEdit;
class QPushButton;

namespace muster {

class FactLine;
class NodeFeed;

class PreflightPanel final : public QWidget {
    Q_OBJECT

public:
    explicit PreflightPanel(NodeFeed *feed, QWidget *parent = nullptr);

    void ask(const api::Preflight &question);
    // Nothing to look at, such as a flow with problems.
    void clear();

signals:
    void shown(); // its height may be another now

private:
    void send();
    void show(const api::PreflightInfo &info);
    void addWarning(const QString &text, bool stops);

    NodeFeed *m_feed;
    api::Preflight m_question;
    QTimer m_askSoon;
    int m_serial = 0;
    QWidget *m_facts; // one line for each warning
    FactLine *m_estimate;
    FactLine *m_places;
    QPushButton *m_more;
    QPlainTextEdit *m_outline;
};

} // namespace muster
