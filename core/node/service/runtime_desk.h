// RuntimeDesk: answers which runtimes there are and which of them can be used here, and what of it a check of
// the set-up shows. Core thread.
#pragma once

#include "core/agent/runtime_probe.h"
#include "core/base/async.h"
#include "core/node/api/queries.h"
#include "core/node/api/values.h"
#include "core/node/work/accounts.h"

namespace muster {

class RuntimeDesk : public AsyncOwner {
public:
    // `problems`: of the person's own files. `isDefault`: by the runtime's id.
    RuntimeDesk(const RuntimeCatalog &catalog, RuntimeProbe &probe, const std::vector<Error> &problems,
                const Accounts &accounts, std::function<QString()> defaultRuntime);

    // InvalidArgument: no such runtime.
    [[nodiscard]] Async<std::vector<api::RuntimeInfo>> list(api::ListRuntimes query);
    [[nodiscard]] Async<std::vector<api::CheckItem>> checks();

private:
    const RuntimeCatalog &m_catalog;
    RuntimeProbe &m_probe;
    const std::vector<Error> &m_problems;
    const Accounts &m_accounts;
    std::function<QString()> m_defaultRuntime;
};

[[nodiscard]] api::RuntimeInfo toApi(const RuntimeRecord &runtime, const RuntimeStatus &status);

} // namespace muster
