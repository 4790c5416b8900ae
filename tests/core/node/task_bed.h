// A project whose tasks a test starts, weighs and looks at, with sessions of the demo agent; one scheduled
// slot.
#pragma once

#include "core/store/permission_repository.h"
#include "core/viewmodel/describe.h"
#include "tests/core/node/agent_bed.h"

namespace muster::testing {

class TaskBed : public AgentBed {
public:
    TaskBed()
        : AgentBed(u"demo"_s, "x")
    {
        (void)node.submit(api::SetSetting{.key = u"pools.scheduled"_s, .value = 1});
    }

    TaskId start(const QString &prompt, const api::StartTask &more = {})
    {
        api::StartTask command = more;
        command.project = path({});
        command.prompt = prompt;
        command.runtime = u"demo"_s;
        const auto done = node.submit(command);
        if (!done)
            qWarning("%s", qPrintable(describe(done.error())));
        return done ? done->refs.task : TaskId{};
    }
    [[nodiscard]] api::TaskInfo task(TaskId id)
    {
        const auto found = node.query(api::ListTasks{.task = id});
        return found ? found->front() : api::TaskInfo{};
    }
    [[nodiscard]] bool becomes(TaskId id, TaskStatus status)
    {
        return waitFor([&] { return task(id).status == status; });
    }
    [[nodiscard]] std::vector<api::QueuedInfo> queue()
    {
        return node.query(api::ListQueue{}).value_or(std::vector<api::QueuedInfo>());
    }
    [[nodiscard]] api::PoolInfo pool(const QString &name)
    {
        const auto all = node.query(api::ListPools{}).value_or(std::vector<api::PoolInfo>());
        const auto found = std::ranges::find(all, name, &api::PoolInfo::name);
        return found == all.end() ? api::PoolInfo{} : *found;
    }
    [[nodiscard]] std::optional<AuditRow> audited(const QString &what)
    {
        const auto db = Connection::open({.file = node.paths().home + u"/store.db"_s});
        const auto rows = db ? AuditRepository(**db).list(0, 100) : Result<std::vector<AuditRow>>();
        if (!rows)
            return std::nullopt;
        const auto found = std::ranges::find(*rows, what, &AuditRow::what);
        return found == rows->end() ? std::nullopt : std::optional(*found);
    }
};

} // namespace muster::testing
