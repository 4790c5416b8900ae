#include "tests/architecture/include_graph.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace muster::architecture {

void IncludeGraph::add(const QString &from, const QString &to)
{
    if (from != to)
        m_edges[from].append(to);
}

QString IncludeGraph::walk(const QString &node, QHash<QString, Mark> &marks, QStringList &path) const
{
    marks[node] = Mark::OnPath;
    path.append(node);
    const QStringList targets = m_edges.value(node);
    for (const QString &target : targets) {
        const Mark mark = marks.value(target, Mark::Unseen);
        if (mark == Mark::OnPath)
            return (path.mid(path.indexOf(target)) << target).join(" -> "_L1);
        if (mark == Mark::Unseen) {
            if (const QString found = walk(target, marks, path); !found.isEmpty())
                return found;
        }
    }
    path.removeLast();
    marks[node] = Mark::Done;
    return {};
}

QString IncludeGraph::circle() const
{
    QHash<QString, Mark> marks;
    QStringList nodes = m_edges.keys();
    std::ranges::sort(nodes);
    for (const QString &node : std::as_const(nodes)) {
        QStringList path;
        if (marks.value(node, Mark::Unseen) == Mark::Unseen) {
            if (const QString found = walk(node, marks, path); !found.isEmpty())
                return found;
        }
    }
    return {};
}

} // namespace muster::architecture
