// The JSON keys of tasks, queue and pools. Never rename a published key. Any thread.
#pragma once

#include "core/base/json_codec.h"
#include "core/node/api/task_values.h"

namespace muster {

template <> struct Fields<api::RunningInfo> {
    using T = api::RunningInfo;
    static constexpr auto list = std::tuple{field("task", &T::task),
                                            field("run", &T::run),
                                            field("conversation", &T::conversation),
                                            field("title", &T::title),
                                            field("source", &T::source),
                                            field("source_ref", &T::sourceRef),
                                            field("started_at", &T::startedAt),
                                            field("steps", &T::steps),
                                            field("steps_max", &T::stepsMax)};
};
template <> struct Fields<api::QueuedInfo> {
    using T = api::QueuedInfo;
    static constexpr auto list = std::tuple{field("task", &T::task),
                                            field("key", &T::key),
                                            field("title", &T::title),
                                            field("source", &T::source),
                                            field("source_ref", &T::sourceRef),
                                            field("project", &T::project),
                                            field("run", &T::run),
                                            field("conversation", &T::conversation),
                                            field("pools", &T::pools),
                                            field("priority", &T::priority),
                                            field("raised", &T::raised),
                                            field("goes_first", &T::goesFirst),
                                            field("queued_at", &T::queuedAt),
                                            field("position", &T::position),
                                            field("held_back", &T::heldBack),
                                            field("held_back_by", &T::heldBackBy),
                                            field("held_back_until", &T::heldBackUntil),
                                            field("expected_start", &T::expectedStart)};
};
template <> struct Fields<api::PoolInfo> {
    using T = api::PoolInfo;
    static constexpr auto list = std::tuple{field("name", &T::name),
                                            field("cap", &T::cap),
                                            field("shares", &T::shares),
                                            field("keeps_slot", &T::keepsSlot),
                                            field("deadline_ms", &T::deadlineMs),
                                            field("held", &T::held),
                                            field("waiting", &T::waiting),
                                            field("frees_at", &T::freesAt),
                                            field("shipped", &T::shipped)};
};

} // namespace muster
