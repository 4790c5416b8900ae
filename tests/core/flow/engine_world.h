// EngineWorld: all that the flow engine talks to, in memory and in one thread, under a seed. What a disk
// would keep (journal, acts and their results, answers) outlives a crash; the engine and what it waits for do
// not. A crash can happen before and after every append and every act. The same seed gives the same history.
#pragma once

#include "core/flow/flow_engine.h"

#include <QHash>
#include <QSet>

#include <deque>
#include <functional>
#include <map>
#include <random>

namespace muster::test {

struct WorldSetup {
    FlowDefinitionPtr definition;
    unsigned seed = 0;
    double crashChance = 0; // at each boundary
    int mostCrashes = 0;
    bool unattended = false;
    bool approve = true;
    bool pauses = false; // now and then, and goes on
    QJsonObject inputs;
    std::vector<StepKept> kept = {}; // of an earlier run
    // What an attempt comes to, were it never interrupted.
    std::function<AttemptResult(const AttemptSpec &)> outcome;
};

class EngineWorld final : public Clock,
                          private FlowJournal,
                          private StepRunner,
                          private ExpressionEvaluator,
                          private ApprovalDesk,
                          private WakeUp,
                          private FlowEngineObserver {
public:
    explicit EngineWorld(WorldSetup setup);
    ~EngineWorld() override;

    // Until the run has ended or nothing can happen any more; false in the latter case.
    bool runToEnd();
    void start();
    bool step(); // one thing of those that wait; false if there is none
    void kill(); // and begin again from what is stored

    [[nodiscard]] qint64 nowMs() const override { return m_nowMs; }
    [[nodiscard]] qint64 monotonicMs() const override { return m_nowMs; }

    FlowEngine &engine() { return *m_engine; }
    [[nodiscard]] const std::vector<FlowEvent> &journal() const { return m_journal; }
    [[nodiscard]] const std::optional<RunFinished> &verdict() const { return m_verdict; }
    [[nodiscard]] FlowState finalState() const;
    [[nodiscard]] int crashes() const { return m_crashes; }
    [[nodiscard]] int appends() const { return m_appends; }
    [[nodiscard]] int beginnings(const QString &key) const { return m_acts.value(key).begun; }
    [[nodiscard]] const QStringList &violations() const { return m_violations; }
    [[nodiscard]] QStringList openApprovals() const { return m_open.values(); }
    [[nodiscard]] const QHash<QString, FlowStepRow> &rows() const { return m_rows; }
    [[nodiscard]] const std::optional<Error> &dropped() const { return m_dropped; }

    std::optional<Error> failNextAppend;

private:
    struct Act {
        int begun = 0;
        bool alive = false;
        bool stopping = false;
        AttemptSpec spec;
        std::optional<AttemptResult> result;
    };

    void append(const FlowAppend &batch, std::function<void(Status)> committed) override;
    void start(const AttemptSpec &spec) override;
    void resume(const AttemptSpec &spec) override;
    void stop(const AttemptKey &key, FailureReason reason) override;
    void reconcile(const AttemptSpec &spec, std::function<void(Reconciled, AttemptResult)> answer) override;
    void evaluate(const EvaluationRequest &request, std::function<void(Result<QJsonArray>)> done) override;
    void ask(const ApprovalSpec &spec) override;
    void withdraw(const AttemptKey &key, const QString &by) override;
    void wakeAt(RunId run, qint64 atMs) override;
    void forget(RunId run) override;
    void runAdvanced(RunId run, const FlowState &state, const std::vector<FlowEvent> &events) override;
    void runFinished(RunId run, const RunFinished &verdict) override;
    void runDropped(RunId run, const Error &error) override;

    void begin();
    void later(std::function<void()> what); // of this life; forgotten at a crash
    void work(const QString &key);
    void finish(const QString &key, const AttemptResult &result);
    [[nodiscard]] bool isStored(const std::function<bool(const FlowFact &)> &is) const;
    // A person pauses it or lets it go on; `must`: nothing else can happen. True if something changed.
    bool holdOrGoOn(bool must);
    bool dies(); // a boundary: true if the node died here
    [[nodiscard]] unsigned random(unsigned below);

    WorldSetup m_setup;
    std::mt19937 m_random;
    std::unique_ptr<FlowEngine> m_engine;
    qint64 m_nowMs = 1'000'000;
    bool m_dead = false;
    int m_crashes = 0;
    int m_outages = 0;
    int m_appends = 0;
    // Outlives a crash
    std::vector<FlowEvent> m_journal;
    QHash<QString, FlowStepRow> m_rows;
    QHash<QString, Act> m_acts;
    QSet<QString> m_open;                        // approvals in the inbox
    std::deque<std::function<void()>> m_guarded; // shell steps outlive the node
    // Does not
    std::deque<std::function<void()>> m_waiting;
    std::optional<qint64> m_wakeAtMs;
    std::optional<RunFinished> m_verdict;
    std::optional<Error> m_dropped;
    QStringList m_violations;
};

} // namespace muster::test
