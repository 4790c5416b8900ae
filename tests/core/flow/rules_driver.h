// RulesDriver: the engine's rules with a clock set by hand, driven by lines of text, answering with lines of
// text, so that a test is a table: definition in, events in, decisions out.
//
//   run | cancel | pause | go | at MS | broke SPENT BUDGET (of a run that this one is part of)
//   spent KEY MICRO_USD | start KEY | wait KEY | continue KEY | ok KEY [OUTPUT] | cost KEY MICRO_USD
//   fail KEY REASON [RESET_MS] | lost KEY | aborted
//   KEY yes KEY | no KEY | values UNIT JSON_LIST | error UNIT MESSAGE
//
// KEY is "step#1" or "step[0]#1", UNIT "step" or "step[0]".
#pragma once

#include "core/flow/flow_parser.h"
#include "core/flow/rules.h"

#include <QHash>
#include <QStringList>

namespace muster::test {

// Fails the test by a fatal message if the text has problems.
[[nodiscard]] FlowDefinitionPtr flowOf(const QString &yaml);
[[nodiscard]] QString problemLine(const FlowProblem &problem); // "code line:column"
[[nodiscard]] QString describe(const FlowFact &fact);          // "settled a completed"

// A flow file around its steps.
[[nodiscard]] QString flowText(const QString &steps, const QString &top = {}, const QString &bottom = {});

class RulesDriver {
public:
    explicit RulesDriver(FlowDefinitionPtr definition, bool unattended = false);

    // What followed, one line each; "duplicate" or "error …" if nothing did.
    QStringList apply(const QString &line);
    QStringList submit(const FlowFact &fact);
    // Begins as the next run, with what it keeps.
    QStringList begin(const std::vector<StepKept> &kept);

    [[nodiscard]] const FlowDefinition &definition() const { return *m_definition; }
    [[nodiscard]] const FlowState &state() const { return m_state; }
    [[nodiscard]] const std::vector<FlowEvent> &journal() const { return m_journal; }
    // What folding the stored journal says otherwise, or would still decide; empty: nothing.
    [[nodiscard]] QString misread() const;
    [[nodiscard]] const Evaluate *asked(const QString &unit) const;
    [[nodiscard]] qint64 nowMs() const { return m_nowMs; }

private:
    [[nodiscard]] FlowFact factOf(const QString &verb, const QString &subject, const QString &rest);

    FlowDefinitionPtr m_definition;
    FlowState m_state;
    bool m_unattended;
    qint64 m_nowMs = 1'000'000;
    std::vector<FlowEvent> m_journal;
    QHash<QString, Evaluate> m_asked;
};

// The lines of a script "input => decisions" as they really come out. After each the journal is folded, as it
// would be read from the store after a restart; lines that say how it differs follow the first that does.
[[nodiscard]] QStringList played(const QString &yaml, const QStringList &script);

} // namespace muster::test
