#include "core/viewmodel/describe_tool.h"

#include "core/viewmodel/describe.h"

#include <QCoreApplication>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

constexpr qint64 leastToldMs = 100; // less is no time to a person

struct DescribeTool {
    Q_DECLARE_TR_FUNCTIONS(DescribeTool)
};

} // namespace

QString describe(ToolKind kind)
{
    switch (kind) {
    case ToolKind::Read:
        return DescribeTool::tr("Read");
    case ToolKind::Edit:
        return DescribeTool::tr("Edit");
    case ToolKind::Delete:
        return DescribeTool::tr("Delete");
    case ToolKind::Move:
        return DescribeTool::tr("Move");
    case ToolKind::Search:
        return DescribeTool::tr("Search");
    case ToolKind::Execute:
        return DescribeTool::tr("Run");
    case ToolKind::Think:
        return DescribeTool::tr("Think");
    case ToolKind::Fetch:
        return DescribeTool::tr("Fetch");
    case ToolKind::StartFlow:
        return DescribeTool::tr("Start a flow");
    case ToolKind::Other:
        break;
    }
    return DescribeTool::tr("Tool");
}

QString describe(ToolOutcome outcome)
{
    switch (outcome) {
    case ToolOutcome::Ok:
        return DescribeTool::tr("Done");
    case ToolOutcome::Failed:
        return DescribeTool::tr("Failed");
    case ToolOutcome::Declined:
        return DescribeTool::tr("Declined");
    case ToolOutcome::Cancelled:
        break;
    }
    return DescribeTool::tr("Cancelled");
}

QString iconFor(ToolKind kind)
{
    switch (kind) {
    case ToolKind::Read:
        return u"file"_s;
    case ToolKind::Edit:
        return u"file-modified"_s;
    case ToolKind::Delete:
        return u"file-deleted"_s;
    case ToolKind::Move:
        return u"file-renamed"_s;
    case ToolKind::Search:
        return u"search"_s;
    case ToolKind::Execute:
        return u"terminal"_s;
    case ToolKind::StartFlow:
        return u"flow"_s;
    case ToolKind::Think:
    case ToolKind::Fetch:
    case ToolKind::Other:
        break;
    }
    return u"tool"_s;
}

QString describeToolState(const api::ToolCall &call, bool live, qint64 nowMs)
{
    if (call.outcome) {
        const QString words = describe(*call.outcome);
        const qint64 took = call.endedAt - call.startedAt;
        return took >= leastToldMs ? DescribeTool::tr("%1, %2").arg(words, describeDuration(took)) : words;
    }
    if (!live)
        return DescribeTool::tr("Cut off");
    if (call.waitsForYou)
        return DescribeTool::tr("Waits for you");
    return DescribeTool::tr("Running for %1").arg(describeDuration(nowMs - call.startedAt));
}

QString toolTitle(const api::ToolCall &call)
{
    QString title = call.title.simplified();
    if (!title.isEmpty())
        return title;
    return call.paths.isEmpty() ? describe(call.kind)
                                : DescribeTool::tr("%1 %2").arg(describe(call.kind), call.paths.front());
}

QString describeTools(const std::vector<api::ToolCall> &calls)
{
    std::vector<std::pair<ToolKind, int>> counts;
    for (const api::ToolCall &call : calls) {
        const auto known = std::ranges::find(counts, call.kind, &std::pair<ToolKind, int>::first);
        if (known == counts.end())
            counts.emplace_back(call.kind, 1);
        else
            ++known->second;
    }
    QStringList words;
    for (const auto &[kind, count] : counts)
        words += DescribeTool::tr("%1 × %2").arg(describe(kind), describeCount(count));
    return words.join(u", "_s);
}

} // namespace muster
