// RunBook: what the node remembers of a run that it drives, beside what the rules know: whose it is, under
// which lease, and the rows of its steps as they were last written. Rebuilt from the store at start. Core
// thread.
#pragma once

#include "core/flow/flow_definition.h"
#include "core/flow/flow_ports.h"
#include "core/store/run_rows.h"
#include "core/workspace/project.h"

#include <QHash>

#include <memory>

namespace muster {

struct UnitKey {
    QString step;
    int item = kNoItem;

    friend bool operator==(const UnitKey &, const UnitKey &) = default;
    friend size_t qHash(const UnitKey &key, size_t seed = 0) noexcept
    {
        return qHashMulti(seed, key.step, key.item);
    }
};

// Names the run's branch and folder: survey-3.
[[nodiscard]] inline QString runTagOf(const RunRow &run)
{
    return QStringLiteral("%1-%2").arg(run.flow).arg(run.number);
}

struct RunBook {
    RunRow run;
    ProjectInfo project;
    bool trusted = false; // the project's own files may do something in this run
    bool shipped = false; // its flow comes with Muster
    FlowDefinitionPtr definition;
    QHash<UnitKey, StepRunRow> steps;

    [[nodiscard]] EventRefs refs(const UnitKey &unit = {}) const
    {
        return {.project = run.project, .run = run.id, .step = steps.value(unit).id};
    }
};

class RunBooks {
public:
    [[nodiscard]] RunBook *find(RunId run)
    {
        const auto found = m_books.constFind(run);
        return found == m_books.cend() ? nullptr : found->get();
    }
    RunBook *open(RunBook book)
    {
        const RunId id = book.run.id;
        return m_books.insert(id, std::make_shared<RunBook>(std::move(book)))->get();
    }
    void close(RunId run) { m_books.remove(run); }
    [[nodiscard]] QList<RunId> runs() const { return m_books.keys(); }

private:
    QHash<RunId, std::shared_ptr<RunBook>> m_books;
};

} // namespace muster
