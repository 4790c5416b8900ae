// The rules of this repository that no compiler knows: sizes, waits, text for people, leftovers, hosts, the
// code map. Each gives "file:line: what is wrong" lines. One thread; reads files only.
#pragma once

#include <QList>
#include <QString>
#include <QStringList>

namespace muster::architecture {

struct Rule {
    QString name;
    QStringList (*check)(const QString &root);
};

[[nodiscard]] const QList<Rule> &repositoryRules();

// For the report: source files, and how many of them are longer than that many lines.
struct SizeShare {
    qsizetype files = 0;
    qsizetype longer = 0;
};
[[nodiscard]] SizeShare longerThan(const QString &root, int lines);

} // namespace muster::architecture
