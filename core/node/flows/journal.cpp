#include "core/node/flows/journal.h"

#include "core/events/step_title.h"
#include "core/node/work/task_usage.h"
#include "core/store/reply_queue.h"
#include "core/store/run_repository.h"

#include <QJsonArray>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

std::optional<qint64> moment(qint64 ms) { return ms > 0 ? std::optional(ms) : std::nullopt; }

// The row that stands in the store with what the rules changed laid over it.
StepRunRow merged(StepRunRow row, RunId run, const FlowStepRow &from)
{
    row.run = run;
    row.stepId = from.step;
    row.itemIndex = from.item;
    row.status = from.status;
    row.attempt = from.attempt;
    row.keptFrom = from.keptFrom;
    row.reason = from.reason;
    row.detail = from.atFault.isEmpty() ? from.detail : from.atFault;
    row.outputText = from.output.isEmpty() ? std::nullopt : std::optional(from.output);
    row.exitCode = from.exitCode;
    row.startedMs = moment(from.startedAtMs);
    row.endedMs = moment(from.endedAtMs);
    row.dueMs = moment(from.wakeAtMs);
    row.usage = totalsOf(from.usage);
    return row;
}

UnitKey unitOf(const FlowFact &fact)
{
    return std::visit([](const auto &f) -> UnitKey {
        if constexpr (requires { f.key; })
            return {f.key.step, f.key.item};
        else if constexpr (requires {
                               f.step;
                               f.item;
                           })
            return {f.step, f.item};
        else if constexpr (requires { f.step; })
            return {f.step, kNoItem};
        else
            return {};
    }, fact);
}

void nameItems(RunBook &book, const QString &step, const QJsonArray &items)
{
    for (qsizetype i = 0; i < items.size(); ++i)
        book.steps[{step, static_cast<int>(i)}].label = itemLabel(items.at(i));
}

// What one append writes, taken on the core thread so that the writer's thread shares nothing with it.
struct Prepared {
    RunId run;
    qint64 epoch = 0;
    EventRefs refs;
    std::vector<FlowEvent> events;
    std::vector<StepRunRow> rows;
    QHash<UnitKey, StepRunId> known;
    RunUpdate update;
    bool runChanged = false;
};

Prepared prepare(RunBook &book, const FlowAppend &batch, qint64 nowMs)
{
    Prepared out{
        .run = batch.run, .epoch = book.run.lease.epoch, .refs = book.refs(), .events = batch.events};
    for (const FlowEvent &event : batch.events) {
        if (const auto *expanded = std::get_if<ForeachExpanded>(&event.fact))
            nameItems(book, expanded->step, expanded->items);
        else if (const auto *kept = std::get_if<StepKept>(&event.fact))
            nameItems(book, kept->step, kept->list);
    }
    for (const FlowStepRow &row : batch.stepRows) {
        StepRunRow &kept = book.steps[{row.step, row.item}];
        kept = merged(kept, batch.run, row);
        out.rows.push_back(kept);
    }
    // Only those that the events are about: a run may have ten thousand rows.
    for (const FlowEvent &event : batch.events) {
        const UnitKey unit = unitOf(event.fact);
        const auto row = book.steps.constFind(unit);
        if (row != book.steps.cend() && row->id.isValid())
            out.known.insert(unit, row->id);
    }
    out.update = {.status = batch.runRow.status,
                  .reason = batch.runRow.reason,
                  .detail = batch.runRow.detail,
                  .nowMs = nowMs};
    out.runChanged = book.run.status != out.update.status || book.run.reason != out.update.reason;
    book.run.status = out.update.status;
    book.run.reason = out.update.reason;
    return out;
}

Status saveAttempts(RunRepository &runs, const Prepared &batch, const QHash<UnitKey, StepRunId> &ids)
{
    for (const FlowEvent &event : batch.events) {
        AttemptRow row;
        if (const auto *started = std::get_if<AttemptStarted>(&event.fact)) {
            row = {.attempt = started->key.attempt, .startedMs = event.atMs};
        } else if (const auto *finished = std::get_if<AttemptFinished>(&event.fact)) {
            row = {.attempt = finished->key.attempt,
                   .outcome = finished->result.outcome,
                   .reason = finished->result.reason,
                   .detail = finished->result.detail,
                   .output = finished->result.output,
                   .startedMs = event.atMs,
                   .endedMs = event.atMs};
        } else {
            continue;
        }
        row.step = ids.value(unitOf(event.fact));
        if (Status saved = runs.saveAttempt(row); !saved)
            return saved;
    }
    return {};
}

Result<QHash<UnitKey, StepRunId>> writeBatch(Connection &db, EventBatch &log, const Prepared &batch)
{
    RunRepository runs(db);
    QHash<UnitKey, StepRunId> ids = batch.known;
    for (const StepRunRow &row : batch.rows) {
        const auto id = runs.saveStep(row, batch.epoch);
        if (!id)
            return std::unexpected(id.error());
        ids.insert({row.stepId, row.itemIndex}, *id);
    }
    if (Status saved = saveAttempts(runs, batch, ids); !saved)
        return std::unexpected(saved.error());
    // Also without a change: the statement is the fence that says whether the run is still ours.
    if (batch.runChanged || batch.rows.empty()) {
        if (Status set = runs.setStatus(batch.run, batch.epoch, batch.update); !set)
            return std::unexpected(set.error());
    }
    for (const FlowEvent &event : batch.events) {
        EventRefs refs = batch.refs;
        refs.step = ids.value(unitOf(event.fact));
        log.add(toEvent(event, refs));
    }
    return ids;
}

} // namespace

StoreJournal::StoreJournal(Ledger &ledger, RunBooks &books, QObject *parent)
    : QObject(parent)
    , m_ledger(ledger)
    , m_books(books)
{
}

void StoreJournal::append(const FlowAppend &batch, std::function<void(Status)> committed)
{
    RunBook *book = m_books.find(batch.run);
    if (!book) {
        committed(fail(ErrorCode::NotFound, batch.run.toString(), u"run"_s));
        return;
    }
    m_ledger.commit(this,
                    [prepared = prepare(*book, batch, m_ledger.clock().nowMs())](
                        Connection &db, EventBatch &log) { return writeBatch(db, log, prepared); },
                    [this, run = batch.run,
                     committed = std::move(committed)](const Result<QHash<UnitKey, StepRunId>> &ids) {
        if (!ids) {
            committed(std::unexpected(ids.error()));
            return;
        }
        if (RunBook *written = m_books.find(run)) {
            for (auto it = ids->cbegin(); it != ids->cend(); ++it)
                written->steps[it.key()].id = it.value();
        }
        committed({});
    });
    ReplyQueue::ofThisThread()->expect(); // a run goes on when its facts are durable, not before
}

void StoreJournal::noteTask(const AttemptKey &key, TaskId task)
{
    if (RunBook *book = m_books.find(key.run))
        book->steps[{key.step, key.item}].task = task;
}

void StoreJournal::noteWorktree(const AttemptKey &key, WorktreeId worktree)
{
    if (RunBook *book = m_books.find(key.run))
        book->steps[{key.step, key.item}].worktree = worktree;
}

Result<std::vector<FlowEvent>> readJournal(Connection &db, RunId run)
{
    constexpr int batch = 5000;
    std::vector<FlowEvent> journal;
    EventRepository events(db);
    EventSlice slice{.direction = SliceDirection::Newer, .limit = batch};
    while (true) {
        const auto read = events.slice({.refs = {.run = run}, .kinds = {u"run."_s, u"step."_s}}, slice);
        if (!read)
            return std::unexpected(read.error());
        for (const Event &event : *read) {
            if (auto fact = flowEventFrom(event))
                journal.push_back(std::move(*fact));
        }
        if (read->size() < batch)
            return journal;
        slice.seq = read->back().seq;
    }
}

} // namespace muster
