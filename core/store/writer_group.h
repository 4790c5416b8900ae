// WriterGroup: the jobs of one commit. The first job runs in the transaction itself, each later one in a
// savepoint, so that one that fails undoes only itself; replies go out after the commit. Writer thread only.
#pragma once

#include "core/store/connection.h"
#include "core/store/reply_queue.h"

#include <functional>
#include <optional>
#include <vector>

namespace muster {

struct JobReply {
    std::shared_ptr<ReplyQueue> queue; // none: nobody asked
    QPointer<QObject> context;
    bool hasContext = false;
    std::move_only_function<void(Status)> done;
};

class WriterGroup {
public:
    using Job = std::move_only_function<Status(Connection &)>;

    // In a transaction that has begun.
    explicit WriterGroup(Connection &db)
        : m_db(db)
    {
    }

    // False: the group must be finished now.
    [[nodiscard]] bool run(Job job, JobReply reply);
    // Commits and answers. What kept it from being written, if anything did.
    [[nodiscard]] std::optional<Error> finish();
    [[nodiscard]] size_t size() const { return m_jobs.size(); }

    static void answer(JobReply reply, Status status);

private:
    struct Ran {
        JobReply reply;
        Status status;
    };
    [[nodiscard]] bool undo(bool first);
    void failAll(const Error &error);
    void answerAll();

    Connection &m_db;
    std::vector<Ran> m_jobs;
    std::optional<Error> m_trouble;
    bool m_open = true; // the transaction
};

} // namespace muster
