#include "core/node/work/inbox_desk.h"

#include "core/base/json_codec.h"
#include "core/node/api/request_fields.h"
#include "core/store/permission_repository.h"

#include <QTimer>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr int askAgainMs = 1000;

Status writeAudit(Connection &db, const InboxRow &item, const InboxAnswer &answer)
{
    EventRefs refs = item.refs;
    refs.inbox = item.id;
    return AuditRepository(db).add({.atMs = answer.nowMs,
                                    .who = answer.by,
                                    .what = enumName(item.kind) + u'.' + answer.answer,
                                    .scope = answer.scope,
                                    .refs = refs,
                                    .data = {{u"title"_s, item.title}, {u"message"_s, answer.message}}});
}

EventRefs refsOf(const InboxRow &item)
{
    EventRefs refs = item.refs;
    refs.inbox = item.id;
    return refs;
}

Status recordAnswer(Connection &db, EventBatch &log, const InboxRow &item, const InboxAnswer &answer)
{
    if (Status set = InboxRepository(db).answer(item.id, answer); !set)
        return set;
    log.add(u"inbox.answered"_s, refsOf(item), answer.by,
            {{u"answer"_s, answer.answer},
             {u"scope"_s, answer.scope},
             {u"title"_s, item.title},
             {u"message"_s, answer.message}});
    return writeAudit(db, item, answer);
}

Status withdrawAll(Connection &db, EventBatch &log, const Result<std::vector<InboxRow>> &items)
{
    if (!items)
        return std::unexpected(items.error());
    InboxRepository inbox(db);
    for (const InboxRow &item : *items) {
        log.add(u"inbox.withdrawn"_s, refsOf(item), u"node"_s, {{u"title"_s, item.title}});
        if (Status withdrawn = inbox.withdraw(item.id, u"node"_s, log.nowMs()); !withdrawn)
            return withdrawn;
    }
    return {};
}

std::unexpected<Error> closed(const InboxRow &item)
{
    QString how = u"%1 (%2)"_s.arg(item.answer, item.answeredBy);
    if (item.status == InboxStatus::Withdrawn)
        how = item.answeredBy == u"timeout" ? u"timeout"_s : u"withdrawn"_s;
    return fail(ErrorCode::Conflict, how, u"inbox_closed"_s);
}

} // namespace

Status withdrawOrphans(Connection &db, EventBatch &log)
{
    return withdrawAll(db, log, InboxRepository(db).orphans());
}

Status withdrawOfTask(Connection &db, EventBatch &log, TaskId task)
{
    return withdrawAll(db, log, InboxRepository(db).list({.status = InboxStatus::Open, .task = task}));
}

bool saysYes(const InboxRow &item) { return item.status == InboxStatus::Answered && item.answer == u"yes"; }

InboxDesk::InboxDesk(Ledger &ledger, QObject *parent)
    : QObject(parent)
    , m_ledger(ledger)
{
    connect(&m_ledger.hub(), &EventHub::arrived, this, &InboxDesk::onEvents);
}

// Answers are told from the log, so that one given in another process on this store arrives like one given
// here.
void InboxDesk::onEvents(const std::vector<Event> &events)
{
    for (const Event &event : events) {
        if (event.kind == u"inbox.answered")
            tell(event.refs.inbox);
    }
}

void InboxDesk::tell(InboxId id)
{
    m_ledger.read(this, [id](Connection &db) { return InboxRepository(db).find(id); },
                  [this](const Result<InboxRow> &item) {
        if (item)
            emit answered(*item);
    });
}

// While the store takes no writes (disk full): what must be asked is asked when it does.
void InboxDesk::askAgainLater(const Error &error, std::function<void()> ask)
{
    if (error.code == ErrorCode::DiskFull || error.code == ErrorCode::Io)
        QTimer::singleShot(askAgainMs, this, std::move(ask));
}

Result<InboxRow> InboxDesk::write(Connection &db, EventBatch &log, InboxRow item)
{
    InboxRepository inbox(db);
    item.createdMs = log.nowMs();
    const auto opened = inbox.open(item);
    if (!opened)
        return std::unexpected(opened.error());
    if (!opened->created)
        return inbox.find(opened->id);
    item.id = opened->id;
    log.add(u"inbox.opened"_s, refsOf(item), u"node"_s,
            {{u"kind"_s, enumName(item.kind)}, {u"title"_s, item.title}});
    return item;
}

void InboxDesk::open(const InboxRow &item)
{
    m_ledger.commit(this, [item](Connection &db, EventBatch &log) { return write(db, log, item); },
                    [this, item](const Result<InboxRow> &written) {
        if (!written)
            askAgainLater(written.error(), [this, item] { open(item); });
        else if (written->status == InboxStatus::Open)
            emit opened(*written);
        else if (written->status == InboxStatus::Answered)
            emit answered(*written);
    });
}

Async<InboxRow> InboxDesk::ask(InboxRow item)
{
    const auto written = co_await resultOf(
        m_ledger.commitAsync([item](Connection &db, EventBatch &log) { return write(db, log, item); }));
    if (written && written->status == InboxStatus::Open)
        emit opened(*written);
    co_return written;
}

void InboxDesk::openAnswered(const InboxRow &item, const InboxAnswer &answer)
{
    struct Written {
        InboxRow row;
        bool before = false; // answered by a node that died before it could tell
    };
    m_ledger.commit(this,
                    [item = InboxRow(item), answer = InboxAnswer(answer)](
                        Connection &db, EventBatch &log) mutable -> Result<Written> {
        InboxRepository inbox(db);
        item.createdMs = log.nowMs();
        const auto opened = inbox.open(item);
        if (!opened)
            return std::unexpected(opened.error());
        item.id = opened->id;
        answer.nowMs = log.nowMs();
        const Status set = recordAnswer(db, log, item, answer);
        if (!set && set.error().code != ErrorCode::Conflict)
            return std::unexpected(set.error());
        return inbox.find(item.id).transform(
            [&](InboxRow row) { return Written{.row = std::move(row), .before = !set}; });
    },
                    [this, item, answer](const Result<Written> &written) {
        if (!written)
            askAgainLater(written.error(), [this, item, answer] { openAnswered(item, answer); });
        else if (written->before)
            emit answered(written->row); // what was recorded now is told from the log
    });
}

void InboxDesk::withdraw(const QString &key, const QString &by)
{
    m_ledger.commit(this, [key, by](Connection &db, EventBatch &log) -> Status {
        InboxRepository inbox(db);
        const auto item = inbox.findByKey(key);
        if (!item || !*item || (*item)->status != InboxStatus::Open)
            return {};
        log.add(u"inbox.withdrawn"_s, refsOf(**item), by);
        return inbox.withdraw((*item)->id, by, log.nowMs());
    });
}

void InboxDesk::answer(const api::AnswerInbox &answer, const QString &by,
                       std::function<void(Result<InboxRow>)> done)
{
    m_ledger.commit(this, [answer, by](Connection &db, EventBatch &log) -> Result<InboxRow> {
        InboxRepository inbox(db);
        const auto item = inbox.find(answer.inbox);
        if (!item)
            return item;
        if (item->status != InboxStatus::Open)
            return closed(*item);
        if (answer.answer == api::AnswerKind::Later) {
            log.add(u"inbox.later"_s, refsOf(*item), by);
            return inbox.putOff(item->id).and_then([&] { return inbox.find(item->id); });
        }
        if (item->kind == InboxKind::Question && answer.answer == api::AnswerKind::Yes &&
            answer.message.trimmed().isEmpty())
            return fail(ErrorCode::InvalidArgument, item->id.toString(), u"no_answer_text"_s);
        const InboxAnswer given{.answer = enumName(answer.answer),
                                .message = answer.message,
                                .scope = enumName(answer.scope),
                                .by = by,
                                .nowMs = log.nowMs()};
        if (Status set = recordAnswer(db, log, *item, given); !set)
            return std::unexpected(set.error());
        return inbox.find(answer.inbox);
    }, [done = std::move(done)](const Result<InboxRow> &row) { done(row); });
}

} // namespace muster
