// StepRunner that hands each attempt to the runner of its step's kind. Core thread.
#pragma once

#include "core/flow/flow_ports.h"
#include "core/node/flows/run_book.h"

namespace muster {

class StepRouter final : public StepRunner {
public:
    // `tasks` takes all kinds but those that start runs.
    StepRouter(RunBooks &books, StepRunner &tasks, StepRunner &children)
        : m_books(books)
        , m_tasks(tasks)
        , m_children(children)
    {
    }

    void start(const AttemptSpec &spec) override { of(spec.kind).start(spec); }
    void resume(const AttemptSpec &spec) override { of(spec.kind).resume(spec); }
    void reconcile(const AttemptSpec &spec, std::function<void(Reconciled, AttemptResult)> answer) override
    {
        of(spec.kind).reconcile(spec, std::move(answer));
    }
    void stop(const AttemptKey &key, FailureReason reason) override
    {
        const RunBook *book = m_books.find(key.run);
        const int step = book ? book->definition->indexOf(key.step) : -1;
        of(step < 0 ? StepKind::Agent : book->definition->step(step).kind).stop(key, reason);
    }

private:
    [[nodiscard]] StepRunner &of(StepKind kind) { return kind == StepKind::Flow ? m_children : m_tasks; }

    RunBooks &m_books;
    StepRunner &m_tasks;
    StepRunner &m_children;
};

} // namespace muster
