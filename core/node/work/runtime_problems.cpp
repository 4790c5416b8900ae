#include "core/node/work/runtime_problems.h"

#include "core/agent/runtime_lookup.h"

#include <QProcessEnvironment>

namespace muster {

namespace {

// What a look at the disk tells; the rest is found out by starting it.
QHash<QString, LaunchProblem> problemsOnDisk(const RuntimeQuestion &question)
{
    const QStringList environment = QProcessEnvironment::systemEnvironment().toStringList();
    QHash<QString, LaunchProblem> problems;
    for (const RuntimeRecord &record : question.records) {
        const LaunchProblem problem =
            problemOf(record, lookUpRuntime(record, environment, question.kept).status);
        if (problem != LaunchProblem::None)
            problems.insert(record.id, problem);
    }
    return problems;
}

} // namespace

RuntimeQuestion RuntimeQuestion::about(const RuntimeCatalog &catalog, const QStringList &ids,
                                       const QStringList &kept)
{
    RuntimeQuestion question{.ids = ids, .records = {}, .kept = kept};
    for (const QString &id : ids) {
        if (const RuntimeRecord *record = catalog.find(id))
            question.records.push_back(*record);
    }
    return question;
}

Async<QHash<QString, LaunchProblem>> knownProblems(Accounts &accounts, RuntimeQuestion question)
{
    QHash<QString, LaunchProblem> problems;
    for (const QString &id : std::as_const(question.ids)) {
        if (accounts.restsUntil(id) > 0)
            problems.insert(id, LaunchProblem::RateLimited);
    }
    const auto known = co_await resultOf(
        onPool([question]() -> Result<QHash<QString, LaunchProblem>> { return problemsOnDisk(question); }));
    const auto found = known.value_or(QHash<QString, LaunchProblem>());
    for (auto one = found.cbegin(); one != found.cend(); ++one) {
        // Of the first account only it is known whether somebody has signed in.
        const bool another = one.value() == LaunchProblem::AuthRequired && accounts.hasSeveral(one.key());
        if (!another)
            problems.insert(one.key(), one.value());
    }
    for (const QString &id : std::as_const(question.ids)) {
        const bool isKnown = std::ranges::contains(question.records, id, &RuntimeRecord::id);
        if (!isKnown)
            problems.insert(id, LaunchProblem::NotInstalled);
    }
    co_return problems;
}

} // namespace muster
