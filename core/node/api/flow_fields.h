// The JSON keys of flow_values.h. Never rename a published key. Any thread.
#pragma once

#include "core/base/json_codec.h"
#include "core/node/api/flow_values.h"

namespace muster {

template <> struct Fields<api::FlowInput> {
    using T = api::FlowInput;
    static constexpr auto list = std::tuple{
        field("name", &T::name), field("type", &T::type),       field("default_value", &T::defaultValue),
        field("help", &T::help), field("choices", &T::choices), field("required", &T::required)};
};
template <> struct Fields<api::FlowInfo> {
    using T = api::FlowInfo;
    static constexpr auto list = std::tuple{field("name", &T::name),
                                            field("description", &T::description),
                                            field("origin", &T::origin),
                                            field("path", &T::path),
                                            field("usable", &T::usable),
                                            field("trusted", &T::trusted),
                                            field("hides", &T::hides),
                                            field("inputs", &T::inputs),
                                            field("problem_count", &T::problemCount)};
};
template <> struct Fields<api::FlowProblemInfo> {
    using T = api::FlowProblemInfo;
    static constexpr auto list = std::tuple{
        field("code", &T::code),      field("line", &T::line),         field("column", &T::column),
        field("found", &T::found),    field("expected", &T::expected), field("suggestion", &T::suggestion),
        field("warning", &T::warning)};
};
template <> struct Fields<api::FlowBranchInfo> {
    using T = api::FlowBranchInfo;
    static constexpr auto list = std::tuple{field("label", &T::label), field("then", &T::then)};
};
template <> struct Fields<api::FlowStepInfo> {
    using T = api::FlowStepInfo;
    static constexpr auto list = std::tuple{field("id", &T::id),
                                            field("kind", &T::kind),
                                            field("needs", &T::needs),
                                            field("runtime", &T::runtime),
                                            field("isolation", &T::isolation),
                                            field("may_write", &T::mayWrite),
                                            field("may_run", &T::mayRun),
                                            field("may_merge", &T::mayMerge),
                                            field("flow", &T::flow),
                                            field("line", &T::line),
                                            field("column", &T::column),
                                            field("does", &T::does),
                                            field("profile", &T::profile),
                                            field("foreach", &T::foreach),
                                            field("conditional", &T::conditional),
                                            field("final", &T::isFinal),
                                            field("loop", &T::loop),
                                            field("jumps_to", &T::jumpsTo),
                                            field("branches", &T::branches),
                                            field("at_a_time", &T::atATime),
                                            field("batch", &T::batch)};
};
template <> struct Fields<api::FlowCheckInfo> {
    using T = api::FlowCheckInfo;
    static constexpr auto list = std::tuple{field("name", &T::name),      field("path", &T::path),
                                            field("origin", &T::origin),  field("problems", &T::problems),
                                            field("steps", &T::steps),    field("may_write", &T::mayWrite),
                                            field("may_run", &T::mayRun), field("may_merge", &T::mayMerge)};
};
template <> struct Fields<api::FlowTextInfo> {
    using T = api::FlowTextInfo;
    static constexpr auto list =
        std::tuple{field("name", &T::name), field("path", &T::path), field("origin", &T::origin),
                   field("text", &T::text), field("hash", &T::hash), field("writable", &T::writable)};
};
template <> struct Fields<api::SkillInfo> {
    using T = api::SkillInfo;
    static constexpr auto list = std::tuple{
        field("name", &T::name),   field("description", &T::description), field("origin", &T::origin),
        field("path", &T::path),   field("usable", &T::usable),           field("trusted", &T::trusted),
        field("hides", &T::hides), field("problems", &T::problems),       field("text", &T::text)};
};
template <> struct Fields<api::RangeInfo> {
    using T = api::RangeInfo;
    static constexpr auto list =
        std::tuple{field("low", &T::low), field("likely", &T::likely), field("high", &T::high)};
};
template <> struct Fields<api::StepForecast> {
    using T = api::StepForecast;
    static constexpr auto list = std::tuple{field("step", &T::step),
                                            field("attempts", &T::attempts),
                                            field("attempts_assumed", &T::attemptsAssumed),
                                            field("basis", &T::basis),
                                            field("samples", &T::samples),
                                            field("tokens_in", &T::tokensIn),
                                            field("tokens_out", &T::tokensOut),
                                            field("cost_micro_usd", &T::costMicroUsd),
                                            field("runtime", &T::runtime),
                                            field("runtime_by", &T::runtimeBy),
                                            field("model", &T::model)};
};
template <> struct Fields<api::RuntimeForecast> {
    using T = api::RuntimeForecast;
    static constexpr auto list =
        std::tuple{field("runtime", &T::runtime), field("problem", &T::problem), field("needs", &T::needs),
                   field("taken", &T::taken), field("steps", &T::steps)};
};
template <> struct Fields<api::CapForecast> {
    using T = api::CapForecast;
    static constexpr auto list = std::tuple{field("step", &T::step), field("cap_micro_usd", &T::capMicroUsd),
                                            field("likely", &T::likely), field("blame", &T::blame)};
};
template <> struct Fields<api::PreflightInfo> {
    using T = api::PreflightInfo;
    static constexpr auto list = std::tuple{field("check", &T::check),
                                            field("steps", &T::steps),
                                            field("tokens_in", &T::tokensIn),
                                            field("tokens_out", &T::tokensOut),
                                            field("cost_micro_usd", &T::costMicroUsd),
                                            field("unpriced", &T::unpriced),
                                            field("caps", &T::caps),
                                            field("runtimes", &T::runtimes),
                                            field("needs_git", &T::needsGit)};
};

} // namespace muster
