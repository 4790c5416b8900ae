#include "core/viewmodel/run_model.h"

#include "core/viewmodel/describe.h"
#include "core/viewmodel/project_context.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr int intervalMs = 50;

// A top-level index carries 0, another one the number of the node above it plus one.
constexpr quintptr topLevel = 0;

int urgency(const api::StepInfo &step)
{
    if (step.inbox.isValid())
        return 4;
    if (hasFailed(step.status))
        return 3;
    if (step.status == StepStatus::Running)
        return 2;
    const bool did = step.status != StepStatus::Skipped && step.status != StepStatus::Excluded;
    return isSettled(step.status) && did ? 1 : 0;
}

} // namespace

RunModel::RunModel(NodeFeed *feed, ProjectContext *context, QObject *parent)
    : QAbstractItemModel(parent)
    , m_feed(feed)
    , m_context(context)
    , m_refresher([this] { ask(); }, this, intervalMs)
{
    connect(feed, &NodeFeed::changed, this, [this](const FeedChanges &changes) {
        if (changes.everything || changes.runs.contains(m_context->run()))
            m_refresher.request();
    });
    connect(&feed->work(), &WorkWatch::ticked, this, [this] {
        if (m_active)
            rowsTouched();
    });
    connect(context, &ProjectContext::runChanged, this, &RunModel::onRun);
    m_refresher.request();
}

RunModel::~RunModel()
{
    if (m_subscription != 0)
        m_feed->node().unsubscribe(m_subscription);
}

void RunModel::setActive(bool active)
{
    m_active = active;
    m_refresher.setActive(active);
    followTools();
    followWork();
}

void RunModel::followWork()
{
    m_feed->work().setWanted(this, m_active && run().id.isValid() && !isSettled(run().status));
}

void RunModel::setWithin(const QHash<QString, QString> &within)
{
    if (within == m_within)
        return;
    beginResetModel();
    m_within = within;
    arrange();
    endResetModel();
}

const RunModel::Node *RunModel::nodeAt(const QModelIndex &index) const
{
    if (!index.isValid())
        return nullptr;
    const std::vector<size_t> &rows =
        index.internalId() == topLevel ? m_top : m_nodes[index.internalId() - 1].inner;
    const auto row = static_cast<size_t>(index.row());
    return row < rows.size() ? &m_nodes[rows[row]] : nullptr;
}

const api::StepInfo *RunModel::stepAt(const QModelIndex &index) const
{
    if (const Node *node = nodeAt(index))
        return &node->step;
    if (!index.isValid() || index.internalId() == topLevel)
        return nullptr;
    const std::vector<api::StepInfo> &items = m_nodes[index.internalId() - 1].items;
    const auto row = static_cast<size_t>(index.row());
    return row < items.size() ? &items[row] : nullptr;
}

QModelIndex RunModel::indexOf(const Node &node) const
{
    return createIndex(node.row, 0, node.parent < 0 ? topLevel : static_cast<quintptr>(node.parent) + 1);
}

QModelIndex RunModel::indexOf(const QString &stepId, int item) const
{
    const int found = m_byStep.value(stepId, -1);
    if (found < 0)
        return {};
    const Node &node = m_nodes[static_cast<size_t>(found)];
    const QModelIndex top = indexOf(node);
    const auto at = item < 0 ? node.items.end() : std::ranges::find(node.items, item, &api::StepInfo::index);
    return at == node.items.end() ? top : index(static_cast<int>(at - node.items.begin()), 0, top);
}

QModelIndex RunModel::mostInteresting() const
{
    QModelIndex best;
    int most = -1;
    const auto look = [&](const QModelIndex &at, const api::StepInfo &step) {
        // Of several that ended, the last; of several that wait or run, the first.
        const int now = urgency(step);
        if (now > most || (now == most && now <= 1 && isSettled(step.status)))
            best = at;
        most = std::max(most, now);
    };
    // What is in a loop says more than the loop.
    const auto lookIn = [&](auto &self, const Node &node) -> void {
        for (const size_t one : node.inner)
            self(self, m_nodes[one]);
        const QModelIndex top = indexOf(node);
        if (node.step.kind != "group"_L1) // it writes nothing, and what is in it may not be known yet
            look(top, node.step);
        for (int item = 0; item < std::ssize(node.items); ++item) {
            const api::StepInfo &step = node.items[static_cast<size_t>(item)];
            if (!isSettled(step.status) || step.status == StepStatus::Failed)
                look(index(item, 0, top), step);
        }
    };
    for (const size_t node : m_top)
        lookIn(lookIn, m_nodes[node]);
    return best;
}

QModelIndex RunModel::index(int row, int column, const QModelIndex &parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    const Node *above = nodeAt(parent);
    return createIndex(row, column, above ? static_cast<quintptr>(above - m_nodes.data()) + 1 : topLevel);
}

QModelIndex RunModel::parent(const QModelIndex &index) const
{
    if (!index.isValid() || index.internalId() == topLevel)
        return {};
    return indexOf(m_nodes[index.internalId() - 1]);
}

int RunModel::rowCount(const QModelIndex &parent) const
{
    if (!parent.isValid())
        return static_cast<int>(m_top.size());
    const Node *node = parent.column() == 0 ? nodeAt(parent) : nullptr;
    return node ? static_cast<int>(node->items.size() + node->inner.size()) : 0;
}

int RunModel::columnCount(const QModelIndex &) const { return ColumnCount; }

void RunModel::onRun()
{
    m_tools.clear();
    take({});
    followTools();
    m_refresher.request();
}

void RunModel::ask()
{
    const RunId run = m_context->run();
    if (!run.isValid()) {
        m_refresher.done();
        return;
    }
    m_feed->node().query(api::GetRun{.run = run}, this, [this, run](Result<api::RunDetail> detail) {
        m_refresher.done();
        if (run != m_context->run())
            return;
        if (!detail)
            emit failed(detail.error());
        else
            take(std::move(*detail));
    });
}

void RunModel::take(api::RunDetail detail)
{
    m_detail = std::move(detail);
    for (const api::StepInfo &step : m_detail.steps) {
        if (isSettled(step.status))
            m_tools.remove(step.task);
    }
    followWork();
    update(treeOf(m_detail.steps));
    emit detailChanged();
}

std::vector<RunModel::Node> RunModel::treeOf(const std::vector<api::StepInfo> &steps)
{
    std::vector<Node> nodes;
    QHash<QString, size_t> rows;
    for (const api::StepInfo &step : steps) {
        if (step.index >= 0)
            continue;
        rows.insert(step.stepId, nodes.size());
        nodes.push_back({.step = step, .items = {}});
    }
    for (const api::StepInfo &step : steps) {
        const auto row = rows.constFind(step.stepId);
        if (step.index >= 0 && row != rows.cend())
            nodes[*row].items.push_back(step);
    }
    return nodes;
}

void RunModel::update(std::vector<Node> wanted)
{
    const auto idOf = [](const Node &node) {
        return node.step.stepId;
    };
    const bool same = std::ranges::equal(m_nodes, wanted, {}, idOf, idOf) &&
                      std::ranges::equal(m_nodes, wanted, [](const Node &a, const Node &b) {
        return a.items.size() <= b.items.size();
    });
    if (!same) {
        beginResetModel();
        m_nodes = std::move(wanted);
        arrange();
        endResetModel();
        return;
    }
    for (size_t i = 0; i < wanted.size(); ++i) {
        Node &node = m_nodes[i];
        node.step = std::move(wanted[i].step);
        const int had = static_cast<int>(node.items.size());
        const int has = static_cast<int>(wanted[i].items.size());
        if (has > had)
            beginInsertRows(indexOf(node), had, has - 1);
        node.items = std::move(wanted[i].items);
        if (has > had)
            endInsertRows();
    }
    rowsTouched();
}

// The node of the loop or group that has it.
int RunModel::containerOf(size_t node) const
{
    const int found = m_byStep.value(m_within.value(m_nodes[node].step.stepId), -1);
    if (found < 0)
        return -1;
    const QString &kind = m_nodes[static_cast<size_t>(found)].step.kind;
    const bool holds = kind == "loop"_L1 || kind == "group"_L1;
    return holds && static_cast<size_t>(found) != node ? found : -1;
}

void RunModel::arrange()
{
    m_byStep.clear();
    m_top.clear();
    for (size_t i = 0; i < m_nodes.size(); ++i) {
        m_byStep.insert(m_nodes[i].step.stepId, static_cast<int>(i));
        m_nodes[i].inner.clear();
    }
    for (size_t i = 0; i < m_nodes.size(); ++i) {
        Node &node = m_nodes[i];
        node.parent = containerOf(i);
        std::vector<size_t> &rows = node.parent < 0 ? m_top : m_nodes[static_cast<size_t>(node.parent)].inner;
        rows.push_back(i);
    }
    // A group is known only after its steps, and stands where they began.
    std::ranges::stable_sort(m_top, {}, [this](size_t node) {
        const std::vector<size_t> &inner = m_nodes[node].inner;
        return inner.empty() ? node : std::min(node, inner.front());
    });
    const auto number = [this](const std::vector<size_t> &rows) {
        for (size_t row = 0; row < rows.size(); ++row)
            m_nodes[rows[row]].row = static_cast<int>(row);
    };
    number(m_top);
    for (const Node &node : m_nodes)
        number(node.inner);
}

// As few signals as there are parents: a view looks for the row of each, among thousands.
void RunModel::rowsTouched()
{
    if (m_nodes.empty())
        return;
    emit dataChanged(index(0, 0), index(rowCount() - 1, LaneColumn));
    for (const Node &node : m_nodes) {
        const QModelIndex top = indexOf(node);
        if (const int rows = rowCount(top); rows > 0)
            emit dataChanged(index(0, 0, top), index(rows - 1, LaneColumn, top));
    }
}

void RunModel::followTools()
{
    if (m_subscription != 0)
        m_feed->node().unsubscribe(std::exchange(m_subscription, 0));
    if (!m_active || !m_context->run().isValid())
        return;
    const api::EventFilter tools{.run = m_context->run(),
                                 .kinds = {u"session.tool_started"_s, u"session.tool_finished"_s}};
    m_subscription = m_feed->node().subscribe({.filter = tools}, this, [this](const api::Notice &notice) {
        if (const auto *events = std::get_if<api::EventsNotice>(&notice))
            std::ranges::for_each(events->events, [this](const Event &event) { onTool(event); });
    });
}

void RunModel::onTool(const Event &event)
{
    const auto said = sessionEventFromJson(event.kind, event.data);
    if (!said || event.refs.run != m_context->run())
        return;
    if (const auto *started = std::get_if<ToolStarted>(&*said))
        m_tools.insert(event.refs.task, started->title);
    else if (std::holds_alternative<ToolFinished>(*said))
        m_tools.remove(event.refs.task);
    rowsTouched();
}

} // namespace muster
