// PreflightDesk: what a run of a flow would take and meet, before it starts: the estimate, over which caps it
// is, which runtimes cannot be used and what would work in their place. Reads the flow, the profiles, what
// earlier runs took and what is known of the runtimes; begins and changes nothing. Core thread; reading and
// estimating are a worker's.
#pragma once

#include "core/base/async.h"
#include "core/node/api/queries.h"
#include "core/node/flows/flow_library.h"
#include "core/node/work/work_context.h"

namespace muster {

class PreflightDesk : public AsyncOwner {
public:
    // `taskCapMicroUsd`: of one attempt, by the settings; 0: none.
    PreflightDesk(WorkContext &work, std::function<qint64()> taskCapMicroUsd);

    // NotFound; a flow with problems is an answer.
    [[nodiscard]] Async<api::PreflightInfo> look(api::Preflight query);

private:
    WorkContext &m_work;
    std::function<qint64()> m_taskCapMicroUsd;
};

// What a client sees of a problem, and of a flow that was read.
[[nodiscard]] api::FlowProblemInfo problemInfo(const FlowProblem &problem);
[[nodiscard]] api::FlowCheckInfo checkInfo(const LoadedFlow &flow);

} // namespace muster
