#include "core/viewmodel/run_graph.h"

#include "core/base/async.h"
#include "core/viewmodel/run_model.h"

using namespace Qt::StringLiterals;

namespace muster {
namespace {

// What the run itself tells of its steps: all that is left where its definition cannot be read any more, as
// when it names a flow that is gone.
api::FlowCheckInfo outlineOf(const api::RunDetail &detail)
{
    api::FlowCheckInfo flow{.name = detail.run.flow};
    for (const api::StepInfo &step : detail.steps) {
        if (step.index < 0)
            flow.steps.push_back({.id = step.stepId, .kind = step.kind, .needs = step.needs});
    }
    return flow;
}

} // namespace

RunGraph::RunGraph(NodeFeed *feed, RunModel *run, QObject *parent)
    : QObject(parent)
    , m_feed(feed)
    , m_run(run)
{
    connect(run, &RunModel::detailChanged, this, &RunGraph::onDetail);
}

QHash<QString, QString> RunGraph::within() const
{
    QHash<QString, QString> found;
    for (const api::FlowStepInfo &step : m_graph.steps) {
        for (const QString &member : step.kind == "group"_L1 ? step.needs : QStringList())
            found.insert(member, step.id);
    }
    for (const api::FlowStepInfo &step : m_graph.steps) {
        if (!step.loop.isEmpty())
            found.insert(step.id, step.loop);
    }
    return found;
}

void RunGraph::onDetail()
{
    const api::RunDetail &detail = m_run->detail();
    if (!detail.run.id.isValid() || detail.run.id == m_of)
        return;
    m_of = detail.run.id;
    const bool isSame =
        !detail.definition.isEmpty() && detail.definition == m_definition && detail.run.project == m_project;
    if (isSame && !m_graph.steps.empty())
        return;
    m_definition = detail.definition;
    m_project = detail.run.project;
    set({});
    if (m_definition.isEmpty()) {
        layOut(outlineOf(detail));
        return;
    }
    m_feed->node().query(api::CheckFlow{.project = m_project, .flow = detail.run.flow, .text = m_definition},
                         this, [this, serial = m_serial](const Result<api::FlowCheckInfo> &flow) {
        if (serial != m_serial)
            return;
        if (m_run->run().id != m_of) {
            m_of = {}; // asked for again when that run is
            return;
        }
        layOut(flow && !flow->steps.empty() ? *flow : outlineOf(m_run->detail()));
    });
}

void RunGraph::layOut(const api::FlowCheckInfo &flow)
{
    auto drawn = onPool([flow]() -> Result<FlowGraph> { return flowGraphOf(flow); });
    onResult(drawn, this, [this, serial = m_serial](Result<FlowGraph> graph) {
        if (graph && serial == m_serial)
            set(std::move(*graph));
    });
}

void RunGraph::set(FlowGraph graph)
{
    ++m_serial;
    m_graph = std::move(graph);
    emit changed();
}

} // namespace muster
