// A graph of names, and one circle in it if there is one. One thread.
#pragma once

#include <QHash>
#include <QString>
#include <QStringList>

namespace muster::architecture {

class IncludeGraph {
public:
    void add(const QString &from, const QString &to);
    // "a -> b -> a"; empty if there is none. The same graph always gives the same answer.
    [[nodiscard]] QString circle() const;

private:
    enum class Mark : char { Unseen, OnPath, Done };
    [[nodiscard]] QString walk(const QString &node, QHash<QString, Mark> &marks, QStringList &path) const;

    QHash<QString, QStringList> m_edges;
};

} // namespace muster::architecture
