// The keys of a runtime's file. Never rename a published key. Any thread.
#pragma once

#include "core/agent/runtime_record.h"
#include "core/base/json_codec.h"

namespace muster {

template <> struct Fields<RuntimeAbilities> {
    using T = RuntimeAbilities;
    static constexpr auto list =
        std::tuple{field("streams_text", &T::streamsText),       field("reports_tools", &T::reportsTools),
                   field("asks_permission", &T::asksPermission), field("can_cancel", &T::canCancel),
                   field("can_resume", &T::canResume),           field("can_steer", &T::canSteer),
                   field("reports_cost", &T::reportsCost),       field("limits_turns", &T::limitsTurns),
                   field("limits_cost", &T::limitsCost),         field("takes_mcp", &T::takesMcp),
                   field("picks_model", &T::picksModel),         field("works_offline", &T::worksOffline)};
};

template <> struct Fields<ErrorText> {
    using T = ErrorText;
    static constexpr auto list = std::tuple{field("pattern", &T::pattern), field("reason", &T::reason)};
};

template <> struct Fields<AcpQuirks> {
    using T = AcpQuirks;
    static constexpr auto list = std::tuple{field("usage", &T::usage),
                                            field("resume_by", &T::resumeBy),
                                            field("load_min_age_ms", &T::loadMinAgeMs),
                                            field("mode", &T::mode),
                                            field("config_options", &T::configOptions),
                                            field("error_texts", &T::errorTexts),
                                            field("offers_file_read", &T::offersFileRead),
                                            field("offers_file_write", &T::offersFileWrite),
                                            field("takes_mcp_servers", &T::takesMcpServers),
                                            field("mcp_file_flag", &T::mcpFileFlag),
                                            field("shows_mcp_values", &T::showsMcpValues)};
};

template <> struct Fields<StreamJsonQuirks> {
    using T = StreamJsonQuirks;
    static constexpr auto list = std::tuple{field("flags", &T::flags),
                                            field("allow_flag", &T::allowFlag),
                                            field("agent_name", &T::agentName),
                                            field("mode", &T::mode),
                                            field("usage", &T::usage),
                                            field("needs_initialize", &T::needsInitialize),
                                            field("reports_cost", &T::reportsCost),
                                            field("answers_by_index", &T::answersByIndex)};
};

template <> struct Fields<ModelPrices> {
    using T = ModelPrices;
    static constexpr auto list =
        std::tuple{field("input", &T::input),       field("output", &T::output), field("cached", &T::cached),
                   field("currency", &T::currency), field("date", &T::date),     field("source", &T::source)};
};

template <> struct Fields<RuntimeModel> {
    using T = RuntimeModel;
    static constexpr auto list = std::tuple{field("id", &T::id), field("label", &T::label),
                                            field("source", &T::source), field("prices", &T::prices)};
};

template <> struct Fields<SignInRule> {
    using T = SignInRule;
    static constexpr auto list = std::tuple{field("needed", &T::needed),   field("only_env", &T::onlyEnv),
                                            field("env", &T::env),         field("files", &T::files),
                                            field("command", &T::command), field("home_env", &T::homeEnv)};
};

template <> struct Fields<InstallHint> {
    static constexpr auto list = std::tuple{field("npm", &InstallHint::npm)};
};

template <> struct Fields<LaunchFailurePattern> {
    using T = LaunchFailurePattern;
    static constexpr auto list = std::tuple{field("pattern", &T::pattern), field("problem", &T::problem)};
};

template <> struct Fields<RuntimeRecord> {
    using T = RuntimeRecord;
    static constexpr auto list = std::tuple{field("id", &T::id),
                                            field("label", &T::label),
                                            field("protocol", &T::protocol),
                                            field("argv", &T::argv),
                                            field("needs_program", &T::needsProgram),
                                            field("env", &T::env),
                                            field("needs_env", &T::needsEnv),
                                            field("pass_env", &T::passEnv),
                                            field("default_model", &T::defaultModel),
                                            field("models", &T::models),
                                            field("abilities", &T::abilities),
                                            field("sign_in", &T::signIn),
                                            field("install", &T::install),
                                            field("version_args", &T::versionArgs),
                                            field("version_pattern", &T::versionPattern),
                                            field("minimum_version", &T::minimumVersion),
                                            field("launch_failures", &T::launchFailures),
                                            field("quirks", &T::quirks),
                                            field("stream_json", &T::streamJson),
                                            field("handshake_timeout_ms", &T::handshakeTimeoutMs)};
};

} // namespace muster
