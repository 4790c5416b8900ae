#include "tests/core/flow/rules_driver.h"

#include "core/flow/evaluation.h"
#include "core/flow/run_summary.h"

#include <QJsonDocument>

namespace muster::test {

using namespace Qt::StringLiterals;

namespace {

QString unitName(const QString &step, int item)
{
    return item == kNoItem ? step : QString(step % u'[' % QString::number(item) % u']');
}

QString unitName(const AttemptKey &key) { return unitName(key.step, key.item); }

QString shortKey(const AttemptKey &key) { return unitName(key) % u'#' % QString::number(key.attempt); }

QString reasonText(const std::optional<FailureReason> &reason)
{
    return reason ? QString(u' ' % enumName(*reason)) : QString();
}

struct Describer {
    QString operator()(const RunFinished &f) const
    {
        return u"run "_s % enumName(f.status) % reasonText(f.reason) %
               (f.step.isEmpty() ? QString() : QString(u" by "_s % f.step));
    }
    QString operator()(const AttemptQueued &f) const { return u"queued "_s % shortKey(f.key); }
    QString operator()(const AttemptStopping &f) const
    {
        return u"stopping "_s % shortKey(f.key) % u' ' % enumName(f.reason);
    }
    QString operator()(const BranchTaken &f) const
    {
        return u"branch "_s % f.step % u' ' % QString::number(f.index);
    }
    QString operator()(const RoundBegan &f) const
    {
        return u"round "_s % f.step % u' ' % QString::number(f.round);
    }
    QString operator()(const JoinTimedOut &f) const { return u"time is up "_s % f.step; }
    QString operator()(const DelayBegan &f) const { return u"delayed "_s % f.step; }
    QString operator()(const RetryScheduled &f) const
    {
        return u"retry "_s % shortKey(f.key) % u' ' % enumName(f.reason);
    }
    QString operator()(const ApprovalRequested &f) const
    {
        return u"asked "_s % shortKey(f.key) %
               (f.purpose == ApprovalPurpose::RunAgain ? u" again"_s : QString());
    }
    QString operator()(const ApprovalAnswered &f) const
    {
        return u"answered "_s % shortKey(f.key) % (f.approved ? u" yes "_s : u" no "_s) % f.by;
    }
    QString operator()(const StepSettled &f) const
    {
        return u"settled "_s % unitName(f.step, f.item) % u' ' % enumName(f.status) % reasonText(f.reason) %
               (f.atFault.isEmpty() ? QString() : QString(u" by "_s % f.atFault));
    }
    template <typename T> QString operator()(const T &f) const { return kindOf(FlowFact(f)); }
};

QString describeIntent(const Intent &intent)
{
    if (const auto *asked = std::get_if<Evaluate>(&intent))
        return u"evaluate "_s % unitName(asked->step, asked->item);
    if (const auto *withdrawn = std::get_if<WithdrawApproval>(&intent))
        return u"withdraw "_s % shortKey(withdrawn->key) % u" by "_s % withdrawn->by;
    return {};
}

// What a state that was folded must say like the one that was lived.
QString essence(const FlowDefinition &definition, const FlowState &state)
{
    QStringList lines;
    for (const FlowStepRow &row : allStepRows(definition, state))
        lines.append(row.step % u'[' % QString::number(row.item) % u"] "_s % enumName(row.status) % u" #"_s %
                     QString::number(row.attempt) % u' ' % QString::number(row.wakeAtMs));
    lines.append(QString::number(state.openSteps) % u' ' % QString::number(state.openMain) % u' ' %
                 QString::number(state.runningUnits) % u' ' % QString::number(state.waitingUnits) % u' ' %
                 enumName(runStatusOf(state)));
    return lines.join(u'\n');
}

} // namespace

QString flowText(const QString &steps, const QString &top, const QString &bottom)
{
    return u"muster: 1\nname: t\n"_s % top % u"steps:\n"_s % steps % bottom;
}

FlowDefinitionPtr flowOf(const QString &yaml)
{
    const FlowParseResult result = parseFlow(yaml.toUtf8(), u"test.flow.yaml"_s);
    for (const FlowProblem &problem : result.problems)
        qFatal("%s %s", qPrintable(problemLine(problem)), qPrintable(problem.found));
    return result.definition;
}

QString problemLine(const FlowProblem &problem)
{
    return enumName(problem.code) % u' ' % QString::number(problem.line) % u':' %
           QString::number(problem.column);
}

QString describe(const FlowFact &fact) { return std::visit(Describer(), fact); }

RulesDriver::RulesDriver(FlowDefinitionPtr definition, bool unattended)
    : m_definition(std::move(definition))
    , m_state(initialState(*m_definition))
    , m_unattended(unattended)
{
}

const Evaluate *RulesDriver::asked(const QString &unit) const
{
    const auto found = m_asked.constFind(unit);
    return found == m_asked.cend() ? nullptr : &*found;
}

QStringList RulesDriver::submit(const FlowFact &fact)
{
    auto transition = advance(*m_definition, m_state, fact, m_nowMs);
    if (!transition)
        return {u"error "_s % transition.error().detail};
    if (transition->events.empty() && transition->intents.empty() && isJournalled(fact))
        return {u"duplicate"_s};
    QStringList lines;
    // The first journalled event is the cause itself.
    for (size_t i = isJournalled(fact) ? 1 : 0; i < transition->events.size(); ++i)
        lines.append(describe(transition->events[i].fact));
    for (const Intent &intent : transition->intents) {
        if (const auto *asked = std::get_if<Evaluate>(&intent))
            m_asked.insert(unitName(asked->step, asked->item), *asked);
        if (const QString line = describeIntent(intent); !line.isEmpty())
            lines.append(line);
    }
    std::ranges::move(transition->events, std::back_inserter(m_journal));
    return lines;
}

QStringList RulesDriver::begin(const std::vector<StepKept> &kept)
{
    QStringList lines = submit(
        RunStarted{.run = RunId{2}, .unattended = m_unattended, .kept = static_cast<int>(kept.size())});
    for (const StepKept &step : kept)
        lines += submit(step);
    return lines;
}

QString RulesDriver::misread() const
{
    std::vector<FlowEvent> stored;
    for (const FlowEvent &event : m_journal) {
        if (const auto back = flowEventFrom(toEvent(event, {})))
            stored.push_back(*back);
    }
    auto folded = foldJournal(*m_definition, stored);
    if (!folded)
        return folded.error().detail;
    // As after a restart: nothing is left to decide.
    const auto more = advance(*m_definition, *folded, Noted{}, m_nowMs);
    const QString lived = essence(*m_definition, m_state);
    const QString read = essence(*m_definition, *folded);
    const bool same = more && more->events.empty() && read == lived;
    return same ? QString() : QString(u"folded: "_s % read % u"\nlived: "_s % lived);
}

FlowFact RulesDriver::factOf(const QString &verb, const QString &subject, const QString &rest)
{
    const AttemptKey key = AttemptKey::fromString(QString(u"1/"_s % subject)).value_or(AttemptKey{});
    AttemptResult result{.output = rest};
    if (verb == u"values" || verb == u"error") {
        Result<QJsonArray> answer = QJsonDocument::fromJson(rest.toUtf8()).array();
        if (verb == u"error")
            answer = fail(ErrorCode::InvalidArgument, rest);
        return factFromEvaluation(*m_definition, m_asked.value(subject), answer);
    }
    if (verb == u"start")
        return AttemptStarted{.key = key};
    if (verb == u"spent")
        return AttemptSpent{.key = key, .costMicroUsd = rest.toLongLong()};
    if (verb == u"broke")
        return BudgetCrossed{.spentMicroUsd = subject.toLongLong(), .budgetMicroUsd = rest.toLongLong()};
    if (verb == u"wait")
        return AttemptWaiting{.key = key};
    if (verb == u"continue")
        return AttemptContinued{.key = key};
    if (verb == u"yes" || verb == u"no")
        return ApprovalAnswered{.key = key, .approved = verb == u"yes", .by = u"person"_s};
    if (verb == u"cancel")
        return CancelRequested{.by = u"person"_s};
    if (verb == u"over")
        return CancelRequested{.by = u"limit"_s, .reason = enumFromName<FailureReason>(subject)};
    if (verb == u"pause")
        return PauseRequested{.by = u"person"_s};
    if (verb == u"go")
        return ContinueRequested{.by = u"person"_s};
    const int step = m_definition->indexOf(key.step); // below 0 where a test names one that is not there
    if (verb == u"ok" && step >= 0 && m_definition->step(step).output == StepOutput::Json)
        result.json = jsonFromAnswer(rest).value_or(QJsonValue::Null);
    if (verb == u"fail") {
        result.outcome = AttemptOutcome::Error;
        result.reason = enumFromName<FailureReason>(rest.section(u' ', 0, 0));
        result.output.clear();
        if (const QString reset = rest.section(u' ', 1); !reset.isEmpty())
            result.resetAtMs = m_nowMs + reset.toLongLong();
    } else if (verb == u"cost") {
        result.usage.costMicroUsd = rest.toLongLong();
        result.output.clear();
    } else if (verb == u"lost") {
        result.outcome = AttemptOutcome::Lost;
        result.reason = FailureReason::Crashed;
    } else if (verb == u"aborted") {
        result.outcome = AttemptOutcome::Cancelled;
        result.reason = FailureReason::Aborted;
    }
    return AttemptFinished{.key = key, .result = result};
}

QStringList RulesDriver::apply(const QString &line)
{
    const QString verb = line.section(u' ', 0, 0);
    const QString subject = line.section(u' ', 1, 1);
    if (verb == u"run")
        return submit(RunStarted{.run = RunId{1}, .unattended = m_unattended});
    if (verb == u"at") {
        m_nowMs = 1'000'000 + subject.toLongLong();
        return submit(Noted{.note = FlowNote::Tick});
    }
    return submit(factOf(verb, subject, line.section(u' ', 2)));
}

QStringList played(const QString &yaml, const QStringList &script)
{
    RulesDriver driver(flowOf(yaml));
    QStringList lines;
    for (const QString &line : script) {
        const QString input = line.section(u" => "_s, 0, 0);
        lines.append(input % u" => "_s % driver.apply(input).join(u", "_s));
        if (const QString wrong = driver.misread(); !wrong.isEmpty())
            return lines << wrong;
    }
    return lines;
}

} // namespace muster::test
