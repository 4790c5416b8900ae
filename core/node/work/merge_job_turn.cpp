// A merge step in its turn: the newest target, the gates, the move.
#include "core/events/step_title.h"
#include "core/node/work/merge_job.h"
#include "core/store/intent_repository.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr int mostTries = 5; // others may move the branch while the gates run

QString nameOf(const QString &command) { return command.trimmed().section(u'\n', 0, 0).left(200); }

// As a person reads it who knows git: no words but codes and names.
QString reportOf(const MergeRecord &record)
{
    QStringList lines;
    for (const MergedSource &source : record.sources)
        lines += source.commit.isEmpty()
                     ? u"- %1: %2"_s.arg(stepCode(source.step, source.item), source.why)
                     : u"- %1: %2"_s.arg(stepCode(source.step, source.item), source.commit.left(10));
    lines += u"%1: %2..%3"_s.arg(branchOfRef(record.into), record.before.left(10), record.commit.left(10));
    return lines.join(u'\n');
}

QJsonObject jsonOf(const MergeRecord &record)
{
    QJsonArray merged;
    QJsonArray skipped;
    for (const MergedSource &source : record.sources) {
        QJsonObject one{{u"step"_s, source.step}};
        if (source.item >= 0)
            one.insert(u"item"_s, source.item);
        if (!source.branch.isEmpty())
            one.insert(u"branch"_s, source.branch);
        one.insert(source.commit.isEmpty() ? u"why"_s : u"commit"_s,
                   source.commit.isEmpty() ? source.why : source.commit);
        (source.commit.isEmpty() ? skipped : merged).append(one);
    }
    return {{u"merged"_s, merged},
            {u"skipped"_s, skipped},
            {u"commit"_s, record.commit},
            {u"into"_s, branchOfRef(record.into)}};
}

QString intentKey(const QString &key, int number) { return u"merge:%1:%2"_s.arg(key).arg(number); }

// The last one that was recorded for the act, and its number.
struct LastIntent {
    int number = 0;
    MergeRecord record;
};

Result<LastIntent> lastIntent(Connection &db, const QString &key)
{
    LastIntent last;
    while (true) {
        const auto found = IntentRepository(db).find(intentKey(key, last.number + 1));
        if (!found)
            return std::unexpected(found.error());
        if (!*found)
            return last;
        ++last.number;
        last.record = fromJsonObject<MergeRecord>((*found)->data).value_or(MergeRecord{});
    }
}

} // namespace

Async<TaskOutcome> MergeJob::inTurn()
{
    co_await clearTrial(); // what an earlier node has left
    const auto last = co_await resultOf(m_context.ledger.readAsync(
        [key = m_task.request.key](Connection &db) { return lastIntent(db, key); }));
    if (!last)
        co_return std::unexpected(last.error());
    if (last->number > 0) {
        const auto moved = co_await resultOf(
            hasCommit(m_context.changes.git(), m_project.info, m_target, last->record.commit, m_trust));
        if (!moved)
            co_return std::unexpected(moved.error());
        if (*moved)
            co_return co_await complete(last->record);
    }
    for (int number = last->number + 1;; ++number) {
        auto outcome = co_await tryOnce(number);
        const bool again = outcome && outcome->reason == FailureReason::TargetMoved && !m_stopReason;
        if (!again || number >= last->number + mostTries)
            co_return outcome;
    }
}

Async<TaskOutcome> MergeJob::tryOnce(int number)
{
    JoinRequest request{.project = m_project.info,
                        .target = m_target,
                        .commits = {},
                        .messages = {},
                        .mode = m_merge.squash ? MergeMode::Squash : MergeMode::Merge};
    const QString message = m_parts.value(u"message"_s).toString().trimmed();
    for (const Source &source : m_sources) {
        if (source.head.isEmpty())
            continue;
        request.commits.push_back(source.head);
        request.messages += message.isEmpty()
                                ? u"Merge %1\n\nMade by Muster."_s.arg(source.told.branch)
                                : u"%1\n\nFrom %2. Made by Muster."_s.arg(message, source.told.branch);
    }
    const auto join = co_await resultOf(joinBranches(m_context.changes.git(), request, m_trust));
    if (!join)
        co_return std::unexpected(join.error());
    if (join->conflict >= 0)
        co_return conflictIn(*join);
    if (join->to == join->from)
        co_return co_await complete(recordOf(*join));
    if (!m_merge.gateTimeoutsMs.empty()) {
        const auto failed = co_await tryGates(*join);
        if (!failed || failed->reason)
            co_return failed;
    }
    if (m_stopReason)
        co_return stopped();
    co_return co_await moveTo(*join, number);
}

TaskOutcome MergeJob::conflictIn(const Join &join) const
{
    int nth = -1;
    for (const Source &source : m_sources) {
        if (source.head.isEmpty() || ++nth != join.conflict)
            continue;
        return failure(FailureReason::Conflict, u"%1: %2"_s.arg(stepCode(source.told.step, source.told.item),
                                                                join.conflicts.join(u", "_s)));
    }
    return failure(FailureReason::Conflict, join.conflicts.join(u", "_s));
}

// Without a reason: all passed.
Async<TaskOutcome> MergeJob::tryGates(Join join)
{
    const auto folder =
        co_await resultOf(openTrial(m_context.changes.git(), m_project.info, trialPath(), join.to, m_trust));
    if (!folder)
        co_return std::unexpected(folder.error());
    for (qsizetype number = 0; number < static_cast<qsizetype>(m_merge.gateTimeoutsMs.size()); ++number) {
        if (m_stopReason)
            co_return stopped();
        const Gate gate = gateOf(number);
        if (gate.command.trimmed().isEmpty())
            continue; // an expression that gave nothing
        say(u"$ "_s + nameOf(gate.command) + u'\n');
        const auto end = co_await m_gates.run(gateKey(number), *folder, gate.command,
                                              m_merge.gateTimeoutsMs[static_cast<size_t>(number)]);
        if (m_stopReason)
            co_return stopped();
        if (!end)
            co_return std::unexpected(end.error());
        const auto failed = failureOf(gate, *end);
        tell(gate, *end, failed);
        if (failed.reason)
            co_return failed;
    }
    co_await clearTrial();
    co_return TaskOutcome{};
}

MergeJob::Gate MergeJob::gateOf(qsizetype number) const
{
    Gate gate{.number = number,
              .command = m_parts.value(u"gate "_s + QString::number(number)).toString(),
              .kind = enumFromName<GateKind>(m_merge.gateKinds.value(number))};
    if (!gate.kind) {
        gate.kind = guessGateKind(gate.command);
        gate.guessed = gate.kind.has_value();
    }
    return gate;
}

TaskOutcome MergeJob::failureOf(const Gate &gate, const GateEnd &end) const
{
    const GuardResult &result = end.result;
    if (result.end == GuardEnd::Exited && result.code == 0 && result.survivors.isEmpty())
        return {};
    const QString name =
        gate.kind ? QString(enumName(*gate.kind) + u": "_s + nameOf(gate.command)) : nameOf(gate.command);
    TaskOutcome outcome =
        failure(FailureReason::GateFailed, u"%1: exit code %2"_s.arg(name).arg(result.code));
    if (result.end == GuardEnd::TimedOut)
        outcome = failure(FailureReason::GateTimeout, name);
    else if (result.end == GuardEnd::Signalled)
        outcome.detail = u"%1: signal %2"_s.arg(name).arg(result.signal);
    else if (result.end == GuardEnd::LaunchFailed)
        outcome = failure(FailureReason::LaunchFailed, name);
    else if (!result.survivors.isEmpty())
        outcome = failure(FailureReason::Unkillable, name);
    if (result.end == GuardEnd::Exited)
        outcome.exitCode = result.code;
    outcome.output =
        toJsonObject(TaskOutput{.text = end.output, .json = {{u"gate"_s, toJson(gate, end, outcome)}}});
    return outcome;
}

// How each gate ended, the good ones too.
void MergeJob::tell(const Gate &gate, const GateEnd &end, const TaskOutcome &outcome)
{
    EventRefs refs = m_task.request.refs;
    refs.task = m_task.id;
    m_context.ledger.commit(
        this, [refs, data = toJson(gate, end, outcome)](Connection &, EventBatch &log) -> Status {
        log.add(u"merge.gate"_s, refs, u"node"_s, data);
        return {};
    });
}

QJsonObject MergeJob::toJson(const Gate &gate, const GateEnd &end, const TaskOutcome &outcome)
{
    QJsonObject json{{u"number"_s, gate.number}, {u"command"_s, nameOf(gate.command)}};
    if (gate.kind)
        json.insert(u"kind"_s, enumName(*gate.kind));
    if (gate.guessed)
        json.insert(u"guessed"_s, true);
    if (end.result.end == GuardEnd::Exited)
        json.insert(u"exit_code"_s, end.result.code);
    json.insert(u"status"_s, enumName(outcome.reason ? outcome.status : TaskStatus::Completed));
    if (outcome.reason)
        json.insert(u"reason"_s, enumName(*outcome.reason));
    return json;
}

MergeRecord MergeJob::recordOf(const Join &join) const
{
    MergeRecord record{
        .into = m_target, .before = join.from, .commit = join.to, .sources = {}, .files = join.files};
    qsizetype nth = 0;
    for (const Source &source : m_sources) {
        record.sources.push_back(source.told);
        if (source.head.isEmpty())
            continue;
        if (const QString made = join.made.value(nth++); !made.isEmpty()) {
            record.sources.back().commit = made;
            record.sources.back().why.clear();
        }
    }
    return record;
}

Async<TaskOutcome> MergeJob::moveTo(Join join, int number)
{
    const MergeRecord record = recordOf(join);
    const auto intended = co_await resultOf(m_context.ledger.commitAsync(
        [key = intentKey(m_task.request.key, number), run = m_task.request.refs.run,
         record](Connection &db, EventBatch &log) {
        return IntentRepository(db).record({.id = 0,
                                            .key = key,
                                            .run = run,
                                            .kind = u"merge"_s,
                                            .data = toJsonObject(record),
                                            .done = false,
                                            .result = {},
                                            .recordedMs = log.nowMs(),
                                            .doneMs = {}});
    }));
    if (!intended)
        co_return std::unexpected(intended.error());
    const auto moved =
        co_await resultOf(moveToJoin(m_context.changes.git(), m_project.info, m_target, join, m_trust));
    if (!moved)
        co_return std::unexpected(moved.error());
    if (moved->outcome == MergeOutcome::Merged)
        co_return co_await complete(record);
    if (moved->outcome == MergeOutcome::TargetMoved)
        co_return failure(FailureReason::TargetMoved, branchOfRef(m_target));
    co_return failure(FailureReason::Conflict,
                      moved->files.isEmpty()
                          ? enumName(moved->outcome)
                          : QString(enumName(moved->outcome) + u": "_s + moved->files.join(u", "_s)));
}

// Whatever came of them.
Async<bool> MergeJob::closeIntents()
{
    const auto closed = co_await resultOf(
        m_context.ledger.commitAsync([key = m_task.request.key](Connection &db, EventBatch &log) -> Status {
        IntentRepository intents(db);
        for (int number = 1;; ++number) {
            const auto found = intents.find(intentKey(key, number));
            if (!found || !*found)
                return found ? Status() : std::unexpected(found.error());
            if ((*found)->done)
                continue;
            if (Status done = intents.complete((*found)->key, {}, log.nowMs()); !done)
                return done;
        }
    }));
    co_return closed.has_value();
}

// The branch is where it should be: what remains may be done again.
Async<TaskOutcome> MergeJob::complete(MergeRecord record)
{
    if (m_runTree && record.commit != record.before)
        (void)co_await m_context.changes.noteMoved(*m_runTree, record.commit, record.files);
    for (const Source &source : m_sources) {
        const auto told = std::ranges::find_if(record.sources, [&](const MergedSource &one) {
            return one.step == source.told.step && one.item == source.told.item && !one.commit.isEmpty();
        });
        if (told != record.sources.end() && !source.keepsTree && source.tree.state == WorktreeState::Active)
            (void)co_await m_context.changes.endMerged(source.tree, m_target, told->commit);
    }
    const TaskOutput output{.text = reportOf(record),
                            .files = record.files,
                            .branch = branchOfRef(m_target),
                            .commit = record.commit,
                            .json = jsonOf(record)};
    co_return TaskOutcome{.output = toJsonObject(output)};
}

} // namespace muster
