#include "core/store/writer_group.h"

#include "core/store/sql_error.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {
Reply toReply(JobReply reply, Status status)
{
    return Reply{.context = std::move(reply.context),
                 .hasContext = reply.hasContext,
                 .deliver = [done = std::move(reply.done), status = std::move(status)]() mutable {
        done(std::move(status));
    }};
}
} // namespace

bool WriterGroup::run(Job job, JobReply reply)
{
    const bool first = m_jobs.empty();
    Status status;
    if (!first)
        status = m_db.run(u"SAVEPOINT job"_s).transform([](qint64) {});
    if (status)
        status = job(m_db);
    if (status && !first)
        status = m_db.run(u"RELEASE job"_s).transform([](qint64) {});
    m_jobs.push_back({std::move(reply), status});
    if (status)
        return true;
    if (endsTransaction(status.error().code))
        m_trouble = status.error();
    if (undo(first))
        return m_open;
    failAll(status.error());
    return false;
}

// Takes back the last job alone; false: the whole transaction is gone.
bool WriterGroup::undo(bool first)
{
    if (!first)
        return m_db.run(u"ROLLBACK TO job"_s) && m_db.run(u"RELEASE job"_s);
    m_db.rollback();
    m_open = false;
    return true;
}

void WriterGroup::failAll(const Error &error)
{
    m_db.rollback();
    m_open = false;
    m_trouble = error;
    for (Ran &ran : m_jobs) {
        if (ran.status)
            ran.status = std::unexpected(error);
    }
}

std::optional<Error> WriterGroup::finish()
{
    if (m_open) {
        if (const Status committed = m_db.commit(); !committed)
            failAll(committed.error());
    }
    answerAll();
    return m_trouble;
}

void WriterGroup::answerAll()
{
    // Nearly always one queue: the core thread's.
    std::vector<std::pair<std::shared_ptr<ReplyQueue>, std::vector<Reply>>> queues;
    for (Ran &ran : m_jobs) {
        if (!ran.reply.queue)
            continue;
        auto found = std::ranges::find(queues, ran.reply.queue, [](const auto &q) { return q.first; });
        if (found == queues.end())
            found = queues.insert(queues.end(), {ran.reply.queue, {}});
        found->second.push_back(toReply(std::move(ran.reply), std::move(ran.status)));
    }
    for (auto &[queue, replies] : queues)
        queue->push(std::move(replies));
    m_jobs.clear();
}

void WriterGroup::answer(JobReply reply, Status status)
{
    if (!reply.queue)
        return;
    const auto queue = reply.queue;
    std::vector<Reply> one;
    one.push_back(toReply(std::move(reply), std::move(status)));
    queue->push(std::move(one));
}

} // namespace muster
