// A client of the background node as a window is one: asks and waits for the answer with a spinning event
// loop, follows events over all deaths of the node, and keeps what it was told.
#pragma once

#include "core/node/link/remote_node.h"
#include "tests/e2e/muster_home.h"

#include <QTest>

#include <map>

namespace muster::e2e {

class NodeClient {
public:
    explicit NodeClient(const MusterHome &home)
        : m_api({.socketPath = home.paths().socketFile,
                 .clientName = QStringLiteral("test"),
                 // Something to launch with, so that it keeps trying until the node stands again.
                 .launch = [] { return Status(); },
                 .giveUpAfterMs = patienceMs})
    {
    }

    [[nodiscard]] RemoteNode &api() { return m_api; }

    Result<api::CommandDone> submit(const api::Command &command)
    {
        std::optional<Result<api::CommandDone>> answer;
        m_api.submit(command, &m_api, [&](Result<api::CommandDone> done) { answer = std::move(done); });
        if (!QTest::qWaitFor([&] { return answer.has_value(); }, patienceMs))
            return fail(ErrorCode::Timeout);
        return *answer;
    }

    template <typename Q> Result<typename Q::Reply> query(const Q &query)
    {
        std::optional<Result<typename Q::Reply>> answer;
        m_api.query(query, &m_api, [&](Result<typename Q::Reply> reply) { answer = std::move(reply); });
        if (!QTest::qWaitFor([&] { return answer.has_value(); }, patienceMs))
            return fail(ErrorCode::Timeout);
        return *answer;
    }

    // From now on keeps every event that the node tells.
    void follow()
    {
        m_api.subscribe({.filter = {}, .fromSeq = 0}, &m_api, [this](const api::Notice &notice) {
            const auto *told = std::get_if<api::EventsNotice>(&notice);
            if (!told)
                return;
            for (const Event &event : told->events) {
                m_outOfOrder += event.seq <= m_lastSeq ? 1 : 0;
                m_lastSeq = event.seq;
                m_told.emplace(event.seq, event.kind);
            }
        });
    }
    [[nodiscard]] const std::map<qint64, QString> &told() const { return m_told; }
    [[nodiscard]] int outOfOrder() const { return m_outOfOrder; }

    [[nodiscard]] std::optional<api::RunDetail> ended(RunId run)
    {
        std::optional<api::RunDetail> detail;
        const bool settled = QTest::qWaitFor([&] {
            if (auto now = query(api::GetRun{.run = run}))
                detail = std::move(*now);
            return detail && isSettled(detail->run.status);
        }, patienceMs);
        return settled ? detail : std::nullopt;
    }

private:
    std::map<qint64, QString> m_told;
    qint64 m_lastSeq = 0;
    int m_outOfOrder = 0;
    RemoteNode m_api;
};

} // namespace muster::e2e
