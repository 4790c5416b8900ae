// RunGraph: the graph of the flow that the run of a RunModel runs, from the definition that is kept with the
// run, whatever the file says by now. Runs of one definition share it. GUI thread; the node reads the
// definition, a worker lays it out.
#pragma once

#include "core/viewmodel/flow_graph.h"
#include "core/viewmodel/node_feed.h"

#include <QObject>

namespace muster {

class RunModel;

class RunGraph final : public QObject {
    Q_OBJECT

public:
    RunGraph(NodeFeed *feed, RunModel *run, QObject *parent = nullptr);

    // Empty until it is laid out.
    [[nodiscard]] const FlowGraph &graph() const { return m_graph; }
    // The loop or group that has a step, by step.
    [[nodiscard]] QHash<QString, QString> within() const;

signals:
    void changed();

private:
    void onDetail();
    void layOut(const api::FlowCheckInfo &flow);
    void set(FlowGraph graph);

    NodeFeed *m_feed;
    RunModel *m_run;
    FlowGraph m_graph;
    RunId m_of; // of whose definition it is
    QString m_project;
    QString m_definition;
    int m_serial = 0;
};

} // namespace muster
