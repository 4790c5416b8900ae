// The flow engine with its real journal over a store of its own, and around it only what does nothing: a step
// ends as soon as its start is committed (two transitions, each told and committed by itself), and
// expressions give the input `items`.
#pragma once

#include "core/flow/flow_engine.h"
#include "core/flow/flow_parser.h"
#include "core/node/flows/journal.h"
#include "core/store/project_repository.h"
#include "core/store/run_repository.h"
#include "tests/bench/measure.h"
#include "tests/support/temp_store.h"

#include <QEventLoop>
#include <QHash>

#include <memory>
#include <optional>

namespace muster::bench {

class RunBed final : private FlowEngineObserver,
                     private StepRunner,
                     private ExpressionEvaluator,
                     private ApprovalDesk,
                     private WakeUp {
public:
    // `evaluator`: none: the one that does nothing.
    RunBed(Durability durability, const FlowDefinitionPtr &definition, const QJsonObject &inputs = {},
           ExpressionEvaluator *evaluator = nullptr)
        : m_inputs(inputs)
    {
        m_temp.options.durability = durability;
        m_book = bookOf(definition);
        Store *store = m_temp.open();
        m_hub = std::make_unique<EventHub>(*store);
        m_ledger = std::make_unique<Ledger>(*store, *m_hub, m_clock);
        m_journal = std::make_unique<StoreJournal>(*m_ledger, m_books);
        m_books.open(m_book);
        m_engine = std::make_unique<FlowEngine>(FlowPorts{.journal = m_journal.get(),
                                                          .runner = this,
                                                          .evaluator = evaluator ? evaluator : this,
                                                          .desk = this,
                                                          .wakeUp = this,
                                                          .clock = &m_clock},
                                                static_cast<FlowEngineObserver *>(this));
    }
    ~RunBed() override { m_engine.reset(); }
    Q_DISABLE_COPY_MOVE(RunBed)

    // From the start of the run to its end; attempts a second.
    Measured play()
    {
        const Stopwatch watch;
        m_watch.start();
        if (!m_engine->start({.run = m_book.run.id, .definition = m_book.definition, .inputs = m_inputs}))
            qFatal("the run did not start");
        if (!m_verdict)
            m_loop.exec();
        if (m_verdict->status != RunStatus::Completed)
            qFatal("the run did not complete: %s", qPrintable(m_verdict->detail));
        return {.perSecond = static_cast<double>(m_ended) / watch.seconds(),
                .p99Ms = p99(m_latenciesMs),
                .cpuSeconds = watch.cpu()};
    }
    // Afterwards: the store is closed and everything is in its file.
    [[nodiscard]] QString closedFile()
    {
        m_engine.reset();
        m_temp.store.reset();
        return m_temp.options.file;
    }
    [[nodiscard]] RunId run() const { return m_book.run.id; }

private:
    RunBook bookOf(const FlowDefinitionPtr &definition)
    {
        const auto db = m_temp.connection();
        const ProjectId project =
            ProjectRepository(*db).open(QStringLiteral("/p"), QStringLiteral("p"), 1).value().id;
        RunRepository runs(*db);
        RunRow row;
        row.project = project;
        row.definition = runs.saveDefinition({.hash = QStringLiteral("h"),
                                              .name = QStringLiteral("f"),
                                              .origin = QStringLiteral("builtin")})
                             .value();
        row.createdBy = QStringLiteral("person");
        row = runs.create(row, true).value();
        row.lease = *runs.claim(row.id, QStringLiteral("me"), 1, 1'000'000'000'000'000).value();
        return {.run = row, .project = {}, .definition = definition};
    }

    void runAdvanced(RunId, const FlowState &, const std::vector<FlowEvent> &events) override
    {
        for (const FlowEvent &event : events) {
            if (const auto *began = std::get_if<AttemptStarted>(&event.fact)) {
                take(began->key);
                tell(began->key);
                m_engine->attemptFinished(began->key, {.output = QStringLiteral("done"), .exitCode = 0});
            } else if (const auto *finished = std::get_if<AttemptFinished>(&event.fact)) {
                take(finished->key);
                ++m_ended;
            }
        }
    }
    void runFinished(RunId, const RunFinished &verdict) override
    {
        m_verdict = verdict;
        m_loop.quit();
    }
    void runDropped(RunId, const Error &error) override { qFatal("dropped: %s", qPrintable(error.detail)); }
    void start(const AttemptSpec &spec) override
    {
        tell(spec.key);
        m_engine->attemptStarted(spec.key);
    }
    void resume(const AttemptSpec &) override {}
    void stop(const AttemptKey &, FailureReason) override {}
    void reconcile(const AttemptSpec &, std::function<void(Reconciled, AttemptResult)>) override {}
    void evaluate(const EvaluationRequest &request, std::function<void(Result<QJsonArray>)> done) override
    {
        QJsonArray values;
        for (qsizetype i = 0; i < request.expressions.size(); ++i)
            values.append(m_inputs.value(u"items"));
        done(values);
    }
    void ask(const ApprovalSpec &) override {}
    void withdraw(const AttemptKey &, const QString &) override {}
    void wakeAt(RunId, qint64) override {}
    void forget(RunId) override {}

    void tell(const AttemptKey &key) { m_toldNs.insert(key, m_watch.nsecsElapsed()); }
    void take(const AttemptKey &key)
    {
        m_latenciesMs.push_back(static_cast<double>(m_watch.nsecsElapsed() - m_toldNs.value(key)) / 1e6);
    }

    TempStore m_temp;
    SystemClock m_clock;
    QJsonObject m_inputs;
    RunBook m_book;
    RunBooks m_books;
    std::unique_ptr<EventHub> m_hub;
    std::unique_ptr<Ledger> m_ledger;
    std::unique_ptr<StoreJournal> m_journal;
    std::unique_ptr<FlowEngine> m_engine;
    QEventLoop m_loop;
    QElapsedTimer m_watch;
    QHash<AttemptKey, qint64> m_toldNs;
    std::vector<double> m_latenciesMs;
    qsizetype m_ended = 0;
    std::optional<RunFinished> m_verdict;
};

} // namespace muster::bench
