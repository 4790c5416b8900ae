// EventNames: what the ids in events are called: "survey #3", "read[2]". Asks the node for runs that it does
// not know, at most once in a while, and says when it knows more. GUI thread.
#pragma once

#include "core/node/api/node_api.h"
#include "core/viewmodel/refresher.h"

#include <QHash>
#include <QSet>

namespace muster {

class EventNames final : public QObject {
    Q_OBJECT

public:
    explicit EventNames(api::NodeApi *node, QObject *parent = nullptr);

    // While off, nothing is asked.
    void setActive(bool active);
    // Takes from events what they say about names.
    void learn(const std::vector<Event> &events);
    // "survey #3 · write[2] · session 7", as far as known; unknown runs are asked for.
    [[nodiscard]] QString subjectOf(const Event &event);
    [[nodiscard]] QString runName(RunId run);

signals:
    void changed();

private:
    void ask();
    void want(RunId run);

    api::NodeApi *m_node;
    Refresher m_refresher;
    QHash<RunId, QString> m_runs;
    QHash<StepRunId, QString> m_steps;
    QSet<RunId> m_wanted;
    QSet<RunId> m_asked; // the node was asked for their steps, whatever it said
};

} // namespace muster
